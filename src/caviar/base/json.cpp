#include "caviar/base/json.hpp"

#include <cmath>
#include <limits>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"

namespace caviar {

Json json_number(double value) {
  if (std::isfinite(value)) return value;
  return number_text(value);
}

Json json_whole_or_number(double value) {
  const bool whole = value == std::floor(value) && std::abs(value) < 9e15;
  return whole ? Json(static_cast<std::int64_t>(value)) : json_number(value);
}

double json_to_double(const Json& value) {
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
    if (text == "inf") return std::numeric_limits<double>::infinity();
    if (text == "-inf") return -std::numeric_limits<double>::infinity();
  }
  throw Error(Fault::input,
              value.dump() + " given, a number (or \"nan\", \"inf\", \"-inf\") wanted");
}

}  // namespace caviar
