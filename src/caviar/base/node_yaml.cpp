// Node out of YAML, by yaml-cpp.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "caviar/base/error.hpp"
#include "caviar/base/node_builder.hpp"
#include "caviar/base/text.hpp"

namespace caviar {
namespace {

using Source = std::shared_ptr<const std::string>;

// A plain scalar's type, as YAML 1.2's core schema has it; a quoted one is always a text.
void set_scalar(Node& node, const YAML::Node& yaml) {
  const std::string& text = yaml.Scalar();
  if (yaml.Tag() == "!") return NodeBuilder::set(node, text);
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    return NodeBuilder::set(node, std::monostate{});
  }
  if (text == "true" || text == "True" || text == "TRUE") return NodeBuilder::set(node, true);
  if (text == "false" || text == "False" || text == "FALSE") return NodeBuilder::set(node, false);
  if (text == ".nan" || text == ".NaN" || text == ".NAN") {
    return NodeBuilder::set(node, std::numeric_limits<double>::quiet_NaN());
  }
  const bool minus = text.starts_with('-');
  const std::string_view rest = std::string_view(text).substr(minus || text[0] == '+' ? 1 : 0);
  if (rest == ".inf" || rest == ".Inf" || rest == ".INF") {
    const double infinity = std::numeric_limits<double>::infinity();
    return NodeBuilder::set(node, minus ? -infinity : infinity);
  }
  const bool numeric = !rest.empty() && (std::isdigit(static_cast<unsigned char>(rest[0])) != 0 ||
                                         (rest[0] == '.' && rest.size() > 1));
  if (numeric) {
    std::int64_t whole = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + (text[0] == '+' ? 1 : 0), end, whole);
    if (read.ec == std::errc{} && read.ptr == end) return NodeBuilder::set(node, whole);
    if (const auto value = parse_number(text)) return NodeBuilder::set(node, *value);
  }
  NodeBuilder::set(node, text);
}

Node convert(const YAML::Node& yaml, const Source& source, const std::string& path, int depth) {
  const YAML::Mark mark = yaml.Mark();
  Node node = NodeBuilder::make(source, path, mark.line + 1, mark.column + 1);
  if (depth > max_depth) node.fail("nested too deeply");
  switch (yaml.Type()) {
    case YAML::NodeType::Undefined:
    case YAML::NodeType::Null:
      break;
    case YAML::NodeType::Scalar:
      set_scalar(node, yaml);
      break;
    case YAML::NodeType::Sequence: {
      Node::List list;
      for (const auto& item : yaml) {
        list.push_back(convert(item, source, NodeBuilder::child(path, list.size()), depth + 1));
      }
      NodeBuilder::set(node, std::move(list));
      break;
    }
    case YAML::NodeType::Map: {
      Node::Map map;
      for (const auto& entry : yaml) {
        const YAML::Node& key = entry.first;
        if (!key.IsScalar()) node.fail("a key must be a plain word");
        const std::string child = NodeBuilder::child(path, key.Scalar());
        const YAML::Mark at = key.Mark();
        for (const auto& [earlier, unused] : map) {
          if (earlier != key.Scalar()) continue;
          NodeBuilder::make(source, child, at.line + 1, at.column + 1)
              .fail("given twice; keep one of them");
        }
        Node item = convert(entry.second, source, child, depth + 1);
        map.emplace_back(key.Scalar(), std::move(item));
      }
      NodeBuilder::set(node, std::move(map));
      break;
    }
  }
  return node;
}

// yaml-cpp hands broken characters on, and nothing behind it could write them again.
void refuse_broken_text(std::string_view text, const std::string& source) {
  const std::string_view good = text.substr(0, valid_utf8(text));
  if (good.size() == text.size()) return;
  const auto line = std::count(good.begin(), good.end(), '\n');
  const std::size_t column = good.size() - (good.rfind('\n') + 1);  // npos + 1 is 0
  throw Error(Fault::input, fmt::format("{}:{}:{}: not UTF-8 text; save the file as UTF-8", source,
                                        line + 1, column + 1));
}

}  // namespace

Node Node::parse_yaml(std::string_view text, std::string source) {
  refuse_broken_text(text, source);
  const auto name = std::make_shared<const std::string>(std::move(source));
  try {
    return convert(YAML::Load(std::string(text)), name, "", 0);
  } catch (const YAML::Exception& error) {
    if (error.mark.is_null()) throw Error(Fault::input, *name + ": " + error.msg);
    throw Error(Fault::input, fmt::format("{}:{}:{}: not valid YAML: {}", *name,
                                          error.mark.line + 1, error.mark.column + 1, error.msg));
  }
}

}  // namespace caviar
