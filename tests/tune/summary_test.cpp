#include "caviar/tune/summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/json.hpp"

namespace caviar {
namespace {

using testing::HasSubstr;
using testing::Not;

StudySpec spec_of() {
  StudySpec spec;
  spec.name = "digits";
  spec.goal.metric = "validation_loss";
  spec.space = Space({{.name = "rate", .distribution = Float{0, 1}, .tier = 1},
                      {.name = "units", .distribution = Int{1, 64}, .tier = 2}});
  return spec;
}

// The loss is all rate, nothing of it units.
History history_of(const StudySpec& spec, int trials) {
  History history(spec.space, spec.goal);
  for (int n = 0; n < trials; ++n) {
    const double rate = (n * 7 % 20) / 20.0;
    Asked asked;
    asked.trial = n;
    asked.proposal.point = Point{{"rate", rate}, {"units", std::int64_t{1 + n * 13 % 64}}};
    history.apply(asked);
    Ended ended;
    ended.trial = n;
    ended.values = {(rate - 0.5) * (rate - 0.5)};
    ended.metrics = {{"validation_accuracy", 0.9}, {"seconds", 1}};
    history.apply(ended);
  }
  return history;
}

TEST(Summary, SaysTheBestAndWhatMattered) {
  const StudySpec spec = spec_of();
  History history = history_of(spec, 20);
  Noted note;
  note.key = test_note;
  note.json = R"({"trial": 10, "rows": 361, "test_loss": 0.1, "test_accuracy": 0.975})";
  history.apply(note);
  const std::string text = summary_text(spec, history, {});
  for (const std::string part :
       {"digits: 20 trials: 20 complete", "best value", "tier", "the best, trial 10", "rate",
        "validation_loss", "validation_accuracy  0.9", "test_accuracy        0.975",
        "on 361 rows that no trial saw"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_LT(text.find("rate "), text.find("units "));  // the most important first
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));

  const Json json = summary_json(spec, history);
  EXPECT_EQ(json["best"]["trial"], 10);
  EXPECT_EQ(json["test"]["test_accuracy"], 0.975);
  EXPECT_GT(json["importance"]["rate"], 0.5);
  EXPECT_LT(json["importance"]["units"], 0.3);
}

TEST(Summary, OfAStudyWithoutAnyCompleteTrial) {
  const StudySpec spec = spec_of();
  const History history = history_of(spec, 0);
  EXPECT_THAT(summary_text(spec, history, {}), HasSubstr("no trial is complete"));
  EXPECT_TRUE(summary_json(spec, history)["best"].is_null());
  EXPECT_TRUE(summary_json(spec, history)["importance"].is_null());
}

}  // namespace
}  // namespace caviar
