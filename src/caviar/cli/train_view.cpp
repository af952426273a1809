#include "caviar/cli/train_view.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "caviar/base/text.hpp"
#include "caviar/tune/plot.hpp"

namespace caviar::cli {
namespace {

constexpr std::size_t most_columns = 24, shown_columns = 12;
constexpr std::size_t most_classes_shown = 12, most_mistakes = 10;
constexpr std::chrono::milliseconds redraw{40};

std::string number(double value) { return std::isnan(value) ? "" : rounded_text(value); }

std::string ending_text(const TrainResult& result) {
  std::string text =
      fmt::format("{} {} in {}", result.epochs, result.epochs == 1 ? "epoch" : "epochs",
                  duration_text(result.seconds));
  if (result.ending == FitEnding::early_stop) text += ", stopped early: no gain any more";
  if (result.ending == FitEnding::stopped) text += ", interrupted";
  return text + fmt::format("; the weights of epoch {} are kept\n", result.kept_epoch);
}

// Every score of every part, a row each.
std::string scores_text(const FinishedTraining& training, const Terminal& terminal) {
  TextTable table({"", ">training", ">validation", ">test"});
  for (const ScoreLine& line : score_lines(training)) {
    std::vector<std::string> row = {line.name};
    for (const double value : line.values) row.push_back(number(value));
    table.add(std::move(row));
  }
  const PreparedData& data = training.data;
  table.add({"rows", std::to_string(data.training.rows), std::to_string(data.validation.rows),
             std::to_string(data.test.rows)});
  return table.text(terminal);
}

std::string matrix_text(const ConfusionMatrix& confusion, const std::vector<std::string>& classes,
                        const Terminal& terminal) {
  std::vector<std::string> headers = {"true \\ predicted"};
  for (const std::string& name : classes) headers.push_back(">" + clipped(name, 14));
  for (const char* of_class : {">recall", ">precision", ">f1"}) headers.emplace_back(of_class);
  TextTable table(headers);
  const std::vector<ClassScore> scores = class_scores(confusion);
  for (std::size_t actual = 0; actual < classes.size(); ++actual) {
    std::vector<std::string> row = {clipped(classes[actual], 24)};
    for (std::size_t predicted = 0; predicted < classes.size(); ++predicted) {
      const double count = confusion.at(actual, predicted);
      const Style style = count == 0            ? Style::faint
                          : actual == predicted ? Style::good
                                                : Style::bad;
      row.push_back(styled(terminal, style, rounded_text(count, 6)));
    }
    for (const double score :
         {scores[actual].recall, scores[actual].precision, scores[actual].f1}) {
      row.push_back(scores[actual].rows == 0 ? "" : rounded_text(score, 3));
    }
    table.add(std::move(row));
  }
  return table.text(terminal);
}

// For many classes: those that are told worst.
std::string worst_classes_text(const ConfusionMatrix& confusion,
                               const std::vector<std::string>& classes, const Terminal& terminal) {
  const std::vector<ClassScore> scores = class_scores(confusion);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i].rows > 0) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return scores[a].f1 < scores[b].f1; });
  TextTable table({"told worst", ">rows", ">recall", ">precision", ">f1"});
  for (std::size_t i = 0; i < std::min(order.size(), most_mistakes); ++i) {
    const ClassScore& score = scores[order[i]];
    table.add({clipped(classes[order[i]], 24), rounded_text(score.rows, 6),
               rounded_text(score.recall, 3), rounded_text(score.precision, 3),
               rounded_text(score.f1, 3)});
  }
  return table.text(terminal);
}

