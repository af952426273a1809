// What a study file asks of its search, through the real program: earlier studies, bounds under a
// budget, reasons, constants, settings of a person, noise.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string unit_x = "{x: {type: float, low: 0, high: 1}}";

class Search : public testing::Test {
 protected:
  // A command that says its loss, over a space, with a search and further lines.
  void study(const std::string& name, const std::string& space, const std::string& search,
             const std::string& rest = "limits: {trials: 6}", const std::string& loss = "{x}") {
    folder.write(name, "objective: {command: [echo, 'loss=" + loss + "']}\nspace: " + space +
                           "\nsearch: " + search + "\nmetric: loss\n" + rest + "\n");
  }
  std::string text(const std::vector<std::string>& words) {
    const Result result = caviar(words, folder);
    EXPECT_EQ(result.code, 0) << result.err;
    return result.out;
  }
  json document(const std::vector<std::string>& words) { return json::parse(text(words)); }
  std::string refusal(const std::vector<std::string>& words) {
    const Result result = caviar(words, folder);
    EXPECT_EQ(result.code, 2) << result.out << result.err;
    return result.err;
  }
  json trials_of(const std::string& name) { return document({"trials", name, "--json"})["trials"]; }
  Folder folder;
};

TEST_F(Search, learnsFromNoStudyThatIsItself) {
  study("self.yaml", unit_x, "{sampler: random, learn_from: [self.yaml]}");
  EXPECT_THAT(refusal({"tune", "self.yaml"}),
              AllOf(HasSubstr("self.yaml:3:"), HasSubstr("which is this study itself")));
  study("same.yaml", unit_x, "{sampler: random, learn_from: ['sqlite:./same.db#same']}");
  EXPECT_THAT(refusal({"check", "same.yaml"}), HasSubstr("which is this study itself"));
}

TEST_F(Search, studiesThatLearnFromEachOtherAreReadOnce) {
  study("a.yaml", unit_x, "{sampler: random, learn_from: [b.yaml]}");
  study("b.yaml", unit_x, "{sampler: random, learn_from: [a.yaml]}");
  EXPECT_THAT(refusal({"tune", "a.yaml"}), HasSubstr("b.db"));  // b has not run
  study("b.yaml", unit_x, "{sampler: random}");
  text({"tune", "b.yaml", "--quiet"});
  study("b.yaml", unit_x, "{sampler: random, learn_from: [a.yaml]}");
  EXPECT_THAT(text({"tune", "a.yaml"}), HasSubstr("learns from b.yaml: 6 of its 6 trials"));
}

TEST_F(Search, saysThatNothingCanBeLearnt) {
  study("old.yaml", "{z: {type: float, low: 0, high: 1}}", "{sampler: random}",
        "limits: {trials: 6}", "{z}");
  text({"tune", "old.yaml", "--quiet"});
  study("new.yaml", unit_x, "{sampler: gp, learn_from: [old.yaml]}");
  EXPECT_THAT(text({"tune", "new.yaml"}),
              HasSubstr("warning: learns from old.yaml: 0 of its 6 trials"));
  EXPECT_THAT(text({"show", "new.yaml"}), HasSubstr("learns from old.yaml: 0 trials"));
}

TEST_F(Search, trialsOfAPartialBudgetSayWhatTheyBreak) {
  study("budget.yaml", unit_x,
        "{sampler: random, budget: {method: asha, of: epochs, low: 1, high: 9, factor: 3}}",
        "outcomes: {size: '<= 0.5'}\nlimits: {trials: 20}", "{x} size={x} epochs={budget}");
  text({"tune", "budget.yaml", "--quiet"});
  std::size_t pruned = 0;
  for (const json& trial : trials_of("budget.yaml")) {
    const bool beyond = trial["params"]["x"].get<double>() > 0.5;
    EXPECT_EQ(trial.value("standing", "") == "beyond size <= 0.5", beyond) << trial;
    pruned += beyond && trial["state"] == "pruned" ? 1 : 0;
  }
  EXPECT_GT(pruned, 0U);
}

