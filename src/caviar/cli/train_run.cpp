#include "caviar/cli/train_run.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/run_choice.hpp"
#include "caviar/cli/train_view.hpp"
#include "caviar/model/saved_model.hpp"
#include "caviar/run/nurse.hpp"
#include "caviar/run/replay.hpp"
#include "caviar/trainer/data_warnings.hpp"
#include "caviar/tune/interrupt.hpp"
#include "caviar/tune/study_file.hpp"

namespace caviar::cli {
namespace {

constexpr const char* usual_rules =
    R"([{"when": "no_gain", "epochs": 5, "multiply": {"learning_rate": 0.5}},
        {"when": "explodes", "times": 3, "roll_back": true, "multiply": {"learning_rate": 0.5}},
        {"when": "not_finite", "roll_back": true, "multiply": {"learning_rate": 0.5}}])";

SnapshotRules rules_of(const RunOptions& options) {
  SnapshotRules rules;
  if (options.every) rules.every = at_least_one("--snapshot-every", *options.every);
  if (options.most) rules.most = at_least_one("--keep-snapshots", *options.most);
  if (options.mib) {
    rules.bytes = static_cast<std::uint64_t>(at_least_one("--snapshot-mib", *options.mib)) << 20U;
  }
  return rules;
}

std::string nurse_in(const RunOptions& options, const TrainSpec& spec,
                     const std::string& study_file) {
  Node rules;
  if (!study_file.empty()) rules = read_study_file(study_file).nurse;
  if (rules.is_null() && !options.nurse) return "";
  if (rules.is_null()) rules = Node::parse_json(usual_rules, "--nurse");
  parse_nurse(rules, spec);  // throws where they make no sense
  return rules.json().dump();
}

// Folds are trainings one after the other, each from its beginning.
void check_one_training(const TrainSpec& spec) {
  const bool inner = spec.folds > 0;
  if (!inner && spec.outer == 0) return;
  throw Error(
      Fault::input,
      fmt::format("--name: a run is one training, and validation.{}={} asks for {} of them; "
                  "leave out either",
                  inner ? "folds" : "outer", inner ? spec.folds : spec.outer,
                  inner ? spec.folds * spec.repeats : spec.outer));
}

// The epochs and what is done to them, as they pass.
class RunView {
 public:
  RunView(const NursedTraining& run, const PreparedData& data, std::FILE* stream)
      : run_(run), data_(data), stream_(stream) {}

  void begin(const RunFolder& folder) {
    fmt::print(stream_, "{}\n{}\n{}\nrun {}: `caviar watch {}` watches it\n\n",
               columns_text(data_, terminal_of(stream_)), describe(data_),
               describe(make_model<float>(network_for(data_, settings(run_.spec())))), folder.path,
               folder.name());
    std::fflush(stream_);
  }
  RunHooks hooks() {
    return {.on_epoch =
                [this](const Epoch& epoch) {
                  while (!epochs_.empty() && epochs_.back().epoch >= epoch.epoch)
                    epochs_.pop_back();
                  epochs_.push_back(epoch);
                  // The number of epochs may have changed.
                  const int all = settings(run_.spec()).epochs;
                  if (!view_ || all != all_) view_.emplace(stream_, all_ = all);
                  view_->see(epoch);
                  return Flow::go;
                },
            .on_note =
                [this](const RunNote& note) {
                  if (view_) view_->finish();
                  fmt::print(stream_, "* {}\n", note.text);
                  std::fflush(stream_);
                },
            .interrupted = [&flag = interrupt_on_signals()] { return flag.load(); }};
  }
  void end() {
    if (view_) view_->finish();
  }
  const std::vector<EpochStats>& epochs() const { return epochs_; }

 private:
  const NursedTraining& run_;
  const PreparedData& data_;
  std::FILE* stream_;
  std::optional<EpochView> view_;
  int all_ = 0;
  std::vector<EpochStats> epochs_;
};

std::map<std::string, double> scores_of(const FinishedTraining& training) {
  std::map<std::string, double> scores = metrics_of(training.result);
  scores.merge(named_scores(training.test, "test_"));
  return scores;
}

Json json_of(const RunFolder& run, const RunRecord& record, const FinishedTraining& training) {
  Json json = {{"run", run.path},
               {"model", model_files(run.model()).document},
               {"train", Json::parse(record.train)},
               {"epochs", training.result.epochs},
               {"metrics", Json::object()},
               {"history", Json::array()}};
  for (const auto& [name, value] : scores_of(training)) json["metrics"][name] = json_number(value);
  for (const RunNote& note : record.notes) {
    if (note.text.empty()) continue;
    json["history"].push_back(
        {{"event", note.event}, {"at", to_json(note.at)}, {"text", note.text}});
  }
  return json;
}

