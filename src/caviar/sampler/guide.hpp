// What is known before the trials of a study, as something to add to a model's own opinion: hunches
// of a person, and what other studies came to. It counts the less, the more trials there are.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "caviar/math/gaussian_process.hpp"
#include "caviar/sampler/mixed_search.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

class Guide {
 public:
  // Takes in the history as it is. A model of each other study is kept as long as it tells the
  // same of the same space.
  //
  // Each counts as far as it orders the trials of this study rightly: Kendall's rank correlation of
  // what it expects of them with what they came to (in the way of Wistuba, Schilling and
  // Schmidt-Thieme, "Two-stage transfer surrogate model", 2016), so that one that misleads is soon
  // silent.
  void follow(const History& history);

  bool silent() const { return !hunches_ && studies_.empty(); }
  // What to add to the logarithm of an acquisition function at each of the points.
  std::vector<double> preferences(std::span<const double> points) const;
  // The acquisition function and the guide together. The guide must outlive it.
  Acquisition guided(Acquisition acquisition) const;

  // How far each of the other studies is believed, 0 to 1, in the order of history.lessons().
  std::vector<double> trust() const;

 private:
  struct OtherStudy {
    std::shared_ptr<const Taught> taught;
    std::shared_ptr<const GaussianProcess> model;  // none where it taught too little
    double trust = 0;
  };
  double at(std::span<const double> point, std::span<double> gradient) const;
  void judge(const History& history);

  Space space_;
  std::size_t space_changes_ = 0;
  bool hunches_ = false;
  double exponent_ = 0;
  std::vector<OtherStudy> studies_;
};

}  // namespace caviar
