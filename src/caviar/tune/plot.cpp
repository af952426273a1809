#include "caviar/tune/plot.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "caviar/base/text.hpp"

namespace caviar {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t dots_across = 2, dots_down = 4;

// What values lie between, on a linear or a log scale.
struct Range {
  double low = infinity, high = -infinity;
  bool log = false;

  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  double at(double value) const {  // 0 … 1
    const auto scaled = [&](double x) { return log ? std::log(x) : x; };
    return high > low ? (scaled(value) - scaled(low)) / (scaled(high) - scaled(low)) : 0.5;
  }
};

bool drawable(const Curve& curve, std::size_t i, bool log_x) {
  return std::isfinite(curve.x[i]) && std::isfinite(curve.y[i]) && (!log_x || curve.x[i] > 0);
}

class Field {
 public:
  Field(std::size_t width, std::size_t height)
      : width_(width), height_(height), dots_(width * height), styles_(width * height) {}

  // The row (from the top) where the curve ends; none where it has no value.
  std::optional<std::size_t> draw(const Curve& curve, const Range& x, const Range& y) {
    std::optional<std::pair<long, long>> last;
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      if (!drawable(curve, i, x.log)) continue;
      const std::pair<long, long> place = {
          std::lround(x.at(curve.x[i]) * static_cast<double>(width_ * dots_across - 1)),
          std::lround((1 - y.at(curve.y[i])) * static_cast<double>(height_ * dots_down - 1))};
      line(last.value_or(place), place, curve.style);
      last = place;
    }
    if (!last) return std::nullopt;
    return static_cast<std::size_t>(last->second) / dots_down;
  }

  // A dotted line from top to bottom; curves are drawn over it.
  void mark(double share) {
    const long x = std::lround(share * static_cast<double>(width_ * dots_across - 1));
    for (long y = 0; y < static_cast<long>(height_ * dots_down); y += 2) dot(x, y, Style::faint);
  }

  std::string row(std::size_t index, const Terminal& terminal) const {
    std::string text;
    for (std::size_t column = 0; column < width_; ++column) {
      const std::size_t cell = index * width_ + column;
      text += dots_[cell] == 0 ? " " : styled(terminal, styles_[cell], braille(dots_[cell]));
    }
    return text;
  }

 private:
  // U+2800 and the pattern, as UTF-8.
  static std::string braille(std::uint8_t dots) {
    return {static_cast<char>(0xe2), static_cast<char>(0xa0 | dots >> 6),
            static_cast<char>(0x80 | (dots & 0x3f))};
  }

  void dot(long x, long y, Style style) {
    static constexpr std::uint8_t bits[dots_down][dots_across] = {
        {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    const auto across = static_cast<std::size_t>(x), down = static_cast<std::size_t>(y);
    const std::size_t cell = down / dots_down * width_ + across / dots_across;
    dots_[cell] |= bits[down % dots_down][across % dots_across];
    styles_[cell] = style;
  }

  void line(std::pair<long, long> from, std::pair<long, long> to, Style style) {
    const long across = to.first - from.first, down = to.second - from.second;
    const long steps = std::max({std::labs(across), std::labs(down), 1L});
    for (long i = 0; i <= steps; ++i) {
      const double share = static_cast<double>(i) / static_cast<double>(steps);
      dot(from.first + std::lround(share * static_cast<double>(across)),
          from.second + std::lround(share * static_cast<double>(down)), style);
    }
  }

  std::size_t width_, height_;
  std::vector<std::uint8_t> dots_;
  std::vector<Style> styles_;
};

struct Ranges {
  Range x, y;
};

std::optional<Ranges> ranges_of(const std::vector<Curve>& curves, bool log_x) {
  Ranges ranges;
  ranges.x.log = log_x;
  std::size_t most = 0;
  for (const Curve& curve : curves) {
    std::size_t drawn = 0;
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      if (!drawable(curve, i, log_x)) continue;
      ranges.x.add(curve.x[i]);
      ranges.y.add(curve.y[i]);
      ++drawn;
    }
    most = std::max(most, drawn);
  }
  if (most < 2) return std::nullopt;
  ranges.y.log = ranges.y.low > 0 && ranges.y.high > 20 * ranges.y.low;
  return ranges;
}

// Each curve's label behind the row where it ends, or the nearest one that is free.
std::vector<std::string> labels_at(const std::vector<std::pair<std::size_t, const Curve*>>& ends,
                                   std::size_t height, const Terminal& terminal) {
  std::vector<std::string> labels(height);
  for (const auto& [end, curve] : ends) {
    std::size_t best = end;
    for (std::size_t off = 0; off < height; ++off) {
      if (end >= off && labels[end - off].empty()) {
        best = end - off;
        break;
      }
      if (end + off < height && labels[end + off].empty()) {
        best = end + off;
        break;
      }
    }
    labels[best] = " " + styled(terminal, curve->style, curve->label);
  }
  return labels;
}

}  // namespace

std::string plot(const std::vector<Curve>& curves, const PlotOptions& options,
                 const Terminal& terminal) {
  const std::optional<Ranges> ranges = ranges_of(curves, options.log_x);
  if (!ranges) return "";
  Field field(options.width, options.height);
  for (const double x : options.marks) {
    if (x >= ranges->x.low && x <= ranges->x.high) field.mark(ranges->x.at(x));
  }
  std::vector<std::pair<std::size_t, const Curve*>> ends;
  for (const Curve& curve : curves) {
    if (const auto end = field.draw(curve, ranges->x, ranges->y)) ends.emplace_back(*end, &curve);
  }
  const auto labels = labels_at(ends, options.height, terminal);
  const std::string top = rounded_text(ranges->y.high, 3), bottom = rounded_text(ranges->y.low, 3);
  const std::size_t margin = std::max(shown_width(top), shown_width(bottom));
  std::string text;
  for (std::size_t row = 0; row < options.height; ++row) {
    const bool is_last = row + 1 == options.height;
    text += padded_left(row == 0 ? top : is_last ? bottom : "", margin) + " │";
    std::string line = field.row(row, terminal) + labels[row];
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  const std::string left = rounded_text(ranges->x.low, 3), right = rounded_text(ranges->x.high, 3);
  const std::size_t used = shown_width(left) + shown_width(options.x_label) + shown_width(right);
  const std::size_t free = options.width > used ? options.width - used : 2;
  text += std::string(margin + 2, ' ') + left + std::string(free / 2, ' ') + options.x_label +
          std::string(free - free / 2, ' ') + right + "\n";
  return text;
}

}  // namespace caviar
