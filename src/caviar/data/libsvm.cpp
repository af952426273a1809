#include "caviar/data/libsvm.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/parse_number.hpp"

namespace caviar {
namespace {

// And an index: the names of columns.
constexpr std::string_view feature = "feature_", one_label = "label_";
constexpr std::size_t most_labels = 1000;  // of rows that have several

struct Cell {
  std::size_t row, index;
  double value;
};

std::string_view word_of(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
  line.remove_prefix(word.size());
  return word;
}

std::string_view line_of(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line.substr(0, line.find('#'));
}

// "12:0.5" in its two halves; nothing where it has no colon.
struct Pair {
  std::string_view index, value;
};
std::optional<Pair> pair_of(std::string_view word) {
  const std::size_t colon = word.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return Pair{word.substr(0, colon), word.substr(colon + 1)};
}

std::optional<std::size_t> whole(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
  const bool sound = error == std::errc() && end == text.data() + text.size() && value <= most;
  return sound ? std::optional(value) : std::nullopt;
}

// A number, or several whole ones with commas between.
bool are_labels(std::string_view word) {
  if (word.find(',') == std::string_view::npos) return number_in(word).has_value();
  while (!word.empty()) {
    const std::string_view label = word.substr(0, word.find(','));
    if (!whole(label)) return false;
    word.remove_prefix(std::min(word.size(), label.size() + 1));
  }
  return true;
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& source, const ColumnTypes& known)
      : text_(text), source_(source) {
    for (const auto& [name, type] : known) {
      if (name.starts_with(one_label)) note_label(name.substr(one_label.size()));
      if (!name.starts_with(feature)) continue;
      if (const auto index = whole(std::string_view(name).substr(feature.size()))) {
        lowest_ = std::min(lowest_, *index);
        highest_ = std::max(highest_, *index);
      }
    }
  }

  Table read() {
    while (!text_.empty()) {
      ++line_;
      read_line(line_of(text_));
    }
    if (labels_.empty()) throw Error(Fault::input, source_ + ": there are no rows in the file");
    return make_table();
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw Error(Fault::input, fmt::format("{}:{}: {}", source_, line_, problem));
  }

  double number(std::string_view text, const char* what) const {
    const auto value = number_in(text);
    if (!value) fail(fmt::format("'{}' is not a number, which {} must be", text, what));
    return *value;
  }

  void note_label(const std::string& label) {
    const auto number = whole(label);
    if (number) seen_.insert(*number);
  }

  // "7", "1,3", or none where the first word is a feature already.
  void read_labels(std::string_view word) {
    const bool none = pair_of(word).has_value();
    const bool several = !none && word.find(',') != std::string_view::npos;
    labels_.push_back(none || several ? std::numeric_limits<double>::quiet_NaN()
                                      : number(word, "the label"));
    if (several && first_several_ == 0) first_several_ = line_;
    if (none && first_without_ == 0) first_without_ = line_;
    if (!several) return;
    while (!word.empty()) {
      const std::string_view label = word.substr(0, word.find(','));
      word.remove_prefix(std::min(word.size(), label.size() + 1));
      const auto value = whole(label);
      if (!value) {
        fail(fmt::format("'{}' is no label; of several each must be a whole number", label));
      }
      several_.push_back({labels_.size() - 1, *value});
    }
  }

  void read_line(std::string_view line) {
    std::string_view word = word_of(line);
    if (word.empty()) return;
    const std::size_t row = labels_.size();
    read_labels(word);
    query_ids_.push_back(std::numeric_limits<double>::quiet_NaN());
    std::optional<std::size_t> last;
    if (!pair_of(word)) word = word_of(line);
    for (; !word.empty(); word = word_of(line)) {
      const auto pair = pair_of(word);
      if (!pair) fail(fmt::format("'{}' is no index:value", word));
      if (pair->index == "qid") {
        query_ids_.back() = number(pair->value, "a qid");
        continue;
      }
      const auto index = whole(pair->index);
      if (!index) fail(fmt::format("'{}' is no index; a whole number was expected", pair->index));
      if (last && *index <= *last) {
        fail(fmt::format("index {} stands behind {}; they must ascend", *index, *last));
      }
      last = index;
      lowest_ = std::min(lowest_, *index);
      highest_ = std::max(highest_, *index);
      cells_.push_back({row, *index, number(pair->value, "a value")});
    }
  }

