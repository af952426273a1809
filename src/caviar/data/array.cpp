#include "caviar/data/array.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/column_type.hpp"
#include "caviar/data/csv.hpp"
#include "caviar/data/level_index.hpp"
#include "caviar/data/parse_number.hpp"
#include "caviar/data/target.hpp"

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
  if (!is_float(column.numbers.type())) return;
  for (std::size_t row = 0; row < column.numbers.size(); ++row) {
    if (!std::isinf(column.numbers[row])) continue;
    throw Error(Fault::input,
                fmt::format("{}: row {} of column '{}' is infinite; a finite number, or NaN for a "
                            "missing one, was expected",
                            where, row, column.name));
  }
}

// Returns whether the letter is one of Unicode's.
bool append_utf8(std::string& text, char32_t letter) {
  const auto add = [&text](char32_t byte) { text += static_cast<char>(byte); };
  if (letter > 0x10FFFF || (letter >= 0xD800 && letter <= 0xDFFF)) return false;
  if (letter < 0x80) {
    add(letter);
    return true;
  }
  if (letter < 0x800) {
    add(0xC0 | letter >> 6);
  } else if (letter < 0x10000) {
    add(0xE0 | letter >> 12);
    add(0x80 | (letter >> 6 & 0x3F));
  } else {
    add(0xF0 | letter >> 18);
    add(0x80 | (letter >> 12 & 0x3F));
    add(0x80 | (letter >> 6 & 0x3F));
  }
  add(0x80 | (letter & 0x3F));
  return true;
}

// The texts of one column: where they begin, and how many bytes from one to the next.
struct TextCells {
  const Array& array;
  const std::byte* first;
  std::ptrdiff_t stride;

  // UTF-8; nothing where the cell is no text.
  std::optional<std::string> at(std::size_t row) const {
    const std::byte* cell = first + static_cast<std::ptrdiff_t>(row) * stride;
    std::string text;
    if (array.bytes) {
      text.assign(reinterpret_cast<const char*>(cell), array.letters);
      text.erase(text.find_last_not_of('\0') + 1);
      if (valid_utf8(text) != text.size()) return std::nullopt;
      return text;
    }
    for (std::size_t i = 0; i < array.letters; ++i) {
      char32_t letter = 0;
      std::memcpy(&letter, cell + i * sizeof letter, sizeof letter);
      if (letter == 0) break;
      if (!append_utf8(text, letter)) return std::nullopt;
    }
    return text;
  }
};

// Where numbers are told.
void make_numbers(Column& column, const std::string& where) {
  std::vector<double> of_level;
  for (const std::string& level : column.levels) {
    const auto number = number_in(level);
    if (!number) {
      throw Error(Fault::input, fmt::format("{}: column '{}': '{}' is not a number, which its type "
                                            "needs",
                                            where, column.name, level));
    }
    of_level.push_back(*number);
  }
  std::vector<double> numbers;
  for (const std::int32_t code : column.codes) {
    numbers.push_back(code == missing_level ? std::nan("")
                                            : of_level[static_cast<std::size_t>(code)]);
  }
  Column made;
  made.name = column.name;
  made.numbers = std::move(numbers);
  column = std::move(made);
}

void fill_texts(Column& column, const TextCells& cells, const std::string& where,
                std::optional<ColumnType> told) {
  LevelIndex levels;
  for (std::size_t row = 0; row < cells.array.rows(); ++row) {
    const auto text = cells.at(row);
    if (!text) {
      throw Error(Fault::input, fmt::format("{}: row {} of column '{}' is no text: its letters are "
                                            "not Unicode",
                                            where, row, column.name));
    }
    column.codes.push_back(is_missing(*text) ? missing_level : levels.code(*text));
  }
  column.levels = levels.levels();
  column.type = ColumnType::category;
  if (told == ColumnType::number) return make_numbers(column, where);
  settle_type(column, told, where);
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

std::size_t Array::width() const {
  if (!is_text()) return size_of(type);
  return bytes ? letters : letters * sizeof(char32_t);
}

Array swapped(const Array& array) {
  const std::size_t unit = array.is_text() ? sizeof(char32_t) : size_of(array.type);
  const std::size_t all = array.size() * array.width();
  const auto bytes = std::make_shared<std::vector<std::byte>>(all);
  for (std::size_t i = 0; i < all; i += unit) {
    std::reverse_copy(array.data + i, array.data + i + unit,
                      bytes->begin() + static_cast<std::ptrdiff_t>(i));
  }
  Array result = array;
  result.data = bytes->data();
  result.owner = bytes;
  return result;
}

void add_columns(Table& table, const Array& array, const std::string& name,
                 const std::string& where, const ColumnTypes& told) {
  if (table.columns.empty()) {
    table.rows = array.rows();
    table.image = image_of(array);
  } else if (array.rows() != table.rows) {
    throw Error(Fault::input,
                fmt::format("{}: {} rows of '{}', but {} of '{}'; as many were expected", where,
                            array.rows(), name, table.rows, table.columns[0].name));
  }
  const std::vector<std::size_t> steps = steps_of(array);
  const auto width = static_cast<std::ptrdiff_t>(array.width());
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
    const std::byte* first = array.data + static_cast<std::ptrdiff_t>(offset) * width;
    if (array.is_text()) {
      const auto type = told.find(column.name);
      fill_texts(column, {array, first, stride}, where,
                 type == told.end() ? std::nullopt : std::optional(type->second));
      continue;
    }
    column.numbers = Numbers(array.owner, first, stride, array.rows(), array.type);
    check_finite(column, where);
  } while (next_place(place, array.shape));
}

std::optional<Column> one_hot_column(const Array& array, const std::string& name) {
  if (array.is_text() || array.shape.size() != 2 || array.shape[1] < 2 || array.rows() == 0) {
    return std::nullopt;
  }
  const std::size_t rows = array.rows(), classes = array.shape[1];
  const std::vector<std::size_t> steps = steps_of(array);
  const auto width = static_cast<std::ptrdiff_t>(array.width());
  const Numbers cells(array.owner, array.data, width, array.size(), array.type);
  std::vector<double> places(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    std::size_t ones = 0;
    for (std::size_t at = 0; at < classes; ++at) {
      const double cell = cells[row * steps[0] + at * steps[1]];
      if (cell != 0 && cell != 1) return std::nullopt;
      if (cell == 0) continue;
      places[row] = static_cast<double>(at);
      ++ones;
    }
    if (ones != 1) return std::nullopt;
  }
  Column column;
  column.name = name;
  column.numbers = std::move(places);
  return classes > most_classes_unasked ? as_category(column) : column;
}

}  // namespace caviar
