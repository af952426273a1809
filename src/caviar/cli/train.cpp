// caviar train: one training, watched epoch by epoch.
#include "caviar/trainer/train.hpp"

#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/destinations.hpp"
#include "caviar/cli/folds_view.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/train_choice.hpp"
#include "caviar/cli/train_job.hpp"
#include "caviar/cli/train_json.hpp"
#include "caviar/cli/train_page.hpp"
#include "caviar/cli/train_run.hpp"
#include "caviar/cli/train_view.hpp"
#include "caviar/model/checkpoint.hpp"
#include "caviar/model/fine_tune.hpp"
#include "caviar/model/saved_model.hpp"
#include "caviar/report/training_page.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trainer/course.hpp"
#include "caviar/trainer/cross_validation.hpp"
#include "caviar/trainer/data_warnings.hpp"
#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/trainer/without_effect.hpp"
#include "caviar/tune/interrupt.hpp"

namespace caviar::cli {
namespace {

// Before anything is trained.
void check_destinations(const Job& job, const TrainOptions& options) {
  std::vector<std::string> read = files_read(job.spec);
  read.push_back(options.schedule.value_or(""));
  read.push_back(options.choice.study_file());
  if (options.from) {
    const ModelFiles from = find_model(*options.from);
    read.insert(read.end(), {from.document, from.numbers});
  }
  const ModelFiles model = job.save.empty() ? ModelFiles() : model_files(job.save);
  const std::vector<Destination> written = {{"--save", model.document},
                                            {"--save", model.numbers},
                                            {"--report", job.report},
                                            {"--checkpoint", job.checkpoint},
                                            {"cache", job.spec.cache}};
  check_destinations(read, written);
  if (!job.held && !job.checkpoint.empty()) check_replaceable(job.checkpoint);
}

// Every score by its name, those on the test part included.
std::map<std::string, double> all_scores(const TrainResult& result, const PartScore& test) {
  std::map<std::string, double> scores = metrics_of(result);
  scores.merge(named_scores(test, "test_"));
  return scores;
}

void save(const Job& job, const PreparedData& data, const TrainResult& result,
          const std::map<std::string, double>& scores) {
  save_model(job.save, {.network = result.network,
                        .model = result.model,
                        .preprocessor = data.preprocessor,
                        .target = data.target,
                        .hyperparameters = job.spec.fixed,
                        .scores = scores,
                        .data = job.spec.data,
                        .version = CAVIAR_VERSION});
}

// Runs it, with a checkpoint after every so many epochs and where it is interrupted.
class Run {
 public:
  Run(const Job& job, const TrainOptions& options, const PreparedData& data)
      : job_(job),
        data_(data),
        settings_(caviar::settings(job.spec)),
        stream_(options.json ? stderr : stdout),
        view_(stream_, settings_.epochs) {
    if (!job.held) return;
    if (job.held->data != rows_known()) {
      throw Error(Fault::conflict, job.spec.data +
                                       ": the rows are not those that the training was begun with; "
                                       "without --resume it begins anew");
    }
    epochs_ = job.held->epochs;
  }

  TrainResult run() {
    if (job_.from) {
      start_ = start_from(*job_.from, data_,
                          {job_.start->freeze, job_.start->layer_rate, job_.spec.seed,
                           criterion_for(data_, settings_).loss});
    }
    fmt::print(stream_, "{}\n{}\n{}\n", columns_text(data_, terminal_of(stream_)), describe(data_),
               start_ ? describe(start_->model)
                      : describe(make_model<float>(network_for(data_, settings_))));
    std::fflush(stream_);
    const TrainResult result =
        job_.course ? train_course(data_, *job_.course, {.on_epoch = control().on_epoch}).training
                    : train(data_, job_.spec, settings_, control());
    view_.finish();
    return result;
  }

  bool interrupted() const { return interrupted_; }
  std::FILE* stream() const { return stream_; }
  bool has_checkpoint() const { return written_ || job_.held; }
  const std::vector<EpochStats>& epochs() const { return epochs_; }
  // Where it began, if not with a new network.
  const TrainStart* start() const { return start_ ? &*start_ : nullptr; }

 private:
  // Of the rows; worked out once, and only where somebody asks.
  std::uint64_t rows_known() {
    if (!fingerprint_) fingerprint_ = fingerprint(data_);
    return *fingerprint_;
  }

