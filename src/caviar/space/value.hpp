// One value of one hyperparameter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace caviar {

using Value = std::variant<bool, std::int64_t, double, std::string>;

std::string to_text(const Value& value);              // as it stands in a study file
std::optional<double> as_number(const Value& value);  // bool, int, double; nullopt for a text
// Equal as a user would see it: 3 and 3.0 are the same, 3 and "3" are not.
bool same(const Value& a, const Value& b);

}  // namespace caviar