void save(const RunFolder& run, const NursedTraining& nursed, const FinishedTraining& training) {
  save_model(run.model(), {.network = training.result.network,
                           .model = training.result.model,
                           .preprocessor = training.data.preprocessor,
                           .target = training.data.target,
                           .hyperparameters = nursed.spec().fixed,
                           .scores = scores_of(training),
                           .data = nursed.spec().data,
                           .version = CAVIAR_VERSION});
}

int train_run(const RunFolder& run, const PreparedData& data, const RunOutput& output,
              const RunRecord* replayed = nullptr) {
  NursedTraining nursed(run);
  RunView view(nursed, data, output.json ? stderr : stdout);
  view.begin(run);
  const NursedResult result = nursed.run(data, view.hooks(), replayed);
  view.end();
  if (result.held) return exit_interrupted;
  if (result.training.diverged()) {
    throw Error(Fault::input, "the training failed: " + result.training.why);
  }
  const FinishedTraining training{
      data, result.training, view.epochs(),
      evaluate_part(data, data.training, result.training.model, result.training.criterion),
      evaluate_test(data, result.training)};
  save(run, nursed, training);
  if (output.json) {
    print_json(json_of(run, nursed.record(), training));
  } else {
    const ModelFiles files = model_files(run.model());
    fmt::print("{}\nmodel: {} and {}\n", end_text(training, terminal_of(stdout)), files.document,
               files.numbers);
  }
  if (replayed == nullptr) return 0;
  const std::string other = difference(*replayed, nursed.record());
  if (!other.empty()) {
    throw Error(Fault::conflict,
                "the replay differs from " + nursed.record().replay + ": " + other);
  }
  fmt::print(output.json ? stderr : stdout,
             "the same numbers as {}, to the bit, in all {} epochs\n", nursed.record().replay,
             replayed->epochs.size());
  return 0;
}

// "run1"; of a trial "trial-12".
std::string plain_name(const RunFolder& run) {
  return run.title.empty() ? run.name() : "trial-" + RunFolder{run.path}.name();
}

// "run1-replay", "run1-replay-2", …
std::string free_name(const std::string& runs, const std::string& name) {
  std::string free = name;
  for (int i = 2; std::filesystem::exists(std::filesystem::path(runs) / free); ++i) {
    free = fmt::format("{}-{}", name, i);
  }
  return free;
}

}  // namespace

void RunOptions::declare(Arguments& arguments) {
  arguments.option("--name", "RUN", name,
                   "Make it a run of this name, to be watched and steered while it runs");
  arguments.option("--runs", "DIR", runs, "The folder of all runs; default runs");
  arguments.option("--replay", "RUN", replay,
                   "Repeat a run with all that was done to it, to the same numbers");
  arguments.option(
      "--snapshot-every", "N", every,
      "Snapshots after every N epochs; default: as often as they cost 1 % of the time");
  arguments.option("--keep-snapshots", "N", most, "Keep at most N of them; default 20");
  arguments.option("--snapshot-mib", "N", mib, "In at most N MiB; default 1024");
  arguments.flag("--nurse", nurse,
                 "No gain for 5 epochs: halve the rate; explodes or NaN: roll back and halve");
}

int train_named(const RunOptions& options, const TrainSpec& spec, const std::string& study_file,
                const RunOutput& output) {
  check_one_training(spec);
  RunStart start{spec, 0, rules_of(options), nurse_in(options, spec, study_file)};
  const PreparedData data = prepare(spec);
  print_warnings(data_warnings(data));
  start.data = fingerprint(data);
  criterion_for(data, settings(spec));  // throws where they do not fit, before anything is written
  const RunFolder run = create_run(options.runs.value_or(usual_runs), *options.name);
  begin_run(run, start);
  return train_run(run, data, output);
}

int train_replay(const RunOptions& options, const RunOutput& output) {
  const std::string runs = options.runs.value_or(usual_runs);
  const RunFolder replayed = find_choice(runs, *options.replay);
  const RunRecord record(replayed.log());
  const PreparedData data = prepare(spec_begun(record));
  const std::string name = options.name.value_or(free_name(runs, plain_name(replayed) + "-replay"));
  return train_run(begin_replay(runs, name, replayed), data, output, &record);
}

int train_branch(const RunFolder& parent, const BranchStart& start, const RunOutput& output) {
  const PreparedData data = prepare(spec_begun(RunRecord(parent.log())));
  return train_run(begin_branch(parent, start), data, output);
}

int train_on(const RunFolder& run, const RunOutput& output) {
  const RunRecord record(run.log());
  if (record.replay.empty()) return train_run(run, prepare(spec_begun(record)), output);
  throw Error(Fault::input, run.name() + " is a replay, which is not gone on with: repeat it");
}

}  // namespace caviar::cli
