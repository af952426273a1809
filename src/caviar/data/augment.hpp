// Pictures a little changed each time they are seen: shifted, flipped, scaled. A network that has
// seen them in many places needs fewer of them.
#pragma once

#include <functional>
#include <span>

#include "caviar/base/rng.hpp"
#include "caviar/data/table.hpp"

namespace caviar {

struct AugmentOptions {
  double shift = 0;           // at most so many pixels in each direction, also parts of one
  double scale = 0;           // larger or smaller by at most this share: 0.1 is 0.9 … 1.1; below 1
  bool flip = false;          // left and right change places in every second picture
  bool flip_upright = false;  // above and below as well
  float background = 0;       // what comes in at the edges, as the network sees it

  bool changes() const { return shift > 0 || scale > 0 || flip || flip_upright; }
};

// Changes the row of a sample in place: its first shape.pixels() numbers are the picture, as in
// ImageShape; others stay. What happens depends on the row and the rng alone. The function keeps
// memory to work in: each thread needs a copy of its own.
using PictureChange = std::function<void(std::span<float> row, Rng& rng)>;

// Throws Error{input} on options out of range.
PictureChange augmentation(const ImageShape& shape, const AugmentOptions& options);

}  // namespace caviar
