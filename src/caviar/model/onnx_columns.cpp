#include "caviar/model/onnx_columns.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>
#include <set>
#include <utility>

#include "caviar/data/table.hpp"
#include "caviar/model/onnx_date.hpp"

namespace caviar {
namespace {

using Codes = std::vector<const ColumnCode*>;

constexpr const char* numbers_name = "numbers";

bool has_levels(const ColumnCode& code) {
  return code.type == ColumnType::category || code.type == ColumnType::yes_no;
}

Codes codes_of(const Preprocessor& preprocessor, bool (*wanted)(const ColumnCode&)) {
  Codes codes;
  for (const ColumnCode& code : preprocessor.columns()) {
    if (wanted(code)) codes.push_back(&code);
  }
  return codes;
}

Codes numbers_in(const Preprocessor& preprocessor) {
  return codes_of(preprocessor, [](const auto& code) { return code.type == ColumnType::number; });
}

// Every spelling of yes and no that a table may have; those that mean nothing count as missing.
std::vector<std::string> spellings() {
  std::vector<std::string> all = {"0", "1"};
  for (const std::string word : {"no", "yes", "false", "true", "n", "y", "f", "t", "off", "on"}) {
    std::string upper = word;
    std::transform(word.begin(), word.end(), upper.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    all.push_back(word);
    if (word.size() > 1) all.push_back(upper.substr(0, 1) + word.substr(1));
    all.push_back(upper);
  }
  return all;
}

// A text that none of the levels is.
std::string unheard_of(const std::vector<std::string>& levels) {
  std::string text = "unseen";
  while (std::find(levels.begin(), levels.end(), text) != levels.end()) text += '?';
  return text;
}

// The features of each text, of a text never seen and of a missing one: rows that the preprocessor
// itself fills in.
std::vector<float> feature_rows(const ColumnCode& code, const std::vector<std::string>& texts) {
  Column column;
  column.name = code.name;
  column.type = code.type;
  column.levels = texts;
  column.levels.push_back(unheard_of(texts));
  column.codes.resize(column.levels.size());
  std::iota(column.codes.begin(), column.codes.end(), 0);
  column.codes.push_back(missing_level);
  Table table;
  table.rows = column.codes.size();
  table.columns.push_back(std::move(column));
  std::vector<std::size_t> rows(table.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return Preprocessor({code}).apply(table, rows);
}

class Writer {
 public:
  explicit Writer(OnnxGraph& graph) : graph_(graph) {}

  std::string write(const Preprocessor& preprocessor) {
    for (const OnnxInput& input : onnx_inputs(preprocessor)) {
      graph_.input(input.name, input.type, input.columns);
    }
    add_numbers(numbers_in(preprocessor));
    for (const ColumnCode& code : preprocessor.columns()) {
      if (has_levels(code)) add_levels(code);
      if (code.type == ColumnType::date) {
        take(add_date(graph_, code, code.name), code, 0, code.width);
      }
    }
    return in_order();
  }

 private:
  // Notes that the next columns of the whole are these features of the column.
  void take(const std::string& part, const ColumnCode& code, std::size_t from, std::size_t count) {
    if (parts_.empty() || parts_.back() != part) parts_.push_back(part);
    for (std::size_t i = 0; i < count; ++i) features_.push_back(code.first_feature + from + i);
  }

  // ((missing ? fill : x) − shift) × factor in double, as caviar computes it; then what is missing.
  void add_numbers(const Codes& codes) {
    if (codes.empty()) return;
    const auto constant = [&](auto member) {
      std::vector<double> values;
      for (const ColumnCode* code : codes) values.push_back(code->*member);
      return graph_.constant({1, values.size()}, std::span<const double>(values));
    };
    const std::string missing = graph_.node("IsNaN", {numbers_name});
    const std::string filled =
        graph_.node("Where", {missing, constant(&ColumnCode::fill), numbers_name});
    const std::string shifted = graph_.node("Sub", {filled, constant(&ColumnCode::shift)});
    const std::string scaled =
        as_float(graph_.node("Mul", {shifted, constant(&ColumnCode::factor)}));
    for (const ColumnCode* code : codes) take(scaled, *code, 0, 1);
    add_missing(codes, missing);
  }

  void add_missing(const Codes& codes, const std::string& missing) {
    std::vector<std::int64_t> which;
    for (std::size_t i = 0; i < codes.size(); ++i) {
      if (codes[i]->missing) which.push_back(static_cast<std::int64_t>(i));
    }
    if (which.empty()) return;
    const std::string flags = gathered(as_float(missing), which, 1);
    for (const std::int64_t i : which) {
      const ColumnCode& code = *codes[static_cast<std::size_t>(i)];
      take(flags, code, code.width - 1, 1);
    }
  }

  // A text becomes the number of a row in a table of features.
  void add_levels(const ColumnCode& code) {
    const std::vector<std::string> texts =
        code.type == ColumnType::yes_no ? spellings() : code.levels;
    const std::vector<float> rows = feature_rows(code, texts);
    std::vector<std::string> keys = texts;
    std::vector<std::int64_t> places(texts.size());
    std::iota(places.begin(), places.end(), std::int64_t{0});
    if (std::find(keys.begin(), keys.end(), "") == keys.end()) {
      keys.emplace_back();
      places.push_back(static_cast<std::int64_t>(texts.size() + 1));
    }
    const std::string table =
        graph_.constant({texts.size() + 2, code.width}, std::span<const float>(rows));
    const std::string place = graph_.ml_node(
        "LabelEncoder", {code.name},
        {OnnxAttribute::texts("keys_strings", keys), OnnxAttribute::wholes("values_int64s", places),
         OnnxAttribute::whole("default_int64", static_cast<std::int64_t>(texts.size()))});
    const std::int64_t flat[] = {-1};
    const std::string row =
        graph_.node("Reshape", {place, graph_.constant({1}, std::span<const std::int64_t>(flat))});
    take(graph_.node("Gather", {table, row}, {OnnxAttribute::whole("axis", 0)}), code, 0,
         code.width);
  }

  // The parts side by side, then the features in the order that the network reads.
  std::string in_order() {
    std::string whole = parts_.front();
    if (parts_.size() > 1) whole = graph_.node("Concat", parts_, {OnnxAttribute::whole("axis", 1)});
    if (std::is_sorted(features_.begin(), features_.end())) return whole;
    std::vector<std::int64_t> place(features_.size());
    for (std::size_t i = 0; i < features_.size(); ++i) {
      place[features_[i]] = static_cast<std::int64_t>(i);
    }
    return gathered(whole, place, 1);
  }

  std::string as_float(const std::string& x) {
    return graph_.node("Cast", {x},
                       {OnnxAttribute::whole("to", static_cast<std::int64_t>(OnnxType::real))});
  }

  std::string gathered(const std::string& x, const std::vector<std::int64_t>& which,
                       std::int64_t axis) {
    const std::string places =
        graph_.constant({which.size()}, std::span<const std::int64_t>(which));
    return graph_.node("Gather", {x, places}, {OnnxAttribute::whole("axis", axis)});
  }

  OnnxGraph& graph_;
  std::vector<std::string> parts_;
  std::vector<std::size_t> features_;  // of the parts' columns, one after the other
};

}  // namespace

std::vector<std::string> number_columns(const Preprocessor& preprocessor) {
  std::vector<std::string> names;
  for (const ColumnCode* code : numbers_in(preprocessor)) names.push_back(code->name);
  return names;
}

std::vector<std::string> date_columns(const Preprocessor& preprocessor) {
  std::vector<std::string> names;
  for (const ColumnCode& code : preprocessor.columns()) {
    if (code.type == ColumnType::date) names.push_back(code.name);
  }
  return names;
}

std::vector<OnnxInput> onnx_inputs(const Preprocessor& preprocessor) {
  std::vector<OnnxInput> inputs;
  const std::size_t numbers = numbers_in(preprocessor).size();
  if (numbers > 0) inputs.push_back({numbers_name, OnnxType::exact, numbers});
  for (const ColumnCode& code : preprocessor.columns()) {
    if (has_levels(code)) inputs.push_back({code.name, OnnxType::text, 1});
    if (code.type == ColumnType::date) inputs.push_back({code.name, OnnxType::exact, 1});
  }
  return inputs;
}

std::string add_columns(OnnxGraph& graph, const Preprocessor& preprocessor) {
  return Writer(graph).write(preprocessor);
}

}  // namespace caviar
