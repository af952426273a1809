#include "caviar/tune/trial_view.hpp"

#include <algorithm>
#include <cmath>
#include <ranges>

#include <fmt/format.h>

#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trial/reports.hpp"
#include "caviar/tune/plot.hpp"
#include "caviar/tune/progress.hpp"
#include "caviar/tune/watch_view.hpp"

namespace caviar {
namespace {

double step_before(const Trial& trial, const Steering& steering) {
  const std::size_t reports = std::min(steering.reports, trial.reports.size());
  return reports == 0 ? 0 : static_cast<double>(trial.reports[reports - 1].step);
}

std::string steering_text(const Trial& trial, const Steering& steering) {
  if (!steering.text.empty()) return steering.text;
  const double step = step_before(trial, steering);
  const std::string when =
      step > 0 ? fmt::format("after step {}", step) : "before its first report";
  return "wanted " + when + (steering.change.empty() ? "" : ": " + short_text(steering.change));
}

Curve curve_of(const std::string& label, Style style, const Trial& trial) {
  Curve curve{label, style, {}, {}};
  for (const Report& report : trial.reports) {
    curve.x.push_back(static_cast<double>(report.step));
    curve.y.push_back(report.value);
  }
  return curve;
}

std::string picture_of(const WatchedTrial& watched, const Terminal& terminal, std::size_t rows) {
  const std::optional<PlotOptions> place = plot_in(terminal, rows, "step");
  if (!place) return "";
  PlotOptions options = *place;
  for (const Steering& steering : watched.trial.steering) {
    if (!steering.change.empty()) options.marks.push_back(step_before(watched.trial, steering));
  }
  std::vector<Curve> curves;
  if (watched.best && watched.best->number != watched.trial.number) {
    curves.push_back(
        curve_of(fmt::format("best ({})", watched.best->number), Style::faint, *watched.best));
  }
  curves.push_back(curve_of("this one", Style::good, watched.trial));
  const std::string picture = plot(curves, options, terminal);
  return picture.empty() ? "" : "\n" + watched.goal.metric + "\n" + picture;
}

std::string scores_text(const WatchedTrial& watched, const Terminal& terminal) {
  const Trial& trial = watched.trial;
  TextTable table({"", ">step", ">" + watched.goal.metric});
  const auto add = [&](const char* name, const Report& report) {
    table.add({name, std::to_string(report.step), rounded_text(report.value)});
  };
  add("now", trial.reports.back());
  add("best", *std::ranges::min_element(trial.reports, {}, [&](const Report& report) {
        return loss_of(watched.goal, report);
      }));
  return table.text(terminal);
}

// The newest lines, below a gap, in so many lines; "" where there is no room for any.
std::string newest(const std::vector<std::string>& lines, std::size_t rows) {
  if (rows < 2) return "";
  const std::size_t shown = std::min(lines.size(), rows - 1);
  std::string text = shown == 0 ? "" : "\n";
  for (std::size_t i = lines.size() - shown; i < lines.size(); ++i) text += lines[i] + "\n";
  return text;
}

// What was done to it, and the end of its log: a half each of what a picture leaves of the room, or
// of the room where that is too little for both.
std::string below_picture(const WatchedTrial& watched, const Terminal& terminal, std::size_t room) {
  std::vector<std::string> done, log;
  for (const Steering& steering : watched.trial.steering) {
    done.push_back(fmt::format("* {}: {}", steering_name(steering.kind),
                               steering_text(watched.trial, steering)));
  }
  for (const std::string& line : watched.lines) {
    log.push_back(styled(terminal, Style::faint, "│ ") + line);
  }
  constexpr std::size_t least_below = 4;
  const bool both = room >= least_picture + 1 + least_below;
  const std::size_t rows = both ? room - least_picture - 1 : room;
  const std::string text = newest(done, std::min(notes_shown + 1, log.empty() ? rows : rows / 2));
  const auto taken = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  return text + newest(log, rows - taken);
}

}  // namespace

std::string phase_text(const Trial& trial) {
  if (trial.finished()) {
    return std::string(state_name(trial.state)) + (trial.why.empty() ? "" : ": " + trial.why);
  }
  if (trial.stop_wanted) return "told to stop";
  for (const Steering& wish : trial.steering | std::views::reverse) {
    if (wish.kind == Steering::Kind::pause) return wish.text.empty() ? "told to pause" : "paused";
    if (wish.kind == Steering::Kind::resume) break;
  }
  return "running";
}

std::vector<std::string> watch_block(const WatchedTrial& watched, const Terminal& terminal) {
  const Trial& trial = watched.trial;
  const double end = trial.finished() ? trial.ended_at : watched.now;
  std::string text =
      styled(terminal, Style::bold, watched.name) + "  " + phase_text(trial) + "  " +
      styled(terminal, Style::faint, duration_text(std::max(0.0, end - trial.asked_at))) + "\n" +
      short_text(trial.point) + "\n";
  text += trial.reports.empty() ? "no report yet\n" : scores_text(watched, terminal);
  const std::string below = below_picture(watched, terminal, rows_left(terminal, text));
  const std::size_t rows = rows_left(terminal, text + below);
  if (rows > 0) text += picture_of(watched, terminal, rows - 1);
  return lines_of(text + below, terminal);
}

Json watch_json(const WatchedTrial& watched) {
  const Trial& trial = watched.trial;
  Json json = {{"trial", trial.number},         {"state", phase_text(trial)},
               {"metric", watched.goal.metric}, {"params", to_json(trial.point)},
               {"reports", Json::array()},      {"history", Json::array()}};
  for (const Report& report : trial.reports) {
    json["reports"].push_back({{"step", report.step}, {"value", json_number(report.value)}});
  }
  for (const Steering& steering : trial.steering) {
    Json one = {{"time", steering.time},
                {"event", steering_name(steering.kind)},
                {"reports", steering.reports},
                {"text", steering_text(trial, steering)}};
    if (!steering.change.empty()) one["change"] = to_json(steering.change);
    json["history"].push_back(std::move(one));
  }
  return json;
}

std::string history_text(const Trial& trial) {
  std::string text =
      fmt::format("{}  {:<11}  {}\n", clock_text(trial.asked_at), "began", short_text(trial.point));
  for (const Steering& steering : trial.steering) {
    text += fmt::format("{}  {:<11}  {}\n", clock_text(steering.time), steering_name(steering.kind),
                        steering_text(trial, steering));
  }
  if (trial.finished()) {
    text += fmt::format("{}  {:<11}  {}\n", clock_text(trial.ended_at), "ended", phase_text(trial));
  }
  return text;
}

}  // namespace caviar
