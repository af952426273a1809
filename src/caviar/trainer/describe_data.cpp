// Prepared data as a person reads of them, and as a number that tells them from others.
#include <algorithm>

#include <fmt/format.h>

#include "caviar/base/text.hpp"
#include "caviar/data/hash.hpp"
#include "caviar/trainer/prepared_data.hpp"

namespace caviar {
namespace {

std::string numbers_line(const TargetCode& target) {
  std::string text;
  const std::size_t quantiles = target.quantiles();
  for (std::size_t i = 0; i < target.columns.size(); i += std::max<std::size_t>(1, quantiles)) {
    const TargetColumn& column = target.columns[i];
    text += fmt::format("{}{}: a number, {} ± {}", text.empty() ? "" : "; ", column.name,
                        rounded_text(column.mean), rounded_text(column.deviation));
  }
  for (std::size_t i = 0; i < quantiles; ++i) {
    text += (i == 0 ? "; quantiles " : ", ") + number_text(target.columns[i].quantile);
  }
  return text + "\n";
}

std::string target_line(const PreparedData& data) {
  if (data.task == Task::regression) return numbers_line(data.target);
  std::vector<std::string> names = data.classes;
  if (data.task == Task::multi_label) {
    for (const TargetColumn& column : data.target.columns) names.push_back(column.name);
  }
  std::string text = data.task == Task::multi_label
                         ? fmt::format("{} labels, yes in so many rows", names.size())
                         : fmt::format("{}: {} classes", data.target.name(), names.size());
  const std::size_t shown = std::min<std::size_t>(names.size(), 10);
  for (std::size_t i = 0; i < shown; ++i) {
    text += fmt::format("{} {} ({})", i == 0 ? ":" : ",", names[i], data.class_counts[i]);
  }
  return text + (shown < names.size() ? ", …\n" : "\n");
}

}  // namespace

std::uint64_t fingerprint(const PreparedData& data) {
  std::uint64_t hash = 0;
  const auto add = [&hash](const auto& numbers) {
    const std::size_t bytes = numbers.size() * sizeof(*numbers.data());
    if (bytes == 0) return;
    hash = hash_bytes({reinterpret_cast<const char*>(numbers.data()), bytes}, hash + bytes);
  };
  for (const DataPart* part : {&data.training, &data.validation}) {
    add(part->x);
    add(part->labels);
    add(part->targets);
    add(part->weights);
  }
  return hash;
}

std::string describe(const PreparedData& data) {
  std::size_t levels = 0, missing = 0, features = 0;
  for (const ColumnLine& column : data.columns) {
    missing += column.summary.missing;
    if (column.role != "feature") continue;
    ++features;
    levels += static_cast<std::size_t>(column.type == ColumnType::category);
  }
  std::string text =
      fmt::format("data      {}: {} rows, {} feature column{} ({} of categories)\n", data.source,
                  data.rows, features, features == 1 ? "" : "s", levels);
  if (data.left_out > 0) {
    text += fmt::format("left out  {} further rows without a target\n", data.left_out);
  }
  text +=
      fmt::format("missing   {}\n", missing == 0 ? "nothing" : fmt::format("{} cells", missing));
  text += "target    " + target_line(data);
  text += fmt::format("features  {} after scaling and one column a level\n", data.features());
  text += fmt::format("parts     {} rows to train, {} to choose (validation), {} to judge ({})\n",
                      data.training.rows, data.validation.rows, data.test.rows,
                      data.test_source.empty() ? "test" : data.test_source);
  return text;
}

}  // namespace caviar
