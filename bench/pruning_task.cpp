#include "pruning_task.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <utility>

#include "caviar/base/json.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/space/unit.hpp"
#include "caviar/trainer/hyperparameters.hpp"

namespace caviar::bench {
namespace {

constexpr std::uint64_t pool_seed = 1;

TrainSpec spec_of(const std::string& file, const std::string& target, int epochs) {
  TrainSpec spec;
  spec.data = file;
  spec.targets = {target};
  spec.fixed.set("epochs", std::int64_t{epochs});
  spec.patience = std::nullopt;  // stopping early is the pruner's part here
  spec.seed = 1;
  return spec;
}

}  // namespace

Task::Task(const std::string& file, const std::string& target, int epochs, std::string folder)
    : name_(std::filesystem::path(file).stem().string()),
      folder_(std::move(folder)),
      spec_(spec_of(file, target, epochs)),
      epochs_(epochs),
      space_(default_space(spec_)) {
  load();
}

std::string Task::path() const {
  return folder_ + "/" + name_ + "-" + std::to_string(epochs_) + ".jsonl";
}

void Task::load() {
  std::ifstream file(path());
  for (std::string line; std::getline(file, line);) {
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_discarded()) break;  // cut short
    const Point point = parse_point(Node::parse_json(json.at("point").dump(), path()));
    Curve& curve = curves_[to_text(point)];
    curve.losses = json.at("losses").get<std::vector<double>>();
    curve.epoch_cost = json.at("epoch_cost").get<double>();
  }
}

void Task::keep(const Point& point, const Curve& curve) const {
  std::filesystem::create_directories(folder_);
  const Json line = {
      {"point", to_json(point)}, {"epoch_cost", curve.epoch_cost}, {"losses", curve.losses}};
  std::ofstream(path(), std::ios::app) << line.dump() << '\n';
}

const std::vector<Point>& Task::pool(std::size_t size) {
  while (pool_.size() < size) {
    Rng rng(pool_seed, pool_.size());
    const Point point = *draw(space_, rng);
    const bool known = curves_.contains(to_text(point));
    Curve& curve = curves_[to_text(point)];
    if (!known) {
      extend(curve, point, static_cast<std::size_t>(epochs_));
      curve.state.reset();
      keep(point, curve);
    }
    pool_.push_back(point);
  }
  return pool_;
}

const Curve& Task::curve(const Point& point, std::size_t epochs) {
  Curve& curve = curves_[to_text(point)];
  const bool begun = curve.epoch_cost > 0;
  if (curve.losses.size() < epochs && (!begun || curve.state)) extend(curve, point, epochs);
  return curve;
}

Curve Task::branched(const Curve* from, const Point& point, std::size_t epochs) {
  Curve curve = from == nullptr ? Curve() : *from;
  if (from == nullptr || curve.state) extend(curve, point, epochs);
  return curve;
}

void Task::extend(Curve& curve, const Point& point, std::size_t epochs) {
  if (!data_) data_ = prepare(spec_);
  const std::optional<TrainingState<float>> from = std::exchange(curve.state, std::nullopt);
  Control control;
  if (from) control.resume = &*from;
  control.on_epoch = [&](const Epoch& epoch) {
    if (!std::isfinite(epoch.validation_loss)) return Flow::stop;  // it diverged
    curve.losses.push_back(epoch.validation_loss);
    if (curve.losses.size() < epochs) return Flow::go;
    curve.state = epoch.state();
    return Flow::stop;
  };
  const TrainResult result = train(*data_, spec_, settings(spec_, point), control);
  curve.epoch_cost = static_cast<double>(data_->training.rows) *
                     static_cast<double>(result.model.weights().size());
}

}  // namespace caviar::bench
