#include "caviar/cli/watch_view.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <ranges>

#include <fmt/format.h>

#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/tune/plot.hpp"

namespace caviar::cli {
namespace {

constexpr std::size_t notes_shown = 6;
constexpr std::size_t epochs_of_pace = 5;

std::string known(double value) { return std::isnan(value) ? "-" : rounded_text(value); }

int epochs_in(const RunRecord& record) { return settings(train_spec_in(record.train)).epochs; }

// Of the last few epochs; 0: not known yet.
double seconds_per_epoch(const RunRecord& record) {
  const auto& epochs = record.epochs;
  if (epochs.empty()) return 0;
  const std::size_t back = std::min(epochs.size(), epochs_of_pace);
  const double before = back == epochs.size() ? 0 : epochs[epochs.size() - back - 1].seconds;
  return (epochs.back().seconds - before) / static_cast<double>(back);
}

std::string progress_text(const WatchedRun& run, const Terminal& terminal) {
  const RunRecord& record = run.record;
  const int all = epochs_in(record);
  const auto done = static_cast<double>(record.at.epoch - 1);
  std::string text = fmt::format("{}  epoch {} of {}",
                                 padded(styled(terminal, Style::good, bar(done / all, 24)), 24),
                                 record.at.epoch - 1, all);
  if (record.at.iteration > 0 && record.iterations > 0) {
    text += fmt::format(", iteration {} of {}", record.at.iteration, record.iterations);
  }
  const double pace = seconds_per_epoch(record);
  if (pace <= 0) return text;
  text += fmt::format("  {} an epoch", duration_text(pace));
  if (run.running && done < all)
    text += fmt::format(", at most {} left", duration_text(pace * (all - done)));
  return text;
}

// The newest value that is known: not every epoch is measured.
double newest(const RunRecord& record, double EpochLine::* number) {
  const auto backwards = std::views::reverse(record.epochs);
  const auto found = std::ranges::find_if(
      backwards, [&](const EpochLine& epoch) { return !std::isnan(epoch.*number); });
  return found == backwards.end() ? unknown : (*found).*number;
}

std::string vitals_text(const RunRecord& record, const Terminal& terminal) {
  TextTable table({">learning rate", ">rows/s", ">gradient norm", ">weight norm", ">dead units"});
  const double dead = newest(record, &EpochLine::dead_units);
  table.add({known(record.epochs.back().learning_rate),
             known(newest(record, &EpochLine::samples_per_second)),
             known(newest(record, &EpochLine::gradient_norm)),
             known(newest(record, &EpochLine::weight_norm)),
             std::isnan(dead) ? "-" : fmt::format("{:.1f} %", dead * 100)});
  return table.text(terminal);
}

std::string scores_text(const RunRecord& record, const Terminal& terminal) {
  TextTable table({"", ">epoch", ">training loss", ">validation loss", ">accuracy"});
  const auto add = [&](const char* name, const EpochLine& epoch) {
    table.add({name, std::to_string(epoch.epoch), known(epoch.training_loss),
               known(epoch.validation_loss), known(epoch.validation_accuracy)});
  };
  add("now", record.epochs.back());
  const auto backwards = std::views::reverse(record.epochs);
  const auto best = std::ranges::find_if(backwards, &EpochLine::best);
  if (best != backwards.end()) add("best", *best);
  return table.text(terminal);
}

bool is_intervention(const RunNote& note) {
  return note.event == "steered" || note.event == "rolled_back";
}

// Of a rollback the point that it led to: what it left is no part of the curve.
double place_of(const RunNote& note, const RunRecord& record) {
  if (note.event == "rolled_back" && note.snapshot < 0) return 0;
  const Snapshot* target = note.event == "rolled_back" ? record.find(note.snapshot) : nullptr;
  const RunMoment at = target != nullptr ? target->at : note.at;
  return at.epoch - 1 + (at.iteration > 0 ? 0.5 : 0);
}

Curve curve_of(const std::string& label, Style style, const RunRecord& record,
               double EpochStats::* number) {
  Curve curve{label, style, {}, {}};
  for (const EpochLine& epoch : record.epochs) {
    curve.x.push_back(epoch.epoch);
    curve.y.push_back(epoch.*number);
  }
  return curve;
}

PlotOptions plot_options(const Terminal& terminal) {
  PlotOptions options{.x_label = "epoch"};
  options.width = static_cast<std::size_t>(std::clamp(terminal.width - 24, 20, 100));
  options.height = static_cast<std::size_t>(std::clamp(terminal.height - 24, 6, 16));
  return options;
}

std::string pictures_of(const RunRecord& record, const Terminal& terminal) {
  PlotOptions options = plot_options(terminal);
  for (const RunNote& note : record.notes) {
    if (!is_intervention(note)) continue;
    const double place = place_of(note, record);
    // What was rolled back is no part of the curve.
    if (note.event == "rolled_back")
      std::erase_if(options.marks, [&](double x) { return x > place; });
    options.marks.push_back(place);
  }
  std::string text =
      plot({curve_of("training", Style::faint, record, &EpochStats::training_loss),
            curve_of("validation", Style::good, record, &EpochStats::validation_loss)},
           options, terminal);
  if (!text.empty()) text = "loss\n" + text;
  options.height = std::max<std::size_t>(4, options.height / 2);
  const std::string accuracy =
      plot({curve_of("accuracy", Style::good, record, &EpochStats::validation_accuracy)}, options,
           terminal);
  return text + (accuracy.empty() ? "" : "accuracy on the validation part\n" + accuracy);
}

std::string one_text(const WatchedRun& run, const Terminal& terminal) {
  const RunRecord& record = run.record;
  std::string text = styled(terminal, Style::bold, run.name) + "  " + phase_text(run) + "\n" +
                     progress_text(run, terminal) + "\n";
  if (!record.epochs.empty()) {
    text += pictures_of(record, terminal) + "\n" + scores_text(record, terminal) + "\n" +
            vitals_text(record, terminal);
  }
  std::vector<const RunNote*> notes;
  for (const RunNote& note : record.notes) {
    if (!note.text.empty()) notes.push_back(&note);
  }
  const std::size_t first = notes.size() > notes_shown ? notes.size() - notes_shown : 0;
  if (!notes.empty()) text += "\n";
  for (std::size_t i = first; i < notes.size(); ++i) text += "* " + notes[i]->text + "\n";
  return text;
}

std::string several_text(const std::vector<WatchedRun>& runs, const Terminal& terminal) {
  constexpr Style styles[] = {Style::good, Style::bold, Style::bad, Style::plain, Style::faint};
  std::vector<Curve> curves;
  for (const WatchedRun& run : runs) {
    curves.push_back(curve_of(run.name, styles[curves.size() % std::size(styles)], run.record,
                              &EpochStats::validation_loss));
  }
  const std::string picture = plot(curves, plot_options(terminal), terminal);
  return (picture.empty() ? "" : "validation loss\n" + picture + "\n") + runs_text(runs, terminal);
}

}  // namespace

std::string clock_text(double time) {
  const auto seconds = static_cast<std::time_t>(time);
  std::tm local{};
  localtime_r(&seconds, &local);
  return fmt::format("{:02}:{:02}:{:02}", local.tm_hour, local.tm_min, local.tm_sec);
}

std::vector<std::string> lines_of(const std::string& text, const Terminal& terminal) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    const std::string line = text.substr(begin, end - begin);
    lines.push_back(terminal.live ? clipped(line, static_cast<std::size_t>(terminal.width)) : line);
    begin = end + 1;
  }
  return lines;
}

