#include "caviar/trainer/diagnosis.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/trainer/hidden_units.hpp"

namespace caviar {
namespace {

constexpr double shares[] = {0.1, 0.25, 0.5};
constexpr std::size_t fewest_rows = 8;        // to train on
constexpr std::size_t rows_looked_at = 2000;  // for dead units
constexpr int widest = 65536;                 // units of the larger network's layers

DataPart part_of(const DataPart& part, std::span<const std::size_t> rows) {
  DataPart taken;
  taken.rows = rows.size();
  taken.features = part.features;
  const Samples<float> samples = part.samples();
  std::vector<float> x;
  x.reserve(rows.size() * part.features);
  for (const std::size_t row : rows) {
    const auto features = samples.x.row(row);
    x.insert(x.end(), features.begin(), features.end());
    if (!part.labels.empty()) taken.labels.push_back(part.labels[row]);
    if (!part.weights.empty()) taken.weights.push_back(part.weights[row]);
    if (part.targets.empty()) continue;
    const auto targets = samples.targets.row(row);
    taken.targets.insert(taken.targets.end(), targets.begin(), targets.end());
  }
  taken.x = std::move(x);
  return taken;
}

// The root mean square of each weight array's gradient over a training.
class GradientMeter {
 public:
  void see(const Model<float>& model, std::span<const float> gradients) {
    if (tensors_.empty()) {
      tensors_ = model.tensors();
      std::erase_if(tensors_, [](const auto& tensor) { return tensor.kind != TensorKind::weight; });
      squares_.resize(tensors_.size());
    }
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      double sum = 0;
      for (const float g : gradients.subspan(tensors_[i].at, tensors_[i].size())) {
        sum += static_cast<double>(g) * static_cast<double>(g);
      }
      squares_[i] += sum / static_cast<double>(tensors_[i].size());
    }
    ++seen_;
  }
  // Of the arrays that belong to the network's layer `index`.
  double of_layer(std::size_t index) const {
    const std::string prefix = std::to_string(index) + ".";
    double sum = 0;
    std::size_t found = 0;
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      if (!tensors_[i].name.starts_with(prefix)) continue;
      sum += squares_[i];
      ++found;
    }
    return found == 0 || seen_ == 0 ? unknown : std::sqrt(sum / static_cast<double>(found * seen_));
  }

 private:
  std::vector<Tensor> tensors_;
  std::vector<double> squares_;
  std::size_t seen_ = 0;
};

// With batch normalisation the weights stand in an earlier layer than the activation.
double gradient_before(const GradientMeter& meter, std::size_t layer) {
  for (std::size_t i = layer + 1; i-- > 0;) {
    const double gradient = meter.of_layer(i);
    if (!std::isnan(gradient)) return gradient;
  }
  return unknown;
}

std::vector<LayerHealth> layers_of(const PreparedData& data, const TrainResult& result,
                                   const GradientMeter& meter) {
  std::vector<LayerHealth> layers;
  const ConstMatrix<float> x =
      data.training.samples().x.slice(0, std::min(data.training.rows, rows_looked_at));
  const auto lines = result.model.table();
  for (const HiddenUnits& at : hidden_units_on(result.network, result.model, x)) {
    layers.push_back({lines[at.layer].layer, at.units, at.dead, gradient_before(meter, at.layer)});
  }
  const std::size_t last = result.network.layers.size() - 1;
  layers.push_back({lines[last].layer, result.model.outputs(), 0, meter.of_layer(last)});
  return layers;
}

// The loss of a model that knows how often each class occurs in training.
double baseline_of_classes(const PreparedData& data) {
  std::vector<double> counts(data.classes.size(), 1);  // no class is thought impossible
  for (const std::int32_t label : data.training.labels) ++counts[static_cast<std::size_t>(label)];
  const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
  double sum = 0;
  for (const std::int32_t label : data.validation.labels) {
    sum -= std::log(counts[static_cast<std::size_t>(label)] / all);
  }
  return sum / static_cast<double>(data.validation.rows);
}

// The loss of a model that knows the mean of each number in training, or how often each label is
// yes.
double baseline_of_numbers(const PreparedData& data) {
  const ConstMatrix<float> training = data.training.samples().targets;
  const ConstMatrix<float> validation = data.validation.samples().targets;
  double sum = 0;
  for (std::size_t column = 0; column < training.columns; ++column) {
    double all = 0;
    for (std::size_t row = 0; row < training.rows; ++row) {
      all += static_cast<double>(training.row(row)[column]);
    }
    const auto rows = static_cast<double>(training.rows);
    const double mean = all / rows, yes = (all + 1) / (rows + 2);
    for (std::size_t row = 0; row < validation.rows; ++row) {
      const auto actual = static_cast<double>(validation.row(row)[column]);
      sum += data.task == Task::regression
                 ? (actual - mean) * (actual - mean)
                 : -actual * std::log(yes) - (1 - actual) * std::log(1 - yes);
    }
  }
  return sum / static_cast<double>(validation.size()) *
         loss_unit(data.target, usual_criterion(data.task).loss);
}

// The validation loss of always saying the same.
double baseline_of(const PreparedData& data) {
  return data.task == Task::classification ? baseline_of_classes(data) : baseline_of_numbers(data);
}

// Whether the rate is of the size at which the range test's loss falls.
bool fits(double rate, const RateCurve& rates) {
  return std::isnan(rates.steepest) || (rate >= rates.steepest / 10 && rate <= rates.largest);
}

double fitting_rate(const RateCurve& rates) { return rates.steepest / 2; }

