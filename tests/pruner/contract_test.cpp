// What holds for every pruner, and the choice among them.
#include <cmath>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"

#include "curves.hpp"

namespace caviar {
namespace {

// Every pruner by its name, the needed options given.
std::vector<std::string> all_pruners() {
  std::vector<std::string> specs;
  for (const PrunerInfo& info : list_pruners()) {
    std::string more;
    if (info.name == "hyperband") more = R"(, "max_steps": 9)";
    if (info.name == "threshold") more = R"(, "upper": 1e300, "lower": -1e300)";
    specs.push_back(R"({"pruner": ")" + info.name + '"' + more + '}');
  }
  return specs;
}

class EveryPruner : public testing::TestWithParam<std::string> {
 protected:
  Pruner made = pruner(GetParam());
};

std::vector<std::vector<double>> falling(int trials, double by, int steps = 9) {
  std::vector<std::vector<double>> curves;
  for (int n = 0; n < trials; ++n) {
    std::vector<double> curve;
    for (int step = 1; step <= steps; ++step) curve.push_back(by * (n + 2 + 5.0 / step));
    curves.push_back(curve);
  }
  return curves;
}

TEST_P(EveryPruner, LetsTheFirstTrialRun) {
  for (const std::vector<double>& curve : falling(1, 1)) {
    for (std::size_t steps = 1; steps <= curve.size(); ++steps) {
      const std::vector<double> reports(curve.begin(), curve.begin() + static_cast<int>(steps));
      EXPECT_EQ(judge(made, complete({}), reports), Flow::go) << steps;
    }
  }
}

TEST_P(EveryPruner, LetsTheBestRun) {
  for (const double size : {1.0, 1e-300, 1e290}) {
    const History history = complete(falling(20, size));
    std::vector<double> reports;
    for (int step = 1; step <= 9; ++step) {
      reports.push_back(size * (1 + 4.0 / step));
      EXPECT_EQ(judge(made, history, reports), Flow::go) << step << " × " << size;
    }
  }
}

TEST_P(EveryPruner, IsTheSameTurnedRound) {
  const Goal up{"accuracy", {Direction::maximize}};
  auto curves = falling(12, 1);
  auto turned = curves;
  for (auto& curve : turned) {
    for (double& value : curve) value = -value;
  }
  for (const double level : {0.5, 4.0, 9.0, 13.5, 40.0}) {
    std::vector<double> reports, turned_reports;
    for (int step = 1; step <= 9; ++step) {
      reports.push_back(level + 3.0 / step);
      turned_reports.push_back(-reports.back());
      EXPECT_EQ(judge(made, complete(curves), reports),
                judge(made, complete(turned, up), turned_reports))
          << level << " at " << step;
    }
  }
}

TEST_P(EveryPruner, BearsAnyNumbers) {
  const History history = complete({{NAN, INFINITY, -INFINITY, 1e300}, {}, {0, 0, 0, 0}, {NAN}});
  for (const double value : {std::nan(""), HUGE_VAL, -1e300, 0.0}) {
    std::vector<double> reports;
    for (int step = 1; step <= 12; ++step) {
      reports.push_back(value);
      const Flow first = judge(made, history, reports);
      EXPECT_EQ(judge(made, history, reports), first) << "not a function of what has happened";
    }
  }
}

TEST_P(EveryPruner, StopsNothingWhereFurtherObjectivesAreNotReported) {
  const Goal two{"value", {Direction::minimize, Direction::maximize}};
  EXPECT_EQ(judge(made, complete(falling(20, 1), two), {99, 99, 99, 99, 99, 99, 99}), Flow::go);
}

TEST_P(EveryPruner, LivesWithoutATrialWithinTheBounds) {
  Goal bounded;
  bounded.bounds = {{"never measured", true, 0}};
  const History history = complete(falling(20, 1), bounded);
  ASSERT_EQ(history.best(), nullptr);
  EXPECT_NO_THROW(judge(made, history, {99, 99, 99, 99, 99, 99, 99}));
}

TEST_P(EveryPruner, RefusesAKeyThatItDoesNotHave) {
  std::string spec = GetParam();
  spec.insert(spec.size() - 1, R"(, "mood": 3)");
  EXPECT_THROW(pruner(spec), Error);
}

INSTANTIATE_TEST_SUITE_P(Pruners, EveryPruner, testing::ValuesIn(all_pruners()),
                         [](const auto& at) {
                           const std::string name = at.param.substr(12);
                           return name.substr(0, name.find('"'));
                         });

TEST(PrunerCatalog, NoneNeverStops) {
  const History history = complete({{1}, {1}, {1}, {1}, {1}, {1}});
  for (const char* spec : {"null", "\"none\"", R"({"pruner": "none"})"}) {
    EXPECT_EQ(judge(pruner(spec), history, {99}), Flow::go) << spec;
  }
}

TEST(PrunerCatalog, RefusesWhatItDoesNotKnow) {
  for (const char* spec :
       {"\"meidan\"", R"({"startup_trials": 1})", "3", R"({"pruner": "nine"})",
        R"({"pruner": "median", "startup": 1})", R"({"pruner": "median", "startup_trials": -1})",
        R"({"pruner": "none", "startup_trials": 1})"}) {
    try {
      pruner(spec);
      FAIL() << spec;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::input) << spec;
    }
  }
  try {
    pruner("\"meidan\"");
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("median"), std::string::npos);
  }
}

TEST(PrunerCatalog, ListsEveryPruner) {
  for (const PrunerInfo& info : list_pruners()) {
    EXPECT_FALSE(info.summary.empty());
    for (const OptionInfo& option : info.options) EXPECT_FALSE(option.summary.empty());
  }
}

}  // namespace
}  // namespace caviar
