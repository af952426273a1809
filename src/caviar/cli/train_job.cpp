#include "caviar/cli/train_job.hpp"

#include "caviar/base/error.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/model/fine_tune.hpp"

namespace caviar::cli {
namespace {

// The settings change at epochs that the schedule tells.
Job job_of_schedule(const TrainOptions& options) {
  if (!options.choice.is_empty() || options.from || options.resume || options.checkpoint ||
      options.checkpoint_every) {
    throw Error(Fault::input,
                "--schedule says what is trained and how; only --save, --report and --json may "
                "stand beside it");
  }
  Job job;
  job.course = course_from(Node::load(*options.schedule));
  job.spec = job.course->spec;
  for (const auto& [name, value] : job.course->stages.front().point.entries()) {
    job.spec.fixed.set(name, value);
  }
  if (options.save) job.save = *options.save;
  if (options.report) job.report = *options.report;
  return job;
}

// With the model that it began with, which must still be the same.
Job job_of_held(const TrainOptions& options) {
  if (!options.choice.is_empty() || options.from) {
    throw Error(Fault::input,
                "--resume: the held training goes on as it was begun; only --save, "
                "--report, --checkpoint, --checkpoint-every and --json may stand beside it");
  }
  Job job;
  job.held = load_checkpoint(*options.resume);
  job.spec = job.held->spec;
  job.save = job.held->save;
  job.report = job.held->report;
  job.checkpoint = *options.resume;
  job.checkpoint_every = job.held->every;
  job.start = job.held->from;
  if (!job.start) return job;
  if (fingerprint_of_model(job.start->model) != job.start->fingerprint) {
    throw Error(Fault::conflict, job.start->model +
                                     ": not the model that the held training was begun with; "
                                     "without --resume it begins anew");
  }
  job.from = load_model(job.start->model);
  return job;
}

Job job_of_choice(const TrainOptions& options) {
  Job job;
  job.spec = options.choice.spec();
  if (!options.from) return job;
  job.from = load_model(*options.from);
  job.spec = spec_from(*job.from, std::move(job.spec), options.choice.keys());
  job.start = HeldStart{*options.from, fingerprint_of_model(*options.from),
                        options.freeze.value_or(0), options.layer_rate.value_or(1)};
  return job;
}

}  // namespace

Job job_of(const TrainOptions& options) {
  if (options.schedule) return job_of_schedule(options);
  if (!options.from && (options.freeze || options.layer_rate)) {
    throw Error(Fault::input, "--freeze and --layer-rate are about a model to begin with: --from");
  }
  Job job = options.resume ? job_of_held(options) : job_of_choice(options);
  if (options.save) job.save = *options.save;
  if (options.report) job.report = *options.report;
  if (options.checkpoint_every) {
    job.checkpoint_every = at_least_one("--checkpoint-every", *options.checkpoint_every);
  }
  if (job.checkpoint.empty() && !job.save.empty()) job.checkpoint = job.save + ".checkpoint";
  if (options.checkpoint) job.checkpoint = *options.checkpoint;
  if (options.checkpoint_every && job.checkpoint.empty()) {
    throw Error(Fault::input,
                "--checkpoint-every: there is no file to hold the training in; say --save NAME or "
                "--checkpoint FILE");
  }
  return job;
}

}  // namespace caviar::cli
