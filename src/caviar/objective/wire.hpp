// The wire: JSON lines between caviar and a program that runs as a trial. docs/wire.md describes
// it for those who speak it; these are its lines as values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "caviar/base/flow.hpp"
#include "caviar/space/point.hpp"

namespace caviar {

// The first line that a program gets.
struct WireStart {
  std::string study, metric, directory, checkpoint;
  int trial = 0;
  std::int64_t seed = 0;
  std::optional<double> budget;
  Point parameters;
};

// Each is one line, its end included.
std::string wire_start(const WireStart& start);
std::string wire_answer(std::int64_t step, Flow flow);  // to a report
std::string wire_stop(const std::string& why);
std::string wire_pause();
std::string wire_resume();
std::string wire_change(const Point& parameters);

// What a program says.
struct WireReport {
  std::int64_t step = 0;
  double value = 0;
  std::map<std::string, double> metrics;
};
struct WireResult {
  std::optional<double> value;  // none: the metrics alone
  std::map<std::string, double> metrics;
};
struct WireFailure {
  std::string why;
};
struct WireTook {         // what a person wanted of it
  std::string what;       // change, pause, resume
  std::int64_t step = 0;  // the last one that it had done
};
struct WireNonsense {
  std::string why;
};
using WireMessage = std::variant<WireReport, WireResult, WireFailure, WireTook, WireNonsense>;

WireMessage read_wire_line(std::string_view line);

}  // namespace caviar
