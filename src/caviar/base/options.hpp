// The options of a method that a document may set, declared once, then read, checked and listed:
//
//   struct Zoom { int per_round = 10; };
//   void fields(Zoom& o, auto&& field) {
//     field("per_round", o.per_round, "trials before the box shrinks", 1, 1e6);
//   }
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "caviar/base/node.hpp"
#include "caviar/base/text.hpp"

namespace caviar {

struct OptionInfo {
  std::string name, default_value, summary;
};

// Reads options out of a map. An absent key leaves the default. Throws Error{input} on a value of
// another kind or out of its range.
class OptionReader {
 public:
  // Null: no options were given. `elsewhere`: a key of the map that is read by somebody else.
  explicit OptionReader(const Node& options, const char* elsewhere = nullptr);
  void operator()(const char* name, int& value, const char* summary, double low, double high);
  void operator()(const char* name, std::int64_t& value, const char* summary, double low,
                  double high);
  void operator()(const char* name, double& value, const char* summary, double low, double high);
  void operator()(const char* name, std::string& value, const char* summary,
                  std::initializer_list<const char*> choices);
  void operator()(const char* name, Node& value, const char* summary);  // any document
  void done() const;  // throws on a key that nobody asked for

 private:
  const Node* checked(const char* name, double low, double high);
  std::optional<Fields> fields_;
};

// Lists the same fields with their defaults.
struct OptionLister {
  std::vector<OptionInfo>& options;
  void operator()(const char* name, double value, const char* summary, double, double) const {
    options.push_back({name, value == value ? number_text(value) : "", summary});
  }
  void operator()(const char* name, const std::string& value, const char* summary,
                  std::initializer_list<const char*> choices) const {
    const std::vector<std::string> names(choices.begin(), choices.end());
    options.push_back({name, value, std::string(summary) + " (" + join(names, ", ") + ")"});
  }
  void operator()(const char* name, const Node&, const char* summary) const {
    options.push_back({name, "", summary});
  }
};

}  // namespace caviar
