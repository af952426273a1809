// Turning a written name into the index of an enum's value.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace caviar {

// Throws Error{input}: "where: 'rleu' is not an activation (did you mean 'relu'?)".
std::size_t index_of_name(std::span<const std::string> names, const std::string& name,
                          const std::string& where, const std::string& kind);

}  // namespace caviar
