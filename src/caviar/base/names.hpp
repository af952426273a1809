// Texts that name something: a file, a column, a device. An empty one names nothing; it is what a
// template's unset variable leaves.
#pragma once

#include <string>

#include "caviar/base/node.hpp"

namespace caviar {

// The text; throws Error{input} where it is none, or empty.
const std::string& name_in(const Node& node);
// The same of a key; `otherwise` where it is absent.
std::string name_in(Fields& fields, const std::string& key, const std::string& otherwise = "");

}  // namespace caviar
