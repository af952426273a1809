// Distributions in words.
#include "caviar/base/match.hpp"
#include "caviar/base/text.hpp"
#include "caviar/space/axis.hpp"

namespace caviar {
namespace {

constexpr std::uint64_t shown = 6;  // as many values are listed in full

// "16, 32, 64 … 256"
template <class Axis>
std::string listed(const Axis& axis, std::uint64_t values) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < (values <= shown ? values : 3); ++i) {
    texts.push_back(to_text(Value(value_at(axis, i))));
  }
  const std::string start = join(texts, ", ");
  return values <= shown ? start : start + " … " + to_text(Value(value_at(axis, values - 1)));
}

std::string range(const Value& low, const Value& high) {
  return same(low, high) ? to_text(low) : to_text(low) + " … " + to_text(high);
}

std::string scale_note(Scale scale) {
  return scale == Scale::linear ? "" : ", " + scale_name(scale);
}

}  // namespace

std::string kind_name(const Distribution& distribution) {
  return std::visit(match{[](const Float&) { return std::string("float"); },
                          [](const Int&) { return std::string("int"); },
                          [](const Choice& choice) {
                            return std::string(choice.ordered ? "ordinal" : "categorical");
                          }},
                    distribution);
}

std::string scale_name(Scale scale) {
  switch (scale) {
    case Scale::linear:
      return "linear";
    case Scale::log:
      return "log";
    case Scale::reverse_log:
      return "reverse_log";
  }
  return "";
}

std::string describe(const Distribution& distribution) {
  return std::visit(
      match{[](const Float& axis) {
              return (axis.step > 0 ? listed(axis, *count(axis)) : range(axis.low, axis.high)) +
                     scale_note(axis.scale);
            },
            [](const Int& axis) {
              return (axis.step > 1 ? listed(axis, count(axis)) : range(axis.low, axis.high)) +
                     scale_note(axis.scale);
            },
            [](const Choice& choice) {
              std::vector<std::string> texts;
              for (const Value& value : choice.values) texts.push_back(to_text(value));
              return "one of " + join(texts, ", ") + (choice.ordered ? " (ordered)" : "");
            }},
      distribution);
}

}  // namespace caviar
