// What is done to a nursed training between two stretches: requests, schedule, nurse, replay.
#include <algorithm>
#include <cstdio>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/run/run_driver.hpp"
#include "caviar/run/steering.hpp"
#include "caviar/space/space_text.hpp"

namespace caviar {
namespace {

constexpr std::chrono::milliseconds pause_between_looks{5};  // while it is paused

std::string because(const std::string& why) { return why.empty() ? "" : " (" + why + ")"; }

}  // namespace

void NursedTraining::Driver::attend() {
  take_steps();
  if (finding_) obey_nurse();
  do {
    const auto waiting = record_.waiting;
    for (const auto& [id, request] : waiting) {
      if (RunMoment{*request.epoch, 0} <= now()) handle(request);
    }
    for (const RunRequest& request : take_requests(folder_.inbox())) handle(request);
    if (record_.phase != RunPhase::paused || told_to_stop() || interrupted()) return;
    std::this_thread::sleep_for(pause_between_looks);
  } while (true);
}

// What the replayed run did here.
void NursedTraining::Driver::take_steps() {
  while (!steps_.empty() &&
         (steps_.front().diverged ? diverged_.has_value() : steps_.front().at == now())) {
    const ReplayStep step = steps_.front();
    steps_.pop_front();
    switch (step.kind) {
      case ReplayStep::Kind::snapshot:
        copies_[step.snapshot] = take_snapshot("replay");
        break;
      case ReplayStep::Kind::steer:
        spec_ = train_spec_in(step.train);
        note({{"event", "steered"},
              {"at", to_json(now())},
              {"train", to_json(spec_)},
              {"text", fmt::format("steered {}, as {} was", to_text(now()), record_.replay)}});
        break;
      case ReplayStep::Kind::roll_back:
        go_back(copies_.at(step.snapshot), train_spec_in(step.train), Json::object(),
                ", as " + record_.replay + " was");
        break;
      case ReplayStep::Kind::stop:
        handle_stop("", -1, "");
        break;
    }
  }
}

// Whatever goes wrong is an answer: a request never ends the training.
void NursedTraining::Driver::handle(const RunRequest& request) try {
  const bool changes = request.verb == "steer" || request.verb == "rollback";
  if (changes && replays_) {
    throw Error(Fault::input, "it repeats " + record_.replay + " and takes no changes");
  }
  if (request.verb == "steer") return handle_steer(request);
  if (request.verb == "rollback") return handle_rollback(request);
  if (request.verb == "pause" || request.verb == "resume") return handle_pause(request);
  if (request.verb == "stop") return handle_stop(request.id, -1, "");
  if (request.verb == "watch") {
    return note({{"event", "watched"}, {"id", request.id}, {"at", to_json(now())}});
  }
  if (request.verb == "snapshot") {
    if (!state_) throw Error(Fault::input, "nothing is done yet; the start needs no snapshot");
    check_room(record_.snapshots, record_.rules);
    take_snapshot(asked_snapshot, request.id);
    return;
  }
  if (request.verb == "cancel") return handle_cancel(request);
  if (request.verb == "remove") return handle_remove(request);
  throw Error(Fault::input, request.verb.empty()
                                ? request.to
                                : "'" + request.verb + "' is nothing that a training can do");
} catch (const Error& error) {
  refuse(request.id, error.what());
}

void NursedTraining::Driver::handle_steer(const RunRequest& request) {
  TrainSpec tried = spec_;
  const std::vector<Change> changes = steer(tried, request.changes);
  const RunMoment here = now();
  std::optional<int> from = request.epoch;
  if (from && RunMoment{*from, 0} < here && !record_.waiting.contains(request.id)) {
    throw Error(Fault::input, fmt::format("epoch {} has begun already: the training is {}", *from,
                                          to_text(here)));
  }
  const bool waits = here.iteration > 0 && std::any_of(changes.begin(), changes.end(),
                                                       [](const Change& c) { return c.waits; });
  std::string why;
  if (waits && !from) {
    from = here.epoch + 1;
    why = ", since batches are dealt when an epoch begins";
  }
  check_epochs_to_come(request.changes, from ? std::max(here, RunMoment{*from, 0}) : here);
  if (!from || RunMoment{*from, 0} <= here) return apply(request.changes, request.id, -1, "");
  if (*from > settings(spec_).epochs) {
    throw Error(Fault::input, fmt::format("epoch {} never comes: the training has {} epochs", *from,
                                          settings(spec_).epochs));
  }
  RunRequest later = request;
  later.epoch = from;
  note({{"event", "scheduled"},
        {"id", request.id},
        {"at", to_json(here)},
        {"request", to_json(later)},
        {"text", fmt::format("from epoch {} on{}: {}; now {}", *from, why, to_text(changes),
                             to_text(here))}});
}

// Snapshot, then the log, then the change: whatever fails, nothing is half done.
void NursedTraining::Driver::apply(const Point& changes, const std::string& id, int rule,
                                   const std::string& why) {
  TrainSpec next = spec_;
  const std::vector<Change> made = steer(next, changes);
  const int snapshot = take_snapshot("before steer");
  Json line = {{"event", "steered"}, {"at", to_json(now())}};
  if (!id.empty()) line["id"] = id;
  if (rule >= 0) line["rule"] = rule;
  line["changes"] = to_json(changes);
  line["train"] = to_json(next);
  line["text"] =
      fmt::format("{} {}{}{}", to_text(made), to_text(now()), because(why),
                  snapshot < 0 ? "" : fmt::format("; snapshot {} holds what was before", snapshot));
  spec_ = std::move(next);
  note(std::move(line));
}

void NursedTraining::Driver::handle_rollback(const RunRequest& request) {
  const int number = snapshot_named(record_, request.to);
  TrainSpec next = number < 0 ? train_spec_in(record_.begun)
                              : read_snapshot(folder_.snapshots(), *record_.find(number)).spec;
  const std::vector<Change> made = steer(next, request.changes);
  if (number >= 0) check_epochs_to_come(request.changes, record_.find(number)->at);
  Json line = {{"id", request.id}};
  if (!request.changes.empty()) line["changes"] = to_json(request.changes);
  go_back(number, std::move(next), std::move(line), made.empty() ? "" : " with " + to_text(made));
}

void NursedTraining::Driver::go_back(int number, TrainSpec spec, Json line,
                                     const std::string& text) {
  const RunMoment here = diverged_.value_or(now());
  const int snapshot = diverged_ ? -1 : take_snapshot("before rollback");
  load_state(number);
  spec_ = std::move(spec);
  line["event"] = "rolled_back";
  line["at"] = to_json(here);
  line["to"] = number;
  if (diverged_) line["diverged"] = true;
  line["train"] = to_json(spec_);
  line["text"] = fmt::format(
      "rolled back to {}{}; it was {}{}{}",
      number < 0 ? "the start" : fmt::format("snapshot {} ({})", number, to_text(now())), text,
      to_text(here), snapshot < 0 ? "" : fmt::format(", which snapshot {} holds", snapshot),
      // A plan names an epoch, and that is still to come.
      record_.waiting.empty() ? "" : "; still to come: " + join(plans(record_), ", "));
  diverged_.reset();
  note(std::move(line));
}

void NursedTraining::Driver::handle_pause(const RunRequest& request) {
  const bool paused = record_.phase == RunPhase::paused, pauses = request.verb == "pause";
  if (paused == pauses) {
    throw Error(Fault::input, paused ? "it is paused already, " + to_text(now())
                                     : "it is not paused, it runs: " + to_text(now()));
  }
  if (pauses) take_snapshot("before pause");
  note({{"event", pauses ? "paused" : "resumed"},
        {"id", request.id},
        {"at", to_json(now())},
        {"text", (pauses ? "paused " : "goes on ") + to_text(now())}});
}

void NursedTraining::Driver::handle_cancel(const RunRequest& request) {
  Json ids = Json::array();
  RunRecord cancelled;  // what these were, for people
  for (const auto& [id, planned] : record_.waiting) {
    if (request.epoch && planned.epoch != request.epoch) continue;
    ids.push_back(id);
    cancelled.waiting.emplace(id, planned);
  }
  if (ids.empty()) {
    throw Error(Fault::input, record_.waiting.empty()
                                  ? "nothing is planned for a later epoch"
                                  : fmt::format("nothing is planned for epoch {}; to come are: {}",
                                                *request.epoch, join(plans(record_), ", ")));
  }
  note({{"event", "cancelled"},
        {"id", request.id},
        {"at", to_json(now())},
        {"requests", std::move(ids)},
        {"text", "no longer to come: " + join(plans(cancelled), ", ")}});
}

void NursedTraining::Driver::handle_remove(const RunRequest& request) {
  Json line = removal(record_, request.to);
  std::remove(snapshot_path(folder_.snapshots(), line.at("number").get<int>()).c_str());
  line["id"] = request.id;
  note(std::move(line));
}

void NursedTraining::Driver::handle_stop(const std::string& id, int rule, const std::string& why) {
  if (!replays_) take_snapshot("before stop");
  stopping_ = true;
  Json line = {{"event", "stopped"},
               {"at", to_json(now())},
               {"text", "stopped " + to_text(now()) + because(why)}};
  if (!id.empty()) line["id"] = id;
  if (rule >= 0) line["rule"] = rule;
  note(std::move(line));
}

void NursedTraining::Driver::obey_nurse() try {
  const NurseFinding finding = *std::exchange(finding_, std::nullopt);
  const NurseRule& rule = nurse_[finding.rule];
  const auto number = static_cast<int>(finding.rule);
  const Point changes = changes_of(rule, spec_);
  if (rule.roll_back) {
    // No later than the best epoch: what came after it may have begun to fail already.
    int best = 0, to = record_.find(0) == nullptr ? -1 : 0;
    for (const EpochLine& epoch : record_.epochs) best = epoch.best ? epoch.epoch : best;
    for (const int behind : record_.path) {
      const Snapshot* snapshot = record_.find(behind);
      if (snapshot != nullptr && snapshot->at <= RunMoment{best + 1, 0}) to = behind;
    }
    TrainSpec next = to < 0 ? train_spec_in(record_.begun)
                            : read_snapshot(folder_.snapshots(), *record_.find(to)).spec;
    const std::vector<Change> made = steer(next, changes);
    Json line = {{"rule", number}};
    if (!changes.empty()) line["changes"] = to_json(changes);
    go_back(to, std::move(next), std::move(line),
            (made.empty() ? "" : " with " + to_text(made)) + because(finding.why));
  } else if (!changes.empty()) {
    apply(changes, "", number, finding.why);
  }
  if (rule.stop) handle_stop("", number, finding.why);
} catch (const Error& error) {
  note({{"event", "refused"},
        {"at", to_json(now())},
        {"text", std::string("the nurse could not: ") + error.what()}});
}

void NursedTraining::Driver::refuse(const std::string& id, const std::string& why) {
  note({{"event", "refused"}, {"id", id}, {"at", to_json(now())}, {"text", why}});
}

}  // namespace caviar
