#include "caviar/data/csv_column.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/column_type.hpp"
#include "caviar/data/csv.hpp"
#include "caviar/data/parse_number.hpp"

namespace caviar {

CsvColumn::CsvColumn(std::string name, std::optional<ColumnType> told, std::size_t rows_expected)
    : name_(std::move(name)), told_(told), holds_levels_(told && *told != ColumnType::number) {
  if (holds_levels_) {
    codes_.reserve(rows_expected);
  } else {
    numbers_.reserve(rows_expected);
  }
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
  codes_.reserve(numbers_.capacity());
  numbers_.clear();
}

void CsvColumn::add_level(std::string_view cell, std::size_t line, const std::string& source) {
  // Most cells are a level that was there before: then nothing else is asked of them.
  const std::int32_t known = left_out_ ? missing_level : levels_.find(cell);
  codes_.push_back(known);
  if (known != missing_level || left_out_ || is_missing(cell)) return;
  codes_.back() = levels_.code(cell);
  if (valid_utf8(cell) == cell.size()) return;
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
      told_ ? "which its type needs; correct it or leave the cell empty"
            : fmt::format(
                  "but {} other cells of it are; correct it, leave the cell empty, or list "
                  "the column under `categorical`",
                  numbers);
  std::string cell = texts_.first;
  std::replace(cell.begin(), cell.end(), '\0', '?');  // where the text of an error would end
  throw Error(Fault::input, fmt::format("{}:{}: column '{}': '{}' is not a number, {}", source,
                                        texts_.first_line, name_, cell, why));
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
  const std::size_t found = numbers_.present();
  if (found > texts_.count) fail_text(source, found);
  return true;
}

Column CsvColumn::finish(const std::string& source, std::size_t rows_before) {
  Column column;
  column.name = name_;
  if (!holds_levels_) {
    column.numbers = std::move(numbers_).finish();
    return column;
  }
  column.codes = std::move(codes_);
  column.levels = levels_.levels();
  column.type = ColumnType::text;
  if (!left_out_) settle_type(column, told_, source, rows_before);
  return column;
}

}  // namespace caviar
