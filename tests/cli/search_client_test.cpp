// The Python client of ask-tell, which users copy beside their own program.
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using testing::HasSubstr;

TEST(SearchClient, AsksTellsAndStops) {
  const Folder folder;
  folder.write("program.py", R"(
import os
import sys
sys.path.insert(0, sys.argv[2])
import caviar_search

space = {"x": {"type": "float", "low": -5, "high": 5}, "units": {"type": "int", "low": 1, "high": 4}}
with caviar_search.Search(space, sampler="random", seed=1, limits={"trials": 8}, pruner="median",
                          outcomes={"size": "<= 3"}, program=sys.argv[1]) as search:
    search.enqueue(x=2)
    first = search.ask(units=3)
    print("fixed", first.params["units"])
    first.tell(9, size=5)
    second = search.ask()
    print("enqueued", second.params["x"])
    second.fail("no luck")
    stopped = told = 0
    while (trial := search.ask()) is not None:
        for step in range(1, 4):
            if trial.report(step, trial.number):
                trial.prune()
                stopped += 1
                break
        else:
            trial.tell(trial.number, size=trial.params["units"] / 4)
            told += 1
    print("ended", search.finished, stopped + told)
    print("best", search.best()["trial"], len(search.trials()))
    try:
        search.enqueue(y=1)
    except caviar_search.Refused as refusal:
        print("refused", refusal)
for what, call in {"closed": search.ask,
                   "no sampler": caviar_search.Search(space, sampler="x", program=sys.argv[1]).ask,
                   "no program": lambda: caviar_search.Search(space, program="./none")}.items():
    try:
        call()
    except (caviar_search.Refused, OSError) as error:
        print(what, "->", error)
dead = caviar_search.Search(space, program=sys.argv[1])
first = dead.ask(x=1)
print("read", os.path.exists(dead._space_file))
dead._process.kill()
try:
    first.tell(1)
except caviar_search.Refused as error:
    print("dead ->", error)
dead.close()
)");
  const std::string line = "python3 " + folder.path("program.py") + " " CAVIAR_PROGRAM " " +
                           CAVIAR_SOURCE_DIR "/clients/python > " + folder.path("out") + " 2>&1";
  const int code = std::system(line.c_str());  // NOLINT: a fixed text
  const std::string out = folder.read("out");
  EXPECT_EQ(code, 0) << out;
  for (const std::string part :
       {"fixed 3\n", "enqueued 2.0\n", "ended trials 6\n", "best 2 8\n", "refused enqueue",
        "closed -> the search is closed\n", "no sampler -> caviar: error: search.sampler: there is",
        "no program -> ./none: cannot be started", "read False\n",
        "dead -> caviar ended with exit code -9\n"}) {
    EXPECT_THAT(out, HasSubstr(part));
  }
}

}  // namespace
}  // namespace caviar::test
