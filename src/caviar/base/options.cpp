#include "caviar/base/options.hpp"

#include <algorithm>

namespace caviar {

OptionReader::OptionReader(const Node& options, const char* elsewhere) {
  if (options.is_null()) return;
  fields_.emplace(options);
  if (elsewhere != nullptr) fields_->known(elsewhere);
}

const Node* OptionReader::checked(const char* name, double low, double high) {
  const Node* node = fields_ ? fields_->find(name) : nullptr;
  if (node == nullptr) return nullptr;
  const double value = node->number();
  if (!(value >= low && value <= high)) {
    node->fail(node->describe() + " given, expected a number from " + number_text(low) + " to " +
               number_text(high));
  }
  return node;
}

void OptionReader::operator()(const char* name, int& value, const char*, double low, double high) {
  if (const Node* node = checked(name, low, high)) value = static_cast<int>(node->integer());
}

void OptionReader::operator()(const char* name, std::int64_t& value, const char*, double low,
                              double high) {
  if (const Node* node = checked(name, low, high)) value = node->integer();
}

void OptionReader::operator()(const char* name, double& value, const char*, double low,
                              double high) {
  if (const Node* node = checked(name, low, high)) value = node->number();
}

void OptionReader::operator()(const char* name, std::string& value, const char*,
                              std::initializer_list<const char*> choices) {
  const Node* node = fields_ ? fields_->find(name) : nullptr;
  if (node == nullptr) return;
  const std::vector<std::string> known(choices.begin(), choices.end());
  if (std::ranges::find(known, node->text()) == known.end()) {
    node->fail(node->describe() + " given, expected one of " + join(known, ", "));
  }
  value = node->text();
}

void OptionReader::operator()(const char* name, Node& value, const char*) {
  if (const Node* node = fields_ ? fields_->find(name) : nullptr) value = *node;
}

void OptionReader::done() const {
  if (fields_) fields_->done();
}

}  // namespace caviar
