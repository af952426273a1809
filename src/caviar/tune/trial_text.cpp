#include "caviar/tune/trial_text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "caviar/base/text.hpp"
#include "caviar/sampler/reason.hpp"
#include "caviar/space/earlier.hpp"
#include "caviar/trial/repeats.hpp"
#include "caviar/tune/export.hpp"
#include "caviar/tune/front.hpp"
#include "caviar/tune/progress.hpp"

namespace caviar {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

std::string aligned(const Lines& lines) {
  std::size_t width = 0;
  for (const auto& [name, value] : lines) width = std::max(width, name.size());
  std::string text;
  for (const auto& [name, value] : lines) text += fmt::format("{:<{}}  {}\n", name, width, value);
  return text;
}

// How it came about, and how it ended.
Lines story_of(const Trial& trial) {
  Lines lines;
  const std::string words = reason(trial);
  lines.emplace_back("proposed by", trial.by + (words.empty() ? "" : ": " + words));
  for (const char* key : {budget_note, continues_note}) {
    const std::optional<double> number = number_in(trial.note, key);
    if (number) lines.emplace_back(key, number_text(*number));
  }
  if (trial.finished()) lines.emplace_back("took", duration_text(trial.ended_at - trial.asked_at));
  if (const std::string changes = changes_text(trial); !changes.empty()) {
    lines.emplace_back("changed while it ran", changes);
  }
  if (!trial.why.empty()) lines.emplace_back("why it ended", trial.why);
  return lines;
}

Lines outcome_of(const Goal& goal, const Trial& trial) {
  Lines lines;
  for (std::size_t k = 0; k < trial.values.size(); ++k) {
    lines.emplace_back(goal.name(k), rounded_text(trial.values[k], 5));
  }
  for (const auto& [name, value] : trial.metrics) {
    bool said = false;
    for (std::size_t k = 0; k < trial.values.size(); ++k) said = said || goal.name(k) == name;
    if (!said) lines.emplace_back(name, rounded_text(value, 5));
  }
  return lines;
}

}  // namespace

std::string trial_text(const History& history, int number, const Terminal& terminal) {
  const auto index = static_cast<std::size_t>(number);
  const Trial& trial = history.trials()[index];
  std::string text = styled(terminal, Style::bold, fmt::format("trial {}", number)) + ": " +
                     state_name(trial.state);
  const Trial* best = recommended(history);
  std::string standing = standings(history)[index];
  if (standing.empty() && best != nullptr && best->number == number) standing = "best";
  if (!standing.empty()) text += ", " + standing;
  if (trial.outside) text += ", outside the space as it is now";
  Lines point;
  for (const auto& [name, value] : trial.point.entries()) {
    point.emplace_back(name, short_text(value));
  }
  const Point before = values_before(history.space(), trial.point);
  for (const auto& [name, value] : before.entries()) {
    point.emplace_back(name,
                       "(" + short_text(value) + ")  older than the parameter, counts with this");
  }
  text += "\n" + aligned(story_of(trial));
  for (const Lines& block : {point, outcome_of(history.goal(), trial)}) {
    if (!block.empty()) text += "\n" + aligned(block);
  }
  return text;
}

}  // namespace caviar