  Control control() {
    Control control;
    control.on_epoch = [this](const Epoch& epoch) {
      epochs_.push_back(epoch);
      view_.see(epoch);
      // With a checkpoint the next iteration holds it.
      return interrupted_ && job_.checkpoint.empty() ? Flow::stop : Flow::go;
    };
    control.on_iteration = [this](const Iteration& at) {
      const bool ends_epoch = at.iteration == at.iterations;
      const bool due =
          job_.checkpoint_every > 0 && ends_epoch && at.epoch % job_.checkpoint_every == 0;
      if ((due || interrupted_) && !job_.checkpoint.empty()) {
        save_checkpoint(job_.checkpoint, {job_.spec, at.state(), job_.save, epochs_, rows_known(),
                                          job_.start, job_.report, job_.checkpoint_every});
        written_ = true;
      }
      return interrupted_ ? Flow::stop : Flow::go;
    };
    if (start_) control.start = &*start_;
    if (job_.held) control.resume = &job_.held->state;
    return control;
  }

  const Job& job_;
  const PreparedData& data_;
  const Settings settings_;
  std::optional<std::uint64_t> fingerprint_;
  std::FILE* stream_;
  EpochView view_;
  std::optional<TrainStart> start_;
  std::vector<EpochStats> epochs_;
  bool written_ = false;
  const std::atomic<bool>& interrupted_ = interrupt_on_signals();
};

// Where folds are asked for: the same configuration on each of them, a line each, and each from the
// same model where the training began with one.
class FoldRuns {
 public:
  FoldRuns(const Job& job, std::span<const PreparedData> folds, const TrainStart* start,
           std::FILE* stream)
      : spec_(job.spec), settings_(caviar::settings(job.spec)), folds_(folds), stream_(stream) {
    if (start) from_.emplace(FoldStart{{job.from->preprocessor, job.from->target}, *start});
  }

  FoldScores inner() const {
    if (folds_.empty()) return {};
    const FoldScores scores = cross_validate(folds_, spec_, settings_, view("fold", folds_.size()),
                                             interrupted_, from_ ? &from_->model : nullptr);
    tell(scores, "validation_", "folds", folds_.size());
    return scores;
  }
  FoldScores outer() const {
    if (spec_.outer == 0) return {};
    const auto count = static_cast<std::size_t>(spec_.outer);
    const FoldScores scores = judge_outer(spec_, settings_, view("outer fold", count), interrupted_,
                                          from_ ? &*from_ : nullptr);
    tell(scores, "test_", "outer folds", count);
    return scores;
  }

 private:
  void tell(const FoldScores& scores, const char* prefix, const char* what,
            std::size_t count) const {
    fmt::print(stream_, "{}", folds_text(scores, prefix, what));
    if (scores.folds.size() == count) return;
    fmt::print(stderr, "interrupted: {} of {} {} were run\n", scores.folds.size(), count, what);
  }
  std::function<Flow(const FoldScores&)> view(const char* what, std::size_t count) const {
    return [this, what, count](const FoldScores& scores) {
      fmt::print(stream_, "{} {}/{}", what, scores.folds.size(), count);
      for (const auto& [name, value] : scores.folds.back()) {
        const std::string of = name.substr(name.find('_') + 1);
        const bool shown = of == "loss" || of == "accuracy" || of == "rmse";
        if (shown) fmt::print(stream_, "  {} {}", name, rounded_text(value));
      }
      fmt::print(stream_, "\n");
      return Flow::go;
    };
  }

