#include "caviar/report/columns.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "caviar/base/json.hpp"
#include "caviar/base/match.hpp"
#include "caviar/report/ticks.hpp"
#include "caviar/sampler/reason.hpp"
#include "caviar/space/earlier.hpp"
#include "caviar/trial/front.hpp"

namespace caviar {
namespace {

constexpr std::size_t most_steps = 200;
constexpr std::size_t most_metrics = 8;

char letter(TrialState state) { return state_name(state)[0]; }

double shown_value(const Trial& trial) {
  if (trial.state == TrialState::complete && !trial.values.empty()) return trial.values.front();
  if (trial.state == TrialState::pruned && !trial.reports.empty())
    return trial.reports.back().value;
  return std::numeric_limits<double>::quiet_NaN();
}

Json value_json(const Value& value) {
  return std::visit(match{[](double number) { return short_number(number); },
                          [](const auto& other) { return Json(other); }},
                    value);
}

Json null_or(double value, Json (*encode)(double)) {
  return std::isnan(value) ? Json(nullptr) : encode(value);
}

Json tenthousandths(double unit) { return std::lround(unit * 10000); }
Json six_digits(double value) { return short_number(value); }
Json milliseconds(double seconds) { return std::round(seconds * 1000) / 1000; }

Scale scale_of(const Distribution& distribution) {
  return std::visit(match{[](const Choice&) { return Scale::linear; },
                          [](const auto& range) { return range.scale; }},
                    distribution);
}

// A column: for each trial what `of` makes of it.
template <class Of>
Json column(const History& history, Of&& of) {
  Json values = Json::array();
  for (const Trial& trial : history.trials()) values.push_back(of(trial));
  return values;
}

Json metrics_json(const History& history) {
  std::set<std::string> names;
  for (const Trial& trial : history.trials()) {
    for (const auto& [name, value] : trial.metrics) {
      if (names.size() < most_metrics) names.insert(name);
    }
  }
  Json metrics = Json::object();
  for (const std::string& name : names) {
    metrics[name] = column(history, [&](const Trial& trial) {
      const auto found = trial.metrics.find(name);
      return found == trial.metrics.end() ? Json(nullptr) : short_number(found->second);
    });
  }
  return metrics;
}

Json curve_json(const Trial& trial) {
  const std::vector<Report>& reports = trial.reports;
  const std::size_t stride = (reports.size() + most_steps - 1) / most_steps;
  Json steps = Json::array(), values = Json::array();
  bool even = true;
  for (std::size_t index = 0; index < reports.size();) {
    steps.push_back(reports[index].step);
    values.push_back(short_number(reports[index].value, 5));
    even = even && (index < 2 || reports[index].step - reports[index - 1].step ==
                                     reports[index - 1].step - reports[index - 2].step);
    if (index + 1 == reports.size()) break;
    index = std::min(index + stride, reports.size() - 1);  // the last one always
  }
  Json curve = {{"trial", trial.number}};
  if (even && stride == 1) {
    curve["from"] = reports.front().step;
    curve["every"] = reports[1].step - reports[0].step;
  } else {
    curve["step"] = std::move(steps);
  }
  curve["value"] = std::move(values);
  return curve;
}

// Where the text stands among those that came before, which it joins if it is new.
std::size_t index_in(std::vector<std::string>& texts, const std::string& text) {
  auto found = std::ranges::find(texts, text);
  if (found == texts.end()) found = texts.insert(found, text);
  return static_cast<std::size_t>(found - texts.begin());
}

bool has_curve(const Trial& trial) { return trial.reports.size() >= 2; }

}  // namespace

Json short_number(double value, int digits) {
  if (!std::isfinite(value)) return json_number(value);
  return std::strtod(fmt::format("{:.{}g}", value, digits).c_str(), nullptr);
}

Json parameters_json(const Space& space) {
  Json list = Json::array();
  for (const Parameter& parameter : space.parameters()) {
    Json when = Json::array();
    for (const Condition& condition : parameter.when) when.push_back(to_text(condition));
    Json marks = Json::array();
    for (const Tick& tick : ticks(parameter.distribution)) {
      marks.push_back({short_number(tick.unit, 5), tick.label, tick.minor ? 1 : 0});
    }
    const auto cells = cardinality(parameter.distribution);
    list.push_back({{"name", parameter.name},
                    {"type", kind_name(parameter.distribution)},
                    {"scale", scale_name(scale_of(parameter.distribution))},
                    {"range", describe(parameter.distribution)},
                    {"when", std::move(when)},
                    {"tier", parameter.tier},
                    {"cells", cells ? Json(*cells) : Json(nullptr)},
                    {"ticks", std::move(marks)}});
  }
  return list;
}

Json trials_json(const History& history) {
  std::string states;
  std::vector<std::string> methods, reasons;
  Json by = Json::array(), reason = Json::array(), why = Json::object(), beyond = Json::array();
  double start = std::numeric_limits<double>::infinity();
  bool rounds = false;
  for (const Trial& trial : history.trials()) {
    states += letter(trial.state);
    by.push_back(index_in(methods, trial.by));
    reason.push_back(index_in(reasons, caviar::reason(trial)));
    if (trial.state == TrialState::complete && !is_solution(history.goal(), trial)) {
      beyond.push_back(trial.number);
    }
    if (!trial.why.empty()) why[std::to_string(trial.number)] = trial.why;
    if (trial.asked_at > 0) start = std::min(start, trial.asked_at);
    rounds = rounds || trial.note.contains("round");
  }
  Json units = Json::array(), values = Json::array(), before = Json::array();
  for (std::size_t index = 0; index < history.space().size(); ++index) {
    units.push_back(column(history, [&](const Trial& trial) {
      return index < trial.unit.size() ? null_or(trial.unit[index], tenthousandths) : Json(nullptr);
    }));
    values.push_back(column(history, [&](const Trial& trial) {
      const Value* value = trial.point.find(history.space()[index].name);
      if (value == nullptr) value = value_before(history.space()[index], trial.point);
      return value ? value_json(*value) : Json(nullptr);
    }));
    Json older = Json::array();
    for (const Trial& trial : history.trials()) {
      if (value_before(history.space()[index], trial.point)) older.push_back(trial.number);
    }
    before.push_back(std::move(older));
  }
  const auto round_of = [](const Trial& trial) {
    const auto found = trial.note.find("round");
    return found == trial.note.end() ? Json(nullptr) : Json(std::lround(found->second));
  };
  const auto asked = [&](const Trial& trial) {
    return trial.asked_at > 0 ? milliseconds(trial.asked_at - start) : Json(nullptr);
  };
  const auto duration = [](const Trial& trial) {
    const bool known = trial.finished() && trial.asked_at > 0 && trial.ended_at >= trial.asked_at;
    return known ? milliseconds(trial.ended_at - trial.asked_at) : Json(nullptr);
  };
  const auto value = [](const Trial& trial) { return null_or(shown_value(trial), six_digits); };
  return {{"state", states},
          {"value", column(history, value)},
          {"unit", std::move(units)},
          {"values", std::move(values)},
          {"before", std::move(before)},
          {"methods", methods},
          {"by", std::move(by)},
          {"reasons", reasons},
          {"reason", std::move(reason)},
          {"asked", column(history, asked)},
          {"duration", column(history, duration)},
          {"round", rounds ? column(history, round_of) : Json(nullptr)},
          {"metrics", metrics_json(history)},
          {"why", std::move(why)},
          {"beyond", std::move(beyond)}};
}

Json objective_json(const History& history, std::size_t objective) {
  return column(history, [&](const Trial& trial) {
    const bool known = objective < trial.values.size();
    return known ? short_number(trial.values[objective]) : Json(nullptr);
  });
}

Json boxes_json(const History& history) {
  Json boxes = Json::array();
  std::set<long> seen;
  for (const Trial& trial : history.trials()) {
    const auto round = trial.note.find("round");
    if (round == trial.note.end() || seen.contains(std::lround(round->second))) continue;
    Json low = Json::array(), high = Json::array();
    bool narrowed = false;
    for (const Parameter& parameter : history.space().parameters()) {
      const auto from = trial.note.find("box." + parameter.name + ".low");
      const auto to = trial.note.find("box." + parameter.name + ".high");
      const bool known = from != trial.note.end() && to != trial.note.end();
      narrowed = narrowed || (known && to->second - from->second < 1);
      low.push_back(known ? short_number(from->second, 5) : Json(nullptr));
      high.push_back(known ? short_number(to->second, 5) : Json(nullptr));
    }
    seen.insert(std::lround(round->second));
    if (!narrowed) continue;
    boxes.push_back({{"round", std::lround(round->second)},
                     {"from", trial.number},
                     {"low", std::move(low)},
                     {"high", std::move(high)}});
  }
  return boxes;
}

std::size_t curves_in_all(const History& history) {
  return static_cast<std::size_t>(
      std::count_if(history.trials().begin(), history.trials().end(), has_curve));
}

Json curves_json(const History& history, std::size_t most) {
  std::vector<const Trial*> known;
  for (const Trial& trial : history.trials()) {
    if (has_curve(trial)) known.push_back(&trial);
  }
  const auto last = [&](const Trial* trial) {
    const double loss = history.goal().loss(trial->reports.back().value);
    return std::isnan(loss) ? std::numeric_limits<double>::infinity() : loss;
  };
  if (known.size() > most) {
    std::stable_sort(known.begin(), known.end(),
                     [&](const Trial* a, const Trial* b) { return last(a) < last(b); });
    // The best trial's own curve is drawn in any case: early stopping lets its last report be
    // worse.
    if (const Trial* best = history.best()) {
      std::stable_partition(known.begin(), known.end(), [&](auto* trial) { return trial == best; });
    }
    std::vector<const Trial*> kept(known.begin(),
                                   known.begin() + static_cast<std::ptrdiff_t>(most / 2));
    const std::size_t rest = known.size() - kept.size(), places = most - kept.size();
    for (std::size_t place = 0; place < places; ++place) {
      kept.push_back(known[most / 2 + place * rest / places]);
    }
    known = std::move(kept);
  }
  Json curves = Json::array();
  for (const Trial* trial : known) curves.push_back(curve_json(*trial));
  return curves;
}

}  // namespace caviar