Settings unrestrained(Settings settings, const RateCurve& rates) {
  if (settings.hidden.empty()) settings.hidden = {32};
  for (int& width : settings.hidden) width = std::min(2 * width, widest);
  Knobs& knobs = settings.knobs;
  for (double* restraint :
       {&knobs.weight_decay, &knobs.l1, &knobs.bias_decay, &knobs.bias_l1, &knobs.dropout,
        &knobs.max_norm, &knobs.input_noise, &knobs.mixup, &settings.label_smoothing}) {
    *restraint = 0;
  }
  if (!fits(knobs.learning_rate, rates)) knobs.learning_rate = fitting_rate(rates);
  return settings;
}

[[noreturn]] void refuse_no_validation() {
  throw Error(Fault::input,
              "validation: a diagnosis compares training with validation; raise "
              "validation from 0");
}

class Examination {
 public:
  Examination(const PreparedData& data, const TrainSpec& spec, const Settings& settings,
              const std::function<bool()>& interrupted)
      : data_(data), spec_(spec), settings_(settings), interrupted_(interrupted) {}

  Diagnosis run() {
    train_whole();
    measure_rates();
    if (!diagnosis_.result.diverged()) {
      train_on_shares();
      train_at_other_rate();
      train_larger();
    }
    diagnosis_.findings = findings_of(diagnosis_, data_.task);
    return std::move(diagnosis_);
  }

 private:
  Flow go_on() const {
    if (!interrupted_ || !interrupted_()) return Flow::go;
    throw Error(Fault::input, "interrupted before the diagnosis was done");
  }

  // Losses compare only where every part is judged alike.
  PartScore judged(const DataPart& part, const Model<float>& model) const {
    return evaluate_part(data_, part, model, usual_criterion(data_.task, model.outputs()));
  }

  void train_whole() {
    GradientMeter meter;
    const Model<float> layout = make_model<float>(network_for(data_, settings_));
    Control control;
    control.on_epoch = [&](const Epoch& epoch) {
      diagnosis_.epochs.push_back(epoch);
      return go_on();
    };
    control.keeps_gradients = true;
    control.on_iteration = [&](const Iteration& at) {
      if (at.iteration % 8 == 1) meter.see(layout, at.gradients);
      return Flow::go;
    };
    diagnosis_.result = train(data_, spec_, settings_, control);
    if (diagnosis_.result.best_epoch > 0) {
      diagnosis_.training = judged(data_.training, diagnosis_.result.model);
      diagnosis_.result.validation = judged(data_.validation, diagnosis_.result.model);
      diagnosis_.layers = layers_of(data_, diagnosis_.result, meter);
    }
    diagnosis_.baseline = baseline_of(data_);
  }

  void measure_rates() {
    Model<float> model = make_model<float>(network_for(data_, settings_));
    Rng rng(spec_.seed);
    model.initialize(rng);
    diagnosis_.learning_rate = settings_.knobs.learning_rate;
    diagnosis_.rates = range_test(std::move(model), data_.training.samples(),
                                  fit_options(data_, spec_, settings_), settings_.knobs, {});
  }

  void train_on_shares() {
    std::vector<std::size_t> order(data_.training.rows);
    std::iota(order.begin(), order.end(), std::size_t{0});
    Rng rng(spec_.seed, 7);
    rng.shuffle(std::span(order));
    for (const double share : shares) {
      const auto rows = static_cast<std::size_t>(share * static_cast<double>(order.size()));
      if (rows < fewest_rows) continue;
      PreparedData less = data_;
      less.training = part_of(data_.training, std::span(order).first(rows));
      const TrainResult result =
          train(less, spec_, settings_, [&](const Epoch&) { return go_on(); });
      if (result.diverged() || result.best_epoch == 0) continue;
      diagnosis_.learning.push_back({rows, judged(less.training, result.model).loss,
                                     judged(data_.validation, result.model).loss});
    }
    diagnosis_.learning.push_back(
        {data_.training.rows, diagnosis_.training.loss, diagnosis_.result.validation.loss});
  }

  // Whether a rate is too low or too high is told by what another one comes to.
  void train_at_other_rate() {
    const RateCurve& rates = diagnosis_.rates;
    if (fits(settings_.knobs.learning_rate, rates)) return;
    Settings other = settings_;
    other.knobs.learning_rate = fitting_rate(rates);
    const TrainResult result = train(data_, spec_, other, [&](const Epoch&) { return go_on(); });
    if (result.diverged() || result.best_epoch == 0) return;
    diagnosis_.other_rate = {other.knobs.learning_rate,
                             judged(data_.validation, result.model).loss};
  }

  void train_larger() {
    const Settings larger = unrestrained(settings_, diagnosis_.rates);
    const TrainResult result = train(data_, spec_, larger, [&](const Epoch&) { return go_on(); });
    if (result.diverged() || result.best_epoch == 0) return;
    diagnosis_.larger = {result.model.weights().size(), judged(data_.training, result.model).loss,
                         judged(data_.validation, result.model).loss};
  }

  const PreparedData& data_;
  const TrainSpec& spec_;
  const Settings& settings_;
  const std::function<bool()>& interrupted_;
  Diagnosis diagnosis_;
};

}  // namespace

void check_diagnosable(const TrainSpec& spec) {
  if (spec.folds > 0 || spec.outer > 0) {
    throw Error(Fault::input,
                fmt::format("validation.{}: a diagnosis looks at one training, not at folds; leave "
                            "them out, or say validation=0.2",
                            spec.folds > 0 ? "folds" : "outer"));
  }
  if (spec.validation == 0) refuse_no_validation();
}

Diagnosis diagnose(const PreparedData& data, const TrainSpec& spec, const Settings& settings,
                   const std::function<bool()>& interrupted) {
  check_diagnosable(spec);
  if (data.validation.rows == 0) refuse_no_validation();
  return Examination(data, spec, settings, interrupted).run();
}

}  // namespace caviar
