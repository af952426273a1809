// An array of numbers or texts as a file holds it, and arrays made into the columns of a table.
#pragma once

#include <string>
#include <vector>

#include "caviar/data/content.hpp"
#include "caviar/data/table.hpp"

namespace caviar {

struct Array {
  std::shared_ptr<const void> owner;
  const std::byte* data = nullptr;    // in this machine's byte order, not aligned
  NumberType type = NumberType::f64;  // of numbers
  // Of texts: so many letters each, the rest filled with 0; UTF-32, or ("bytes") UTF-8.
  std::size_t letters = 0;
  bool bytes = false;
  std::vector<std::size_t> shape;
  bool by_columns = false;  // the first index runs fastest (Fortran), otherwise the last (C)

  std::size_t rows() const { return shape.empty() ? 1 : shape[0]; }
  std::size_t size() const;   // cells
  std::size_t width() const;  // bytes of a cell
  bool is_text() const { return letters > 0; }
};

// The product; nothing where it does not fit into 62 bits.
std::optional<std::size_t> product(const std::vector<std::size_t>& sizes);

// The same array with the bytes of every number or letter the other way round.
Array swapped(const Array& array);

// Adds the array's columns, one a place in its row: `name` where it is one, otherwise name_0,
// name_1 … or name_0_0 …; an array of bytes with rows of height × width (× 1, 3 or 4 channels) in a
// table that is still empty is its picture. Throws Error{input} where the rows are not as many as
// the table's, a number is infinite or a text is none; the error begins with `where`. Columns of
// texts get the types that are told, or else those that are found out as of CSV.
void add_columns(Table& table, const Array& array, const std::string& name,
                 const std::string& where, const ColumnTypes& told = {});

// Of rows in which one number is 1 and all others are 0, of at least two: where the 1 stands, a
// number a row; more than 20 such classes are a category. Nothing where a row is otherwise.
std::optional<Column> one_hot_column(const Array& array, const std::string& name);

}  // namespace caviar
