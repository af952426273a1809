#include "caviar/tune/export.hpp"

#include <limits>
#include <utility>

#include <gtest/gtest.h>

#include "caviar/base/json.hpp"

namespace caviar {
namespace {

Event ended(int trial, TrialState state, double time, std::vector<double> values,
            std::map<std::string, double> metrics, std::string why) {
  Ended end;
  end.trial = trial;
  end.state = state;
  end.time = time;
  end.values = std::move(values);
  end.metrics = std::move(metrics);
  end.why = std::move(why);
  return end;
}

History sample() {
  History history(Space({{.name = "rate", .distribution = Float{0, 1}},
                         {.name = "kind", .distribution = Choice{{Value("a,b"), Value("c\"d")}}}}),
                  {.metric = "loss"});
  history.apply(
      Asked{0, {Point{{"rate", 0.1}, {"kind", std::string("a,b")}}, "gp", {}}, "here", {}, 10});
  history.apply(Reported{0, {1, 0.75}, 11});
  history.apply(ended(0, TrialState::complete, 12.5, {0.5}, {{"accuracy", 0.9}}, ""));
  history.apply(Asked{1, {Point{{"kind", std::string("c\"d")}}, "random", {}}, "here", {}, 13});
  history.apply(ended(1, TrialState::failed, 14, {},
                      {{"seconds", std::numeric_limits<double>::infinity()}},
                      "line one\nline two"));
  history.apply(Asked{2, {Point{{"rate", 1.0}}, "gp", {}}, "here", {}, 15});
  return history;
}

TEST(Export, CsvQuotesWhatNeedsIt) {
  EXPECT_EQ(
      trials_csv(sample()),
      "number,state,loss,rate,kind,accuracy,seconds,by,reason,duration,why\n"
      "0,complete,0.5,0.1,\"a,b\",0.9,,gp,where the model expects the largest improvement,2.5,\n"
      "1,failed,,,\"c\"\"d\",,inf,random,drawn at random,1,\"line one\nline two\"\n"
      "2,running,,1,,,,gp,where the model expects the largest improvement,,\n");
}

TEST(Export, JsonHasEverythingOfATrial) {
  const History history = sample();
  EXPECT_EQ(trial_json(history.space(), history.trials()[0]).dump(),
            R"({"number":0,"state":"complete","params":{"rate":0.1,"kind":"a,b"},"value":0.5,)"
            R"("metrics":{"accuracy":0.9},"reports":[{"step":1,"value":0.75}],"by":"gp",)"
            R"("reason":"where the model expects the largest improvement",)"
            R"("asked_at":10.0,"ended_at":12.5})");
  EXPECT_EQ(trial_json(history.space(), history.trials()[1])["metrics"]["seconds"], "inf");
  EXPECT_FALSE(trial_json(history.space(), history.trials()[2]).contains("ended_at"));
}

}  // namespace
}  // namespace caviar
