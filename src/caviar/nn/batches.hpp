// The samples of an epoch in batches, gathered in a shuffled order into one buffer.
#pragma once

#include <cstdint>
#include <vector>

#include "caviar/base/rng.hpp"
#include "caviar/nn/aligned.hpp"
#include "caviar/nn/samples.hpp"

namespace caviar {

// The last batch may be smaller and counts: 10,000 samples in batches of 32 are 313 iterations.
std::size_t iterations_per_epoch(std::size_t samples, std::size_t batch_size);

template <class T>
class Batches {
 public:
  // batch_size ≥ 1; the samples must outlive it. In the order given until the first shuffle.
  Batches(const Samples<T>& samples, std::size_t batch_size);

  std::size_t count() const { return iterations_per_epoch(all_.size(), batch_size_); }
  std::size_t samples() const { return all_.size(); }
  void shuffle(Rng& rng);
  // Copies the rows of batch `index` together; valid until the next call.
  Samples<T> gather(std::size_t index);

  // The order of all samples, to be stored and given back.
  std::span<const std::uint32_t> order() const { return order_; }
  void set_order(std::span<const std::uint32_t> order);

 private:
  Samples<T> all_;
  std::size_t batch_size_;
  std::vector<std::uint32_t> order_;
  AlignedVector<T> x_, targets_, weights_;
  std::vector<std::int32_t> labels_;
};

}  // namespace caviar