  const TrainSpec& spec_;
  const Settings settings_;
  std::span<const PreparedData> folds_;
  std::optional<FoldStart> from_;
  std::FILE* stream_;
  std::function<bool()> interrupted_ = [&on = interrupt_on_signals()] { return on.load(); };
};

PreparedData prepare_for(const Job& job) {
  if (!job.from) return prepare(job.spec);
  return prepare(job.spec, {job.from->preprocessor, job.from->target});
}

std::vector<PreparedData> folds_for(const Job& job) {
  if (!job.from) return prepare_folds(job.spec);
  return prepare_folds(job.spec, {job.from->preprocessor, job.from->target});
}

// A training with a name keeps everything about it in its folder.
int train_as_run(const std::string& program, const TrainOptions& options) {
  const bool other = options.save || options.from || options.resume || options.checkpoint ||
                     options.checkpoint_every || options.report;
  if (other) {
    throw Error(Fault::input,
                "--name and --replay keep model and snapshots in the folder of the run; none of "
                "--save, --from, --resume, --checkpoint, --report may stand beside them");
  }
  const RunOutput output{program, options.json};
  if (!options.run.replay) {
    return train_named(options.run, options.choice.spec(), options.choice.study_file(), output);
  }
  if (options.choice.is_empty()) return train_replay(options.run, output);
  throw Error(Fault::input, "--replay: the run goes as it went; no settings may stand beside it");
}

int run(const std::string& program, const TrainOptions& options) {
  if (options.run.wanted()) return train_as_run(program, options);
  if (options.run.stray()) {
    throw Error(Fault::input,
                "--runs, --nurse and the options of snapshots are about a run: give it a --name");
  }
  const Job job = job_of(options);
  check_destinations(job, options);
  const PreparedData data = prepare_for(job);
  const std::vector<PreparedData> folds_data = folds_for(job);
  print_warnings(data_warnings(data, folds_data));
  print_warnings(without_effect(job.spec, {}, data.task));
  Run run(job, options, data);
  const TrainResult result = run.run();
  if (run.interrupted() && run.has_checkpoint()) {
    fmt::print(stderr, "held in epoch {}; to go on: {} train --resume {}\n", result.epochs + 1,
               program, job.checkpoint);
    return exit_interrupted;
  }
  if (result.diverged()) throw Error(Fault::input, "the training failed: " + result.why);
  const FoldRuns fold_runs(job, folds_data, run.start(), run.stream());
  const FoldScores folds = fold_runs.inner(), outer = fold_runs.outer();
  const FinishedTraining training{
      data,
      result,
      run.epochs(),
      evaluate_part(data, data.training, result.model, result.criterion),
      evaluate_test(data, result),
      !job.from};
  const std::map<std::string, double> scores = all_scores(result, training.test);
  if (!job.save.empty()) save(job, data, result, scores);
  if (run.has_checkpoint()) std::remove(job.checkpoint.c_str());
  if (!job.report.empty()) {
    write_file(job.report, training_html(page_of(training, job.spec.fixed)));
  }
  if (options.json) {
    Json json = training_json(training, job.spec, scores);
    if (!job.save.empty()) json["model"] = model_files(job.save).document;
    if (!folds.folds.empty()) json["folds"] = folds_json(folds);
    if (!outer.folds.empty()) json["outer"] = folds_json(outer);
    if (!job.report.empty()) json["report"] = job.report;
    print_json(json);
  } else {
    fmt::print("{}", end_text(training, terminal_of(stdout)));
    if (!job.save.empty()) {
      const ModelFiles files = model_files(job.save);
      fmt::print("\nmodel: {} and {}\nnext:  {} predict {} DATA\n", files.document, files.numbers,
                 program, files.document);
    }
    if (!job.report.empty()) fmt::print("report: {}\n", job.report);
  }
  return run.interrupted() ? exit_interrupted : 0;
}

}  // namespace

Command train_command() {
  return {
      "train", "One training, epoch by epoch",
      R"(  caviar train digits.yaml learning_rate=0.01 hidden_units=128-64
  caviar train --data data/iris.csv --target species --epochs 50 --save iris
  caviar train --data data/wine.csv --target cultivar optimizer=momentum momentum=0.95 --json
  caviar train --data train-images-idx3-ubyte.gz --test-data t10k-images-idx3-ubyte.gz
  caviar train --data more.csv --target species --from iris --freeze 1
  caviar train --resume iris.checkpoint
  caviar train digits.yaml --name run1
  caviar train --replay run1)",
      [](Arguments& arguments) {
        auto options = std::make_shared<TrainOptions>();
        options->choice.declare(arguments);
        arguments.option("--save", "NAME", options->save,
                         "Keep the model: NAME.safetensors and NAME.json");
        arguments.option("--from", "MODEL", options->from,
                         "Begin with a saved model, its network and preprocessing; another target "
                         "column, or other classes, get a new last layer");
        arguments.option("--freeze", "N", options->freeze,
                         "With --from: the first N layers keep their weights, of those that have "
                         "any: a dense layer, a batch normalisation, an embedding and a "
                         "residual block are one each");
        arguments.option("--layer-rate", "F", options->layer_rate,
                         "With --from: each layer learns at F times the rate of the next one");
        arguments.option("--resume", "FILE", options->resume,
                         "Go on with a held training, to the same bits");
        arguments.option("--checkpoint", "FILE", options->checkpoint,
                         "Where Ctrl-C holds it; with --save NAME it is NAME.checkpoint");
        arguments.option("--checkpoint-every", "N", options->checkpoint_every,
                         "And after every N epochs");
        arguments.option("--schedule", "FILE", options->schedule,
                         "As population based training found it: caviar best --schedule");
        arguments.option("--report", "FILE", options->report,
                         "Write the page with the curves, scores and mistakes");
        options->run.declare(arguments);
        arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
        const std::string program = arguments.program();
        return [options, program] { return run(program, *options); };
      }};
}

}  // namespace caviar::cli
