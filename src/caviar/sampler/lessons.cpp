#include "caviar/sampler/lessons.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "caviar/base/match.hpp"
#include "caviar/math/normal.hpp"
#include "caviar/math/stats.hpp"
#include "caviar/sampler/ledger.hpp"
#include "caviar/sampler/reading.hpp"
#include "caviar/space/unit.hpp"

namespace caviar {
namespace {

constexpr std::size_t most = 200;

struct Row {
  const Trial* trial;
  double loss;  // infinite: failed
};

// From the best to the worst.
std::vector<Row> judged(const History& history) {
  const bool plain = history.goal().objectives() == 1 && history.goal().bounds.empty();
  const std::vector<double> read = plain ? std::vector<double>() : places(history);
  std::vector<Row> rows;
  for (const Trial& trial : history.trials()) {
    std::optional<double> loss = outcome(history, trial);
    if (loss && !plain) loss = read[static_cast<std::size_t>(trial.number)];
    if (loss) rows.push_back({&trial, std::isnan(*loss) ? INFINITY : *loss});
  }
  std::ranges::stable_sort(rows, {}, &Row::loss);
  return rows;
}

template <class Axis>
double beyond(const Axis& axis, double value) {
  const auto low = static_cast<double>(axis.low), high = static_cast<double>(axis.high);
  if (axis.scale == Scale::log) {
    return (std::log(value) - std::log(low)) / (std::log(high) - std::log(low));
  }
  if (axis.scale == Scale::reverse_log) {
    return (std::log(1 - low) - std::log(1 - value)) / (std::log(1 - low) - std::log(1 - high));
  }
  return (value - low) / (high - low);
}

// NaN where it cannot be placed.
double coordinate(const Distribution& distribution, const Value& value) {
  if (contains(distribution, value)) return encode(distribution, value);
  const std::optional<double> number = as_number(value);
  return std::visit(match{[](const Choice&) { return std::nan(""); },
                          [&](const auto& axis) {
                            return number ? std::clamp(beyond(axis, *number), -2.0, 3.0)
                                          : std::nan("");
                          }},
                    distribution);
}

struct Losses {
  std::vector<double> taught, others;
};
Losses losses_so_far(const History& history) {
  Losses losses;
  for (const Trial& trial : history.trials()) {
    const std::optional<double> loss = outcome(history, trial);
    if (!loss) continue;
    (trial.by == "lessons" ? losses.taught : losses.others)
        .push_back(std::isnan(*loss) ? INFINITY : *loss);
  }
  return losses;
}

}  // namespace

std::vector<Lesson> lessons_of(const History& history) {
  const std::vector<Row> rows = judged(history);
  std::vector<Lesson> lessons;
  const auto count = static_cast<double>(rows.size());
  for (std::size_t first = 0; first < rows.size();) {
    std::size_t end = first + 1;  // of those that are equal
    while (end < rows.size() && rows[end].loss == rows[first].loss) ++end;
    const double rank = static_cast<double>(first + end) / 2;
    for (; first < end; ++first) {
      lessons.push_back({rows[first].trial->point, normal_quantile(rank / count)});
    }
  }
  if (lessons.size() <= most) return lessons;
  const std::size_t best = most / 2, left = lessons.size() - best;
  for (std::size_t k = 0; k < best; ++k) lessons[best + k] = lessons[best + k * left / best];
  lessons.resize(most);
  return lessons;
}

std::optional<std::vector<double>> encode_beyond(const Space& space, const Point& point) {
  std::vector<double> unit = encode(space, point);
  bool shared = false;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    const Value* value = point.find(space[i].name);
    if (value == nullptr || !active(space[i], point)) continue;
    shared = true;
    if (!std::isnan(unit[i])) continue;
    unit[i] = coordinate(space[i].distribution, *value);
    if (!(unit[i] >= -1 && unit[i] <= 2)) return std::nullopt;
  }
  if (!shared) return std::nullopt;  // it says nothing about any place here
  return unit;
}

std::size_t usable_lessons(const Space& space, std::span<const Lesson> lessons) {
  return static_cast<std::size_t>(std::ranges::count_if(lessons, [&](const Lesson& lesson) {
    return encode_beyond(space, lesson.point).has_value();
  }));
}

std::size_t misleading_lessons(const History& history) {
  if (history.lessons().empty() || history.trials().size() > 100) return 0;  // long begun
  const Losses losses = losses_so_far(history);
  if (losses.others.empty()) return 0;
  const double typical = median(losses.others);
  return static_cast<std::size_t>(
      std::ranges::count_if(losses.taught, [&](double loss) { return loss > typical; }));
}

}  // namespace caviar
