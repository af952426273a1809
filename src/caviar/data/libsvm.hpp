// LIBSVM's text format: a label, then index:value for each feature that is not 0.
#pragma once

#include <string>
#include <string_view>

#include "caviar/data/table.hpp"

namespace caviar {

// Whether the first line that holds anything looks like it.
bool is_libsvm(std::string_view text);

// Columns feature_1 … feature_n (from the smallest index, 0 or 1, on) and label; qid where it is
// given. Indices ascend within a line; `#` begins a comment. Throws Error{input} that names line
// and place, also where the table would be almost only zeros and too large for memory. Features
// among the known columns are there in any case: 0 where no line has them.
Table parse_libsvm(std::string_view text, const std::string& source, const ColumnTypes& known = {});

}  // namespace caviar
