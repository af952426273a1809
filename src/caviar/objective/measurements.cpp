#include "caviar/objective/measurements.hpp"

#include <cmath>

#include "caviar/base/json.hpp"
#include "caviar/base/measured.hpp"
#include "caviar/base/text.hpp"
#include "caviar/base/words.hpp"
#include "caviar/process/lines.hpp"

namespace caviar {
namespace {

bool begins_a_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > 200 || !begins_a_name(text.front())) return false;
  for (const char c : text) {
    const bool known = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                       std::string_view("_-./@:").find(c) != std::string_view::npos;
    if (!known) return false;
  }
  return true;
}

std::string_view stripped(std::string_view word) {
  constexpr std::string_view around = ",;()[]{}|";
  const std::size_t from = std::min(word.find_first_not_of(around), word.size());
  word.remove_prefix(from);
  return word.substr(0, word.find_last_not_of(around) + 1);
}

void take(Measurement& said, std::string_view name, std::string_view value) {
  if (const std::optional<double> number = parse_measured(value)) {
    said.numbers.insert_or_assign(std::string(name), *number);
  } else {
    said.others.insert_or_assign(std::string(name), std::string(value.substr(0, 100)));
  }
}

// Whole, and within what counts exactly.
std::optional<std::int64_t> as_step(double number) {
  const bool whole = std::abs(number) < 9e15 && number == std::floor(number);
  return whole ? std::optional(static_cast<std::int64_t>(number)) : std::nullopt;
}

void find_step(Measurement& said) {
  for (const char* name : {"step", "epoch"}) {
    const auto found = said.numbers.find(name);
    if (found == said.numbers.end()) continue;
    if (!said.step) said.step = as_step(found->second);
    said.numbers.erase(found);
  }
}

}  // namespace

std::optional<Measurement> read_words(std::string_view line) {
  if (line.find('=') == std::string_view::npos) return std::nullopt;
  Measurement said;
  const std::string text = without_controls(line);  // a word may stand in colour
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view word = stripped(rest.substr(0, end));
    const std::size_t equals = word.find('=');
    if (equals != std::string_view::npos && is_name(word.substr(0, equals))) {
      take(said, word.substr(0, equals), word.substr(equals + 1));
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  find_step(said);
  if (said.numbers.empty() && said.others.empty()) return std::nullopt;
  return said;
}

std::optional<Measurement> read_json_line(std::string_view line) {
  const std::size_t from = line.find_first_not_of(" \t");
  if (from == std::string_view::npos || line[from] != '{') return std::nullopt;
  const Json json = parse_json_line(line);
  if (!json.is_object()) return std::nullopt;
  Measurement said;
  for (const auto& [name, value] : json.items()) {
    if (value.is_number()) {
      said.numbers.insert_or_assign(name, value.get<double>());
    } else if (value.is_string()) {
      take(said, name, value.get_ref<const std::string&>());
    } else if (value.is_null() || value.is_boolean()) {
      said.others.insert_or_assign(name, value.dump());
    }
  }
  find_step(said);
  return said;
}

Measurement read_result_file(const std::string& text, const std::string& metric) {
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  const std::string_view content =
      from == std::string::npos ? "" : std::string_view(text).substr(from, end - from + 1);
  Measurement all;
  if (const std::optional<double> number = parse_measured(content)) {
    all.numbers[metric] = *number;
    return all;
  }
  if (std::optional<Measurement> said = read_json_line(content)) return *std::move(said);
  Lines lines;
  const auto take_line = [&](std::string_view line) {
    std::optional<Measurement> said = read_words(line);
    if (!said) return;
    for (const auto& [name, number] : said->numbers) all.numbers[name] = number;
    all.others.merge(said->others);
  };
  lines.add(content, take_line);
  lines.finish(take_line);
  return all;
}

void Tally::add(const Measurement& said, ActiveTrial& trial) {
  if (const auto other = said.others.find(goal_.metric); other != said.others.end()) {
    // "loss= 0.5" says nothing behind its sign.
    not_a_number_ = other->second.empty() ? goal_.metric + "=" : other->second;
  }
  for (const auto& [name, number] : said.numbers) {
    if (name != goal_.metric) trial.set_metric(name, number);
  }
  const auto found = said.numbers.find(goal_.metric);
  if (found == said.numbers.end()) return;
  const double value = found->second;
  if (!best_counts_ || better(value)) value_ = value;
  const bool later = said.step && (!last_step_ || *said.step > *last_step_);
  if (!later) return;
  last_step_ = said.step;
  trial.report(*said.step, value);
}

bool Tally::better(double value) const {
  if (!value_ || !std::isfinite(*value_)) return true;
  return goal_.loss(value) < goal_.loss(*value_);
}

void Tally::begin_again(ActiveTrial& trial) {
  value_.reset();
  last_step_.reset();
  not_a_number_.clear();
  trial.forget_metrics();
}

}  // namespace caviar
