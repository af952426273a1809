#include "caviar/model/predict.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <utility>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/nn/loss.hpp"
#include "caviar/trainer/evaluate.hpp"

namespace caviar {
namespace {

const std::array<std::string, 3> format_names = {"csv", "json", "jsonl"};
constexpr std::size_t rows_at_once = 4096;

template <class T>
void append_number(std::string& text, T value) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text.append(digits.data(), end);
}

std::string csv_cell(const std::string& text) {
  const bool plain = text.find_first_of(",\"\r\n") == std::string::npos && !text.empty() &&
                     text.front() != ' ' && text.back() != ' ';
  if (plain) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string json_text(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// A class that was a number in the table is one again.
std::string json_class(const std::string& name) {
  const std::optional<double> number = parse_number(name);
  return number && number_text(*number) == name ? name : json_text(name);
}

}  // namespace

PredictionFormat parse_prediction_format(const std::string& name, const std::string& where) {
  const auto found = std::find(format_names.begin(), format_names.end(), name);
  if (found != format_names.end()) {
    return static_cast<PredictionFormat>(found - format_names.begin());
  }
  throw Error(Fault::input, where + ": '" + name + "' is no format of predictions" +
                                suggestion(name, format_names));
}

PredictionWriter::PredictionWriter(const SavedModel& saved, const PredictionOptions& options,
                                   TextSink sink)
    : saved_(saved), options_(options), sink_(std::move(sink)) {
  const bool csv = options_.format == PredictionFormat::csv;
  target_ = csv ? csv_cell(saved.target.column) : json_text(saved.target.column);
  for (const std::string& name : saved.target.classes) {
    classes_.push_back(csv ? csv_cell(name) : json_class(name));
    probability_keys_.push_back(csv ? csv_cell("p(" + name + ")") : json_text(name));
  }
  if (options_.format == PredictionFormat::json) text_ = "[";
  if (!csv) return;
  text_ = target_;
  if (options_.probabilities) {
    for (const std::string& key : probability_keys_) text_ += "," + key;
  }
  text_ += "\n";
}

void PredictionWriter::add(const Table& table) {
  std::vector<std::size_t> rows(table.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const std::size_t width = saved_.preprocessor.width();
  std::vector<float> x(std::min(rows_at_once, table.rows) * width);
  for (std::size_t first = 0; first < table.rows; first += rows_at_once) {
    const std::size_t count = std::min(rows_at_once, table.rows - first);
    const std::span<float> part(x.data(), count * width);
    saved_.preprocessor.apply(table, std::span(rows).subspan(first, count), part);
    std::vector<float> outputs = outputs_of(saved_.model, {part.data(), count, width});
    const Matrix<float> matrix = {outputs.data(), count, saved_.model.outputs()};
    if (saved_.target.task == Task::classification) softmax_rows(matrix);
    add_rows(matrix);
    sink_(text_);
    text_.clear();
  }
}

void PredictionWriter::add_rows(ConstMatrix<float> outputs) {
  const bool json = options_.format == PredictionFormat::json;
  const bool csv = options_.format == PredictionFormat::csv;
  for (std::size_t row = 0; row < outputs.rows; ++row) {
    if (json) text_ += rows_ == 0 ? "\n" : ",\n";
    if (!csv) text_ += "{" + target_ + ":";
    if (saved_.target.task == Task::classification) {
      add_class(outputs.row(row));
    } else {
      append_number(text_, saved_.target.decoded(static_cast<double>(outputs.row(row)[0])));
    }
    if (!csv) text_ += '}';
    if (!json) text_ += '\n';
    ++rows_;
  }
}

void PredictionWriter::add_class(std::span<const float> probabilities) {
  const auto best = std::max_element(probabilities.begin(), probabilities.end());
  text_ += classes_[static_cast<std::size_t>(best - probabilities.begin())];
  if (!options_.probabilities) return;
  const bool csv = options_.format == PredictionFormat::csv;
  if (!csv) text_ += ",\"probabilities\":{";
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (csv || i > 0) text_ += ',';
    if (!csv) text_ += probability_keys_[i] + ":";
    append_number(text_, probabilities[i]);
  }
  if (!csv) text_ += '}';
}

void PredictionWriter::finish() {
  if (options_.format == PredictionFormat::json) text_ += rows_ == 0 ? "]\n" : "\n]\n";
  sink_(text_);
  text_.clear();
}

std::map<std::string, double> score_on(const SavedModel& saved, const Table& table) {
  const Target target = read_target(table, saved.target);
  std::vector<std::size_t> rows(table.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  PreparedData data;
  data.task = saved.target.task;
  data.classes = saved.target.classes;
  data.target = saved.target;
  data.preprocessor = saved.preprocessor;
  DataPart part;
  part.rows = table.rows;
  part.features = saved.preprocessor.width();
  part.x = saved.preprocessor.apply(table, rows);
  part.labels = target.labels;
  for (const double value : target.values) part.targets.push_back(saved.target.coded(value));
  return named_scores(evaluate_part(data, part, saved.model, usual_criterion(data.task)), "");
}

}  // namespace caviar
