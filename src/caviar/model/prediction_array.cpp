#include "caviar/model/prediction_array.hpp"

#include <algorithm>

#include "caviar/data/npy_writer.hpp"

namespace caviar {
namespace {

template <class T>
void append_cell(std::string& cells, T value) {
  cells.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

}  // namespace

void PredictionArray::add(std::span<const double> values) {
  ++rows_;
  if (target_.task == Task::classification && !probabilities_) {
    const auto best = std::max_element(values.begin(), values.end());
    return classes_.push_back(static_cast<std::int32_t>(best - values.begin()));
  }
  for (const double value : values) {
    if (target_.task == Task::regression) {
      append_cell(cells_, value);
    } else if (probabilities_) {
      append_cell(cells_, static_cast<float>(value));
    } else {
      cells_ += static_cast<char>(value > 0.5);
    }
  }
}

std::string PredictionArray::bytes() const {
  if (target_.task == Task::classification && !probabilities_) {
    return npy_texts(target_.classes, classes_);
  }
  const bool numbers = target_.task == Task::regression;
  std::vector<std::size_t> shape = {rows_};
  const std::size_t columns =
      target_.task == Task::classification ? target_.classes.size() : target_.columns.size();
  if (!numbers || columns > 1) shape.push_back(columns);
  return npy_header(numbers ? "f8" : probabilities_ ? "f4" : "b1", shape) + cells_;
}

}  // namespace caviar
