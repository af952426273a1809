#include "caviar/model/predict.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/nn/loss.hpp"
#include "caviar/trainer/evaluate.hpp"
#include "caviar/trainer/hyperparameters.hpp"

namespace caviar {
namespace {

const std::array<std::string, 5> format_names = {"csv", "tsv", "json", "jsonl", "npy"};
constexpr std::size_t rows_at_once = 4096;

template <class T>
void append_number(std::string& text, T value) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text.append(digits.data(), end);
}

// A cell of CSV or TSV.
std::string table_cell(const std::string& text, char separator) {
  const bool plain = text.find_first_of("\"\r\n") == std::string::npos &&
                     text.find(separator) == std::string::npos && !text.empty() &&
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

double sigmoid(double logit) { return 1 / (1 + std::exp(-logit)); }

// A class that was a number in the table is one again.
std::string json_class(const std::string& name) {
  const std::optional<double> number = parse_number(name);
  return number && number_text(*number) == name ? name : json_text(name);
}

// Levels that training has not seen, as a person should know of them. Rare ones are expected; where
// they are most of a column, it is likely to be spelt in another way than in training.
std::vector<std::string> unseen_warnings(std::span<const UnseenLevels> all) {
  std::vector<std::string> sentences;
  for (const UnseenLevels& unseen : all) {
    if (unseen.cells == 0 || (unseen.rare && 2 * unseen.cells <= unseen.filled)) continue;
    std::vector<std::string> shown;
    for (const std::string& level : unseen.levels) shown.push_back("'" + excerpt(level) + "'");
    const char* as = unseen.type == ColumnType::yes_no ? "as missing"
                     : unseen.rare                     ? "as rare levels"
                                                       : "as none of its levels";
    sentences.push_back(fmt::format(
        "column '{}': {} of {} cells hold what the model has not learnt of ({}{}); they count {}",
        unseen.column, unseen.cells, unseen.filled, join(shown, ", "),
        unseen.levels.size() < most_levels_noted ? "" : " …", as));
  }
  return sentences;
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
    : saved_(saved),
      options_(options),
      sink_(std::move(sink)),
      separator_(options.format == PredictionFormat::tsv ? '\t' : ','),
      in_table_(options.format == PredictionFormat::csv || options.format == PredictionFormat::tsv),
      array_(saved.target, options.probabilities) {
  const auto quoted = [this](const std::string& text) {
    return in_table_ ? table_cell(text, separator_) : json_text(text);
  };
  std::vector<std::string> probable = saved.target.classes;
  for (const TargetColumn& column : saved.target.columns) {
    targets_.push_back(quoted(column.shown()));
    if (saved.target.task == Task::multi_label) probable.push_back(column.name);
  }
  for (const std::string& name : saved.target.classes) {
    classes_.push_back(in_table_ ? quoted(name) : json_class(name));
  }
  for (const std::string& name : probable) {
    probability_keys_.push_back(quoted(in_table_ ? "p(" + name + ")" : name));
  }
  if (options_.format == PredictionFormat::json) text_ = "[";
  if (!in_table_) return;
  text_ = join(targets_, std::string(1, separator_));
  if (options_.probabilities) {
    for (const std::string& key : probability_keys_) text_ += separator_ + key;
  }
  text_ += "\n";
}

void PredictionWriter::add(const Table& table) {
  note_unseen(saved_.preprocessor.unseen(table));
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
  for (std::size_t row = 0; row < count; ++row) {
    check_finite(matrix.row(row));
    if (options_.format == PredictionFormat::npy) {
      add_to_array(matrix.row(row));
    } else {
      add_text(matrix.row(row));
    }
    ++rows_;
  }
}

void PredictionWriter::note_unseen(const std::vector<UnseenLevels>& unseen) {
  if (unseen_.empty()) unseen_.resize(unseen.size());
  for (std::size_t i = 0; i < unseen.size(); ++i) unseen_[i].add(unseen[i]);
}

std::vector<std::string> PredictionWriter::warnings() const { return unseen_warnings(unseen_); }

void PredictionWriter::add_to_array(std::span<const float> outputs) {
  values_.assign(outputs.begin(), outputs.end());
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (saved_.target.task == Task::multi_label) values_[i] = sigmoid(values_[i]);
    if (saved_.target.task == Task::regression) {
      values_[i] = saved_.target.columns[i].decoded(values_[i]);
    }
  }
  array_.add(values_);
}

void PredictionWriter::add_text(std::span<float> outputs) {
  const Task task = saved_.target.task;
  const bool json = options_.format == PredictionFormat::json;
  if (json) text_ += rows_ == 0 ? "\n" : ",\n";
  if (!in_table_) text_ += '{';
  if (task == Task::classification) add_class(outputs);
  if (task == Task::multi_label) add_labels(outputs);
  if (task == Task::regression) add_numbers(outputs);
  if (!in_table_) text_ += '}';
  if (!json) text_ += '\n';
}

void PredictionWriter::check_finite(std::span<const float> outputs) const {
  if (std::ranges::all_of(outputs, [](float x) { return std::isfinite(x); })) return;
  throw Error(Fault::input, "row " + std::to_string(rows_ + 1) +
                                ": a value of it is too large for the model, whose outputs are no "
                                "numbers there; correct it or leave the cell empty");
}

// Stands before the target's value.
void PredictionWriter::begin_value(std::size_t target) {
  if (target > 0) text_ += separator_;
  if (!in_table_) text_ += targets_[target] + ":";
}

void PredictionWriter::add_class(std::span<const float> probabilities) {
  const auto best = std::max_element(probabilities.begin(), probabilities.end());
  begin_value(0);
  text_ += classes_[static_cast<std::size_t>(best - probabilities.begin())];
  add_probabilities(probabilities);
}

void PredictionWriter::add_labels(std::span<float> logits) {
  for (std::size_t i = 0; i < logits.size(); ++i) {
    begin_value(i);
    const bool yes = logits[i] > 0;
    text_ += in_table_ ? (yes ? "1" : "0") : (yes ? "true" : "false");
    logits[i] = static_cast<float>(sigmoid(logits[i]));
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
  if (!in_table_) text_ += ",\"probabilities\":{";
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (in_table_ || i > 0) text_ += separator_;
    if (!in_table_) text_ += probability_keys_[i] + ":";
    append_number(text_, probabilities[i]);
  }
  if (!in_table_) text_ += '}';
}

void PredictionWriter::finish() {
  if (options_.format == PredictionFormat::json) text_ += rows_ == 0 ? "]\n" : "\n]\n";
  if (options_.format == PredictionFormat::npy) text_ = array_.bytes();
  sink_(text_);
  text_.clear();
}

ScoresOnTable score_on(const SavedModel& saved, const Table& all, const std::string& weights) {
  const std::optional<Table> some = without_missing(all, saved.target.names());
  const Table& table = some ? *some : all;
  if (table.rows == 0) {
    throw Error(Fault::input, fmt::format("{}: none of the {} rows has a value of the target '{}', "
                                          "by which to judge the model",
                                          all.source, all.rows, saved.target.name()));
  }
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
  return {named_scores(evaluate_part(data, part, saved.model, criterion), ""), table.rows,
          all.rows - table.rows, unseen_warnings(saved.preprocessor.unseen(table))};
}

}  // namespace caviar
