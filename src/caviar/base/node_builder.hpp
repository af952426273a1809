// What the two readers (YAML, JSON) fill a Node with.
#pragma once

#include <memory>
#include <string>

#include "caviar/base/node.hpp"

namespace caviar {

struct NodeBuilder {
  static Node make(std::shared_ptr<const std::string> source, std::string path, int line,
                   int column) {
    Node node;
    node.source_ = std::move(source);
    node.path_ = std::move(path);
    node.line_ = line;
    node.column_ = column;
    return node;
  }
  template <class T>
  static void set(Node& node, T&& value) {
    node.data_ = std::forward<T>(value);
  }
  // The path of a child: "space.learning_rate", "choices[2]".
  static std::string child(const std::string& path, const std::string& key) {
    return path.empty() ? key : path + "." + key;
  }
  static std::string child(const std::string& path, std::size_t index) {
    return path + "[" + std::to_string(index) + "]";
  }
};

// Nesting beyond this is refused: nobody writes it, and a reader must not run out of stack.
inline constexpr int max_depth = 64;

}  // namespace caviar