  void check_size(std::size_t features) const {
    constexpr std::size_t always_fits = 20'000'000, fits = 1'000'000'000, sparse = 200;
    const std::size_t all = features * labels_.size();
    if (all <= always_fits || (all <= fits && all / sparse <= cells_.size())) return;
    throw Error(
        Fault::input,
        fmt::format("{}: {} rows × {} features, of which only {} are not 0, are too many for "
                    "dense arithmetic; choose fewer features",
                    source_, labels_.size(), features, cells_.size()));
  }

  Table make_table() {
    if (highest_ < lowest_) throw Error(Fault::input, source_ + ": no row has a feature");
    const std::size_t first = std::min<std::size_t>(lowest_, 1);
    const std::size_t features = highest_ - first + 1, rows = labels_.size();
    check_size(features);
    Table table;
    table.source = source_;
    table.rows = rows;
    std::vector<std::vector<double>> columns(features, std::vector<double>(rows));
    for (const Cell& cell : cells_) columns[cell.index - first][cell.row] = cell.value;
    for (std::size_t i = 0; i < features; ++i) {
      add(table, fmt::format("{}{}", feature, first + i), std::move(columns[i]));
    }
    const bool queries =
        std::any_of(query_ids_.begin(), query_ids_.end(), [](double x) { return !std::isnan(x); });
    if (queries) add(table, "qid", std::move(query_ids_));
    if (first_several_ == 0 && first_without_ > 0) {
      line_ = first_without_;
      fail(
          "the row has no label, which only rows of files with several labels (1,3 4:0.5) need "
          "not have");
    }
    if (first_several_ == 0) {
      add(table, "label", std::move(labels_));
    } else {
      add_labels(table);
    }
    return table;
  }

  // A column of 0 and 1 for each label that occurs.
  void add_labels(Table& table) {
    for (std::size_t row = 0; row < labels_.size(); ++row) {
      if (std::isnan(labels_[row])) continue;
      const auto label = whole(number_text(labels_[row]));
      if (!label) {
        throw Error(Fault::input,
                    fmt::format("{}: label {} in a file whose line {} has several: each must be a "
                                "whole number",
                                source_, number_text(labels_[row]), first_several_));
      }
      several_.push_back({row, *label});
    }
    for (const RowLabel& one : several_) seen_.insert(one.label);
    if (seen_.size() > most_labels) {
      throw Error(Fault::input, fmt::format("{}: {} different labels are too many for an output "
                                            "each; at most {} were expected",
                                            source_, seen_.size(), most_labels));
    }
    std::map<std::size_t, std::vector<double>> columns;
    for (const std::size_t label : seen_) columns[label].resize(labels_.size());
    for (const RowLabel& one : several_) columns[one.label][one.row] = 1;
    for (auto& [label, has] : columns) {
      add(table, fmt::format("{}{}", one_label, label), std::move(has));
    }
  }

  static void add(Table& table, std::string name, std::vector<double> numbers) {
    Column& column = table.columns.emplace_back();
    column.name = std::move(name);
    column.numbers = std::move(numbers);
  }

  std::string_view text_;
  const std::string& source_;
  std::size_t line_ = 0;
  std::vector<double> labels_, query_ids_;  // a label NaN: several or none
  struct RowLabel {
    std::size_t row, label;
  };
  std::vector<RowLabel> several_;  // of rows with several
  std::set<std::size_t> seen_;     // of those, and of all that are known before
  // The lines of the first row that has several, and of the first without any; 0: there is none.
  std::size_t first_several_ = 0, first_without_ = 0;
  std::vector<Cell> cells_;
  std::size_t lowest_ = std::numeric_limits<std::size_t>::max(), highest_ = 0;
};

}  // namespace

bool is_libsvm(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = line_of(text);
    const std::string_view label = word_of(line);
    if (label.empty()) continue;
    const auto pair = pair_of(word_of(line));
    return are_labels(label) && pair && (whole(pair->index) || pair->index == "qid") &&
           number_in(pair->value);
  }
  return false;
}

Table parse_libsvm(std::string_view text, const std::string& source, const ColumnTypes& known) {
  return Reader(text, source, known).read();
}

}  // namespace caviar
