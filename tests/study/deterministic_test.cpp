// search.deterministic: the same trials and results however the timing falls.
#include <algorithm>
#include <thread>

#include <gtest/gtest.h>

#include "caviar/base/rng.hpp"
#include "caviar/study/ordered_history.hpp"
#include "caviar/study/study.hpp"

namespace caviar {
namespace {

Point point(double x) { return Point{{"x", x}}; }

// Trials of a run of three at once in any order of their ends; what each could be proposed from.
std::vector<std::string> views(std::uint64_t timing) {
  constexpr int window = 3, trials = 12;
  OrderedHistory ordered(Space({{"x", Float{0, 100}}}), {}, window);
  Rng rng(timing);
  std::vector<std::string> seen;
  std::vector<int> running;
  const auto end_one = [&] {
    const std::size_t place = rng.below(running.size());
    const int trial = running[place];
    running.erase(running.begin() + static_cast<std::ptrdiff_t>(place));
    ordered.take(Reported{trial, {1, trial + 0.5}, 0});
    ordered.take(Ended{trial, TrialState::complete, {trial * 1.0}, {}, "", {}, 0});
    ordered.take(Ended{trial, TrialState::failed, {}, {}, "too late", {}, 0});
  };
  for (int trial = 0; trial < trials; ++trial) {
    while (running.size() == window) end_one();
    const History* history = ordered.before(trial);
    for (; history == nullptr; history = ordered.before(trial)) end_one();
    std::string text;
    for (const Trial& known : history->trials()) {
      text += std::string(state_name(known.state)) + std::to_string(known.reports.size()) + " ";
    }
    seen.push_back(text);
    ordered.take(Asked{trial, {point(trial), "test", {}}, "", {}, 0});
    running.push_back(trial);
  }
  return seen;
}

TEST(OrderedHistory, IsTheSameHoweverTrialsEnd) {
  const std::vector<std::string> expected = views(0);
  EXPECT_EQ(expected[2], "running0 running0 ");
  EXPECT_EQ(expected[4], "complete1 complete1 running0 running0 ");
  for (std::uint64_t timing = 1; timing < 50; ++timing) EXPECT_EQ(views(timing), expected);
}

// Everything about a study's trials but when they ran.
std::vector<std::string> run(const std::string& sampler, std::uint64_t timing) {
  StudySpec spec;
  spec.space = Space({{"x", Float{0, 1}}, {"y", Float{0, 1}}});
  spec.search = {sampler, 3, {}};
  spec.pruner = Node::parse_yaml("{pruner: median, startup_trials: 2}", "");
  Study study(std::move(spec));
  study.optimize(
      [&](ActiveTrial& trial) {
        Rng rng(timing, static_cast<std::uint64_t>(trial.number()));
        const double x = std::get<double>(trial.point().at("x"));
        const double y = std::get<double>(trial.point().at("y"));
        double value = 0;
        for (int step = 1; step <= 4; ++step) {
          for (std::uint64_t turns = rng.below(200); turns > 0; --turns) std::this_thread::yield();
          value = (x - 0.3) * (x - 0.3) + (y - 0.6) * (y - 0.6) + x / step;
          if (trial.report(step, value) == Flow::stop) break;
        }
        return value;
      },
      {.trials = 30, .jobs = 4, .deterministic = true});
  std::vector<std::string> texts;
  const History history = study.history();
  for (const Trial& trial : history.trials()) {
    std::string text = trial.point.key() + " " + state_name(trial.state);
    for (const Report& report : trial.reports) text += " " + std::to_string(report.value);
    texts.push_back(text);
  }
  return texts;
}

TEST(Deterministic, TheTimingDecidesNothing) {
  const std::vector<std::string> expected = run("zoom", 1);
  EXPECT_EQ(expected.size(), 30U);
  EXPECT_TRUE(std::ranges::any_of(
      expected, [](const std::string& text) { return text.find("pruned") != std::string::npos; }));
  for (std::uint64_t timing = 2; timing < 6; ++timing) EXPECT_EQ(run("zoom", timing), expected);
}

}  // namespace
}  // namespace caviar
