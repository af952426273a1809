#include "caviar/trainer/classes_in_parts.hpp"

#include <fmt/format.h>

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

std::string rows_text(std::size_t count) {
  return count == 1 ? "1 row" : fmt::format("{} rows", count);
}

}  // namespace

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

}  // namespace caviar
