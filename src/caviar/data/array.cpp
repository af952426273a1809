#include "caviar/data/array.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "caviar/base/error.hpp"

namespace caviar {
namespace {

// How many numbers apart two neighbours of each dimension lie.
std::vector<std::size_t> steps_of(const Array& array) {
  std::vector<std::size_t> steps(array.shape.size());
  std::size_t step = 1;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::size_t at = array.by_columns ? i : steps.size() - 1 - i;
    steps[at] = step;
    step *= array.shape[at];
  }
  return steps;
}

// The places in a row: index 0 … of each dimension but the first, the last one running fastest.
bool next_place(std::vector<std::size_t>& place, const std::vector<std::size_t>& shape) {
  for (std::size_t i = place.size(); i-- > 0;) {
    if (++place[i] < shape[i + 1]) return true;
    place[i] = 0;
  }
  return false;
}

std::optional<ImageShape> image_of(const Array& array) {
  const std::size_t dimensions = array.shape.size();
  if (array.type != NumberType::u8 || array.by_columns) return std::nullopt;
  const std::size_t channels = dimensions == 4 ? array.shape[3] : 1;
  if (dimensions != 3 && (dimensions != 4 || (channels != 1 && channels != 3 && channels != 4))) {
    return std::nullopt;
  }
  return ImageShape{array.shape[1], array.shape[2], channels};
}

void check_finite(const Column& column, const std::string& where) {
  const NumberType type = column.numbers.type();
  if (type != NumberType::f64 && type != NumberType::f32) return;
  for (std::size_t row = 0; row < column.numbers.size(); ++row) {
    if (!std::isinf(column.numbers[row])) continue;
    throw Error(Fault::input,
                fmt::format("{}: row {} of column '{}' is infinite; a finite number, or NaN for a "
                            "missing one, was expected",
                            where, row, column.name));
  }
}

}  // namespace

std::optional<std::size_t> product(const std::vector<std::size_t>& sizes) {
  constexpr std::size_t most = std::size_t{1} << 62;
  std::size_t result = 1;
  bool fits = true;
  for (const std::size_t size : sizes) {
    if (size == 0) return 0;
    fits = fits && result <= most / size;
    result = fits ? result * size : result;
  }
  return fits ? std::optional(result) : std::nullopt;
}

std::size_t Array::size() const {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

Array swapped(const Array& array) {
  const std::size_t width = size_of(array.type), count = array.size();
  const auto bytes = std::make_shared<std::vector<std::byte>>(count * width);
  for (std::size_t i = 0; i < count * width; i += width) {
    std::reverse_copy(array.data + i, array.data + i + width,
                      bytes->begin() + static_cast<std::ptrdiff_t>(i));
  }
  Array result = array;
  result.data = bytes->data();
  result.owner = bytes;
  return result;
}

void add_columns(Table& table, const Array& array, const std::string& name,
                 const std::string& where) {
  if (table.columns.empty()) {
    table.rows = array.rows();
    table.image = image_of(array);
  } else if (array.rows() != table.rows) {
    throw Error(Fault::input,
                fmt::format("{}: {} rows of '{}', but {} of '{}'; as many were expected", where,
                            array.rows(), name, table.rows, table.columns[0].name));
  }
  const std::vector<std::size_t> steps = steps_of(array);
  const auto width = static_cast<std::ptrdiff_t>(size_of(array.type));
  if (array.rows() == 0 || array.size() == 0) {
    throw Error(Fault::input, fmt::format("{}: '{}' is empty", where, name));
  }
  const bool alone = array.size() == array.rows();
  std::vector<std::size_t> place(array.shape.empty() ? 0 : array.shape.size() - 1);
  do {
    Column& column = table.columns.emplace_back();
    column.name = name;
    std::size_t offset = 0;
    for (std::size_t i = 0; i < place.size(); ++i) {
      offset += place[i] * steps[i + 1];
      if (!alone) column.name += "_" + std::to_string(place[i]);
    }
    const std::ptrdiff_t stride = steps.empty() ? 0 : static_cast<std::ptrdiff_t>(steps[0]) * width;
    column.numbers = Numbers(array.owner, array.data + static_cast<std::ptrdiff_t>(offset) * width,
                             stride, array.rows(), array.type);
    check_finite(column, where);
  } while (next_place(place, array.shape));
}

}  // namespace caviar
