#include "caviar/tune/summary.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "caviar/analysis/importance.hpp"
#include "caviar/analysis/summary.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/base/words.hpp"
#include "caviar/sampler/lessons.hpp"
#include "caviar/sampler/reason.hpp"
#include "caviar/space/earlier.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trial/repeats.hpp"
#include "caviar/tune/export.hpp"
#include "caviar/tune/front.hpp"
#include "caviar/tune/progress.hpp"

namespace caviar {
namespace {

constexpr std::size_t bar_width = 16;

std::optional<Json> test_score(const History& history) {
  const auto found = history.notes().find(test_note);
  if (found == history.notes().end()) return std::nullopt;
  return Json::parse(found->second);
}

std::string count_line(const Summary& summary) {
  std::string text =
      fmt::format("{}: {} complete", counted(summary.trials, "trial"), summary.complete);
  const auto add = [&](std::size_t count, const char* word) {
    if (count > 0) text += fmt::format(", {} {}", count, word);
  };
  add(summary.pruned, "pruned");
  add(summary.failed, "failed");
  add(summary.running, "running");
  add(summary.interrupted, "interrupted");
  return text + fmt::format("; {} from the first to the last", duration_text(summary.elapsed_s));
}

// The most important first; those whose share is not known keep the space's order.
std::string hyperparameter_table(const History& history, const Trial& best,
                                 const Terminal& terminal) {
  const Space& space = history.space();
  const std::optional<Importance> measured = importance(history);
  TextTable table({"hyperparameter", ">best value", ">tier", "how much it mattered"});
  const auto add = [&](const Parameter& parameter, const ParameterImportance* one) {
    const std::string value = cell_text(parameter, best.point);
    table.add({parameter.name, value.empty() ? "–" : value,
               parameter.tier == 0 ? "" : std::to_string(parameter.tier),
               one == nullptr ? ""
                              : fmt::format("{} {:3.0f} % ± {:.0f}",
                                            padded(bar(one->share, bar_width), bar_width),
                                            100 * one->share, 100 * one->spread)});
  };
  if (measured) {
    for (const ParameterImportance& one : measured->parameters) add(space[one.parameter], &one);
  } else {
    for (const Parameter& parameter : space.parameters()) add(parameter, nullptr);
  }
  return table.text(terminal);
}

// Not what other lines say already: the error is 1 − accuracy, the log loss mostly the loss.
bool worth_a_line(const std::string& metric) {
  return !metric.ends_with("_error") && !metric.ends_with("_log_loss") &&
         !metric.ends_with("_top3") && !metric.ends_with("_top5");
}

std::string score_lines(const StudySpec& spec, const History& history, const Trial& best,
                        const Terminal& terminal) {
  std::vector<std::pair<std::string, std::string>> lines;
  std::set<std::string> said;
  const std::optional<BestOfRepeats> again = best_of_repeats(history);
  for (std::size_t k = 0; k < spec.goal.objectives(); ++k) {
    std::string value = rounded_text(best.values[k], 5);
    if (again && again->runs > 1) {
      value = fmt::format("{}  the mean of {} runs", rounded_text(again->mean, 5), again->runs);
    }
    lines.emplace_back(spec.goal.name(k), value);
    said.insert(spec.goal.name(k));
  }
  for (const Bound& bound : spec.goal.bounds) {
    const auto found = best.metrics.find(bound.metric);
    if (found == best.metrics.end() || !said.insert(bound.metric).second) continue;
    lines.emplace_back(bound.metric, rounded_text(found->second, 5) + "  where " + to_text(bound));
  }
  for (const auto& [name, value] : best.metrics) {
    if (name.starts_with("validation_") && !said.contains(name) && worth_a_line(name)) {
      lines.emplace_back(name, rounded_text(value, 5));
    }
  }
  if (const std::optional<Json> test = test_score(history)) {
    for (const auto& [name, value] : test->items()) {
      if (!name.starts_with("test_") || !worth_a_line(name)) continue;
      lines.emplace_back(name,
                         styled(terminal, Style::good, rounded_text(json_to_double(value), 5)) +
                             fmt::format("  on {} rows that no trial saw", test->value("rows", 0)));
    }
  }
  std::size_t width = 0;
  for (const auto& [name, value] : lines) width = std::max(width, name.size());
  std::string text;
  for (const auto& [name, value] : lines) text += fmt::format("{:<{}}  {}\n", name, width, value);
  return text;
}

// The stages of a trial that continues others, where something changed on the way.
std::string schedule_lines(const History& history, const Trial& best) {
  const std::vector<const Trial*> line = history.line_of(best);
  const auto changed = [&](const Trial* trial) { return trial->point != best.point; };
  if (std::ranges::none_of(line, changed)) return "";
  std::string text = "\nhow it came about\n";
  const Trial* before = nullptr;
  for (const Trial* trial : line) {
    const double until = number_in(trial->note, budget_note).value_or(0);
    text += fmt::format("up to {:<6} trial {:<6}", rounded_text(until), trial->number);
    for (const auto& [name, value] : trial->point.entries()) {
      const Value* old = before == nullptr ? nullptr : before->point.find(name);
      if (old == nullptr || *old != value) text += " " + name + "=" + short_text(value);
    }
    text += "\n";
    before = trial;
  }
  return text;
}

// Where configurations ran again: which is expected to be best, as a single value may be luck.
std::string repeats_lines(const History& history) {
  const std::optional<BestOfRepeats> best = best_of_repeats(history);
  if (!best) return "";
  return fmt::format("\nbest by the mean of its runs: trial {}, {} in {} run{}; expected {} ± {}\n",
                     best->trial, rounded_text(best->mean, 5), best->runs,
                     best->runs == 1 ? "" : "s", rounded_text(best->expected, 5),
                     rounded_text(best->deviation, 2));
}

// What a person changed in its space on the way, and what it was taught.
std::string origin_lines(const History& history) {
  std::string text;
  for (const History::Edit& edit : history.edits()) {
    for (const std::string& change : edit.changes) {
      text += fmt::format("from trial {} on: {}\n", edit.trials, change);
    }
  }
  const auto outside = std::ranges::count(history.trials(), true, &Trial::outside);
  if (outside > 0) {
    text += fmt::format("{} trial{} outside the space as it is now: not learnt from\n", outside,
                        outside == 1 ? " lies" : "s lie");
  }
  for (const auto& taught : history.lessons()) {
    text += fmt::format("learns from {}: {}\n", taught->source,
                        counted(usable_lessons(history.space(), taught->lessons), "trial"));
  }
  return text.empty() ? text : "\n" + text;
}

}  // namespace

std::string summary_text(const StudySpec& spec, const History& history, const Terminal& terminal) {
  std::string text =
      styled(terminal, Style::bold, spec.name) + ": " + count_line(summarise(history)) + "\n";
  const Trial* best = recommended(history);
  const std::string unfinished = unfinished_text(history, spent_by(spec));
  if (best == nullptr) {
    return text + no_solution_text(history) + "\n" + (unfinished.empty() ? "" : unfinished + "\n") +
           origin_lines(history);
  }
  text += "\n" + hyperparameter_table(history, *best, terminal);
  if (!values_before(history.space(), best->point).empty()) text += cells_note(history);
  text += "\n";
  std::string title = fmt::format("the best, trial {}", best->number);
  if (spec.goal.objectives() > 1) {
    text += styled(terminal, Style::bold, "the front: trials that none beats in everything") +
            "\n" + front_table(history).text(terminal) + cells_note(history) + "\n";
    title = fmt::format("the best {}, trial {}", spec.goal.metric, best->number);
  }
  text += styled(terminal, Style::bold, title);
  if (const std::string words = reason(*best); !words.empty()) {
    text += fmt::format(" ({}: {})", best->by, words);
  }
  text += "\n";
  if (!unfinished.empty()) text += unfinished + "\n";
  if (const std::string changes = changes_text(*best); !changes.empty()) {
    text += "changed while it ran, so that these parameters alone would come to another value: " +
            changes + "\n";
  }
  return text + score_lines(spec, history, *best, terminal) + repeats_lines(history) +
         schedule_lines(history, *best) + origin_lines(history);
}

Json summary_json(const StudySpec& spec, const History& history) {
  const Summary summary = summarise(history);
  Json json = {{"study", spec.name},
               {"metric", spec.goal.metric},
               {"direction", direction_name(spec.goal.directions.front())},
               {"sampler", spec.search.sampler},
               {"trials",
                {{"all", summary.trials},
                 {"complete", summary.complete},
                 {"pruned", summary.pruned},
                 {"failed", summary.failed},
                 {"running", summary.running},
                 {"interrupted", summary.interrupted}}},
               {"best", nullptr}};
  const std::optional<BestOfRepeats> again = best_of_repeats(history);
  if (const Trial* best = recommended(history)) {
    json["best"] = {{"trial", best->number},
                    {"value", json_number(again ? again->mean : best->values.front())}};
    json["best"].update(params_json(history.space(), best->point));
    json["best"]["metrics"] = Json::object();
    for (const auto& [name, value] : best->metrics) {
      json["best"]["metrics"][name] = json_number(value);
    }
    for (const Trial* trial : history.line_of(*best)) {
      if (parent_of(best->note)) json["best"]["continues"].push_back(trial->number);
    }
  }
  if (const std::string text = unfinished_text(history, spent_by(spec)); !text.empty()) {
    json["unfinished"] = text;
  }
  if (again) {
    json["best_of_repeats"] = {{"trial", again->trial},
                               {"runs", again->runs},
                               {"mean", json_number(again->mean)},
                               {"expected", json_number(again->expected)},
                               {"deviation", json_number(again->deviation)}};
  }
  for (const History::Edit& edit : history.edits()) {
    json["edits"].push_back({{"before_trial", edit.trials}, {"changes", edit.changes}});
  }
  for (const auto& taught : history.lessons()) json["learnt_from"].push_back(taught->source);
  if (spec.goal.objectives() > 1) {
    json["objectives"] = objectives_json(spec.goal);
    json["front"] = front_json(history);
  }
  if (!spec.goal.bounds.empty()) json["outcomes"] = bounds_json(spec.goal);
  json["test"] = test_score(history).value_or(Json());
  json["importance"] = nullptr;
  if (const std::optional<Importance> measured = importance(history)) {
    json["importance"] = Json::object();
    for (const ParameterImportance& one : measured->parameters) {
      json["importance"][history.space()[one.parameter].name] = one.share;
    }
  }
  return json;
}

}  // namespace caviar