std::string phase_text(const WatchedRun& run) {
  switch (run.record.phase) {
    case RunPhase::ended:
      return "over";
    case RunPhase::held:
      if (!run.running) return "held";
      break;
    case RunPhase::paused:
      if (run.running) return "paused";
      break;
    case RunPhase::running:
      break;
  }
  return run.running ? "running" : "run by no program";
}

std::vector<std::string> watch_block(const std::vector<WatchedRun>& runs,
                                     const Terminal& terminal) {
  return lines_of(
      runs.size() == 1 ? one_text(runs.front(), terminal) : several_text(runs, terminal), terminal);
}

std::string runs_text(const std::vector<WatchedRun>& runs, const Terminal& terminal) {
  TextTable table(
      {"run", "", ">epoch", ">of", ">validation loss", ">best", ">learning rate", ">changes", ""});
  for (const WatchedRun& run : runs) {
    const RunRecord& record = run.record;
    double best = unknown;
    for (const EpochLine& epoch : record.epochs) best = std::fmin(best, epoch.validation_loss);
    const EpochLine now = record.epochs.empty() ? EpochLine() : record.epochs.back();
    const auto changes = std::count_if(record.notes.begin(), record.notes.end(), is_intervention);
    table.add({run.name, phase_text(run), std::to_string(now.epoch),
               std::to_string(epochs_in(record)), known(now.validation_loss), known(best),
               now.epoch == 0 ? "-" : known(now.learning_rate), std::to_string(changes),
               !record.replay.empty() ? "repeats " + record.replay
               : record.from.empty()  ? ""
                                      : "from " + record.from});
  }
  return table.text(terminal);
}

Json watch_json(const WatchedRun& run) {
  const RunRecord& record = run.record;
  Json json = {{"run", run.name},           {"state", phase_text(run)},
               {"at", to_json(record.at)},  {"train", Json::parse(record.train)},
               {"epochs", Json::array()},   {"history", Json::array()},
               {"snapshots", Json::array()}};
  if (!record.from.empty()) json["from"] = record.from;
  for (const EpochLine& epoch : record.epochs) {
    json["epochs"].push_back(to_json(epoch));
    json["epochs"].back().erase("event");
  }
  for (const RunNote& note : record.notes) {
    if (note.text.empty()) continue;
    json["history"].push_back({{"time", note.time},
                               {"event", note.event},
                               {"at", to_json(note.at)},
                               {"text", note.text}});
  }
  for (const Snapshot& snapshot : record.snapshots) {
    json["snapshots"].push_back(to_json(snapshot));
    json["snapshots"].back().erase("event");
  }
  return json;
}

std::string history_text(const RunRecord& record) {
  std::string text;
  for (const RunNote& note : record.notes) {
    if (note.text.empty()) continue;
    text += fmt::format("{}  {:<11}  {}\n", clock_text(note.time), note.event, note.text);
  }
  return text;
}

}  // namespace caviar::cli
