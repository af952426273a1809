#include "caviar/tune/watch_view.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <ranges>

#include <fmt/format.h>

#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trainer/hyperparameters.hpp"

namespace caviar {
namespace {

constexpr std::size_t epochs_of_pace = 5;
constexpr int least_width = 32;  // of a terminal with room for a bar or a picture

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

bool is_narrow(const Terminal& terminal) { return terminal.width < 64; }

// Pieces one after the other, in as many lines as they take.
std::string wrapped(const std::vector<std::string>& pieces, const Terminal& terminal) {
  const auto width = static_cast<std::size_t>(terminal.width);
  std::string text;
  std::size_t used = 0;
  for (const std::string& piece : pieces) {
    const std::size_t wide = shown_width(piece);
    const std::size_t gap = text.ends_with(',') ? 1 : 2;
    const bool fits = used > 0 && used + gap + wide <= width;
    if (used > 0) text += fits ? std::string(gap, ' ') : "\n";
    text += piece;
    used = fits ? used + gap + wide : wide;
  }
  return text + "\n";
}

std::string progress_text(const WatchedRun& run, const Terminal& terminal) {
  const RunRecord& record = run.record;
  const int all = epochs_in(record);
  const auto done = static_cast<double>(record.at.epoch - 1);
  const std::size_t wide = is_narrow(terminal) ? 10 : 24;
  std::vector<std::string> pieces = {fmt::format("epoch {} of {}", record.at.epoch - 1, all)};
  if (terminal.width >= least_width) {
    const std::string share = styled(terminal, Style::good, bar(done / all, wide));
    pieces.front().insert(0, padded(share, wide) + "  ");
  }
  if (record.at.iteration > 0 && record.iterations > 0) {
    pieces.back() += ",";
    pieces.push_back(fmt::format("iteration {} of {}", record.at.iteration, record.iterations));
  }
  if (const double pace = seconds_per_epoch(record); pace > 0) {
    pieces.push_back(duration_text(pace) + " an epoch");
    if (run.running && done < all) {
      pieces.back() += ",";
      pieces.push_back(fmt::format("at most {} left", duration_text(pace * (all - done))));
    }
  }
  return wrapped(pieces, terminal);
}

// The newest value that is known: not every epoch is measured.
double newest(const RunRecord& record, double EpochLine::* number) {
  const auto backwards = std::views::reverse(record.epochs);
  const auto found = std::ranges::find_if(
      backwards, [&](const EpochLine& epoch) { return !std::isnan(epoch.*number); });
  return found == backwards.end() ? unknown : (*found).*number;
}

std::string vitals_text(const RunRecord& record, const Terminal& terminal) {
  const std::string rate = known(record.epochs.back().learning_rate),
                    speed = known(newest(record, &EpochLine::samples_per_second)),
                    gradient = known(newest(record, &EpochLine::gradient_norm)),
                    weights = known(newest(record, &EpochLine::weight_norm));
  const double share = newest(record, &EpochLine::dead_units);
  const std::string dead = std::isnan(share) ? "-" : fmt::format("{:.1f} %", share * 100);
  if (is_narrow(terminal)) {
    return wrapped({"rate " + rate, speed + " rows/s", "gradient " + gradient, "weights " + weights,
                    "dead " + dead},
                   terminal);
  }
  TextTable table({">learning rate", ">rows/s", ">gradient norm", ">weight norm", ">dead units"});
  table.add({rate, speed, gradient, weights, dead});
  return table.text(terminal);
}

std::string scores_text(const RunRecord& record, const Terminal& terminal) {
  const bool narrow = is_narrow(terminal);
  TextTable table({"", ">epoch", narrow ? ">train" : ">training loss",
                   narrow ? ">valid" : ">validation loss", ">accuracy"});
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

// Both curves where there is room for them, else the loss alone, else none.
std::string pictures_of(const RunRecord& record, const Terminal& terminal, std::size_t rows) {
  const bool both = rows >= 3 * least_picture;
  const std::optional<PlotOptions> place =
      plot_in(terminal, both ? rows - rows / 3 : rows, "epoch");
  if (!place) return "";
  PlotOptions options = *place;
  for (const RunNote& note : record.notes) {
    if (!is_intervention(note)) continue;
    const double at = place_of(note, record);
    // What was rolled back is no part of the curve.
    if (note.event == "rolled_back") std::erase_if(options.marks, [&](double x) { return x > at; });
    options.marks.push_back(at);
  }
  std::string text =
      plot({curve_of("training", Style::faint, record, &EpochStats::training_loss),
            curve_of("validation", Style::good, record, &EpochStats::validation_loss)},
           options, terminal);
  if (!text.empty()) text = "loss\n" + text;
  const std::optional<PlotOptions> below = plot_in(terminal, rows / 3, "epoch");
  if (!below) return text;
  options.height = below->height;
  const std::string accuracy =
      plot({curve_of("accuracy", Style::good, record, &EpochStats::validation_accuracy)}, options,
           terminal);
  return text + (accuracy.empty() ? "" : "accuracy on the validation part\n" + accuracy);
}

// What was done last, and what is to come.
std::vector<std::string> note_lines(const RunRecord& record, const Terminal& terminal,
                                    std::size_t most) {
  std::vector<std::string> lines;
  const std::size_t planned = record.notes.empty() ? most : (most + 1) / 2;
  for (const std::string& plan : plans(record)) {
    if (lines.size() < planned) lines.push_back("→ to come: " + plan);
  }
  for (const RunNote& note : record.notes | std::views::reverse) {
    if (lines.size() >= most) break;
    if (note.text.empty()) continue;
    const bool refused = note.event == "refused";
    lines.insert(lines.begin(), refused ? styled(terminal, Style::bad, "✗ refused: " + note.text)
                                        : "* " + note.text);
  }
  return lines;
}

// Numbers first: where the terminal is small, what is below is what it loses.
std::string one_text(const WatchedRun& run, const Terminal& terminal) {
  const RunRecord& record = run.record;
  std::string text = styled(terminal, Style::bold, run.name) + "  " + phase_text(run) + "\n" +
                     progress_text(run, terminal);
  if (!record.epochs.empty()) {
    text += scores_text(record, terminal) + vitals_text(record, terminal);
  }
  const std::size_t room = rows_left(terminal, text);
  // Beside a picture fewer of them, but one at least.
  const std::size_t others = room >= least_picture + 3 ? (room - least_picture - 1) / 2 : room - 1;
  const std::vector<std::string> notes =
      note_lines(record, terminal, room < 2 ? room : std::min(notes_shown, others));
  const std::size_t gaps = notes.empty() ? 1 : 2;
  if (room > notes.size() + gaps) {
    const std::string picture = pictures_of(record, terminal, room - notes.size() - gaps);
    if (!picture.empty()) text += "\n" + picture;
  }
  if (!notes.empty() && room > notes.size()) text += "\n";
  for (const std::string& line : notes) text += line + "\n";
  return text;
}

std::string several_text(const std::vector<WatchedRun>& runs, const Terminal& terminal) {
  constexpr Style styles[] = {Style::good, Style::bold, Style::bad, Style::plain, Style::faint};
  std::vector<Curve> curves;
  for (const WatchedRun& run : runs) {
    curves.push_back(curve_of(run.name, styles[curves.size() % std::size(styles)], run.record,
                              &EpochStats::validation_loss));
  }
  std::string text = runs_text(runs, terminal);
  const std::size_t room = rows_left(terminal, text);
  const auto options = plot_in(terminal, room > 0 ? room - 1 : 0, "epoch");  // below a gap
  const std::string picture = options ? plot(curves, *options, terminal) : "";
  return text + (picture.empty() ? "" : "\nvalidation loss\n" + picture);
}

}  // namespace

std::size_t rows_left(const Terminal& terminal, const std::string& used) {
  const auto taken = static_cast<std::size_t>(std::ranges::count(used, '\n'));
  const auto all = static_cast<std::size_t>(std::max(terminal.height - 1, 0));
  return all > taken ? all - taken : 0;
}

std::optional<PlotOptions> plot_in(const Terminal& terminal, std::size_t rows,
                                   const std::string& x_label) {
  if (rows < least_picture || terminal.width < least_width) return std::nullopt;
  PlotOptions options{.x_label = x_label};
  options.width = static_cast<std::size_t>(std::clamp(terminal.width - 24, 16, 100));
  options.height = std::min<std::size_t>(rows - 2, 16);  // beside the title and the axis
  return options;
}

std::string clock_text(double time) {
  const auto seconds = static_cast<std::time_t>(time);
  std::tm local{};
  localtime_r(&seconds, &local);
  return fmt::format("{:02}:{:02}:{:02}", local.tm_hour, local.tm_min, local.tm_sec);
}

std::vector<std::string> lines_of(const std::string& text, const Terminal& terminal) {
  std::vector<std::string> lines;
  const std::size_t most = terminal.live ? rows_left(terminal, "") : text.size();
  for (std::size_t begin = 0; begin < text.size() && lines.size() < most;) {
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
  json["planned"] = Json::array();
  for (const auto& [id, request] : record.waiting) {
    json["planned"].push_back({{"epoch", *request.epoch}, {"changes", to_json(request.changes)}});
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
  for (const std::string& plan : plans(record)) {
    text += fmt::format("{:<8}  {:<11}  {}\n", "", "to come", plan);
  }
  return text;
}

}  // namespace caviar
