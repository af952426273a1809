#include "caviar/base/node.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/match.hpp"
#include "caviar/base/text.hpp"

namespace caviar {

Node Node::load(const std::string& path) {
  const std::string text = read_file(path);
  return path.ends_with(".json") ? parse_json(text, path) : parse_yaml(text, path);
}

Node Node::without(std::initializer_list<std::string_view> keys) const {
  Map kept = entries();
  std::erase_if(kept, [&](const auto& entry) {
    return std::find(keys.begin(), keys.end(), entry.first) != keys.end();
  });
  Node result = *this;
  result.data_ = std::move(kept);
  return result;
}

std::string Node::describe() const {
  return std::visit(match{
                        [](std::monostate) -> std::string { return "nothing"; },
                        [](bool value) -> std::string { return value ? "true" : "false"; },
                        [](std::int64_t value) { return std::to_string(value); },
                        [](double value) { return number_text(value); },
                        [](const std::string& value) { return "'" + excerpt(value) + "'"; },
                        [](const List&) -> std::string { return "a list"; },
                        [](const Map&) -> std::string { return "a map"; },
                    },
                    data_);
}

std::string Node::where() const {
  std::string place = source_ ? *source_ : std::string();
  if (line_ > 0) place += fmt::format("{}{}:{}", place.empty() ? "line " : ":", line_, column_);
  if (path_.empty()) return place;
  return place.empty() ? path_ : place + ": " + path_;
}

void Node::fail(const std::string& problem) const {
  const std::string place = where();
  throw Error(Fault::input, place.empty() ? problem : place + ": " + problem);
}

bool Node::boolean() const {
  if (const auto* value = std::get_if<bool>(&data_)) return *value;
  fail(describe() + " given, true or false wanted");
}

std::int64_t Node::integer() const {
  if (const auto* value = std::get_if<std::int64_t>(&data_)) return *value;
  if (const auto* value = std::get_if<double>(&data_)) {
    if (std::abs(*value) < 9e15 && std::nearbyint(*value) == *value) {
      return static_cast<std::int64_t>(*value);
    }
  }
  fail(describe() + " given, a whole number wanted");
}

double Node::number() const {
  if (const auto* value = std::get_if<double>(&data_)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&data_)) return static_cast<double>(*value);
  fail(describe() + " given, a number wanted");
}

const std::string& Node::text() const {
  if (const auto* value = std::get_if<std::string>(&data_)) return *value;
  fail(describe() + " given, a text wanted");
}

const Node::List& Node::items() const {
  if (const auto* value = std::get_if<List>(&data_)) return *value;
  fail(describe() + " given, a list wanted");
}

const Node::Map& Node::entries() const {
  if (const auto* value = std::get_if<Map>(&data_)) return *value;
  fail(describe() + " given, a map of keys and values wanted");
}

const Node* Node::find(std::string_view key) const {
  const Map& map = entries();
  const auto found =
      std::find_if(map.begin(), map.end(), [&](const auto& e) { return e.first == key; });
  return found == map.end() ? nullptr : &found->second;
}

Fields::Fields(const Node& map) : map_(&map) { map.entries(); }

void Fields::known(const std::string& key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
}

const Node* Fields::find(const std::string& key) {
  known(key);
  return map_->find(key);
}

const Node& Fields::need(const std::string& key) {
  if (const Node* node = find(key)) return *node;
  map_->fail("the key '" + key + "' is missing");
}

void Fields::done() const {
  for (const auto& [key, node] : map_->entries()) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      // {shift:2} is one key and no value.
      const std::string_view colon =
          key.find(':') == std::string::npos ? "" : "; a space is missing behind its colon";
      node.fail(fmt::format("unknown key '{}'{}{}", key, suggestion(key, known_), colon));
    }
  }
}

double Fields::number(const std::string& key, double otherwise) {
  const Node* node = find(key);
  return node != nullptr ? node->number() : otherwise;
}

std::int64_t Fields::integer(const std::string& key, std::int64_t otherwise) {
  const Node* node = find(key);
  return node != nullptr ? node->integer() : otherwise;
}

bool Fields::boolean(const std::string& key, bool otherwise) {
  const Node* node = find(key);
  return node != nullptr ? node->boolean() : otherwise;
}

std::string Fields::text(const std::string& key, const std::string& otherwise) {
  const Node* node = find(key);
  return node != nullptr ? node->text() : otherwise;
}

}  // namespace caviar
