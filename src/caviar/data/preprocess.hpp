// From table columns to the numbers that a network reads. Everything is learnt on the training rows
// only; rows seen later, of this table or another, go through what was learnt.
//
//   number    missing → the training median; then scaled; what is constant in training becomes 0
//   pixel     a column of a picture: divided by 255
//   date      its place in time, scaled as a number is; the sine and cosine of its place in the
//             year, in the week and, where training rows have a time of day, in the day
//   yes_no    0 or 1; missing → the share of yes
//   category  one 0/1 feature a level, or one feature that is the level's number (for an
//             embedding): 0 for a level never seen, then 1, 2, … in alphabetical order. Rare levels
//             count as one, to which every level belongs that training has not seen
//
// A column of which more than one training row in a hundred is missing (a category: any) gets one
// feature more, which says where. A column of free text cannot be learnt from.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "caviar/base/json_fwd.hpp"
#include "caviar/base/node.hpp"
#include "caviar/data/table.hpp"

namespace caviar {

enum class Scaling {
  standard,  // (x − mean) / standard deviation
  range,     // the smallest training value becomes 0, the largest 1
  none,
};
std::string name_of(Scaling scaling);
Scaling parse_scaling(const std::string& name, const std::string& where);

struct PreprocessOptions {
  Scaling scaling = Scaling::standard;       // of numbers; pixels and dates have their own
  bool embed = false;                        // categories as numbers for an embedding
  std::vector<std::string> embed_only = {};  // not empty: only these columns
  std::size_t most_levels = 64;              // the others are rare
  double rare_share = 0.0005;  // and those in fewer than this share of the training rows
};

// What was learnt about one column.
struct ColumnCode {
  std::string name;
  ColumnType type = ColumnType::number;
  std::size_t first_feature = 0, width = 1;  // its features stand together
  bool missing = false;                      // the last of them says where it is missing
  // number, date, yes_no: ((missing ? fill : x) − shift) × factor
  double fill = 0, shift = 0, factor = 1;
  bool clock = false;               // date: with the time of day
  bool embed = false;               // category: one feature, the level's number
  bool rare = false;                // category: the number or feature behind the levels: rare ones
  std::vector<std::string> levels;  // category: in alphabetical order

  // Different numbers that an embedded column's feature takes, 0 … this − 1.
  std::size_t cardinality() const { return levels.size() + (rare ? 2 : 1) + (missing ? 1 : 0); }
  bool operator==(const ColumnCode&) const = default;
};

inline constexpr std::size_t most_levels_noted = 3;

// Cells of a category or yes_no column whose text training has not seen.
struct UnseenLevels {
  std::string column;
  ColumnType type = ColumnType::category;
  bool rare = false;                  // they count as the rare ones, and may be among them
  std::size_t cells = 0, filled = 0;  // of those that hold anything
  std::vector<std::string> levels;    // what they hold: the first most_levels_noted

  // Those of more rows of the same column.
  void add(const UnseenLevels& more);
};

class Preprocessor {
 public:
  // `columns` are indices into the table, none of them the target. At least one training row.
  // Throws Error{input} on a column of free text.
  static Preprocessor learn(const Table& table, std::span<const std::size_t> columns,
                            std::span<const std::size_t> training_rows,
                            const PreprocessOptions& options = {});
  // Column codes as they were saved; features are counted anew.
  explicit Preprocessor(std::vector<ColumnCode> columns = {});

  std::size_t width() const { return names_.size(); }  // features
  std::span<const ColumnCode> columns() const { return columns_; }
  // "mass", "sex = male", "sex missing": a name a feature.
  std::span<const std::string> feature_names() const { return names_; }

  // The types to read another table with, so that it is understood as the first was.
  ColumnTypes types() const;
  // rows × width, row-major, of a table that has the columns learnt from, by their names, in any
  // order, and perhaps others. Throws Error{input} that names all columns which are missing, or the
  // first cell of another type than in training.
  std::vector<float> apply(const Table& table, std::span<const std::size_t> rows) const;
  void apply(const Table& table, std::span<const std::size_t> rows, std::span<float> out) const;

  // For each column learnt from, in their order, its cells like that: of most columns none. Throws
  // as apply() does.
  std::vector<UnseenLevels> unseen(const Table& table) const;

  bool operator==(const Preprocessor&) const = default;

 private:
  std::vector<ColumnCode> columns_;
  std::vector<std::string> names_;
};

// To the last bit and back. Reading throws Error{input} with the place of what cannot be.
Json to_json(const Preprocessor& preprocessor);
Preprocessor preprocessor_from_json(const Node& node);

}  // namespace caviar
