// How a CSV file is laid out: what stands between cells, and whether the first line holds names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "caviar/data/table_options.hpp"

namespace caviar {

struct CsvLayout {
  char delimiter = ',';
  bool header = true;
  bool has_row_names = false;      // the first column has no name of its own
  std::vector<std::string> names;  // of the columns
};

// Throws Error{input} on an empty text, on bytes that are no text, on empty or repeated names.
CsvLayout find_layout(std::string_view text, const std::string& source,
                      const TableOptions& options);

}  // namespace caviar
