#include "caviar/run/run_driver.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/trainer/hidden_units.hpp"

namespace caviar {
namespace {

constexpr std::size_t rows_looked_at = 256;  // for dead units

double norm(std::span<const float> numbers) {
  double sum = 0;
  for (const float number : numbers)
    sum += static_cast<double>(number) * static_cast<double>(number);
  return std::sqrt(sum);
}

const char* name_of(FitEnding ending) {
  switch (ending) {
    case FitEnding::all_epochs:
      return "all epochs are done";
    case FitEnding::early_stop:
      return "stopped early: no gain any more";
    case FitEnding::stopped:
      return "stopped";
    case FitEnding::diverged:
      break;
  }
  return "failed";
}

}  // namespace

NursedResult NursedTraining::Driver::run(const PreparedData& data, const RunHooks& hooks,
                                         const RunRecord* replayed) {
  if (record_.data != fingerprint(data)) {
    throw Error(Fault::conflict,
                spec_.data + ": the rows are not those that " + folder_.name() + " was begun with");
  }
  data_ = &data;
  hooks_ = hooks;
  replays_ = replayed != nullptr;
  if (replays_) {
    const std::vector<ReplayStep> steps = steps_of(*replayed);
    steps_.assign(steps.begin(), steps.end());
    copies_ = {{-1, -1}, {0, 0}};
  }
  take_up();
  attend();
  while (!stopping_) {
    if (interrupted()) return held();
    stretch_over_ = false;
    TrainResult result = train(data, spec_, settings(spec_), control());
    if (stretch_over_) {
      attend();
    } else if (!result.diverged() || !rescued(result)) {
      return ended(std::move(result));
    }
  }
  // To its end at once: the best weights so far, judged.
  Settings none = settings(spec_);
  none.epochs = now().epoch - 1;
  TrainResult result = train(data, spec_, none, Control{.resume = state_ ? &*state_ : nullptr});
  result.ending = FitEnding::stopped;
  return ended(std::move(result));
}

Control NursedTraining::Driver::control() {
  seconds_before_ = state_ ? state_->seconds : 0;
  Control control;
  control.on_epoch = [this](const Epoch& epoch) { return after_epoch(epoch); };
  control.keeps_gradients = true;
  control.on_iteration = [this](const Iteration& at) { return after_iteration(at); };
  control.resume = state_ ? &*state_ : nullptr;
  control.judge_stopped = false;
  return control;
}

// The last iteration of an epoch is left to after_epoch, which follows at once.
Flow NursedTraining::Driver::after_iteration(const Iteration& at) {
  if (at.iteration == at.iterations) {
    gradient_norm_ = vitals_.open() ? norm(at.gradients) : unknown;
    return Flow::go;
  }
  if (pulse_.open()) pulse(at);
  if (!wanted({at.epoch, at.iteration})) return Flow::go;
  stretch_over_ = true;
  state_ = at.state();
  return Flow::stop;
}

Flow NursedTraining::Driver::after_epoch(const Epoch& epoch) {
  EpochLine line;
  if (vitals_.open()) {
    vitals_.spend([&] { line = vitals(epoch); });
  } else {
    static_cast<EpochStats&>(line) = epoch;
  }
  const double passed = epoch.seconds - seconds_before_;
  const auto rows = static_cast<double>(data_->training.rows);
  if (passed > 0) line.samples_per_second = rows / passed;
  seconds_before_ = epoch.seconds;
  note(to_json(line));
  pulse_.spend([] {});
  if (hooks_.on_epoch && hooks_.on_epoch(epoch) == Flow::stop) stopping_ = true;
  const bool due =
      record_.rules.every ? epoch.epoch % *record_.rules.every == 0 : automatic_.open();
  if (due && !replays_) {
    state_ = epoch.state();
    automatic_.spend([&] { take_snapshot(automatic_snapshot); });
  }
  if (!replays_) finding_ = look(nurse_, record_, "");
  if (!finding_ && !stopping_ && !wanted({epoch.epoch + 1, 0})) return Flow::go;
  stretch_over_ = true;
  state_ = epoch.state();
  return Flow::stop;
}

// Asked after every iteration, so it looks at a clock before it looks anywhere else.
bool NursedTraining::Driver::wanted(const RunMoment& at) {
  if (interrupted() || told_to_stop()) return true;
  if (!steps_.empty() && !steps_.front().diverged && steps_.front().at == at) return true;
  for (const auto& [id, request] : record_.waiting) {
    if (RunMoment{*request.epoch, 0} <= at) return true;
  }
  if (!inbox_.open()) return false;
  bool found = false;
  inbox_.spend([&] { found = has_requests(folder_.inbox()); });
  return found;
}

bool NursedTraining::Driver::interrupted() const {
  return hooks_.interrupted && hooks_.interrupted();
}

// By its program, not by a request.
bool NursedTraining::Driver::told_to_stop() {
  if (!hooks_.look || !look_.open()) return stopping_;
  look_.spend([&] { stopping_ = hooks_.look() == Flow::stop || stopping_; });
  return stopping_;
}

EpochLine NursedTraining::Driver::vitals(const Epoch& epoch) const {
  EpochLine line;
  static_cast<EpochStats&>(line) = epoch;
  line.gradient_norm = gradient_norm_;
  line.weight_norm = norm(epoch.model->weights());
  const ConstMatrix<float> x = data_->training.samples().x;
  std::size_t units = 0, dead = 0;
  for (const HiddenUnits& layer : hidden_units_on(*epoch.network, *epoch.model,
                                                  x.slice(0, std::min(x.rows, rows_looked_at)))) {
    units += layer.units;
    dead += layer.dead;
  }
  if (units > 0) line.dead_units = static_cast<double>(dead) / static_cast<double>(units);
  return line;
}

// Where an epoch takes long, somebody who watches wants to see it move.
void NursedTraining::Driver::pulse(const Iteration& at) {
  pulse_.spend([&] {
    note({{"event", "pulse"},
          {"epoch", at.epoch},
          {"iteration", at.iteration},
          {"iterations", at.iterations},
          {"loss", json_number(at.loss)},
          {"learning_rate", at.learning_rate}});
  });
}

bool NursedTraining::Driver::rescued(const TrainResult& result) {
  diverged_ = RunMoment{result.epochs + 1, 0};
  if (replays_) {
    take_steps();
  } else {
    finding_ = look(nurse_, record_, result.why);
    if (finding_) obey_nurse();
  }
  return !std::exchange(diverged_, std::nullopt).has_value();
}

NursedResult NursedTraining::Driver::ended(TrainResult result) {
  for (const auto& [id, request] : std::map(record_.waiting)) {
    refuse(id, fmt::format("the run has ended before epoch {}", *request.epoch));
  }
  std::string text = name_of(result.ending);
  if (result.diverged()) {
    text += ": " + result.why;
  } else {
    text += fmt::format("; the weights of epoch {} are kept", result.best_epoch);
  }
  Json line = {{"event", "ended"}, {"epochs", result.epochs}, {"best_epoch", result.best_epoch}};
  for (const auto& [name, value] : metrics_of(result)) line["metrics"][name] = json_number(value);
  line["text"] = text;
  note(std::move(line));
  // Requests that came too late; what comes later finds nobody who runs it.
  for (const RunRequest& request : take_requests(folder_.inbox())) {
    refuse(request.id, "the run is over: " + text);
  }
  log_.sync();
  return {std::move(result), false};
}

NursedResult NursedTraining::Driver::held() {
  if (state_) take_snapshot("held");
  note({{"event", "held"},
        {"at", to_json(now())},
        {"text", "held " + to_text(now()) +
                     (folder_.title.empty() ? "; `caviar resume " + folder_.name() + "` goes on"
                                            : "; it goes on when the study does")}});
  log_.sync();
  return {{}, true};
}

}  // namespace caviar
