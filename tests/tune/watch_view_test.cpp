// What is watched in a terminal: nothing wider or higher than it, and the numbers first.
#include "caviar/tune/watch_view.hpp"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/json.hpp"
#include "caviar/tune/trial_view.hpp"

namespace caviar {
namespace {

using testing::HasSubstr;

struct Size {
  int width, height;
};
constexpr Size sizes[] = {{20, 8}, {20, 60}, {32, 24}, {40, 12}, {80, 3}, {80, 24}, {200, 60}};

Terminal terminal_of(const Size& size, bool colour = true) {
  return {.live = true, .colour = colour, .width = size.width, .height = size.height};
}

// A run of 200 epochs, 30 changes, as many plans and a name that fills a line.
WatchedRun long_run(const std::string& name, int epochs = 200) {
  WatchedRun run{name, {}, true};
  RunRecord& record = run.record;
  record.train = R"({"data": "t.csv", "target": "y", "epochs": 1000})";
  record.at = {epochs + 1, 3};
  record.iterations = 12;
  for (int number = 1; number <= epochs; ++number) {
    EpochLine epoch;
    epoch.epoch = number;
    epoch.training_loss = 123456.789 / number;
    epoch.validation_loss = 123456.789 / number + std::sin(number);
    epoch.validation_accuracy = 1 - 0.5 / number;
    epoch.learning_rate = 1.2345e-5;
    epoch.seconds = 3700.0 * number;
    epoch.samples_per_second = 123456.7;
    epoch.gradient_norm = epoch.weight_norm = 1.2345e-12;
    epoch.dead_units = 0.123;
    epoch.best = number % 7 == 0;
    record.epochs.push_back(epoch);
  }
  for (int change = 1; change <= 30; ++change) {
    RunNote note;
    note.event = change % 5 == 0 ? "refused" : "steered";
    note.at = {change * 6, 0};
    note.text = "learning_rate 0.03 → 0.003, dropout 0 → 0.2 after epoch " +
                std::to_string(change * 6) + "; snapshot 4 holds what was before";
    record.notes.push_back(note);
    record.waiting[std::to_string(change)] =
        parse_request(R"({"id": "a", "verb": "steer", "changes": {"dropout": 0.25},)"
                      R"( "at": {"epoch": )" +
                          std::to_string(300 + change) + "}}",
                      "test");
  }
  return run;
}

WatchedTrial long_trial(int reports = 200) {
  WatchedTrial watched{"a_study_with_a_long_name.yaml:12345", {}, {}, {}, {}, 1000};
  watched.goal.metric = "validation/loss_of_everything";
  watched.goal.directions = {Direction::minimize};
  watched.trial.number = 12345;
  for (int i = 0; i < 20; ++i) watched.trial.point.set("parameter_" + std::to_string(i), 0.123456);
  for (int step = 1; step <= reports; ++step) {
    watched.trial.reports.push_back({.step = step, .value = 1e-7 / step});
  }
  for (int change = 1; change <= 30; ++change) {
    Steering steering;
    steering.kind = Steering::Kind::change;
    steering.change.set("learning_rate", 0.001 * change);
    steering.reports = static_cast<std::size_t>(change);
    steering.text = "number " + std::to_string(change) + std::string(100, '.');
    watched.trial.steering.push_back(steering);
  }
  watched.best = watched.trial;
  watched.best->number = 7;
  for (int line = 1; line <= 6; ++line) {
    watched.lines.push_back("line " + std::to_string(line) + std::string(190, 'x'));
  }
  return watched;
}

void expect_inside(const std::vector<std::string>& lines, const Terminal& terminal) {
  const std::string place =
      std::to_string(terminal.width) + "x" + std::to_string(terminal.height) + "\n";
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  EXPECT_FALSE(lines.empty()) << place;
  EXPECT_LT(lines.size(), static_cast<std::size_t>(terminal.height)) << place << text;
  for (const std::string& line : lines) {
    EXPECT_LE(shown_width(line), static_cast<std::size_t>(terminal.width)) << place << text;
  }
}

bool has(const std::vector<std::string>& lines, const std::string& text) {
  return std::ranges::any_of(
      lines, [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

TEST(WatchView, StaysInsideAnyTerminal) {
  const WatchedRun run = long_run("run1"), other = long_run(std::string(90, 'n')),
                   young = long_run("young", 0);
  const std::vector<WatchedRun> many(12, run);
  for (const Size& size : sizes) {
    for (const bool colour : {false, true}) {
      const Terminal terminal = terminal_of(size, colour);
      for (const auto& runs : {std::vector{run}, std::vector{other}, std::vector{young},
                               std::vector{run, other}, many}) {
        expect_inside(watch_block(runs, terminal), terminal);
      }
      for (const int reports : {0, 1, 200}) {
        expect_inside(watch_block(long_trial(reports), terminal), terminal);
      }
    }
  }
}

// A picture is whole or not there: its axis, from the first epoch to the last, is its last line.
TEST(WatchView, APictureThatIsDrawnIsWhole) {
  const WatchedRun run = long_run("run1");
  for (const Size& size : sizes) {
    const Terminal terminal = terminal_of(size, false);
    for (const auto& lines : {watch_block({run}, terminal), watch_block({run, run}, terminal),
                              watch_block(long_trial(), terminal)}) {
      std::size_t axes = 0;
      for (const std::string& line : lines) {
        const bool axis =
            line.find("epoch") != std::string::npos || line.find("step") != std::string::npos;
        if (axis && line.starts_with(" ") && line.ends_with("200")) ++axes;
      }
      const bool drawn = has(lines, " │");
      EXPECT_EQ(drawn, axes > 0) << size.width << "x" << size.height;
    }
  }
  EXPECT_TRUE(has(watch_block({run}, terminal_of({80, 24}, false)), " │"));
  EXPECT_TRUE(has(watch_block({run}, terminal_of({200, 60})), "accuracy on the validation part"));
  EXPECT_TRUE(has(watch_block({run, run}, terminal_of({80, 24})), "validation loss"));
}

TEST(WatchView, ASmallTerminalLosesPicturesFirst) {
  const auto lines = watch_block({long_run("run1")}, terminal_of({20, 8}, false));
  EXPECT_THAT(lines[0], HasSubstr("run1  running"));
  EXPECT_TRUE(has(lines, "epoch 200 of 1000"));
  const auto trial = watch_block(long_trial(), terminal_of({40, 12}, false));
  EXPECT_TRUE(has(trial, "now")) << "its newest value";
  EXPECT_TRUE(has(trial, "number 30")) << "what was done last";
  EXPECT_TRUE(has(trial, "line 6")) << "the end of its log";
  EXPECT_FALSE(has(trial, "line 1x"));
}

// What goes to a file or a pipe is cut nowhere.
TEST(WatchView, IsWholeWhereNobodyLooks) {
  const Terminal file;
  const auto lines = watch_block({long_run("run1")}, file);
  EXPECT_TRUE(has(lines, "dropout 0 → 0.2 after epoch 174; snapshot 4 holds what was before"));
  EXPECT_TRUE(has(lines, "→ to come: dropout=0.25 from epoch 301 on"));
}

}  // namespace
}  // namespace caviar
