// The smallest facts worth storing. A study is a log of them; everything else is a reading of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "caviar/space/space.hpp"
#include "caviar/trial/trial.hpp"

namespace caviar {

// Trial `trial` was handed out. The number is the lock: a storage takes one Asked a number.
struct Asked {
  int trial = 0;
  Proposal proposal;
  std::string worker;
  std::optional<int> ticket;  // it uses up this entry of the queue
  double time = 0;            // seconds since 1970, here and below
};
struct Reported {
  int trial = 0;
  Report report;
  double time = 0;
};
struct Halted {  // a person or a pruner wants it to stop
  int trial = 0;
  double time = 0;
};
struct Steered {  // a person wants something of a running trial
  int trial = 0;
  Steering steering;
  double time = 0;
};
struct Alive {  // a program that runs trials is still there; it says so every few seconds
  std::string worker;
  double time = 0;
};
struct Ended {
  int trial = 0;
  TrialState state = TrialState::complete;  // never running
  std::vector<double> values;
  std::map<std::string, double> metrics;
  std::string why;
  // The values that the objective really used, where it asked for them as it went (define by run).
  std::optional<Point> point;
  double time = 0;
};
struct Queued {  // a configuration to run next; its ticket is its place among all Queued, from 0
  Point point;
  std::string by = "enqueued";
  double time = 0;
  Note note = {};  // of the proposal, where an interrupted one is to run again
};
struct Grown {  // define by run met a parameter for the first time: the space has one more
  Parameter parameter;
  double time = 0;
};
struct Freed {  // the checkpoints of a finished trial were removed from the disk
  int trial = 0;
  std::int64_t bytes = 0;
  double time = 0;
};
struct Edited {  // a person changed the space of the study; it holds from here on
  Space space;
  std::vector<std::string> changes = {};  // a line each, for people
  double time = 0;
  std::string objective = {};  // as JSON text, where the command had to change with it
};
struct Lesson {  // a trial of another study
  Point point;   // as it ran there
  double score;  // its place there as a normal score: 0 median, −1 better than 84 % of them
};
struct Taught {  // what another study came to, for this one to learn from
  std::string source;
  std::vector<Lesson> lessons = {};
  double time = 0;
};
struct Noted {  // a fact about the whole study, as JSON text: key "test", …; the last one counts
  std::string key;
  std::string json;
  double time = 0;
};

using Event = std::variant<Asked, Reported, Halted, Ended, Queued, Grown, Noted, Steered, Alive,
                           Freed, Edited, Taught>;

}  // namespace caviar
