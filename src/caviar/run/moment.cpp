#include "caviar/run/moment.hpp"

#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"

namespace caviar {

std::string to_text(const RunMoment& at) {
  if (at.iteration > 0)
    return fmt::format("in epoch {} after iteration {}", at.epoch, at.iteration);
  return at.epoch == 1 ? "at the start" : fmt::format("after epoch {}", at.epoch - 1);
}

int parse_epoch(const std::string& text, const std::string& where) {
  constexpr std::string_view prefix = "epoch:";
  const auto number =
      text.starts_with(prefix) ? parse_number(text.substr(prefix.size())) : std::optional<double>();
  if (!number || *number != std::floor(*number) || *number < 0 || *number > 1e9) {
    throw Error(Fault::input,
                fmt::format("{}: '{}' given, epoch:N expected, such as epoch:12", where, text));
  }
  return static_cast<int>(*number);
}

}  // namespace caviar
