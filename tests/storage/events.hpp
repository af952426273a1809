// Events to store, and how to tell whether they came back.
#pragma once

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "caviar/storage/event_json.hpp"
#include "caviar/trial/event.hpp"

namespace caviar {

inline Event asked(int trial, std::optional<int> ticket = {}) {
  return Asked{trial, {{{"x", 0.5}, {"units", std::int64_t{64}}}, "random", {}}, "here", ticket, 1};
}
inline Event ended(int trial, double value = 0.25) {
  Ended event;
  event.trial = trial;
  event.values = {value};
  return event;
}
inline Event reported(int trial, int step, double value = 0.5) {
  return Reported{trial, {step, value}, 2};
}

// One of every kind, with values that are hard to keep.
inline std::vector<Event> difficult_events() {
  Ended all;
  all.trial = 1;
  all.state = TrialState::failed;
  all.values = {1e300, -1e-300, NAN, -INFINITY};
  all.metrics = {{"genauigkeit_größe", 0.1}, {"nan", NAN}, {"", 1}};
  all.why = "line 1\nline \"2\"\t\x01 \xff";
  all.point = Point{{"x", 0.1}, {"ключ", std::string("значение")}};
  all.time = 1.7e9 + 0.123456789;
  return {
      Asked{0,
            {Point{{"lr", 1e-300}, {"b", true}, {"n", std::int64_t{3}}, {"d", 3.0}},
             "gp",
             {{"round", 2}, {"ei", NAN}}},
            "host:1:2",
            0,
            1.7e9},
      asked(1),
      Reported{0, {std::int64_t{1} << 60, NAN}, 3.5},
      Reported{0, {-1, 1e-308}, 3.5},
      Reported{0, {7, 0.5, {NAN, -2}}, 3.5},
      Halted{0, 4.5},
      all,
      Queued{Point{}, "a person", 5, {{"generation", 3}}},
      Grown{{"units", Int{16, 256, Scale::log, 2}, {}, 2}, 6},
      Grown{{"opt", Choice{{std::string("sgd"), std::string("adam")}, false}, {}, 0}, 6},
      Noted{"test", R"({"accuracy": 0.98})", 7},
      Freed{0, std::int64_t{1} << 40, 7.5},
      Edited{Space({{"x", Float{0, 1}, {}, 0, Hunch{0.25, 0.1}, Value(0.5)},
                    {"o", Choice{{std::string("a"), true}}, {}, 1}},
                   {}),
             {"x: high was 2, now 1", "o (\"new\")"},
             7.6,
             R"({"command":["a","{o}"]})"},
      Taught{"sqlite:old.db#größe",
             {{Point{{"x", 0.1}, {"n", std::int64_t{3}}}, -1.5}, {Point{}, 0.25}},
             7.7},
      Taught{"nothing", {}, 7.7},
      Noted{"huge", std::string(3'000'000, 'x') + "end", 8},
  };
}

// The text that stands for an event: equal texts, equal events.
inline std::string text_of(const Event& event) {
  const EventColumns columns = event_columns(event);
  std::string text(columns.kind);
  text += ' ' + (columns.trial ? std::to_string(*columns.trial) : "-");
  text += ' ' + (columns.ticket ? std::to_string(*columns.ticket) : "-");
  text += ' ' + std::to_string(columns.time) + ' ';
  return text + event_body(event);
}
inline std::vector<std::string> texts_of(const std::vector<Event>& events) {
  std::vector<std::string> texts;
  for (const Event& event : events) texts.push_back(text_of(event));
  return texts;
}

}  // namespace caviar
