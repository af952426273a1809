// Batches made harder on purpose: rows changed by the caller (pictures shifted, say), noise on the
// inputs, and mixtures of two samples each.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "caviar/base/rng.hpp"
#include "caviar/nn/aligned.hpp"
#include "caviar/nn/loss.hpp"
#include "caviar/nn/model.hpp"

namespace caviar {

// A number from Beta(shape, shape), shape above 0: between 0 and 1, ½ in the mean.
double draw_beta(double shape, Rng& rng);

// Changes the inputs of one sample in place, by chance.
template <class T>
using RowChange = std::function<void(std::span<T> row, Rng& rng)>;

template <class T>
class Augmenter {
 public:
  // For batches of at most `rows` of these samples. Memory is taken now if the knobs say that it
  // will be needed, otherwise when they first do.
  Augmenter(const Model<T>& model, const Criterion& criterion, const Samples<T>& samples,
            std::size_t rows, const Knobs& knobs);

  // Every row of every batch passes through it first. It must allocate nothing itself if nothing
  // is to be allocated inside an epoch.
  void change_rows(RowChange<T> change);

  // The batch with all that done to a copy of it, valid until the next call.
  //   mixup: x = λ x + (1 − λ) x of another sample of the batch, the targets and weights likewise,
  //     one λ from Beta(mixup, mixup) a batch (Zhang et al., 2018); codes are taken from the sample
  //     with the larger share
  //   input_noise: x + N(0, input_noise²), codes left alone
  Samples<T> apply(const Samples<T>& batch, const Knobs& knobs, Rng& rng);

 private:
  void reserve();
  ConstMatrix<T> changed(ConstMatrix<T> x, Rng& rng);
  void mix(const Samples<T>& batch, double share, Rng& rng, Samples<T>& out);
  void mix_targets(const Samples<T>& batch, double share, Samples<T>& out);
  void add_noise(double deviation, std::size_t rows, Rng& rng);

  std::vector<char> codes_;  // a column each
  std::size_t rows_, features_, targets_each_;
  bool weighted_;
  std::vector<std::uint32_t> partners_;
  RowChange<T> change_;
  AlignedVector<T> changed_;  // only where there is a change
  AlignedVector<T> x_, targets_, weights_;
};

}  // namespace caviar
