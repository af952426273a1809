// What a program says about itself, line by line, and what of it counts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "caviar/study/optimize.hpp"
#include "caviar/trial/goal.hpp"

namespace caviar {

// The numbers that one line tells. One that is not finite is a number, too.
struct Measurement {
  std::optional<std::int64_t> step;  // step=, or else epoch=
  std::map<std::string, double> numbers;
  std::map<std::string, std::string> others;  // what was said in place of a number
};

// "epoch=3 loss=0.42, accuracy=0.9": the words of the form name=number, among any others.
// nullopt where the line has none.
std::optional<Measurement> read_words(std::string_view line);
// A JSON object: its numbers, and NaN or Infinity, as texts or as they are. nullopt for any other
// line.
std::optional<Measurement> read_json_line(std::string_view line);
// A whole result file: a JSON object, one number (the metric's), or lines of words.
Measurement read_result_file(const std::string& text, const std::string& metric);

// Sums up what one trial says.
class Tally {
 public:
  Tally(Goal goal, bool best_counts) : goal_(std::move(goal)), best_counts_(best_counts) {}

  // Reports to the trial where the metric comes with a step later than the last one.
  void add(const Measurement& said, ActiveTrial& trial);
  // The metric's value; nullopt where it never came.
  std::optional<double> value() const { return value_; }
  // What was said of the metric that is not a number; "" for nothing.
  const std::string& not_a_number() const { return not_a_number_; }
  // Before the program is run again: nothing that it said counts for the next run.
  void begin_again(ActiveTrial& trial);

 private:
  bool better(double value) const;

  Goal goal_;
  bool best_counts_;
  std::optional<double> value_;
  std::optional<std::int64_t> last_step_;
  std::string not_a_number_;
};

}  // namespace caviar
