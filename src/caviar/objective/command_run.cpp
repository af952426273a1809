#include "caviar/objective/command_run.hpp"

#include <filesystem>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/match.hpp"
#include "caviar/base/text.hpp"
#include "caviar/base/words.hpp"

namespace caviar {
namespace {

using namespace std::chrono_literals;

constexpr auto tick = 50ms;         // how soon a limit or an interrupt is noticed
constexpr auto between_looks = 1s;  // into the log, for what others want of the trial
// Together well below the 100 ms in which what a person wants is to reach a program on the wire.
constexpr auto wire_tick = 20ms, between_looks_on_the_wire = 40ms;
constexpr auto grace = 5s;        // from SIGTERM to SIGKILL
constexpr auto wire_grace = 30s;  // from a stop on the wire to SIGTERM
constexpr std::uintmax_t largest_result = 1 << 20;
constexpr std::size_t lines_shown = 3, width_shown = 160, longest_reason = 1000;

std::string read_result(const std::string& path) {
  std::error_code none;
  const std::uintmax_t size = std::filesystem::file_size(path, none);
  if (none) return "";
  return size > largest_result ? "" : read_file(path);
}

// What a program says is stored and shown as one line, and is something.
std::string reason(const std::string& said) {
  std::string why = one_line(said, longest_reason);
  return why.empty() ? "it says that it failed" : why;
}

}  // namespace

std::string CommandRun::run(const Command& command, const std::optional<WireStart>& start) {
  Child child(command);
  child_ = &child;
  started_ = looked_ = Clock::now();
  if (start) child.send(wire_start(*start));
  while (!child.ended()) {
    hear(child.wait(on_wire() ? wire_tick : tick));
    mind();
  }
  const auto output = [this](std::string_view line) { hear_output_line(line); };
  const auto wire = [this](std::string_view line) { hear_wire_line(line); };
  output_lines_.finish(output);
  wire_lines_.finish(wire);
  child_ = nullptr;
  return judge(*child.ended());
}

void CommandRun::hear(const Child::News& news) {
  if (!news.output.empty()) {
    log_.write(news.output);
    output_lines_.add(news.output, [this](std::string_view line) { hear_output_line(line); });
  }
  if (!news.wire.empty()) {
    wire_lines_.add(news.wire, [this](std::string_view line) { hear_wire_line(line); });
  }
}

void CommandRun::hear_output_line(std::string_view line) {
  std::optional<Measurement> said;
  if (spec_.results == Results::words) said = read_words(line);
  if (spec_.results == Results::json) said = read_json_line(line);
  if (said) tally_.add(*said, trial_);
}

void CommandRun::hear_wire_line(std::string_view line) {
  const auto measured = [this](std::optional<double> value, std::map<std::string, double> metrics) {
    Measurement said{{}, std::move(metrics), {}};
    if (value) said.numbers[metric_] = *value;
    return said;
  };
  std::visit(
      match{[&](const WireReport& report) {
              Measurement said = measured(report.value, report.metrics);
              said.step = report.step;
              tally_.add(said, trial_);
              const bool stop = trial_.should_prune();
              told_to_stop_ = told_to_stop_ || stop;
              if (child_ == nullptr) return;
              child_->send(wire_answer(report.step, stop ? Flow::stop : Flow::go));
            },
            [&](const WireResult& result) {
              tally_.add(measured(result.value, result.metrics), trial_);
            },
            [&](const WireFailure& failure) { said_failure_ = reason(failure.why); },
            [&](const WireTook& took) {
              const std::string when =
                  took.step > 0 ? " after step " + std::to_string(took.step) : " at the start";
              if (took.what == "change") {
                trial_.answer(Steering::Kind::change, "taken" + when);
              } else if (took.what == "pause") {
                trial_.answer(Steering::Kind::pause, "waits" + when);
              } else {
                trial_.answer(Steering::Kind::resume, "goes on" + when);
              }
            },
            [&](const WireNonsense& nonsense) {
              // On standard output it may be a word to a person.
              log_.write(line);
              log_.write("\n");
              if (spec_.wire == WirePlace::standard) return;
              log_.write("caviar: that line of the wire means nothing: " + nonsense.why + "\n");
            }},
      read_wire_line(line));
}

void CommandRun::steer() {
  for (const Steering& wish : trial_.steering()) {
    switch (wish.kind) {
      case Steering::Kind::change:
        child_->send(wire_change(wish.change));
        break;
      case Steering::Kind::pause:
        child_->send(wire_pause());
        break;
      case Steering::Kind::resume:
        child_->send(wire_resume());
        break;
      case Steering::Kind::nurse:  // rules act on trainings alone
      case Steering::Kind::stop:   // a trace; the stop itself comes as every other
        break;
    }
  }
}

void CommandRun::mind() {
  const auto now = Clock::now();
  const bool wire = on_wire();
  if (now - looked_ >= (wire ? between_looks_on_the_wire : between_looks)) {
    looked_ = now;
    trial_.look();
    if (wire) steer();
  }
  if (trial_.interrupted()) {
    end_it(0s, "interrupted");
  } else if (spec_.timeout_s && now - started_ >= std::chrono::duration<double>(*spec_.timeout_s)) {
    overdue_ = overdue_ || !terminate_at_;
    end_it(0s, "out of time");
  } else if (trial_.should_prune()) {
    end_it(wire ? wire_grace : 0s, "stopped");
  }
}

// First the word, then the signal that a program may answer, then the one that it cannot.
void CommandRun::end_it(std::chrono::seconds before_terminating, const std::string& why) {
  const auto now = Clock::now();
  tell_once(why);
  if (!terminate_at_ || *terminate_at_ > now + before_terminating) {
    terminate_at_ = now + before_terminating;
  }
  if (now < *terminate_at_) return;
  if (!terminated_) child_->terminate();
  terminated_ = true;
  if (now >= *terminate_at_ + grace) child_->kill();
}

void CommandRun::tell_once(const std::string& why) {
  if (!on_wire() || told_to_stop_) return;
  told_to_stop_ = true;
  child_->send(wire_stop(why));
}

std::string CommandRun::judge(const Exit& exit) {
  if (overdue_) {
    return with_last_lines("no end within its time limit of " + duration_text(*spec_.timeout_s));
  }
  if (terminate_at_ || told_to_stop_) return "";
  if (!said_failure_.empty()) return said_failure_;
  const bool by_itself = exit.kind == Exit::Kind::code;
  const bool success = !spec_.success || spec_.success->contains(exit.number);
  if (!by_itself || !success) return with_last_lines(exit.text());
  if (spec_.results == Results::exit) {
    tally_.add({{}, {{metric_, exit.number}}, {}}, trial_);
  }
  if (spec_.results == Results::file) {
    tally_.add(read_result_file(read_result(result_file_), metric_), trial_);
  }
  return tally_.value() ? "" : with_last_lines(missing_value());
}

std::string CommandRun::missing_value() const {
  std::string expected;
  switch (spec_.results) {
    case Results::words:
      expected = "the word " + metric_ + "=NUMBER on its output";
      break;
    case Results::json:
      expected = "a line {\"" + metric_ + "\": NUMBER} on its output";
      break;
    case Results::file:
      return "it ended without a value: " + metric_ + " in " + result_file_ + " was expected; " +
             content_of_result();
    case Results::wire:
      expected = "a report or a result on the wire";
      break;
    case Results::exit:
      break;
  }
  std::string why = "it ended without a value: " + expected + " was expected";
  if (!tally_.not_a_number().empty()) {
    why += "; '" + tally_.not_a_number() + "' came, which is not a number";
  }
  return why;
}

std::string CommandRun::content_of_result() const {
  std::error_code none;
  const std::uintmax_t size = std::filesystem::file_size(result_file_, none);
  if (none) return "there is no such file";
  if (size > largest_result) return "it is larger than 1 MiB";
  const std::string text = one_line(read_file(result_file_), width_shown);
  return text.empty() ? "it is empty" : "it holds '" + text + "'";
}

std::string CommandRun::with_last_lines(const std::string& why) const {
  const std::vector<std::string> lines = log_.last_lines(lines_shown, width_shown);
  return lines.empty() ? why : why + "; its last lines: " + join(lines, " | ");
}

}  // namespace caviar
