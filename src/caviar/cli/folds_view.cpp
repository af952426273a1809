#include "caviar/cli/folds_view.hpp"

#include <fmt/format.h>

#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"

namespace caviar::cli {

std::string folds_text(const FoldScores& scores, const std::string& prefix,
                       const std::string& folds) {
  std::string text;
  for (const auto& [name, mean] : scores.mean) {
    if (!name.starts_with(prefix)) continue;
    text += fmt::format("{:<28} {} ± {} over {} {}\n", name, rounded_text(mean),
                        rounded_text(scores.deviation.at(name), 2), scores.folds.size(), folds);
  }
  return text;
}

Json folds_json(const FoldScores& scores) {
  Json json = Json::object();
  for (const auto& [name, mean] : scores.mean) {
    json[name] = {{"mean", json_number(mean)},
                  {"deviation", json_number(scores.deviation.at(name))}};
  }
  return json;
}

}  // namespace caviar::cli
