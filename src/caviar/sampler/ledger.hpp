// What has come of the finished trials, kept up as they end: the common ground of the samplers that
// learn from all of them at little cost.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "caviar/trial/history.hpp"

namespace caviar {

// The loss a trial stands for: of a pruned one what it would have come to (expected_loss); NaN
// where it failed, or where its value is no finite number; nullopt where it says nothing (yet), or
// nothing about the space as it is now.
std::optional<double> outcome(const History& history, const Trial& trial);

// A row for each trial that came to something, in the order in which they ended.
class Ledger {
 public:
  // Takes in what has ended since; starts anew where the history is not a continuation of the one
  // that it followed before. The rows depend on nothing but the history.
  void follow(const History& history);

  std::size_t axes() const { return axes_; }
  std::size_t rows() const { return losses_.size(); }
  std::span<const double> unit(std::size_t row) const {
    return std::span(units_).subspan(row * axes_, axes_);
  }
  double loss(std::size_t row) const { return losses_[row]; }  // NaN: failed
  int trial(std::size_t row) const { return trials_[row]; }
  // Rows from the best to the worst; equal losses in their order, failed ones last.
  std::span<const std::uint32_t> order() const { return order_; }
  std::size_t complete() const { return rows() - failed_; }  // rows that have a loss

 private:
  void add(const Trial& trial, double loss);

  std::size_t axes_ = 0, folded_ = 0, failed_ = 0;
  std::uint64_t digest_ = 0;
  std::vector<double> units_, losses_;
  std::vector<int> trials_;
  std::vector<std::uint32_t> order_;
};

}  // namespace caviar
