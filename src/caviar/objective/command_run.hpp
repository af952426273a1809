// One run of a program as a trial: hears what it says, minds its time, ends it where it must.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "caviar/objective/command_spec.hpp"
#include "caviar/objective/measurements.hpp"
#include "caviar/objective/wire.hpp"
#include "caviar/process/bounded_log.hpp"
#include "caviar/process/child.hpp"
#include "caviar/process/lines.hpp"

namespace caviar {

class CommandRun {
 public:
  // All of them must outlive the run. `result_file` is read at its end where the spec says so.
  CommandRun(const CommandSpec& spec, const std::string& metric, std::string result_file,
             ActiveTrial& trial, Tally& tally, BoundedLog& log)
      : spec_(spec),
        metric_(metric),
        result_file_(std::move(result_file)),
        trial_(trial),
        tally_(tally),
        log_(log) {}

  // Runs it to its end. Why it failed; "" where it did not, or where nobody wants to know: the
  // trial was pruned or interrupted.
  std::string run(const Command& command, const std::optional<WireStart>& start);

 private:
  using Clock = std::chrono::steady_clock;

  void hear(const Child::News& news);
  void hear_output_line(std::string_view line);
  void hear_wire_line(std::string_view line);
  void steer();
  void mind();  // the clock, and what others want of the trial
  void end_it(std::chrono::seconds before_terminating, const std::string& why);
  void tell_once(const std::string& why);
  bool on_wire() const { return spec_.wire != WirePlace::none; }
  std::string judge(const Exit& exit);
  std::string missing_value() const;
  std::string content_of_result() const;  // for people
  std::string with_last_lines(const std::string& why) const;

  const CommandSpec& spec_;
  const std::string& metric_;
  std::string result_file_;
  ActiveTrial& trial_;
  Tally& tally_;
  BoundedLog& log_;

  Child* child_ = nullptr;
  Lines output_lines_, wire_lines_;
  std::string said_failure_;
  Clock::time_point started_, looked_;
  std::optional<Clock::time_point> terminate_at_;
  bool overdue_ = false, told_to_stop_ = false, terminated_ = false;
};

}  // namespace caviar
