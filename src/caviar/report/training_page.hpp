// The page of one training or its diagnosis: curves, what was mistaken for what, settings. Pictures
// are SVG in the page itself; it needs no script and no network.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace caviar {

struct PageCurve {
  std::string label;
  std::vector<double> x, y;  // of equal length; where one is not finite, nothing is drawn
};

struct PagePicture {
  std::string title, lead, x_label;
  std::vector<PageCurve> curves;
};

struct PageTable {
  std::string title, lead;
  std::vector<std::string> headers;  // those that begin with '>' are flush right
  std::vector<std::vector<std::string>> rows;
};

struct TrainingPage {
  std::string maker = "caviar train", title = {}, story = {};
  std::vector<std::pair<std::string, std::string>> figures;  // name, value: what counts most
  std::vector<PageTable> first;                              // in front of the pictures
  std::vector<PagePicture> pictures;
  // Classification: counts[true class][predicted class] on the rows that `judged_on` names.
  std::vector<std::string> classes;
  std::vector<std::vector<double>> counts;
  std::vector<std::pair<double, double>> numbers;  // regression: true, predicted
  std::string judged_on;
  std::vector<PageTable> tables;
};

std::string training_html(const TrainingPage& page);

}  // namespace caviar
