#include "caviar/data/csv_column.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/column_type.hpp"
#include "caviar/data/csv.hpp"
#include "caviar/data/parse_number.hpp"

namespace caviar {
namespace {

bool is_number(double x) { return !std::isnan(x); }

}  // namespace

CsvColumn::CsvColumn(std::string name, std::optional<ColumnType> told, std::size_t rows_expected)
    : name_(std::move(name)), told_(told), holds_levels_(told && *told != ColumnType::number) {
  if (holds_levels_) {
    codes_.reserve(rows_expected);
  } else {
    numbers_.reserve(rows_expected);
  }
}

void CsvColumn::use(std::shared_ptr<void> owner, std::span<double> room) {
  room_owner_ = std::move(owner);
  room_ = room;
  numbers_ = {};
}

std::span<const double> CsvColumn::numbers() const {
  return room_owner_ ? std::span<const double>(room_.first(in_room_)) : numbers_;
}

void CsvColumn::add_numbers(const double* first, std::size_t stride, std::size_t count) {
  double* out = room_.data() + in_room_;
  if (room_owner_) {
    in_room_ += count;
  } else {
    const std::size_t have = numbers_.size();
    numbers_.resize(have + count);
    out = numbers_.data() + have;
  }
  for (std::size_t i = 0; i < count; ++i) out[i] = first[i * stride];
}

bool CsvColumn::has_numbers() const {
  const std::span<const double> all = numbers();
  return std::any_of(all.begin(), all.end(), is_number);
}

void CsvColumn::note_text(std::string_view cell, std::size_t line, const std::string& source) {
  if (texts_.count++ == 0) {
    texts_.first = cell;
    texts_.first_line = line;
  }
  if (told_) fail_text(source, 0);
}

void CsvColumn::become_levels(std::size_t rows) {
  holds_levels_ = true;
  codes_.assign(rows, missing_level);
  codes_.reserve(room_owner_ ? room_.size() : numbers_.capacity());
  numbers_ = {};
  in_room_ = 0;
}

void CsvColumn::add_level(std::string_view cell, std::size_t line, const std::string& source) {
  if (left_out_) {
    codes_.push_back(missing_level);
    return;
  }
  if (is_missing(cell)) {
    codes_.push_back(missing_level);
    return;
  }
  const std::size_t known = levels_.size();
  codes_.push_back(levels_.code(cell));
  if (levels_.size() == known || valid_utf8(cell) == cell.size()) return;
  throw Error(Fault::input,
              fmt::format("{}:{}: column '{}' holds text that is not UTF-8; save the file as UTF-8",
                          source, line, name_));
}

std::size_t CsvColumn::numbers_among_levels() const {
  const std::vector<std::string>& levels = levels_.levels();
  std::vector<bool> number(levels.size());
  for (std::size_t i = 0; i < levels.size(); ++i) number[i] = number_in(levels[i]).has_value();
  return static_cast<std::size_t>(std::count_if(codes_.begin(), codes_.end(), [&](auto code) {
    return code != missing_level && number[static_cast<std::size_t>(code)];
  }));
}

void CsvColumn::fail_text(const std::string& source, std::size_t numbers) const {
  const std::string why =
      told_ ? "which its type needs" : fmt::format("but {} other cells of it are", numbers);
  throw Error(
      Fault::input,
      fmt::format("{}:{}: column '{}': '{}' is not a number, {}; correct it, leave the cell "
                  "empty, or list the column under `categorical`",
                  source, texts_.first_line, name_, texts_.first, why));
}

bool CsvColumn::must_read_again(const std::string& source) const {
  if (told_ || texts_.count == 0) return false;
  if (holds_levels_) {
    const std::size_t spelt = numbers_among_levels();
    const auto missing = std::count(codes_.begin(), codes_.end(), missing_level);
    const std::size_t texts = codes_.size() - static_cast<std::size_t>(missing) - spelt;
    if (spelt > texts) fail_text(source, spelt);
    return false;
  }
  const std::span<const double> all = numbers();
  const auto found = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), is_number));
  if (found > texts_.count) fail_text(source, found);
  return true;
}

Column CsvColumn::finish(const std::string& source, std::size_t rows_before) {
  Column column;
  column.name = name_;
  if (!holds_levels_) {
    const auto* first = reinterpret_cast<const std::byte*>(room_.data());
    column.numbers = room_owner_
                         ? Numbers(room_owner_, first, sizeof(double), in_room_, NumberType::f64)
                         : Numbers(std::move(numbers_));
    return column;
  }
  column.codes = std::move(codes_);
  column.levels = levels_.levels();
  column.type = ColumnType::text;
  if (!left_out_) settle_type(column, told_, source, rows_before);
  return column;
}

}  // namespace caviar
