#include "caviar/tune/progress.hpp"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "caviar/base/text.hpp"
#include "caviar/trial/front.hpp"
#include "caviar/trial/repeats.hpp"
#include "caviar/tune/front.hpp"

namespace caviar {
namespace {

constexpr std::size_t trials_shown = 5;
constexpr std::size_t outcome_width = 27;
constexpr double redraw_s = 0.1;

std::string reached(const Trial& trial) {
  if (!trial.values.empty()) {
    return values_text(trial.values) + (is_touched(trial)  ? ", changed"
                                        : is_nursed(trial) ? ", nursed"
                                                           : "");
  }
  if (trial.reports.empty()) return "";
  const Report& last = trial.reports.back();
  return fmt::format("{} at step {}", rounded_text(last.value), last.step);
}

// What there is to say of a trial in one line, without its number.
std::string outcome(const Trial& trial) {
  switch (trial.state) {
    case TrialState::complete:
      return reached(trial);
    case TrialState::failed:
      return "failed: " + trial.why;
    default:
      return reached(trial).empty()
                 ? state_name(trial.state)
                 : fmt::format("{}, {}", state_name(trial.state), reached(trial));
  }
}

std::string count_text(const History& history, const RunClock& clock) {
  std::string text = fmt::format("{}", trials_done(history));
  if (clock.trials) text += fmt::format(" of {}", *clock.trials);
  text += " trials";
  const auto add = [&](TrialState state) {
    if (const std::size_t count = history.count(state)) {
      text += fmt::format(", {} {}", count, state_name(state));
    }
  };
  add(TrialState::running);
  add(TrialState::pruned);
  add(TrialState::failed);
  return text;
}

std::string time_text(const History& history, const RunClock& clock) {
  std::string elapsed = duration_text(clock.elapsed_s);
  const std::optional<double> left = seconds_left(history, clock);
  if (!left || *left <= 0) return elapsed;
  return fmt::format("{}, about {} left", elapsed, duration_text(*left));
}

double share_done(const History& history, const RunClock& clock) {
  double share = 0;
  if (clock.trials && *clock.trials > 0) {
    share = static_cast<double>(trials_done(history)) / *clock.trials;
  }
  if (clock.time_s && *clock.time_s > 0) share = std::max(share, clock.elapsed_s / *clock.time_s);
  return std::min(share, 1.0);
}

std::string goal_text(const Goal& goal) {
  if (has_standings(goal)) return describe(goal);
  const bool minimize = goal.directions.front() == Direction::minimize;
  return goal.metric + (minimize ? ", smaller is better" : ", larger is better");
}

// The words of a point in lines of at most `width` columns.
std::vector<std::string> wrapped(const Point& point, std::size_t width) {
  std::vector<std::string> lines;
  for (const auto& [name, value] : point.entries()) {
    const std::string word = name + "=" + short_text(value);
    if (lines.empty() || shown_width(lines.back()) + 2 + shown_width(word) > width) {
      lines.push_back(word);
    } else {
      lines.back() += "  " + word;
    }
  }
  return lines;
}

std::vector<std::string> best_lines(const History& history, const Terminal& terminal) {
  const std::optional<Recommendation> best = recommendation(history);
  if (!best) return {};
  const auto width = static_cast<std::size_t>(terminal.width);
  std::string where = fmt::format("  trial {}", best->trial->number);
  if (best->runs > 1) where += fmt::format(", the mean of {} runs", best->runs);
  if (history.goal().objectives() > 1) {
    where += fmt::format(", one of {} on the front", pareto_front(history).size());
  }
  std::vector<std::string> lines = {styled(terminal, Style::good, "best ") +
                                    styled(terminal, Style::bold, values_text(best->values)) +
                                    styled(terminal, Style::faint, where)};
  for (const std::string& words : wrapped(best->trial->point, width > 5 ? width - 5 : width)) {
    lines.push_back("     " + words);
  }
  return lines;
}

std::string standing_note(const History& history, const Trial& trial) {
  if (history.goal().objectives() == 1) {
    const std::optional<Recommendation> best = recommendation(history);
    if (!best || !(best->trial->point == trial.point)) return "";
    if (best->runs > 1) {
      return fmt::format(" (best so far by the mean of its {} runs: {})", best->runs,
                         values_text(best->values));
    }
    return best->trial->number == trial.number ? " (best so far)" : "";
  }
  const bool on_front = std::ranges::count(pareto_front(history), trial.number) > 0;
  return on_front ? " (on the front)" : "";
}

// The last trials: those that run, and before them those that ended last.
std::vector<const Trial*> recent(const History& history) {
  std::vector<const Trial*> shown;
  for (const Trial& trial : history.trials()) shown.push_back(&trial);
  std::stable_partition(shown.begin(), shown.end(), [](const Trial* t) { return t->finished(); });
  if (shown.size() > trials_shown) shown.erase(shown.begin(), shown.end() - trials_shown);
  return shown;
}

}  // namespace

int trials_done(const History& history) {
  return static_cast<int>(history.count(TrialState::complete) + history.count(TrialState::pruned) +
                          history.count(TrialState::failed));
}

std::optional<double> seconds_left(const History& history, const RunClock& clock) {
  std::optional<double> left;
  if (clock.time_s) left = std::max(0.0, *clock.time_s - clock.elapsed_s);
  if (clock.trials && clock.ended > 0) {
    const int missing = std::max(0, *clock.trials - trials_done(history));
    const double by_pace = clock.elapsed_s / clock.ended * missing;
    left = left ? std::min(*left, by_pace) : by_pace;
  }
  return clock.ended > 0 ? left : std::nullopt;
}

std::string short_text(const Value& value) {
  const auto* number = std::get_if<double>(&value);
  return number != nullptr ? rounded_text(*number) : to_text(value);
}

std::string short_text(const Point& point) {
  std::string text;
  for (const auto& [name, value] : point.entries()) {
    text += (text.empty() ? "" : " ") + name + "=" + short_text(value);
  }
  return text;
}

std::vector<std::string> progress_block(const StudySpec& spec, const History& history,
                                        const RunClock& clock, const Terminal& terminal) {
  const auto width = static_cast<std::size_t>(terminal.width);
  std::vector<std::string> lines;
  lines.push_back(styled(terminal, Style::bold, spec.name) +
                  styled(terminal, Style::faint,
                         fmt::format("  {}, {}", spec.search.sampler, goal_text(spec.goal))));
  const std::size_t bar_width = std::clamp<std::size_t>(width / 3, 10, 40);
  lines.push_back(
      styled(terminal, Style::good, padded(bar(share_done(history, clock), bar_width), bar_width)) +
      "  " + count_text(history, clock) + "  " +
      styled(terminal, Style::faint, time_text(history, clock)));
  const std::vector<std::string> best = best_lines(history, terminal);
  lines.insert(lines.end(), best.begin(), best.end());
  for (const Trial* trial : recent(history)) {
    const std::string text =
        fmt::format("{:>4}  {}  ", trial->number, padded(outcome(*trial), outcome_width));
    lines.push_back(
        styled(terminal, trial->state == TrialState::failed ? Style::bad : Style::plain, text) +
        styled(terminal, Style::faint, short_text(trial->point)));
  }
  for (std::string& line : lines) line = clipped(line, width);
  const auto height = static_cast<std::size_t>(std::max(terminal.height - 1, 1));
  if (lines.size() > height) lines.resize(height);
  return lines;
}

std::string progress_line(const History& history, const Trial& trial, const RunClock& clock) {
  return fmt::format("trial {}: {}{}  {}  ({}; {})", trial.number, outcome(trial),
                     standing_note(history, trial), short_text(trial.point),
                     count_text(history, clock), time_text(history, clock));
}

Progress::Progress(const Study& study, const Limits& limits, std::FILE* stream)
    : study_(study),
      spec_(study.spec()),
      clock_{.trials = limits.trials, .time_s = limits.time_s},
      stream_(stream),
      started_(std::chrono::steady_clock::now()) {}

void Progress::see(const Event& event) {
  const auto now = std::chrono::steady_clock::now();
  clock_.elapsed_s = std::chrono::duration<double>(now - started_).count();
  const auto* ended = std::get_if<Ended>(&event);
  if (ended != nullptr) ++clock_.ended;
  if (terminal_of(stream_).live) {
    draw(ended != nullptr);
  } else if (ended != nullptr) {
    study_.inspect([&](const History& history) {
      const Trial& trial = history.trials()[static_cast<std::size_t>(ended->trial)];
      fmt::print(stream_, "{}\n", progress_line(history, trial, clock_));
    });
    std::fflush(stream_);
  }
}

void Progress::draw(bool now) {
  const auto time = std::chrono::steady_clock::now();
  if (!now && std::chrono::duration<double>(time - drawn_at_).count() < redraw_s) return;
  drawn_at_ = time;
  std::vector<std::string> lines;
  study_.inspect([&](const History& history) {
    lines = progress_block(spec_, history, clock_, terminal_of(stream_));
  });
  // One write: back to the block's first line, every line over the old one, the rest wiped.
  std::string text = drawn_lines_ > 0 ? fmt::format("\x1b[{}A\r", drawn_lines_) : "\r";
  for (const std::string& line : lines) text += line + "\x1b[K\n";
  text += "\x1b[J";
  drawn_lines_ = lines.size();
  std::fwrite(text.data(), 1, text.size(), stream_);
  std::fflush(stream_);
}

void Progress::finish() {
  if (drawn_lines_ == 0) return;
  fmt::print(stream_, "\x1b[{}A\r\x1b[J", drawn_lines_);
  std::fflush(stream_);
  drawn_lines_ = 0;
}

}  // namespace caviar
