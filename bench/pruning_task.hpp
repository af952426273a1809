// Trainings as the pruning bench replays them: each configuration is trained once, and its curve
// used by every method and seed, which changes no figure, since the same seed gives the same
// training.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "caviar/trainer/train.hpp"

namespace caviar::bench {

// A training as far as it was needed so far.
struct Curve {
  std::vector<double> losses;                 // one an epoch; fewer than asked for: it diverged
  std::optional<TrainingState<float>> state;  // at their end; none: it is over
  double epoch_cost = 0;                      // training rows times weights
};

class Task {
 public:
  // A table, its target, and so many epochs a training. `folder`: keeps the curves of the pool.
  Task(const std::string& file, const std::string& target, int epochs, std::string folder);

  const std::string& name() const { return name_; }
  const Space& space() const { return space_; }
  int epochs() const { return epochs_; }

  // The first `size` of an endless list of random configurations, each with its whole curve.
  const std::vector<Point>& pool(std::size_t size);

  // The configuration's curve for at least so many epochs.
  const Curve& curve(const Point& point, std::size_t epochs);
  // A curve with other settings from its end on; nullptr: a new one.
  Curve branched(const Curve* from, const Point& point, std::size_t epochs);

 private:
  void extend(Curve& curve, const Point& point, std::size_t epochs);
  void load();
  void keep(const Point& point, const Curve& curve) const;
  std::string path() const;

  std::string name_, folder_;
  TrainSpec spec_;
  int epochs_;
  Space space_;
  std::optional<PreparedData> data_;  // read where something is to be trained
  std::vector<Point> pool_;
  std::map<std::string, Curve> curves_;
};

}  // namespace caviar::bench
