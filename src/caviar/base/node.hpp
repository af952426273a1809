// A document that a person or a program wrote (YAML or JSON), with the place of every value, so
// that an error can say: "study.yaml:7:22: space.learning_rate.low: …".
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "caviar/base/json_fwd.hpp"

namespace caviar {

class Node {
 public:
  using List = std::vector<Node>;
  using Map = std::vector<std::pair<std::string, Node>>;  // in the order written, keys unique

  // `source` is the name used in errors (a file name, "--space", "line 3").
  // Throws Error{input} with line and column on a syntax error or a duplicate key.
  static Node parse_yaml(std::string_view text, std::string source);
  static Node parse_json(std::string_view text, std::string source);
  // Reads a file: *.json as JSON, everything else as YAML. Throws Error{missing, io, input}.
  static Node load(const std::string& path);

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  bool is_boolean() const { return std::holds_alternative<bool>(data_); }
  bool is_integer() const { return std::holds_alternative<std::int64_t>(data_); }
  bool is_number() const { return is_integer() || std::holds_alternative<double>(data_); }
  bool is_text() const { return std::holds_alternative<std::string>(data_); }
  bool is_list() const { return std::holds_alternative<List>(data_); }
  bool is_map() const { return std::holds_alternative<Map>(data_); }

  // The value as the type wanted; otherwise an Error that names place, value and what was expected.
  bool boolean() const;
  std::int64_t integer() const;  // also 1e3, which is written as a number but whole
  double number() const;
  const std::string& text() const;
  const List& items() const;
  const Map& entries() const;
  const Node* find(std::string_view key) const;  // nullptr where absent; a map is expected

  // The same map, places and all, without some of its keys.
  Node without(std::initializer_list<std::string_view> keys) const;

  std::string describe() const;  // the value as a person would see it: "'adam'", "0.1", "a list"
  const std::string& path() const { return path_; }  // "space.learning_rate.low"; "" at the root
  std::string where() const;                         // "study.yaml:7:22: space.learning_rate.low"
  [[noreturn]] void fail(const std::string& problem) const;  // throws Error{input}, where + problem

  Json json() const;  // the same value without places

 private:
  friend struct NodeBuilder;
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Map> data_;
  std::string path_;
  std::shared_ptr<const std::string> source_;
  int line_ = 0, column_ = 0;  // from 1; 0 = not known
};

// Reads the keys of a map one by one and refuses those that nobody asked for:
//   Fields fields(node);
//   if (const Node* tier = fields.find("tier")) ...
//   fields.done();
class Fields {
 public:
  explicit Fields(const Node& map);          // throws if it is not a map
  const Node* find(const std::string& key);  // nullptr where absent
  const Node& need(const std::string& key);  // throws where absent
  void known(const std::string& key);        // a key that is read elsewhere
  void done() const;  // throws on the first unknown key, with the nearest known one suggested

  double number(const std::string& key, double otherwise);
  std::int64_t integer(const std::string& key, std::int64_t otherwise);
  bool boolean(const std::string& key, bool otherwise);
  std::string text(const std::string& key, const std::string& otherwise);

 private:
  const Node* map_;
  std::vector<std::string> known_;
};

}  // namespace caviar
