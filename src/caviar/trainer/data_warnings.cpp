#include "caviar/trainer/data_warnings.hpp"

#include <regex>
#include <utility>

#include <fmt/format.h>

#include "caviar/data/csv.hpp"

namespace caviar {
namespace {

constexpr std::size_t most_sentences = 10;

std::vector<bool> classes_in(const DataPart& part, std::size_t classes) {
  std::vector<bool> there(classes);
  for (const std::int32_t label : part.labels) there[static_cast<std::size_t>(label)] = true;
  return there;
}

// How many of the folds have no row of each class in that part.
std::vector<std::size_t> folds_without(std::span<const PreparedData> folds,
                                       DataPart PreparedData::* part, std::size_t classes) {
  std::vector<std::size_t> without(classes);
  for (const PreparedData& fold : folds) {
    const std::vector<bool> there = classes_in(fold.*part, classes);
    for (std::size_t c = 0; c < classes; ++c) without[c] += static_cast<std::size_t>(!there[c]);
  }
  return without;
}

// Where the first of a column's texts looks like a number or a date that is written in a way which
// is not read: how it would be.
std::string meant_otherwise(const std::string& texts) {
  static const std::regex number(R"([-+]?[0-9][0-9.' ]*(,[0-9]+)+(\.[0-9]*)?)");
  static const std::regex date(R"([0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2,4}([T ].*)?)");
  const std::string first = texts.substr(0, texts.find(", "));
  if (std::regex_match(first, number)) {
    return "; numbers have a decimal point here, and nothing between thousands";
  }
  if (std::regex_match(first, date)) {
    return "; dates are read as 2024-02-29, 2024/02/29 or 29.02.2024";
  }
  return "";
}

std::string rows_text(std::size_t count) {
  return count == 1 ? "1 row" : fmt::format("{} rows", count);
}

}  // namespace

std::vector<std::string> columns_misread(const PreparedData& data) {
  std::vector<std::string> sentences;
  for (const ColumnLine& column : data.columns) {
    const std::string hint = meant_otherwise(column.values);
    const bool is_category = column.type == ColumnType::category;
    if (column.role == "unused" && column.name == row_names) {
      sentences.emplace_back(
          "the first column is left out: it has no name, as row numbers that pandas and R write; "
          "give it one in the header to learn from it");
    } else if (column.role == "unused") {
      sentences.push_back(fmt::format("column '{}' is left out: {} different texts ({}){}",
                                      column.name, column.summary.different, column.values, hint));
    } else if (is_category && column.role != "ignored" && !hint.empty()) {
      sentences.push_back(fmt::format("column '{}' is taken for a category of {} texts ({}){}",
                                      column.name, column.summary.different, column.values, hint));
    }
  }
  return sentences;
}

std::vector<std::string> classes_left_out(const PreparedData& data,
                                          std::span<const PreparedData> folds) {
  std::vector<std::string> sentences;
  if (data.task != Task::classification) return sentences;
  const std::size_t classes = data.classes.size();
  const std::vector<bool> trained = classes_in(data.training, classes);
  const auto untrained = folds_without(folds, &PreparedData::training, classes);
  const auto unjudged = folds_without(folds, &PreparedData::validation, classes);
  for (std::size_t c = 0; c < classes && sentences.size() < most_sentences; ++c) {
    const std::string what = fmt::format("class '{}' ({} of {})", data.classes[c],
                                         rows_text(data.class_counts[c]), data.rows);
    if (!trained[c] && data.training.rows > 0) {
      sentences.push_back(what +
                          " has no row in the training part: the network cannot learn to tell it");
    }
    if (untrained[c] > 0) {
      sentences.push_back(fmt::format(
          "{} has no row in the training part of {} of {} folds, which cannot learn to tell it",
          what, untrained[c], folds.size()));
    } else if (unjudged[c] > 0) {
      sentences.push_back(fmt::format(
          "{} has no row in the validation part of {} of {} folds, whose scores do not know it",
          what, unjudged[c], folds.size()));
    }
  }
  return sentences;
}

std::vector<std::string> data_warnings(const PreparedData& data,
                                       std::span<const PreparedData> folds) {
  std::vector<std::string> sentences = columns_misread(data);
  for (std::string& sentence : classes_left_out(data, folds)) {
    sentences.push_back(std::move(sentence));
  }
  return sentences;
}

}  // namespace caviar
