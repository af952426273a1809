// What a person may say about a file of data; everything unsaid is found out.
#pragma once

#include <optional>
#include <string>

#include "caviar/data/table.hpp"

namespace caviar {

struct TableOptions {
  ColumnTypes types = {};       // told, not found out
  bool types_may_miss = false;  // a name among them that is no column is no error
  // CSV: the first line names the columns. Found out: where none of its cells is a number.
  std::optional<bool> header = std::nullopt;
  // CSV: ',', ';' or a tab. Found out: the one that stands most often in the first line.
  std::optional<char> delimiter = std::nullopt;
  // IDX, .npy: the file of the labels. Found out for IDX: beside it, named alike.
  std::string labels = {};
  // CSV: a folder in which its number columns lie in a file that is mapped. "": in memory.
  std::string columns_in = {};
  // .npz with arrays x_train, x_test …: which of them.
  enum class Part { training, test } part = Part::training;
};

// Makes columns that were read as numbers what they are told to be. Throws Error{input} on an
// unknown name (unless types_may_miss) and on what is not of its type.
void apply_types(Table& table, const TableOptions& options);

}  // namespace caviar
