#include "caviar/data/augment.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"

namespace caviar {
namespace {

// Where one line or column of the new picture comes from: between two of the old one.
struct Origin {
  std::size_t low = 0, high = 0;
  float share_low = 0, share_high = 0;  // 0 for one that lies outside
  float outside = 1;                    // the share of the background
};

// Place `to` of `size` comes from ((to − middle) / scale − shift), turned round where it flips.
Origin origin_of(std::size_t to, std::size_t size, double shift, double scale, bool flip) {
  const double middle = (static_cast<double>(size) - 1) / 2;
  const double turned = (static_cast<double>(to) - middle) / scale - shift;
  const double from = middle + (flip ? -turned : turned);
  const double low = std::floor(from);
  const auto share_high = static_cast<float>(from - low);
  Origin origin;
  const auto inside = [&](double at) { return at >= 0 && at < static_cast<double>(size); };
  if (inside(low)) {
    origin.low = static_cast<std::size_t>(low);
    origin.share_low = 1 - share_high;
  }
  if (inside(low + 1)) {
    origin.high = static_cast<std::size_t>(low + 1);
    origin.share_high = share_high;
  }
  origin.outside = 1 - origin.share_low - origin.share_high;
  return origin;
}

class Augmentation {
 public:
  Augmentation(const ImageShape& shape, const AugmentOptions& options)
      : shape_(shape),
        options_(options),
        lines_(shape.height),
        columns_(shape.width),
        picture_(shape.pixels()),
        line_(shape.width * shape.channels) {}

  void operator()(std::span<float> row, Rng& rng) {
    assert(row.size() >= shape_.pixels());
    draw(rng);
    std::copy_n(row.begin(), picture_.size(), picture_.begin());
    for (std::size_t y = 0; y < shape_.height; ++y) {
      mix_lines(lines_[y]);
      write_line(row.data() + y * line_.size());
    }
  }

 private:
  // One scale for both directions, so that round things stay round.
  void draw(Rng& rng) {
    const double right = rng.uniform(-options_.shift, options_.shift);
    const double down = rng.uniform(-options_.shift, options_.shift);
    const double scale = 1 + rng.uniform(-options_.scale, options_.scale);
    const bool flip = rng.below(2) == 1 && options_.flip;
    const bool upright = rng.below(2) == 1 && options_.flip_upright;
    for (std::size_t y = 0; y < lines_.size(); ++y) {
      lines_[y] = origin_of(y, shape_.height, down, scale, upright);
    }
    for (std::size_t x = 0; x < columns_.size(); ++x) {
      columns_[x] = origin_of(x, shape_.width, right, scale, flip);
    }
  }

  void mix_lines(const Origin& from) {
    const float* low = picture_.data() + from.low * line_.size();
    const float* high = picture_.data() + from.high * line_.size();
    const float outside = from.outside * options_.background;
    for (std::size_t i = 0; i < line_.size(); ++i) {
      line_[i] = from.share_low * low[i] + from.share_high * high[i] + outside;
    }
  }

  void write_line(float* out) const {
    for (const Origin& from : columns_) {
      const float* low = line_.data() + from.low * shape_.channels;
      const float* high = line_.data() + from.high * shape_.channels;
      const float outside = from.outside * options_.background;
      for (std::size_t c = 0; c < shape_.channels; ++c) {
        *out++ = from.share_low * low[c] + from.share_high * high[c] + outside;
      }
    }
  }

  ImageShape shape_;
  AugmentOptions options_;
  std::vector<Origin> lines_, columns_;
  std::vector<float> picture_, line_;
};

void check(const char* name, double value, double most, const char* wanted) {
  if (value >= 0 && value < most) return;
  throw Error(Fault::input, fmt::format("augmentation: {} {} is out of range; {} was expected",
                                        name, number_text(value), wanted));
}

}  // namespace

PictureChange augmentation(const ImageShape& shape, const AugmentOptions& options) {
  check("shift", options.shift, static_cast<double>(std::min(shape.height, shape.width)),
        "a number of pixels smaller than the picture");
  check("scale", options.scale, 1, "a share of at least 0 and below 1");
  if (!std::isfinite(options.background)) {
    throw Error(Fault::input, "augmentation: the background is not finite; a number was expected");
  }
  return Augmentation(shape, options);
}

}  // namespace caviar
