#include "caviar/data/read_table.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/csv.hpp"
#include "caviar/data/idx.hpp"
#include "caviar/data/libsvm.hpp"
#include "caviar/data/numpy.hpp"

namespace caviar {
namespace {

Table empty_table(const std::string& source) {
  Table table;
  table.source = source;
  return table;
}

using Arrays = std::vector<std::pair<std::string, Array>>;

// Those of the wanted part where names say which part they are of.
Arrays part_of(Arrays arrays, TableOptions::Part part, const std::string& source) {
  constexpr std::string_view training = "_train", test = "_test";
  const auto ends = [](std::string_view ending) {
    return [ending](const auto& array) { return array.first.ends_with(ending); };
  };
  const bool test_wanted = part == TableOptions::Part::test;
  if (std::none_of(arrays.begin(), arrays.end(), ends(training))) {
    if (!test_wanted) return arrays;
    if (std::none_of(arrays.begin(), arrays.end(), ends(test))) return arrays;
  }
  const std::string_view wanted = test_wanted ? test : training;
  std::erase_if(arrays, [&](const auto& array) { return !ends(wanted)(array); });
  if (arrays.empty()) {
    throw Error(Fault::input,
                fmt::format("{}: none of its arrays' names ends in {}", source, wanted));
  }
  for (auto& array : arrays) array.first.resize(array.first.size() - wanted.size());
  return arrays;
}

bool names_labels(std::string_view name) {
  constexpr std::array<std::string_view, 4> names = {"label", "labels", "y", "target"};
  return std::ranges::find(names, name) != names.end();
}

// Of several arrays the one whose name says so.
Array labels_of(Arrays arrays, const std::string& path) {
  if (arrays.size() == 1) return std::move(arrays.front().second);
  std::vector<std::string> names;
  for (auto& [name, array] : arrays) {
    if (names_labels(name)) return std::move(array);
    names.push_back(name);
  }
  throw Error(Fault::input, fmt::format("{}: which of its arrays ({}) holds the labels? One named "
                                        "y, label, labels or target was expected",
                                        path, join(names, ", ")));
}

// One-hot rows are one column of classes; otherwise a column a place, each a target.
void add_targets(Table& table, const Array& array, const std::string& name,
                 const std::string& where, const TableOptions& options) {
  std::optional<Column> classes = one_hot_column(array, name);
  if (!classes || (!table.columns.empty() && array.rows() != table.rows)) {
    return add_columns(table, array, name, where, options.types);
  }
  if (table.columns.empty()) table.rows = array.rows();
  table.columns.push_back(std::move(*classes));
}

// One row of labels a row of the table.
void add_labels(Table& table, const std::string& path, const TableOptions& options) {
  const Content content = read_content(path);
  const Array labels = is_npy(content.bytes) ? parse_npy(content, path)
                       : is_npz(content.bytes)
                           ? labels_of(part_of(parse_npz(content, path), options.part, path), path)
                           : parse_idx(content, path);
  add_targets(table, labels, "label", path, options);
}

Table table_of_idx(const Content& content, const std::string& source, const TableOptions& options) {
  Table table = empty_table(source);
  const Array array = parse_idx(content, source);
  if (array.shape.size() == 1) {
    add_columns(table, array, "label", source);
    return table;
  }
  add_columns(table, array, "pixel", source);
  const auto labels = options.labels.empty() ? labels_beside(source) : options.labels;
  if (labels) add_labels(table, *labels, options);
  return table;
}

Table table_of_npy(const Content& content, const std::string& source, const TableOptions& options) {
  Table table = empty_table(source);
  add_columns(table, parse_npy(content, source), "x", source, options.types);
  if (!options.labels.empty()) add_labels(table, options.labels, options);
  return table;
}

Table table_of_npz(const Content& content, const std::string& source, const TableOptions& options) {
  Arrays arrays = part_of(parse_npz(content, source), options.part, source);
  // The largest first, so that pictures stand at the front.
  std::stable_sort(arrays.begin(), arrays.end(), [](const auto& a, const auto& b) {
    return a.second.shape.size() > b.second.shape.size();
  });
  Table table = empty_table(source);
  for (const auto& [name, array] : arrays) {
    if (names_labels(name)) {
      add_targets(table, array, name, source, options);
    } else {
      add_columns(table, array, name, source, options.types);
    }
  }
  if (!options.labels.empty()) add_labels(table, options.labels, options);
  return table;
}

void check_names(const Table& table) {
  std::vector<std::string_view> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  std::sort(names.begin(), names.end());
  for (const std::string_view name : names) {
    if (valid_utf8(name) == name.size()) continue;
    throw Error(Fault::input, table.source + ": the name of an array is not UTF-8");
  }
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return;
  throw Error(Fault::input, fmt::format("{}: two columns are named '{}'; names must differ",
                                        table.source, *twice));
}

}  // namespace

bool names_table(std::string_view path) {
  for (const std::string_view packed : {".gz", ".zst"}) {
    if (path.ends_with(packed)) path.remove_suffix(packed.size());
  }
  constexpr std::array<std::string_view, 10> endings = {
      ".csv", ".tsv", ".txt", ".dat", ".data", ".npy", ".npz", ".svm", ".libsvm", "-ubyte"};
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

namespace {

// Text it is not, and what it is can be said.
void refuse_other_formats(std::string_view bytes, const std::string& source) {
  using namespace std::string_view_literals;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> known = {
      {{"BZh"sv, "packed with bzip2; packed tables are read as .gz and .zst"sv},
       {"\xFD"
        "7zXZ\0"sv,
        "packed with xz; packed tables are read as .gz and .zst"sv},
       {"PK\3\4"sv, "a ZIP archive, as .xlsx is one; save the table as CSV"sv},
       {"PAR1"sv, "a Parquet file; save the table as CSV"sv},
       {"\x89HDF"sv, "an HDF5 file; save the table as CSV or .npz"sv}}};
  for (const auto& [magic, what] : known) {
    if (bytes.starts_with(magic)) throw Error(Fault::input, fmt::format("{}: {}", source, what));
  }
}

bool is_csv(std::string_view bytes) {
  return !is_npy(bytes) && !is_npz(bytes) && !is_idx(bytes) && !is_libsvm(bytes);
}

}  // namespace

void read_blocks(const std::string& path, const TableOptions& options, std::size_t rows,
                 const std::function<void(const Table&)>& use) {
  const Content content = read_content(path);
  if (!is_csv(content.bytes)) return use(parse_table(content, path, options));
  refuse_other_formats(content.bytes, path);
  CsvBlocks blocks(content.bytes, path, options);
  while (const std::optional<Table> table = blocks.next(rows)) use(*table);
}

Table parse_table(const Content& content, const std::string& source, const TableOptions& options) {
  const std::string_view bytes = content.bytes;
  Table table;
  if (is_npy(bytes)) {
    table = table_of_npy(content, source, options);
  } else if (is_npz(bytes)) {
    table = table_of_npz(content, source, options);
  } else if (is_idx(bytes)) {
    table = table_of_idx(content, source, options);
  } else if (is_libsvm(bytes)) {
    table = parse_libsvm(bytes, source, options.types);
  } else {
    refuse_other_formats(bytes, source);
    return parse_csv(bytes, source, options);
  }
  check_names(table);
  apply_types(table, options);
  return table;
}

Table read_table(const std::string& path, const TableOptions& options) {
  return parse_table(read_content(path), path, options);
}

std::vector<std::string> usual_targets(const Table& table) {
  for (const std::string name : {"label", "y"}) {
    if (table.index(name)) return {name};
    std::vector<std::string> several;
    for (const Column& column : table.columns) {
      const bool numbered =
          column.name.starts_with(name + "_") &&
          column.name.find_first_not_of("0123456789", name.size() + 1) == std::string::npos &&
          column.name.size() > name.size() + 1;
      if (numbered) several.push_back(column.name);
    }
    if (!several.empty()) return several;
  }
  return {};
}

}  // namespace caviar
