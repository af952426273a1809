#include "caviar/base/names.hpp"

namespace caviar {

const std::string& name_in(const Node& node) {
  if (node.text().empty()) node.fail("an empty name was given; leave it out for none");
  return node.text();
}

std::string name_in(Fields& fields, const std::string& key, const std::string& otherwise) {
  const Node* node = fields.find(key);
  return node == nullptr ? otherwise : name_in(*node);
}

}  // namespace caviar
