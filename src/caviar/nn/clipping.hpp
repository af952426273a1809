// Limits on the length of gradients and weights.
#pragma once

#include <span>
#include <vector>

#include "caviar/nn/model.hpp"
#include "caviar/nn/optimizer.hpp"

namespace caviar {

// The length √Σ g² of the gradient of all segments.
template <class T>
double gradient_norm(std::span<const Segment> segments, std::span<const T> gradients);

// Holds every number to ± Knobs::clip_value, then the length to Knobs::clip_norm, the direction
// kept (Pascanu et al., 2013). A gradient that is not finite stays so.
template <class T>
void clip(std::span<const Segment> segments, const Knobs& knobs, std::span<T> gradients);

// Holds the length of the weights into each dense unit to Knobs::max_norm (Srivastava et al., 2014,
// §5.1).
template <class T>
class MaxNorm {
 public:
  explicit MaxNorm(const Model<T>& model);

  void apply(double max_norm, std::span<T> weights);

 private:
  std::vector<Tensor> matrices_;  // of dense layers that are trained
  std::vector<double> squares_;   // a unit each
};

}  // namespace caviar
