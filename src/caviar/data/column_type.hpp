// What kind of thing a column of texts holds.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "caviar/data/table.hpp"

namespace caviar {

// yes, true, y, t, on → true; no, false, n, f, off → false, in any case; nothing for other words.
std::optional<bool> truth_of(std::string_view word);

// Gives a column that was read as levels its type: the one that was told, otherwise yes_no where
// the two words of one pair occur and nothing else, date where all are dates, text where more than
// 64 levels are more than half of the cells, else category. A told yes_no also takes 1 and 0.
// Throws Error{input} naming source, column, row and value where the cells are not of the type
// told.
// `rows_before`: of the file, in front of the column's first, for errors.
void settle_type(Column& column, std::optional<ColumnType> told, const std::string& source,
                 std::size_t rows_before = 0);

// A column of numbers as a category whose levels are those numbers: "7", "0.5".
Column as_category(const Column& column);

}  // namespace caviar