TEST_F(Search, saysWhyEachTrialWasProposed) {
  study("why.yaml", "{x: {type: float, low: 0, high: 1}, n: {type: int, low: 1, high: 9}}",
        "{sampler: auto, seed: 1}", "limits: {trials: 25}");
  text({"tune", "why.yaml", "--quiet"});
  EXPECT_THAT(text({"trials", "why.yaml"}), AllOf(HasSubstr("reason"), HasSubstr("second look:")));
  EXPECT_THAT(text({"show", "why.yaml", "21"}),
              AllOf(HasSubstr("trial 21: complete"), HasSubstr("proposed by  tpe: second look:"),
                    HasSubstr("loss")));
  const json one = document({"show", "--storage", "why.db", "21", "--json"});
  EXPECT_EQ(one["number"], 21);
  EXPECT_THAT(one["reason"], HasSubstr("second look"));
  EXPECT_THAT(refusal({"show", "why.yaml", "99"}), HasSubstr("there is no trial 99"));
  EXPECT_THAT(folder.read("why.html"), HasSubstr("second look: "));
}

TEST_F(Search, aRangeOfOneValueIsAConstant) {
  const std::string space =
      "{x: {type: float, low: 0, high: 1}, c: {type: float, low: 0.5, high: 0.5}, "
      "n: {type: int, low: 3, high: 3}}";
  for (const std::string sampler :
       {"{sampler: grid, points: {x: 3}}", "{sampler: sobol}", "{sampler: gp}"}) {
    study("one.yaml", space, sampler, "limits: {trials: 9}\nstorage: one.db");
    text({"tune", "one.yaml", "--quiet"});
    for (const json& trial : trials_of("one.yaml")) {
      EXPECT_EQ(trial["params"]["c"], 0.5) << sampler;
      EXPECT_EQ(trial["params"]["n"], 3) << sampler;
    }
    if (sampler.find("grid") == std::string::npos) text({"importances", "one.yaml"});
    std::filesystem::remove(folder.path("one.db"));
  }
}

TEST_F(Search, settingsThatContradictEachOtherAreRefused) {
  study("set.yaml",
        "{x: {type: float, low: 0, high: 1}, o: {type: categorical, choices: [a, b]}, "
        "b: {type: float, low: 0.2, high: 0.9, when: {o: b}}, n: {type: int, low: 1, high: 9}}",
        "{sampler: random}", "constraints: ['x < b']\nlimits: {trials: 2}");
  EXPECT_THAT(refusal({"enqueue", "set.yaml", "b=0.8", "o=a"}),
              HasSubstr("b exists only where o = b, and o=a is given"));
  EXPECT_THAT(refusal({"enqueue", "set.yaml", "b=0.3", "x=0.5"}),
              HasSubstr("breaks the constraint x < b"));
  EXPECT_THAT(refusal({"enqueue", "set.yaml"}), HasSubstr("NAME=VALUE expected"));
  EXPECT_FALSE(folder.has("set.db"));
  EXPECT_THAT(text({"enqueue", "set.yaml", "b=0.3"}), HasSubstr("the rest"));
}

TEST_F(Search, theBestOfANoisyObjectiveIsTheSameEverywhere) {
  folder.write("noisy.yaml",
               "objective: {command: [sh, -c, 'echo value=$(( (CAVIAR_TRIAL * 7919) % 13 ))', "
               "'{x}']}\ndirection: minimize\nspace: " +
                   unit_x + "\nsearch: {sampler: random, reevaluate: 4}\nlimits: {trials: 24}\n");
  const json tuned = document({"tune", "noisy.yaml", "--json"});
  const json best = document({"best", "noisy.yaml", "--json"});
  EXPECT_EQ(tuned["best"]["trial"], best["trial"]);
  EXPECT_EQ(tuned["best"]["value"], best["value"]);
  EXPECT_THAT(text({"show", "noisy.yaml"}), HasSubstr("the best, trial " + best["trial"].dump()));
}

