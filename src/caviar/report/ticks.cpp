#include "caviar/report/ticks.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "caviar/base/match.hpp"

namespace caviar {
namespace {

constexpr std::uint64_t few = 12;  // so many values or fewer: a mark for each

std::string label(double value) {
  std::string text = fmt::format("{:.6g}", value);
  // 1e-05 is written 1e-5, as people do.
  const std::size_t exponent = text.find('e');
  if (exponent == std::string::npos) return text;
  std::size_t digits = exponent + 1;
  if (text[digits] == '+') text.erase(digits, 1);
  if (text[digits] == '-') ++digits;
  while (digits + 1 < text.size() && text[digits] == '0') text.erase(digits, 1);
  return text;
}

struct Mark {
  double value = 0;
  bool minor = false;
};

// 1, 2 or 5 times a power of ten such that about six of them fit.
double round_distance(double range) {
  const double rough = range / 6;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

std::vector<Mark> linear_marks(double low, double high, double least_distance) {
  std::vector<Mark> marks;
  const double distance = std::max(least_distance, round_distance(high - low));
  const double slack = 1e-9 * (high - low);
  for (double count = std::ceil((low - slack) / distance);
       marks.size() < 20 && count * distance <= high + slack; ++count) {
    // + 0: minus nothing is written 0
    marks.push_back({std::clamp(count * distance + 0.0, low, high)});
  }
  return marks;
}

// Powers of ten, at most about ten of them, with twice and five times each between where they are
// few; `value` turns such a number into the axis' own.
template <class ToValue>
std::vector<Mark> decade_marks(double low, double high, ToValue&& value) {
  std::vector<Mark> marks;
  const int first = static_cast<int>(std::floor(std::log10(low)));
  const int last = static_cast<int>(std::floor(std::log10(high) + 1e-9));
  const int stride = std::max(1, (last - first + 9) / 10);
  for (int power = first; power <= last; ++power) {
    if (power % stride != 0) continue;
    for (const int factor : {1, 2, 5}) {
      if (factor > 1 && last - first > 8) break;
      // Read from text: 10^-3 · 5 is not the double nearest to 0.005.
      const double number = std::stod(fmt::format("{}e{}", factor, power));
      marks.push_back({value(number), factor != 1});
    }
  }
  return marks;
}

std::vector<Mark> marks_of(const Float& range) {
  switch (range.scale) {
    case Scale::log:
      return decade_marks(range.low, range.high, [](double number) { return number; });
    case Scale::reverse_log:
      return decade_marks(1 - range.high, 1 - range.low, [](double number) { return 1 - number; });
    case Scale::linear:
      break;
  }
  return linear_marks(range.low, range.high, 0);
}

std::vector<Mark> marks_of(const Int& range) {
  const auto low = static_cast<double>(range.low), high = static_cast<double>(range.high);
  if (range.scale != Scale::log) return linear_marks(low, high, 1);
  if (range.low < 2 || !std::has_single_bit(static_cast<std::uint64_t>(range.low))) {
    return decade_marks(low, high, [](double number) { return number; });
  }
  std::vector<Mark> marks;
  for (double value = low; value <= high; value *= 2) marks.push_back({value});
  return marks;
}

void add(std::vector<Tick>& ticks, const Distribution& distribution, const Value& value,
         bool minor) {
  if (!contains(distribution, value)) return;
  const std::optional<double> number = as_number(value);
  const bool is_text = std::holds_alternative<Choice>(distribution) || !number;
  ticks.push_back({encode(distribution, normalised(distribution, value)),
                   is_text ? to_text(value) : label(*number), minor});
}

}  // namespace

std::vector<Tick> ticks(const Distribution& distribution) {
  std::vector<Tick> ticks;
  const std::optional<std::uint64_t> values = cardinality(distribution);
  if (std::holds_alternative<Choice>(distribution) || (values && *values <= few)) {
    for (std::uint64_t index = 0; index < *values; ++index) {
      add(ticks, distribution, value_at(distribution, index), false);
    }
    return ticks;
  }
  const std::vector<Mark> marks =
      std::visit(match{[](const Choice&) { return std::vector<Mark>(); },
                       [](const auto& range) { return marks_of(range); }},
                 distribution);
  for (const Mark& mark : marks) add(ticks, distribution, Value(mark.value), mark.minor);
  // A short or stepped range may hold no round value.
  if (ticks.size() < 2) {
    ticks.clear();
    for (const Value& value : spread(distribution, 5)) add(ticks, distribution, value, false);
  }
  std::stable_sort(ticks.begin(), ticks.end(),
                   [](const Tick& a, const Tick& b) { return a.unit < b.unit; });
  return ticks;
}

}  // namespace caviar
