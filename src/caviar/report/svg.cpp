#include "caviar/report/svg.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "caviar/base/text.hpp"

namespace caviar {
namespace {

constexpr double width = 760, height = 280;
constexpr double left = 58, right = 92, top = 12, bottom = 40;
constexpr const char* colours[] = {"var(--muted)", "var(--accent)", "var(--bar)", "var(--bad)"};
constexpr std::size_t most_points = 2000;
constexpr double most_labelled = 1e4;  // a log axis that spans more names its decades only
constexpr double log_span = 1e3;       // an x axis above 0 that spans more is logarithmic

// An axis from low to high, in pixels from `from` to `to`.
struct Axis {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  double from = 0, to = 0;
  bool log = false;

  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  double at(double value) const {
    const auto scaled = [&](double x) { return log ? std::log(x) : x; };
    if (!(high > low)) return 0.5 * (from + to);
    return from + (to - from) * (scaled(value) - scaled(low)) / (scaled(high) - scaled(low));
  }
  // About five round values; on a log scale 1, 2 and 5 of each decade, or the decades.
  std::vector<double> ticks() const {
    std::vector<double> values;
    if (!(high > low)) return {low};
    if (log) {
      for (double decade = std::pow(10, std::floor(std::log10(low))); decade <= high;
           decade *= 10) {
        values.push_back(decade);
        if (high > most_labelled * low) continue;
        for (const double digit : {2.0, 5.0}) values.push_back(decade * digit);
      }
    } else {
      const double rough = (high - low) / 5, decade = std::pow(10, std::floor(std::log10(rough)));
      const double digit = rough / decade;
      const double step = decade * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10);
      for (double x = std::ceil(low / step) * step; x <= high + step * 1e-9; x += step) {
        values.push_back(std::abs(x) < step * 1e-9 ? 0 : x);
      }
    }
    std::erase_if(values, [&](double x) { return x < low || x > high * (1 + 1e-9); });
    return values;
  }
};

bool drawable(const PageCurve& curve, std::size_t i) {
  return std::isfinite(curve.x[i]) && std::isfinite(curve.y[i]);
}

std::string axes(const Axis& x, const Axis& y, const std::string& x_label) {
  std::string text;
  for (const double value : y.ticks()) {
    text += fmt::format(
        "<line x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"var(--rule)\"/>"
        "<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
        left, width - right, y.at(value), y.at(value), left - 8, y.at(value) + 4,
        rounded_text(value, 3));
  }
  for (const double value : x.ticks()) {
    text += fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>", x.at(value),
                        height - bottom + 18, rounded_text(value, 4));
  }
  return text + fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                            0.5 * (left + width - right), height - 4, escaped_html(x_label));
}

std::string svg(const std::string& content, const std::string& label) {
  return fmt::format(
             "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\" "
             "style=\"width:100%;max-width:"
             "{}px;font:12px sans-serif;fill:var(--muted)\">",
             width, height, escaped_html(label), width) +
         content + "</svg>\n";
}

}  // namespace

std::string escaped_html(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string svg_curves(const std::vector<PageCurve>& curves, const std::string& x_label) {
  Axis x{.from = left, .to = width - right}, y{.from = height - bottom, .to = top};
  std::size_t most = 0;
  for (const PageCurve& curve : curves) {
    std::size_t drawn = 0;
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      if (!drawable(curve, i)) continue;
      x.add(curve.x[i]);
      y.add(curve.y[i]);
      ++drawn;
    }
    most = std::max(most, drawn);
  }
  if (most < 2) return "";
  x.log = x.low > 0 && x.high > log_span * x.low;
  y.log = y.low > 0 && y.high > 20 * y.low;
  std::string content = axes(x, y, x_label), names;
  double label_at = -100;
  for (std::size_t index = 0; index < curves.size(); ++index) {
    const PageCurve& curve = curves[index];
    const char* colour = colours[index % std::size(colours)];
    std::string points;
    double last = 0;
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      if (!drawable(curve, i)) continue;
      last = y.at(curve.y[i]);
      points += fmt::format("{:.1f},{:.1f} ", x.at(curve.x[i]), last);
    }
    if (points.empty()) continue;
    if (std::abs(last - label_at) < 14) last = label_at + (last < label_at ? -14 : 14);
    label_at = last;
    content += fmt::format(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>"
        "<text x=\"{}\" y=\"{:.1f}\" style=\"fill:{}\">{}</text>",
        points, colour, width - right + 8, last + 4, colour, escaped_html(curve.label));
    names += (names.empty() ? "" : ", ") + curve.label;
  }
  return svg(content, names + " by " + x_label);
}

std::string svg_points(const std::vector<std::pair<double, double>>& points,
                       const std::string& x_label, const std::string& y_label) {
  Axis x{.from = left, .to = width - right}, y{.from = height - bottom, .to = top};
  for (const auto& [actual, predicted] : points) {
    for (Axis* axis : {&x, &y}) {
      axis->add(actual);
      axis->add(predicted);
    }
  }
  if (points.empty()) return "";
  std::string content = axes(x, y, x_label);
  content += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"var(--muted)\"/>",
                         x.at(x.low), y.at(y.low), x.at(x.high), y.at(y.high));
  const std::size_t step = points.size() / most_points + 1;
  for (std::size_t i = 0; i < points.size(); i += step) {
    content += fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.4\" fill=\"var(--accent)\" "
        "fill-opacity=\"0.45\"/>",
        x.at(points[i].first), y.at(points[i].second));
  }
  return svg(content, y_label + " against " + x_label);
}

std::string html_matrix(const std::vector<std::string>& names,
                        const std::vector<std::vector<double>>& counts) {
  std::string text = "<table class=\"matrix\"><tr><th>true \\ predicted</th>";
  for (const std::string& name : names) text += "<th>" + escaped_html(name) + "</th>";
  text += "</tr>\n";
  for (std::size_t actual = 0; actual < names.size(); ++actual) {
    double all = 0;
    for (const double count : counts[actual]) all += count;
    text += "<tr><th>" + escaped_html(names[actual]) + "</th>";
    for (std::size_t predicted = 0; predicted < names.size(); ++predicted) {
      const double count = counts[actual][predicted];
      const double share = all > 0 ? count / all : 0;
      text += fmt::format(
          "<td style=\"background:color-mix(in srgb, var({}) {:.0f}%, transparent)\">{}</td>",
          actual == predicted ? "--bar" : "--accent", std::min(70.0, 100 * share),
          rounded_text(count, 6));
    }
    text += "</tr>\n";
  }
  return text + "</table>\n";
}

}  // namespace caviar