TEST_F(Search, saysForProgramsWhyItEnded) {
  study("end.yaml", unit_x, "{sampler: random}", "limits: {trials: 40, patience: 3}");
  const json said = document({"tune", "end.yaml", "--json"});
  EXPECT_EQ(said["ending"], "patience");
  EXPECT_THAT(said["ending_text"], HasSubstr("3 trials in a row"));
}

TEST_F(Search, endsWhereAllValuesAreEqualHoweverLarge) {
  study("flat.yaml", unit_x, "{sampler: random}", "limits: {expected_gain: 0.1}", "1e300 x={x}");
  EXPECT_EQ(document({"tune", "flat.yaml", "--json"})["ending"], "expected_gain");
}

TEST_F(Search, whatCannotBeMeantIsNamedAsWhatItIs) {
  study("pop.yaml", unit_x, "{budget: {method: pbt, low: 1, high: 9, population: 12}}",
        "limits: {trials: 60}", "{x} epochs={budget}");
  EXPECT_THAT(refusal({"tune", "pop.yaml"}),
              AllOf(HasSubstr("the population of pbt has 108 trials"), Not(HasSubstr("auto"))));
  folder.write("some.db", "");
  EXPECT_THAT(refusal({"tune", "some.db"}), HasSubstr("a database of studies, not a study file"));
  study("model.yaml", unit_x, "{sampler: gp, model_trials: 50}", "limits: {trials: 2}");
  text({"tune", "model.yaml", "--quiet"});
}

TEST_F(Search, asksWhichWayIsBetterWhereTheFileDoesNotSay) {
  const std::string plain =
      "objective: {command: [echo, '{x}']}\nspace: " + unit_x + "\nlimits: {trials: 2}\n";
  folder.write("plain.yaml", plain);
  for (const char* command : {"check", "tune"}) {
    EXPECT_THAT(refusal({command, "plain.yaml"}),
                HasSubstr("add a direction: minimize or maximize"));
  }
  for (const char* more : {"direction: minimize", "metric: loss", "objectives: [loss]"}) {
    folder.write("said.yaml", plain + more + "\n");
    EXPECT_EQ(caviar({"check", "said.yaml"}, folder).err, "") << more;
  }
}

// A front holds trials from before a parameter was added: they count with its `before`.
TEST_F(Search, showsWithWhatOldTrialsCount) {
  const std::string head =
      "objective: {command: [echo, 'a={x} b=1']}\n"
      "objectives: {a: minimize, b: minimize}\nsearch: {sampler: sobol}\n";
  folder.write("front.yaml", head + "space: " + unit_x + "\nlimits: {trials: 3}\n");
  text({"tune", "front.yaml", "--quiet"});
  EXPECT_THAT(text({"best", "front.yaml"}), Not(HasSubstr("(")));
  folder.write("front.yaml",
               "objective: {command: [echo, 'a={x} b=1', '{late}']}\n"
               "objectives: {a: minimize, b: minimize}\nsearch: {sampler: sobol}\n"
               "space: {x: {type: float, low: 0, high: 1}, "
               "late: {type: float, low: 0, high: 1, before: 0.25}}\nlimits: {trials: 4}\n");
  text({"tune", "front.yaml", "--quiet"});
  for (const std::string view : {"trials", "show", "best"}) {
    EXPECT_THAT(text({view, "front.yaml"}),
                AllOf(HasSubstr("(0.25)"), HasSubstr("from before the space had this parameter")))
        << view;
  }
  EXPECT_THAT(text({"show", "front.yaml", "0"}), HasSubstr("(0.25)"));
  const std::string csv = text({"export", "csv", "front.yaml"});
  EXPECT_THAT(csv, AllOf(HasSubstr(",by,reason,duration,why,before\n"), HasSubstr(",0.25,sobol,"),
                         HasSubstr(",late\n")));
  const json first = document({"trials", "front.yaml", "--json"})["trials"][0];
  EXPECT_EQ(first["before"], json::parse(R"({"late": 0.25})"));
  EXPECT_FALSE(first["params"].contains("late"));
  const json front = document({"best", "front.yaml", "--json"})["front"][0];
  EXPECT_EQ(front["before"]["late"], 0.25);
}

}  // namespace
}  // namespace caviar::test
