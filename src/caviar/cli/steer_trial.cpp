#include "caviar/cli/steer_trial.hpp"

#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/cli/run_choice.hpp"
#include "caviar/run/ask_run.hpp"
#include "caviar/tune/interrupt.hpp"

namespace caviar::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto wait_for_an_end = std::chrono::seconds(3),
               wait_for_an_answer = std::chrono::seconds(3);
constexpr auto look_again = std::chrono::milliseconds(20);

int stop(const ChosenTrial& chosen) {
  chosen.check_running();
  Study study = chosen.writable();
  study.steer(chosen.number(), {Steering::Kind::stop, {}, "told so by a person"});
  study.stop_trial(chosen.number());
  const Clock::time_point begin = Clock::now();
  while (!chosen.trial().finished() && Clock::now() < begin + wait_for_an_end) {
    if (interrupt_on_signals()) break;
    std::this_thread::sleep_for(look_again);
  }
  const bool over = chosen.trial().finished();
  const std::string reached = chosen.reached();
  fmt::print("{}: {}{}{}\n", chosen.word(), over ? "stopped" : "told to stop; it has not ended yet",
             reached.empty() ? "" : " ", reached);
  return 0;
}

Steering steering_of(const ChosenTrial& chosen, const RunRequest& request) {
  Steering steering;
  if (request.verb == "pause") {
    steering.kind = Steering::Kind::pause;
  } else if (request.verb == "resume") {
    steering.kind = Steering::Kind::resume;
  } else if (request.epoch) {
    throw Error(Fault::input, chosen.word() +
                                  ": --at: what steps its program takes, caviar cannot know; a "
                                  "change reaches it at once");
  }
  steering.change = request.changes;
  return steering;
}

// As runs do. The trial has been told last what its newest wish says, answered or not.
void check_pause(const ChosenTrial& chosen, const std::string& verb) {
  if (verb != "pause" && verb != "resume") return;
  bool paused = false, answered = false;
  for (const Steering& wish : chosen.trial().steering) {
    const bool pause = wish.kind == Steering::Kind::pause;
    if (!pause && wish.kind != Steering::Kind::resume) continue;
    paused = pause;
    answered = !wish.text.empty();
  }
  if (paused != (verb == "pause")) return;
  throw Error(Fault::input, chosen.word() + (!paused    ? ": it is not paused, it runs"
                                             : answered ? ": it is paused already"
                                                        : ": it is told to pause already"));
}

// What the program says to the wish that is the trial's steering number `wish`; "": nothing, in
// time.
std::string answer_to(const ChosenTrial& chosen, std::size_t wish, Steering::Kind kind) {
  const Clock::time_point begin = Clock::now();
  while (Clock::now() < begin + wait_for_an_answer && !interrupt_on_signals()) {
    const Trial trial = chosen.trial();
    for (std::size_t i = wish + 1; i < trial.steering.size(); ++i) {
      const Steering& said = trial.steering[i];
      if (said.kind == kind && !said.text.empty()) return said.text;
    }
    if (trial.finished()) return "it has ended meanwhile";
    std::this_thread::sleep_for(look_again);
  }
  return "";
}

// By the wire: the program is told, and may answer.
int say(const ChosenTrial& chosen, const RunRequest& request) {
  chosen.check_running();
  const bool can = request.verb == "steer" || request.verb == "pause" || request.verb == "resume";
  if (!can) {
    throw Error(Fault::input, chosen.word() + ": " + request.verb +
                                  " is for trainings of caviar's own: what another program holds "
                                  "in its memory, it can neither keep nor put back");
  }
  if (!chosen.hears()) {
    throw Error(Fault::input, chosen.word() +
                                  ": its program hears nothing while it runs (only one with "
                                  "results: wire does); it can be stopped");
  }
  check_pause(chosen, request.verb);
  const Steering wish = steering_of(chosen, request);
  const std::size_t place = chosen.trial().steering.size();
  chosen.writable().steer(chosen.number(), wish);
  const std::string what =
      request.verb == "steer" ? "change " + to_text(request.changes) : request.verb;
  const std::string answer = answer_to(chosen, place, wish.kind);
  fmt::print(
      "{}: told to {}; {}\n", chosen.word(), what,
      answer.empty() ? "it has not answered, and does what it is told when it next reads" : answer);
  return 0;
}

}  // namespace

int ask_trial(const ChosenTrial& chosen, const RunRequest& request) {
  if (request.verb == "stop") return stop(chosen);
  if (!chosen.is_training()) return say(chosen, request);
  chosen.check_running();
  const RunFolder run = chosen.run(interrupt_on_signals());
  const Json answer = ask_run(run, request, interrupt_on_signals());
  fmt::print("{}: {}\n", run.name(), answer.at("text").get<std::string>());
  return 0;
}

}  // namespace caviar::cli
