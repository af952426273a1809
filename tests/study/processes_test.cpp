// Programs that die, and programs that share a study.
#include <array>
#include <set>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/study/study.hpp"
#include "caviar/study/worker.hpp"

#include "tests/child_process.hpp"
#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

class Processes : public testing::Test {
 protected:
  StudySpec spec() const {
    StudySpec spec;
    spec.space = Space({{"x", Float{-1, 1}}, {"n", Int{1, 1000}}});
    spec.search = {"random", 11, {}};
    return spec;
  }
  Study open() const { return Study(spec(), open_storage(url_)); }
  static double value_of(const Point& point) { return std::get<double>(point.at("x")) * 2; }

  TempFolder folder_;
  std::string url_ = "sqlite:" + folder_.file("study.db");
};

// The points of the first `trials` proposals of a run that nobody kills.
std::set<std::string> unbroken_points(const StudySpec& spec, int trials) {
  Study study(spec);
  std::set<std::string> points;
  for (int n = 0; n < trials; ++n) points.insert(study.ask()->point.key());
  return points;
}

TEST_F(Processes, KillsLoseNothingThatWasAcknowledgedAndCountNothingTwice) {
  constexpr int kills = 24, trials = 250;
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  std::set<int> acknowledged;
  const auto take_acknowledged = [&] {
    int number = 0;
    if (read(pipe_ends[0], &number, sizeof number) != sizeof number) return false;
    EXPECT_TRUE(acknowledged.insert(number).second) << number << " was finished twice";
    return true;
  };
  Rng rng(5);
  for (int kill = 0; kill < kills; ++kill) {
    ChildProcess child([&] {
      Study study = open();
      while (true) {
        const Trial trial = *study.ask();
        study.report(trial.number, 1, 0.5);
        study.tell(trial.number, value_of(trial.point));
        if (write(pipe_ends[1], &trial.number, sizeof trial.number) < 0) return 1;
      }
    });
    for (std::uint64_t wait = 1 + rng.below(4); wait > 0; --wait) ASSERT_TRUE(take_acknowledged());
    // Some microseconds on, so that the kill falls anywhere between two acknowledgements.
    for (std::uint64_t spins = rng.below(2'000'000); spins > 0; --spins) asm volatile("");
    child.kill_hard();
  }
  close(pipe_ends[1]);
  while (take_acknowledged()) {
  }
  close(pipe_ends[0]);
  EXPECT_GE(acknowledged.size(), static_cast<std::size_t>(kills));

  Study study = open();
  const std::size_t before = study.history().count(TrialState::complete);
  EXPECT_GE(before, acknowledged.size());
  ASSERT_LT(before, std::size_t{trials}) << "raise the number of trials";
  study.optimize([](ActiveTrial& trial) { return value_of(trial.point()); }, {.trials = trials});
  const History history = study.history();
  EXPECT_EQ(history.count(TrialState::complete), std::size_t{trials});
  EXPECT_EQ(history.count(TrialState::running), 0U);
  for (const int number : acknowledged) {
    const Trial& trial = history.trials()[static_cast<std::size_t>(number)];
    EXPECT_EQ(trial.state, TrialState::complete);
    EXPECT_EQ(trial.values, std::vector{value_of(trial.point)});
  }
  std::set<std::string> points;
  for (const Trial& trial : history.trials()) {
    if (trial.state == TrialState::complete) {
      EXPECT_TRUE(points.insert(trial.point.key()).second) << "a configuration was run twice";
    }
  }
  EXPECT_EQ(points, unbroken_points(spec(), trials));
}

TEST_F(Processes, ADeadProgramsTrialsAreQueuedOnceWhoeverOpens) {
  std::set<std::string> left;
  {
    ChildProcess child([&] {
      Study study = open();
      for (int n = 0; n < 5; ++n) study.ask();
      study.tell(2, 1);
      kill(getpid(), SIGKILL);
      return 0;
    });
    EXPECT_EQ(child.wait(), -1);
  }
  // Several programs find them at the same time.
  std::vector<ChildProcess> openers;
  for (int n = 0; n < 4; ++n) {
    openers.emplace_back([&] {
      open();
      return 0;
    });
  }
  for (ChildProcess& opener : openers) EXPECT_EQ(opener.wait(), 0);
  Study study = open();
  const History history = study.history();
  EXPECT_EQ(history.count(TrialState::interrupted), 4U);
  EXPECT_EQ(history.count(TrialState::complete), 1U);
  ASSERT_EQ(history.queue().size(), 4U);
  for (const std::size_t number : {0U, 1U, 3U, 4U}) {
    EXPECT_EQ(study.ask()->point, history.trials()[number].point);
  }
}

