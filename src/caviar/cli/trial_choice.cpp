#include "caviar/cli/trial_choice.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/study_choice.hpp"
#include "caviar/objective/trial_training.hpp"
#include "caviar/run/ask_run.hpp"
#include "caviar/run/record.hpp"
#include "caviar/storage/storage.hpp"
#include "caviar/study/worker.hpp"
#include "caviar/trainer/train_spec.hpp"
#include "caviar/tune/folder_owner.hpp"
#include "caviar/tune/summary.hpp"

namespace caviar::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto patience = std::chrono::seconds(30);             // for a training to hear
constexpr auto between_looks = std::chrono::milliseconds(100);  // into the study

StudyPlace place_of(const std::string& file) {
  StudyChoice choice;
  choice.file = file;
  return choice.place();
}

bool keeps_snapshots(const RunFolder& run) {
  if (!std::filesystem::exists(run.log())) return false;
  const RunRecord record(run.log());
  return std::ranges::any_of(
      record.snapshots, [](const Snapshot& snapshot) { return snapshot.why == asked_snapshot; });
}

// An interrupted trial runs again under another number.
int newest_of(const Study& study, int number) {
  study.trial(number);  // throws where there is none
  study.inspect([&](const History& history) {
    for (const Trial& trial : history.trials()) {
      const std::optional<double> repeated = number_in(trial.note, repeats_note);
      if (repeated && static_cast<int>(*repeated) == number) number = trial.number;
    }
  });
  return number;
}

}  // namespace

std::optional<TrialName> trial_named(const std::string& word) {
  const std::size_t colon = word.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  const std::optional<double> number = parse_number(word.substr(colon + 1));
  if (!number || *number < 0 || *number != std::floor(*number) || *number > 1e9) {
    throw Error(Fault::input, "'" + word +
                                  "' given; a trial is named by its study and its number, such as "
                                  "study.yaml:12");
  }
  return TrialName{word.substr(0, colon), static_cast<int>(*number)};
}

ChosenTrial::ChosenTrial(const TrialName& name)
    : file_(name.study),
      place_(place_of(name.study)),
      study_(Study::open(place_.study, open_existing_storage(place_.storage))),
      number_(newest_of(study_, name.trial)) {
  if (number_ == name.trial) return;
  const std::string all = folder_of_trials(study_, file_, place_);
  if (!all.empty() && keeps_snapshots(run_of_trial(all, name.trial))) number_ = name.trial;
}

std::string ChosenTrial::word() const { return fmt::format("{}:{}", file_, number_); }

std::string ChosenTrial::folder() const {
  const std::string folder = folder_of_trials(study_, file_, place_);
  if (!folder.empty()) return folder;
  throw Error(Fault::missing, word() + ": the study's trials have no folders: it is run by " +
                                  "another program (ask-tell), or by an earlier version");
}

bool ChosenTrial::is_training() const {
  const Node& objective = study_.spec().objective;
  return objective.is_map() && objective.find("train") != nullptr;
}

std::string ChosenTrial::step_name() const {
  if (!is_training()) return "step";
  return parse_train_spec(*study_.spec().objective.find("train")).folds > 0 ? "fold" : "epoch";
}

std::string ChosenTrial::reached() const {
  const std::string all = folder_of_trials(study_, file_, place_);
  const std::string log = is_training() && !all.empty() ? run_of_trial(all, number_).log() : "";
  // What it was rolled back from it has reported, too: of that only its run knows.
  if (!log.empty() && std::filesystem::exists(log)) return to_text(RunRecord(log).at);
  const Trial now = trial();
  if (now.reports.empty()) return "";
  return fmt::format("after {} {}", step_name(), now.reports.back().step);
}

bool ChosenTrial::hears() const {
  const Node& objective = study_.spec().objective;
  const Node* results = objective.is_map() ? objective.find("results") : nullptr;
  return results != nullptr && results->is_text() && results->text() == "wire";
}

std::string ChosenTrial::over() const {
  const Trial now = trial();
  std::string text = state_name(now.state);
  if (!now.values.empty()) {
    text += fmt::format(", {} {}", study_.spec().goal.metric, rounded_text(now.values.front()));
  }
  return now.why.empty() ? text : text + ": " + now.why;
}

Study ChosenTrial::writable() const {
  return Study::open(place_.study, open_storage(place_.storage));
}

void ChosenTrial::check_running() const {
  const Trial now = trial();
  if (now.finished()) throw Error(Fault::conflict, word() + " is over: " + over());
  if (!surely_gone(now.worker)) return;
  throw Error(Fault::conflict, word() +
                                   " is run by no program now; `caviar tune` on its study runs it "
                                   "again");
}

RunFolder ChosenTrial::run(const std::atomic<bool>& interrupted) const {
  RunFolder run = run_of_trial(folder(), number_);
  run.title = word();
  if (trial().finished()) {
    if (std::filesystem::exists(run.log())) return run;
    throw Error(Fault::conflict, word() + " is over: " + over() +
                                     "; nobody watched it, so nothing else of it was kept");
  }
  const Node& train = *study_.spec().objective.find("train");
  if (const int folds = parse_train_spec(train).folds; folds > 0) {
    throw Error(Fault::input, fmt::format("{}: it trains on {} folds one after the other, each "
                                          "from its beginning; it can only be stopped",
                                          word(), folds));
  }
  claim_folder(folder(), {place_.storage, study_.spec().name}, true);
  const Clock::time_point begin = Clock::now();
  Clock::time_point looked = begin;
  open_run(run, [&] {
    if (interrupted || Clock::now() > begin + patience) return false;
    if (Clock::now() < looked + between_looks) return true;
    looked = Clock::now();
    return !trial().finished();
  });
  return run;
}

}  // namespace caviar::cli