// For many classes: what is mistaken most often.
std::string mistakes_text(const ConfusionMatrix& confusion, const std::vector<std::string>& classes,
                          const Terminal& terminal) {
  struct Mistake {
    double count;
    std::size_t actual, predicted;
  };
  std::vector<Mistake> mistakes;
  for (std::size_t actual = 0; actual < classes.size(); ++actual) {
    for (std::size_t predicted = 0; predicted < classes.size(); ++predicted) {
      const double count = confusion.at(actual, predicted);
      if (count > 0 && actual != predicted) mistakes.push_back({count, actual, predicted});
    }
  }
  std::stable_sort(mistakes.begin(), mistakes.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  if (mistakes.empty()) return "no mistakes\n";
  TextTable table({"true", "taken for", ">times"});
  for (std::size_t i = 0; i < std::min(mistakes.size(), most_mistakes); ++i) {
    const Mistake& one = mistakes[i];
    table.add({classes[one.actual], classes[one.predicted], rounded_text(one.count, 6)});
  }
  return table.text(terminal);
}

// How far off the predictions are, by quantiles.
std::string residuals_text(std::vector<double> residuals, const Terminal& terminal) {
  std::sort(residuals.begin(), residuals.end());
  const auto quantile = [&](double share) {
    const auto last = static_cast<double>(residuals.size() - 1);
    return rounded_text(residuals[static_cast<std::size_t>(std::lround(share * last))]);
  };
  TextTable table(
      {"predicted - true", ">lowest", ">5 %", ">25 %", ">median", ">75 %", ">95 %", ">highest"});
  table.add({"", quantile(0), quantile(0.05), quantile(0.25), quantile(0.5), quantile(0.75),
             quantile(0.95), quantile(1)});
  return table.text(terminal);
}

NamedScores scores_of(const LabelScore& label) {
  return {{"yes", label.yes.rows},
          {"accuracy", label.accuracy},
          {"precision", label.yes.precision},
          {"recall", label.yes.recall},
          {"f1", label.yes.f1},
          {"auc", label.auc}};
}

// Of numbers that were predicted minus true ones.
NamedScores scores_of(const std::vector<double>& residuals, const std::vector<float>& actual,
                      double deviation) {
  const auto count = static_cast<double>(residuals.size());
  double squares = 0, sizes = 0, sum = 0, all = 0;
  for (std::size_t row = 0; row < residuals.size(); ++row) {
    const double value = static_cast<double>(actual[row]) * deviation;
    squares += residuals[row] * residuals[row];
    sizes += std::abs(residuals[row]);
    sum += value;
    all += value * value;
  }
  const double variance = all - sum * sum / count;
  return {{"rmse", std::sqrt(squares / count)},
          {"mae", sizes / count},
          {"r2", variance > 0 ? 1 - squares / variance : unknown}};
}

std::string targets_text(const FinishedTraining& training, const Terminal& terminal) {
  const auto targets = training.by_target();
  std::vector<std::string> headers = {"target"};
  for (const auto& [what, value] : targets[0].second) headers.push_back(">" + what);
  TextTable table(headers);
  for (const auto& [name, scores] : targets) {
    std::vector<std::string> row = {clipped(name, 24)};
    for (const auto& [what, value] : scores) row.push_back(number(value));
    table.add(std::move(row));
  }
  return table.text(terminal);
}

// Whether the test rows are new to the network.
const char* seen_text(const FinishedTraining& training) {
  return training.is_new ? ", which no training saw"
                         : ", which this training did not see; the model that it began with may "
                           "have learnt from them";
}

std::string details_text(const FinishedTraining& training, const Terminal& terminal) {
  const PreparedData& data = training.data;
  const DataPart& part = training.judging();
  if (part.rows == 0) return "";
  std::string text =
      fmt::format("\non the {} {} rows{}\n", part.rows, training.tested() ? "test" : "validation",
                  training.tested() ? seen_text(training) : "");
  if (data.task == Task::multi_label || data.target.columns.size() > 1) {
    return text + targets_text(training, terminal);
  }
  if (data.task == Task::regression) {
    return text + residuals_text(residuals_on(data, part, training.result.model), terminal);
  }
  const ConfusionMatrix confusion = *training.confusion();
  if (data.classes.size() <= most_classes_shown) {
    return text + matrix_text(confusion, data.classes, terminal);
  }
  return text + worst_classes_text(confusion, data.classes, terminal) + "\n" +
         mistakes_text(confusion, data.classes, terminal);
}

}  // namespace

std::optional<ConfusionMatrix> FinishedTraining::confusion() const {
  if (data.task != Task::classification || judging().rows == 0) return std::nullopt;
  return confusion_on(judging(), result.model);
}

std::vector<ScoreLine> score_lines(const FinishedTraining& training) {
  const std::map<std::string, double> by_part[] = {named_scores(training.training, ""),
                                                   named_scores(training.result.validation, ""),
                                                   named_scores(training.test, "")};
  std::vector<ScoreLine> lines;
  for (const std::string& name : score_names()) {
    ScoreLine line{name, {unknown, unknown, unknown}};
    bool worth_it = false;
    for (std::size_t part = 0; part < 3; ++part) {
      const auto found = by_part[part].find(name);
      if (found == by_part[part].end()) continue;
      line.values[part] = found->second;
      // Mostly the log loss is the loss.
      const double loss = by_part[part].at("loss");
      worth_it =
          worth_it || name != "log_loss" || std::abs(found->second - loss) > 1e-4 * std::abs(loss);
    }
    if (worth_it) lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::pair<std::string, NamedScores>> FinishedTraining::by_target() const {
  std::vector<std::pair<std::string, NamedScores>> scores;
  const DataPart& part = judging();
  const std::vector<TargetColumn>& columns = data.target.columns;
  if (part.rows == 0 || (data.task != Task::multi_label && columns.size() == 1)) return scores;
  if (data.task == Task::multi_label) {
    const std::vector<LabelScore> labels = label_scores_on(part, result.model);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      scores.emplace_back(columns[i].name, scores_of(labels[i]));
    }
    return scores;
  }
  if (data.target.quantiles() > 0) {
    const std::vector<QuantileScore> quantiles = quantile_scores_on(data, part, result.model);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      scores.emplace_back(columns[i].shown(), NamedScores{{"quantile", columns[i].quantile},
                                                          {"below", quantiles[i].below},
                                                          {"loss", quantiles[i].loss}});
    }
    return scores;
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::vector<float> actual;
    for (std::size_t at = i; at < part.targets.size(); at += columns.size()) {
      actual.push_back(part.targets[at]);
    }
    scores.emplace_back(columns[i].name, scores_of(residuals_on(data, part, result.model, i),
                                                   actual, columns[i].deviation));
  }
  return scores;
}

