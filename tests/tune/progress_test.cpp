#include "caviar/tune/progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace caviar {
namespace {

using testing::HasSubstr;
using testing::Not;

// Two complete trials, a failed one and a running one.
History sample() {
  History history(Space({{.name = "learning_rate", .distribution = Float{1e-4, 1, Scale::log}},
                         {.name = "units", .distribution = Int{1, 64}}}),
                  {.metric = "validation_loss"});
  const auto ask = [&](int number, double rate, std::int64_t units) {
    history.apply(
        Asked{number, {Point{{"learning_rate", rate}, {"units", units}}, "gp", {}}, "here", {}, 1});
  };
  const auto end = [&](int number, TrialState state, std::vector<double> values, std::string why) {
    Ended ended;
    ended.trial = number;
    ended.state = state;
    ended.values = std::move(values);
    ended.why = std::move(why);
    history.apply(ended);
  };
  ask(0, 0.123456789, 4);
  end(0, TrialState::complete, {0.5}, "");
  ask(1, 0.01, 8);
  end(1, TrialState::complete, {0.25}, "");
  ask(2, 0.9, 16);
  end(2, TrialState::failed, {}, "the loss became nan");
  ask(3, 0.02, 32);
  history.apply(Reported{3, {7, 0.75}, 5});
  return history;
}

const StudySpec spec{.name = "digits", .goal = {.metric = "validation_loss"}};
const RunClock run_clock{30, 3, 6, {}};

TEST(Progress, CountsWhatCountsTowardsTheLimit) { EXPECT_EQ(trials_done(sample()), 3); }

TEST(Progress, EstimatesTheTimeLeftFromThePace) {
  EXPECT_DOUBLE_EQ(*seconds_left(sample(), run_clock), 30);  // three of six took 30 s
  RunClock timed = run_clock;
  timed.time_s = 40;
  EXPECT_DOUBLE_EQ(*seconds_left(sample(), timed), 10);  // what comes first
  EXPECT_EQ(seconds_left(sample(), RunClock{30, 0, 6, {}}), std::nullopt);
  EXPECT_EQ(seconds_left(sample(), RunClock{30, 3, {}, {}}), std::nullopt);
}

TEST(Progress, ALineForATrialThatEnded) {
  const History history = sample();
  const std::string line = progress_line(history, history.trials()[1], run_clock);
  EXPECT_EQ(line,
            "trial 1: 0.25 (best so far)  learning_rate=0.01 units=8  (3 of 6 trials, 1 running, "
            "1 failed; 30 s, about 30 s left)");
  EXPECT_THAT(progress_line(history, history.trials()[2], run_clock),
              HasSubstr("failed: the loss became nan"));
  EXPECT_THAT(progress_line(history, history.trials()[0], run_clock),
              HasSubstr("trial 0: 0.5  learning_rate=0.1235 units=4"));
}

TEST(Progress, TheBlockShowsTheBestAndTheLast) {
  const Terminal terminal{.live = true, .colour = false, .width = 100, .height = 40};
  std::string block;
  for (const std::string& line : progress_block(spec, sample(), run_clock, terminal)) {
    block += line + "\n";
  }
  for (const std::string part :
       {"digits", "validation_loss, smaller is better", "3 of 6 trials", "about 30 s left",
        "best 0.25  trial 1", "learning_rate=0.01  units=8", "0.75 at step 7",
        "failed: the loss"}) {
    EXPECT_THAT(block, HasSubstr(part));
  }
  EXPECT_THAT(block, Not(HasSubstr("\x1b")));
}

// 0 is one lucky run of a configuration whose three others are worse than those of 1.
TEST(Progress, TheBestIsThatOfTheMeanOfItsRuns) {
  History history(Space({{.name = "x", .distribution = Float{0, 1}}}), {.metric = "loss"});
  const std::vector<std::pair<double, double>> runs = {
      {0.1, 0.0}, {0.2, 0.5}, {0.1, 3.0}, {0.2, 0.6}, {0.1, 3.1}, {0.2, 0.4}, {0.3, 9.0}};
  for (int n = 0; n < static_cast<int>(runs.size()); ++n) {
    const auto& [x, loss] = runs[static_cast<std::size_t>(n)];
    history.apply(Asked{n, {Point{{"x", x}}, "gp", {}}, "here", {}, 1});
    Ended ended;
    ended.trial = n;
    ended.state = TrialState::complete;
    ended.values = {loss};
    history.apply(ended);
  }
  const Terminal terminal{.live = true, .colour = false, .width = 100, .height = 40};
  std::string block;
  for (const std::string& line : progress_block(spec, history, run_clock, terminal)) {
    block += line + "\n";
  }
  EXPECT_THAT(block, HasSubstr("best 0.5  trial 1, the mean of 3 runs"));
  EXPECT_THAT(progress_line(history, history.trials()[5], run_clock),
              HasSubstr("trial 5: 0.4 (best so far by the mean of its 3 runs: 0.5)"));
  EXPECT_THAT(progress_line(history, history.trials()[0], run_clock),
              Not(HasSubstr("best so far")));
}

TEST(Progress, TheBlockFitsItsTerminal) {
  for (const int width : {10, 30, 80}) {
    for (const int height : {2, 5, 50}) {
      const Terminal terminal{.live = true, .colour = true, .width = width, .height = height};
      const auto lines = progress_block(spec, sample(), run_clock, terminal);
      EXPECT_LT(lines.size(), static_cast<std::size_t>(height));
      for (const std::string& line : lines) {
        EXPECT_LE(shown_width(line), static_cast<std::size_t>(width));
      }
    }
  }
}

TEST(Progress, AnEmptyHistoryIsShownToo) {
  const History empty(sample().space(), {});
  const auto lines = progress_block(spec, empty, {}, {.live = true});
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[1], HasSubstr("0 trials"));
}

TEST(Progress, WritesPlainLinesIntoAFile) {
  std::FILE* file = std::tmpfile();
  Study study({.name = "s", .space = Space({{.name = "x", .distribution = Float{0, 1}}})});
  Progress progress(study, {.trials = 2}, file);
  study.optimize([](ActiveTrial& trial) { return std::get<double>(trial.point().at("x")); },
                 {.trials = 2}, [&](const Event& event) { progress.see(event); });
  progress.finish();
  std::rewind(file);
  std::string text(4096, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_THAT(text, HasSubstr("2 of 2 trials"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace caviar
