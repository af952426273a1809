// The Python helper of the wire, which users copy beside their own program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using testing::HasSubstr;

// A step that no answer could name would have the program wait for one without end.
TEST(TrialClient, AStepIsAWholeNumber) {
  const Folder folder;
  folder.write("train.py", R"(
import sys
sys.path.insert(0, sys.argv[1])
import caviar_trial

trial = caviar_trial.start()
for step in [1, 2.0, trial.parameters["step"]]:
    trial.report(step, 0.5)
)");
  folder.write("study.yaml", R"(
objective:
  command: [python3, train.py, )" CAVIAR_SOURCE_DIR R"(/clients/python]
  results: wire
  timeout: 60s
metric: loss
space: {step: {type: categorical, choices: [3, 3.5, 1e300]}}
search: {sampler: grid}
)");
  const Result result = caviar({"tune", "study.yaml", "--json"}, folder);
  EXPECT_EQ(result.code, 0) << result.err;
  const auto trials =
      nlohmann::json::parse(caviar({"trials", "study.yaml", "--json"}, folder).out)["trials"];
  ASSERT_EQ(trials.size(), 3U);
  EXPECT_EQ(trials[0]["state"], "complete") << trials[0];
  EXPECT_EQ(trials[0]["reports"].size(), 3U);
  for (const int number : {1, 2}) {
    EXPECT_EQ(trials[number]["state"], "failed");
    EXPECT_THAT(trials[number]["why"], HasSubstr("a whole number up to 2^53 was expected"));
  }
}

}  // namespace
}  // namespace caviar::test