namespace {

// All pixels as if they were one column.
std::vector<std::string> picture_row(const PreparedData& data) {
  const ImageShape& image = *data.image;
  std::size_t missing = 0;
  double low = INFINITY, high = -INFINITY;
  for (std::size_t i = 0; i < image.pixels(); ++i) {
    const ColumnSummary& summary = data.columns[i].summary;
    missing += summary.missing;
    low = std::fmin(low, summary.low);
    high = std::fmax(high, summary.high);
  }
  return {data.columns[0].name + " …", "", "number", missing == 0 ? "" : std::to_string(missing),
          fmt::format("{} pixels: pictures of {} × {}{}, {} … {}", image.pixels(), image.height,
                      image.width,
                      image.channels == 1 ? "" : fmt::format(" × {} channels", image.channels),
                      rounded_text(low), rounded_text(high))};
}

}  // namespace

std::string columns_text(const PreparedData& data, const Terminal& terminal) {
  TextTable table({"column", "", "type", ">missing", "values"});
  const std::size_t pixels = data.image ? data.image->pixels() : 0;
  if (pixels > 0) table.add(picture_row(data));
  const std::size_t all = data.columns.size();
  const std::size_t shown = all - pixels > most_columns ? pixels + shown_columns : all;
  for (std::size_t i = pixels; i < all; ++i) {
    const ColumnLine& column = data.columns[i];
    if (i >= shown && column.role != "target") continue;
    table.add({column.name, column.role == "feature" ? "" : column.role, name_of(column.type),
               column.summary.missing == 0 ? "" : std::to_string(column.summary.missing),
               column.values});
  }
  std::string text = table.text(terminal);
  if (shown < all) text += fmt::format("… and {} more\n", all - shown);
  return text;
}

std::string curves_text(const std::vector<EpochStats>& epochs, const Terminal& terminal) {
  Curve training{"training", Style::faint, {}, {}}, validation{"validation", Style::good, {}, {}};
  for (const EpochStats& epoch : epochs) {
    training.x.push_back(epoch.epoch);
    training.y.push_back(epoch.training_loss);
    validation.x.push_back(epoch.epoch);
    validation.y.push_back(epoch.validation_loss);
  }
  const std::string picture = plot({training, validation}, {.x_label = "epoch"}, terminal);
  return picture.empty() ? "" : "loss\n" + picture;
}

std::string rates_text(const RateCurve& curve, const Terminal& terminal) {
  Curve loss{"loss", Style::plain, {}, {}};
  for (const RatePoint& point : curve.points) {
    loss.x.push_back(point.rate);
    loss.y.push_back(point.smoothed);
  }
  const std::string picture = plot({loss}, {.x_label = "learning rate", .log_x = true}, terminal);
  return picture.empty() ? "" : "loss by learning rate\n" + picture;
}

std::string end_text(const FinishedTraining& training, const Terminal& terminal) {
  const std::string curves = curves_text(training.epochs, terminal);
  return "\n" + ending_text(training.result) + (curves.empty() ? "" : "\n" + curves) + "\n" +
         scores_text(training, terminal) + details_text(training, terminal);
}

EpochView::EpochView(std::FILE* stream, int epochs)
    : stream_(stream), terminal_(terminal_of(stream)), epochs_(epochs) {}

std::string EpochView::line(const EpochStats& epoch) const {
  const auto part = [](const char* name, double value) {
    return std::isnan(value) ? "" : fmt::format("  {} {:<8}", name, rounded_text(value));
  };
  const double left = epoch.seconds / epoch.epoch * (epochs_ - epoch.epoch);
  return fmt::format(
      "{}{}{}  {}", part("training loss", epoch.training_loss),
      part("validation loss", epoch.validation_loss), part("accuracy", epoch.validation_accuracy),
      epoch.epoch == epochs_ ? std::string() : fmt::format("at most {} left", duration_text(left)));
}

void EpochView::see(const EpochStats& epoch) {
  if (epoch.best) best_ = epoch.epoch;
  if (!terminal_.live) {
    std::string text = fmt::format("epoch {}/{}{}{}", epoch.epoch, epochs_, line(epoch),
                                   epoch.best ? "  best" : "");
    text.erase(text.find_last_not_of(' ') + 1);
    fmt::print(stream_, "{}\n", text);
    std::fflush(stream_);
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (now - drawn_at_ < redraw && epoch.epoch < epochs_) return;
  drawn_at_ = now;
  const double share = static_cast<double>(epoch.epoch) / epochs_;
  const std::string text =
      fmt::format("epoch {}/{} {}{}  best {}", epoch.epoch, epochs_,
                  padded(styled(terminal_, Style::good, bar(share, 16)), 16), line(epoch), best_);
  fmt::print(stream_, "\r{}\x1b[K", clipped(text, static_cast<std::size_t>(terminal_.width - 1)));
  std::fflush(stream_);
}

void EpochView::finish() {
  if (terminal_.live) fmt::print(stream_, "\r\x1b[K");
}

}  // namespace caviar::cli