TEST_F(Processes, ATrialOfAProgramThatDiesLateRunsBeforeTheOthersEnd) {
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  ChildProcess other([&] {
    Study study = open();
    const int number = study.ask()->number;
    if (write(pipe_ends[1], &number, sizeof number) < 0) return 1;
    while (true) pause();
  });
  int held = -1;
  ASSERT_EQ(read(pipe_ends[0], &held, sizeof held), static_cast<ssize_t>(sizeof held));
  close(pipe_ends[0]);
  close(pipe_ends[1]);
  Study study = open();
  study.optimize(
      [&](ActiveTrial& trial) {
        if (trial.number() == 2) other.kill_hard();
        return value_of(trial.point());
      },
      {.trials = 3});
  const History history = study.history();
  EXPECT_EQ(history.trials()[static_cast<std::size_t>(held)].state, TrialState::interrupted);
  EXPECT_EQ(history.count(TrialState::running), 0U);
  EXPECT_EQ(history.count(TrialState::complete), 3U);
}

TEST_F(Processes, TwoProgramsShareOneStudyExactly) {
  constexpr int trials = 80;
  std::vector<ChildProcess> programs;
  for (int n = 0; n < 2; ++n) {
    programs.emplace_back([&] {
      Study study = open();
      const auto result = study.optimize(
          [](ActiveTrial& trial) {
            trial.report(1, 0.5);
            return value_of(trial.point());
          },
          {.trials = trials, .jobs = 2});
      return result.ran;
    });
  }
  int ran = 0;
  for (ChildProcess& program : programs) {
    const int share = program.wait();
    EXPECT_GE(share, 0);
    ran += share;
  }
  EXPECT_EQ(ran, trials);
  const History history = open().history();
  EXPECT_EQ(history.trials().size(), std::size_t{trials});
  EXPECT_EQ(history.count(TrialState::complete), std::size_t{trials});
  std::set<std::string> points;
  for (const Trial& trial : history.trials()) points.insert(trial.point.key());
  EXPECT_EQ(points.size(), std::size_t{trials});
}

TEST(Worker, ThisProgramIsAlive) {
  EXPECT_FALSE(surely_gone(this_worker()));
  EXPECT_EQ(this_worker(), this_worker());
}

TEST(Worker, AProgramThatEndedIsGone) {
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  std::array<char, 512> name{};
  ChildProcess child([&] {
    const std::string worker = this_worker();
    if (write(pipe_ends[1], worker.data(), worker.size()) < 0) return 1;
    pause();
    return 0;
  });
  ASSERT_GT(read(pipe_ends[0], name.data(), name.size() - 1), 0);
  const std::string worker = name.data();
  EXPECT_NE(worker, this_worker());
  EXPECT_FALSE(surely_gone(worker));
  child.kill_hard();
  EXPECT_TRUE(surely_gone(worker));
}

TEST(Worker, OfOthersNothingIsKnown) {
  const std::string worker = this_worker();
  const std::size_t host = worker.find('/');
  const std::size_t boot = worker.find('/', host + 1);
  EXPECT_FALSE(surely_gone("elsewhere" + worker.substr(host))) << "another machine";
  EXPECT_FALSE(surely_gone(worker.substr(0, boot) + "/1/1/1")) << "another container";
  EXPECT_TRUE(surely_gone(worker.substr(0, host) + "/00000000" + worker.substr(boot)))
      << "before the machine was restarted";
  EXPECT_TRUE(surely_gone(worker + "1")) << "the pid was given to another program";
  for (const char* odd : {"", "x", "a/b/c/d", "/////"}) EXPECT_FALSE(surely_gone(odd));
}

}  // namespace
}  // namespace caviar
