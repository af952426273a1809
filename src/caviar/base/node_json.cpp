// Node out of JSON and back, by nlohmann-json.
#include <limits>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/node_builder.hpp"

namespace caviar {
namespace {

using Source = std::shared_ptr<const std::string>;

// Fills a Node while the text is read, so that a key given twice is seen (a JSON value keeps one).
class Reader : public nlohmann::json_sax<Json> {
 public:
  Reader(Source source, Node& root) : source_(std::move(source)), root_(root) {}

  std::string problem;  // of the text itself, with its place

  bool null() override { return add(std::monostate{}); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(std::int64_t{value}); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max())) {
      return add(static_cast<double>(value));
    }
    return add(static_cast<std::int64_t>(value));
  }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Node::Map{}); }
  bool start_array(std::size_t) override { return open(Node::List{}); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& value) override {
    for (const auto& [earlier, unused] : std::get<Node::Map>(levels_.back().items)) {
      if (earlier == value) {
        NodeBuilder::make(source_, NodeBuilder::child(levels_.back().path, value), 0, 0)
            .fail("given twice; keep one of them");
      }
    }
    levels_.back().key = std::move(value);
    return true;
  }
  bool parse_error(std::size_t position, const std::string& token,
                   const Json::exception& error) override {
    const std::string text =
        error.what();  // "[json.exception…] parse error at line 1, column 8: …"
    const std::size_t at = text.find("parse error");
    problem = at == std::string::npos ? fmt::format("byte {}, near '{}'", position, token)
                                      : text.substr(at + std::string("parse error ").size());
    return false;
  }

 private:
  struct Level {
    std::variant<Node::Map, Node::List> items;
    std::string path, key;
  };

  std::string child_path() const {
    if (levels_.empty()) return "";
    const Level& level = levels_.back();
    if (const auto* list = std::get_if<Node::List>(&level.items)) {
      return NodeBuilder::child(level.path, list->size());
    }
    return NodeBuilder::child(level.path, level.key);
  }
  template <class T>
  bool add(T&& value) {
    Node node = NodeBuilder::make(source_, child_path(), 0, 0);
    NodeBuilder::set(node, std::forward<T>(value));
    return put(std::move(node));
  }
  bool put(Node node) {
    if (levels_.empty()) {
      root_ = std::move(node);
    } else if (auto* list = std::get_if<Node::List>(&levels_.back().items)) {
      list->push_back(std::move(node));
    } else {
      std::get<Node::Map>(levels_.back().items).emplace_back(levels_.back().key, std::move(node));
    }
    return true;
  }
  template <class Items>
  bool open(Items items) {
    std::string path = child_path();
    if (levels_.size() > max_depth) {
      NodeBuilder::make(source_, std::move(path), 0, 0).fail("nested too deeply");
    }
    levels_.push_back({std::move(items), std::move(path), ""});
    return true;
  }
  bool close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    Node node = NodeBuilder::make(source_, std::move(level.path), 0, 0);
    std::visit([&](auto& items) { NodeBuilder::set(node, std::move(items)); }, level.items);
    return put(std::move(node));
  }

  Source source_;
  Node& root_;
  std::vector<Level> levels_;
};

}  // namespace

Node Node::parse_json(std::string_view text, std::string source) {
  const auto name = std::make_shared<const std::string>(std::move(source));
  Node root = NodeBuilder::make(name, "", 0, 0);
  Reader reader(name, root);
  if (!Json::sax_parse(text.begin(), text.end(), &reader)) {
    constexpr std::string_view only_line = "line 1, ";  // of a text that has no other
    const std::size_t at = reader.problem.find(only_line);
    if (at != std::string::npos && text.find('\n') == std::string_view::npos) {
      reader.problem.erase(at, only_line.size());
    }
    throw Error(Fault::input, *name + ": not valid JSON: " + reader.problem);
  }
  return root;
}

Json Node::json() const {
  struct Writer {
    Json operator()(std::monostate) const { return nullptr; }
    Json operator()(bool value) const { return value; }
    Json operator()(std::int64_t value) const { return value; }
    Json operator()(double value) const { return json_number(value); }
    Json operator()(const std::string& value) const { return value; }
    Json operator()(const List& list) const {
      Json result = Json::array();
      for (const Node& item : list) result.push_back(item.json());
      return result;
    }
    Json operator()(const Map& map) const {
      Json result = Json::object();
      for (const auto& [key, value] : map) result[key] = value.json();
      return result;
    }
  };
  return std::visit(Writer{}, data_);
}

}  // namespace caviar
