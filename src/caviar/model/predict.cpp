#include "caviar/model/predict.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <utility>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/nn/loss.hpp"
#include "caviar/trainer/evaluate.hpp"
#include "caviar/trainer/hyperparameters.hpp"

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

// What was trained, as far as the rows' classes have no weights of their own.
Criterion trained_criterion(const SavedModel& saved) {
  Criterion criterion = usual_criterion(saved.target.task, saved.model.outputs());
  TrainSpec spec;
  spec.fixed = saved.hyperparameters;
  const Settings said = settings(spec);
  if (said.loss) criterion.loss = *said.loss;
  criterion.label_smoothing = saved.target.task == Task::regression ? 0 : said.label_smoothing;
  criterion.huber_delta = said.huber_delta;
  criterion.quantile = said.quantile;
  criterion.quantiles = quantiles_of(saved.target);
  return criterion;
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
  const auto quoted = [csv](const std::string& text) {
    return csv ? csv_cell(text) : json_text(text);
  };
  std::vector<std::string> probable = saved.target.classes;
  for (const TargetColumn& column : saved.target.columns) {
    targets_.push_back(quoted(column.shown()));
    if (saved.target.task == Task::multi_label) probable.push_back(column.name);
  }
  for (const std::string& name : saved.target.classes) {
    classes_.push_back(csv ? csv_cell(name) : json_class(name));
  }
  for (const std::string& name : probable) {
    probability_keys_.push_back(quoted(csv ? "p(" + name + ")" : name));
  }
  if (options_.format == PredictionFormat::json) text_ = "[";
  if (!csv) return;
  text_ = join(targets_, ",");
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
    add_rows(part.data(), count);
    sink_(text_);
    text_.clear();
  }
}

void PredictionWriter::add_rows(const float* x, std::size_t count) {
  const ConstMatrix<float> features = {x, count, saved_.preprocessor.width()};
  const Task task = saved_.target.task;
  std::vector<float> outputs = task == Task::classification ? class_logits(saved_.model, features)
                                                            : outputs_of(saved_.model, features);
  sort_quantiles(std::span(outputs), saved_.target.quantiles());
  const Matrix<float> matrix = {outputs.data(), count, outputs.size() / count};
  if (task == Task::classification) softmax_rows(matrix);
  const bool json = options_.format == PredictionFormat::json;
  const bool csv = options_.format == PredictionFormat::csv;
  for (std::size_t row = 0; row < count; ++row) {
    check_finite(matrix.row(row));
    if (json) text_ += rows_ == 0 ? "\n" : ",\n";
    if (!csv) text_ += '{';
    if (task == Task::classification) add_class(matrix.row(row));
    if (task == Task::multi_label) add_labels(matrix.row(row));
    if (task == Task::regression) add_numbers(matrix.row(row));
    if (!csv) text_ += '}';
    if (!json) text_ += '\n';
    ++rows_;
  }
}

void PredictionWriter::check_finite(std::span<const float> outputs) const {
  if (std::ranges::all_of(outputs, [](float x) { return std::isfinite(x); })) return;
  throw Error(Fault::input, "row " + std::to_string(rows_ + 1) +
                                ": a value of it is too large for the model, whose outputs are no "
                                "numbers there; correct it or leave the cell empty");
}

// Stands before the target's value.
void PredictionWriter::begin_value(std::size_t target) {
  if (target > 0) text_ += ',';
  if (options_.format != PredictionFormat::csv) text_ += targets_[target] + ":";
}

void PredictionWriter::add_class(std::span<const float> probabilities) {
  const auto best = std::max_element(probabilities.begin(), probabilities.end());
  begin_value(0);
  text_ += classes_[static_cast<std::size_t>(best - probabilities.begin())];
  add_probabilities(probabilities);
}

void PredictionWriter::add_labels(std::span<float> logits) {
  const bool csv = options_.format == PredictionFormat::csv;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    begin_value(i);
    const bool yes = logits[i] > 0;
    text_ += csv ? (yes ? "1" : "0") : (yes ? "true" : "false");
    logits[i] = static_cast<float>(1 / (1 + std::exp(-static_cast<double>(logits[i]))));
  }
  add_probabilities(logits);
}

void PredictionWriter::add_numbers(std::span<const float> outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    begin_value(i);
    append_number(text_, saved_.target.columns[i].decoded(static_cast<double>(outputs[i])));
  }
}

void PredictionWriter::add_probabilities(std::span<const float> probabilities) {
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

std::map<std::string, double> score_on(const SavedModel& saved, const Table& table,
                                       const std::string& weights) {
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
  part.weights = row_weights(table, weights, rows);
  const std::size_t each = target.columns.size();
  for (std::size_t i = 0; i < target.values.size(); ++i) {
    part.targets.push_back(data.target.coded(target, i / each, i % each));
  }
  const Criterion criterion = trained_criterion(saved);
  return named_scores(evaluate_part(data, part, saved.model, criterion), "");
}

}  // namespace caviar
