// Small pictures as SVG for pages that need no script.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "caviar/report/training_page.hpp"

namespace caviar {

// The text with what HTML reserves escaped.
std::string escaped_html(std::string_view text);

// Lines over a common x axis; the y axis is logarithmic where the values, all above 0, span more
// than a factor of 20, the x axis beyond a factor of 1,000. "" where no curve has two values.
std::string svg_curves(const std::vector<PageCurve>& curves, const std::string& x_label);

// Points against the line where both are equal.
std::string svg_points(const std::vector<std::pair<double, double>>& points,
                       const std::string& x_label, const std::string& y_label);

// Cells shaded by their share of their row.
std::string html_matrix(const std::vector<std::string>& names,
                        const std::vector<std::vector<double>>& counts);

}  // namespace caviar
