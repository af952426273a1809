// A table from a file of any format that caviar knows, recognised by what is in it:
//
//   CSV      with commas, semicolons or tabs, with a header row or none
//   IDX      pictures; their labels are the column `label`
//   .npy     the columns x_0, x_1 …, or x; and `label` from the file of the labels
//   .npz     arrays with the same number of rows, each under its name; where there are x_train and
//            x_test, those of the part that is wanted, without the ending
//   LIBSVM   the columns feature_1 … and `label`
//
// All of them plain, or packed by gzip or zstd.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "caviar/data/content.hpp"
#include "caviar/data/table.hpp"
#include "caviar/data/table_options.hpp"

namespace caviar {

// Whether the name is one that files of tables have, packed or not: t.csv, t.npz, t-idx3-ubyte.gz.
bool names_table(std::string_view path);

// Throws Error{missing, io, input}: one sentence that names the file, the place in it, the value
// and what was expected.
Table read_table(const std::string& path, const TableOptions& options = {});
Table parse_table(const Content& content, const std::string& source,
                  const TableOptions& options = {});

// The same file in portions, one after the other: CSV in blocks of at most so many rows with what
// CsvBlocks keeps of them, every other format as a whole. A CSV file with a header alone is one
// table without rows.
void read_blocks(const std::string& path, const TableOptions& options, std::size_t rows,
                 const std::function<void(const Table&)>& use);

// The columns that are meant to be learnt where nobody says: `label`, or all of `label_0`,
// `label_1` …, else the same of `y`; none in a table without them.
std::vector<std::string> usual_targets(const Table& table);

}  // namespace caviar
