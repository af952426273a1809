// The ask-tell protocol, word for word: other programs depend on it.
#include <cmath>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* space_text = R"({
  "x": {"type": "float", "low": 1e-5, "high": 0.1, "scale": "log"},
  "y": {"type": "float", "low": 0, "high": 1},
  "units": {"type": "int", "low": 1, "high": 64},
  "kind": {"type": "categorical", "choices": ["a", "b"]}
})";

class AskTell : public testing::Test {
 protected:
  AskTell() { folder.write("space.json", space_text); }

  std::vector<std::string> words(std::vector<std::string> more = {}) const {
    std::vector<std::string> all = {"ask-tell", "--space", "space.json"};
    if (more.empty()) more = {"--sampler", "random", "--seed", "7"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  Folder folder;
};

TEST_F(AskTell, answersEachRequestInOneLine) {
  Program program(words(), folder.path());
  program.write("{\"op\":\"ask\"}\n");
  EXPECT_THAT(program.line(), StartsWith(R"({"trial":0,"params":{"x":)"));
  program.write("{\"op\":\"tell\",\"trial\":0,\"value\":0.123}\n");
  EXPECT_EQ(program.line(), R"({"ok":true})");
  program.write("{\"op\":\"best\"}\n");
  EXPECT_THAT(program.line(), StartsWith(R"({"trial":0,"value":0.123,"params":{"x":)"));
  const Result end = program.wait();
  EXPECT_EQ(end.code, 0);
  EXPECT_EQ(end.out, "");
  EXPECT_EQ(end.err, "");
}

TEST_F(AskTell, givesEveryParameterInItsType) {
  Program program(words(), folder.path());
  for (int trial = 0; trial < 20; ++trial) {
    const auto reply = program.ask(R"({"op":"ask"})");
    EXPECT_EQ(reply["trial"], trial);
    const auto& params = reply["params"];
    ASSERT_EQ(params.size(), 4U);
    EXPECT_TRUE(params["x"].is_number_float());
    EXPECT_TRUE(params["y"].is_number_float());
    EXPECT_TRUE(params["units"].is_number_integer());
    EXPECT_TRUE(params["kind"].is_string());
    EXPECT_GE(params["x"], 1e-5);
    EXPECT_LE(params["x"], 0.1);
    EXPECT_GE(params["units"], 1);
    EXPECT_LE(params["units"], 64);
  }
}

TEST_F(AskTell, asksForSeveralAtOnce) {
  Program program(words(), folder.path());
  const auto reply = program.ask(R"({"op":"ask","count":8})");
  ASSERT_EQ(reply["trials"].size(), 8U);
  for (int n = 0; n < 8; ++n) {
    EXPECT_EQ(reply["trials"][n]["trial"], n);
    EXPECT_EQ(reply["trials"][n]["params"].size(), 4U);
  }
  EXPECT_EQ(program.ask(R"({"op":"ask"})")["trial"], 8);
}

TEST_F(AskTell, sameSeedSameProposals) {
  const std::string requests = "{\"op\":\"ask\",\"count\":5}\n";
  const Result first = caviar(words(), folder, requests);
  EXPECT_EQ(first.out, caviar(words(), folder, requests).out);
  EXPECT_NE(first.out, caviar(words({"--sampler", "random", "--seed", "8"}), folder, requests).out);
}

TEST_F(AskTell, takesValuesAndFailuresAndReports) {
  Program program(words(), folder.path());
  program.ask(R"({"op":"ask","count":4})");
  EXPECT_EQ(program.ask(R"({"op":"report","trial":0,"step":3,"value":0.4})").dump(),
            R"({"ok":true,"stop":false})");
  EXPECT_EQ(program.ask(R"({"op":"tell","trial":0,"values":[0.5]})").dump(), R"({"ok":true})");
  EXPECT_EQ(program.ask(R"({"op":"tell","trial":1,"state":"failed"})").dump(), R"({"ok":true})");
  EXPECT_EQ(program.ask(R"({"op":"tell","trial":2,"value":"nan"})").dump(), R"({"ok":true})");
  program.ask(R"({"op":"ask"})");  // and as Python writes it
  EXPECT_EQ(program.ask(R"({"op":"report","trial":4,"step":1,"value":-Infinity})").at("ok"), true);
  EXPECT_EQ(program.ask(R"({"op":"tell","trial":4,"value":NaN})").dump(), R"({"ok":true})");
  EXPECT_EQ(program.ask(R"({"op":"tell","trial":3,"value":-2})").dump(), R"({"ok":true})");
  const auto best = program.ask(R"({"op":"best"})");
  EXPECT_EQ(best["trial"], 3);
  EXPECT_EQ(best["value"], -2.0);
}

TEST_F(AskTell, maximizes) {
  Program program(words({"--sampler", "random", "--direction", "maximize"}), folder.path());
  program.ask(R"({"op":"ask","count":2})");
  program.ask(R"({"op":"tell","trial":0,"value":1})");
  program.ask(R"({"op":"tell","trial":1,"value":5})");
  EXPECT_EQ(program.ask(R"({"op":"best"})")["trial"], 1);
}

TEST_F(AskTell, badLinesGetAnErrorAndTheLoopGoesOn) {
  Program program(words(), folder.path());
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "line 1"},
      {"hello", "line 2"},
      {"[1, 2]", "line 3"},
      {R"({"op":"aks"})", "did you mean 'ask'"},
      {R"({"trial":0})", "op"},
      {R"({"op":"tell","trial":0,"value":1})", "0"},
      {R"({"op":"tell","trial":-1,"value":1})", "-1"},
      {R"({"op":"tell","trial":"zero","value":1})", "zero"},
      {R"({"op":"tell","trial":0})", "value"},
      {R"({"op":"tell","trial":0,"vlaue":1})", "value"},
      {R"({"op":"ask","count":0})", "count"},
      {R"({"op":"best"})", "no trial is complete"},
      {"{\"op\":\"\xff\xfe\"}", ""},
      {std::string(3000, '['), ""},
  };
  for (const auto& [line, part] : cases) {
    const auto reply = program.ask(line);
    ASSERT_TRUE(reply.contains("error")) << line << " -> " << reply.dump();
    EXPECT_EQ(reply.size(), 1U);
    EXPECT_THAT(reply["error"].get<std::string>(), HasSubstr(part)) << line;
  }
  EXPECT_EQ(program.ask(R"({"op":"ask"})")["trial"], 0);
  EXPECT_EQ(program.wait().code, 0);
}

TEST_F(AskTell, refusesToTellTwice) {
  Program program(words(), folder.path());
  program.ask(R"({"op":"ask"})");
  program.ask(R"({"op":"tell","trial":0,"value":1})");
  EXPECT_TRUE(program.ask(R"({"op":"tell","trial":0,"value":0})").contains("error"));
  EXPECT_EQ(program.ask(R"({"op":"best"})")["value"], 1.0);
}

TEST_F(AskTell, saysWhenAFiniteSpaceIsFinished) {
  folder.write("space.json", R"({"k": {"type": "int", "low": 1, "high": 3}})");
  Program program(words(), folder.path());
  const auto reply = program.ask(R"({"op":"ask","count":8})");
  EXPECT_EQ(reply["trials"].size(), 3U);
  EXPECT_THAT(program.ask(R"({"op":"ask"})")["error"].get<std::string>(), HasSubstr("finished"));
}

TEST_F(AskTell, findsTheValleyWithEverySampler) {
  folder.write("space.json", R"({"x": {"type": "float", "low": -5, "high": 5}})");
  for (const std::string sampler : {"random", "sobol", "zoom", "gp"}) {
    Program program(words({"--sampler", sampler, "--seed", "1"}), folder.path());
    for (int n = 0; n < 25; ++n) {
      const auto trial = program.ask(R"({"op":"ask"})");
      const double x = trial["params"]["x"];
      const nlohmann::json tell = {
          {"op", "tell"}, {"trial", trial["trial"]}, {"value", (x - 2) * (x - 2)}};
      program.ask(tell.dump());
    }
    EXPECT_LT(program.ask(R"({"op":"best"})")["value"], 1.0) << sampler;
  }
}

TEST_F(AskTell, keepsBoundsOnOutcomes) {
  Program program(words({"--outcomes", R"({"size": "<= 10", "value": [">= 0", "<= 9"]})"}),
                  folder.path());
  for (int n = 0; n < 4; ++n) program.ask(R"({"op":"ask"})");
  program.ask(R"({"op":"tell","trial":0,"value":1,"metrics":{"size":12}})");
  EXPECT_THAT(program.ask(R"({"op":"best"})")["error"].get<std::string>(), HasSubstr("size <= 10"));
  program.ask(R"({"op":"tell","trial":1,"value":2,"metrics":{"size":10,"other":"nan"}})");
  program.ask(R"({"op":"tell","trial":2,"value":1})");
  program.ask(R"({"op":"tell","trial":3,"value":-1,"metrics":{"size":1}})");
  EXPECT_EQ(program.ask(R"({"op":"best"})")["trial"], 1);
  EXPECT_THAT(program.ask(R"({"op":"tell","trial":3,"value":1,"metrics":{"size":"big"}})")["error"]
                  .get<std::string>(),
              HasSubstr("a number expected"));
}

TEST_F(AskTell, fixesWhatTheOtherProgramWants) {
  Program program(words(), folder.path());
  const auto reply = program.ask(R"({"op":"ask","fix":{"units":7,"kind":"b"}})");
  EXPECT_EQ(reply["params"]["units"], 7);
  EXPECT_EQ(reply["params"]["kind"], "b");
  EXPECT_EQ(reply["params"].size(), 4U);
  const auto several = program.ask(R"({"op":"ask","count":3,"fix":{"y":0.25}})");
  for (const auto& trial : several["trials"]) {
    EXPECT_EQ(trial["params"]["y"], 0.25);
  }
  const std::vector<std::pair<std::string, std::string>> refused = {
      {R"({"units":65})", "ask: units: 65 given"},
      {R"({"units":"6"})", "ask: units: '6' given, 1 … 64 wanted"},
      {R"({"unit":6})", "did you mean 'units'"},
      {R"({})", "at least one parameter"},
      {R"([1])", "fix"}};
  for (const auto& [fix, part] : refused) {
    const auto answer = program.ask(R"({"op":"ask","fix":)" + fix + "}");
    EXPECT_THAT(answer["error"].get<std::string>(), HasSubstr(part)) << fix;
  }
  EXPECT_EQ(program.ask(R"({"op":"ask"})")["trial"], 4);  // nothing was half asked
}

TEST_F(AskTell, runsWhatIsEnqueuedNext) {
  Program program(words(), folder.path());
  EXPECT_EQ(program.ask(R"({"op":"enqueue","params":{"y":0.5,"units":3}})").dump(),
            R"({"ok":true,"ticket":0})");
  EXPECT_EQ(program.ask(R"({"op":"ask","fix":{"y":0.125}})")["params"]["y"], 0.125);
  const auto next = program.ask(R"({"op":"ask"})");
  EXPECT_EQ(next["params"]["y"], 0.5);
  EXPECT_EQ(next["params"]["units"], 3);
  EXPECT_TRUE(program.ask(R"({"op":"enqueue","params":{"y":2}})").contains("error"));
  const auto all = program.ask(R"({"op":"trials"})")["trials"];
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1]["by"], "enqueued");
  EXPECT_EQ(all[1]["state"], "running");
}

TEST_F(AskTell, asksItsPruner) {
  Program program(
      words({"--sampler", "random", "--pruner", "{pruner: median, startup_trials: 2, protect: 0}"}),
      folder.path());
  for (int trial = 0; trial < 4; ++trial) {
    program.ask(R"({"op":"ask"})");
    bool stopped = false;
    for (int step = 1; step <= 5 && !stopped; ++step) {
      const nlohmann::json report = {
          {"op", "report"}, {"trial", trial}, {"step", step}, {"value", trial}};
      stopped = program.ask(report.dump())["stop"];
    }
    EXPECT_EQ(stopped, trial >= 2);
    nlohmann::json tell = {{"op", "tell"}, {"trial", trial}};
    if (stopped) {
      tell["state"] = "pruned";
    } else {
      tell["value"] = trial;
    }
    program.ask(tell.dump());
  }
  EXPECT_EQ(program.ask(R"({"op":"trials"})")["trials"][3]["state"], "pruned");
}

TEST_F(AskTell, keepsItsLimitsAndTellsOfThem) {
  Program few(words({"--limits", R"({"trials": 2})"}), folder.path());
  EXPECT_EQ(few.ask(R"({"op":"ask","count":5})")["trials"].size(), 2U);
  EXPECT_EQ(few.ask(R"({"op":"ask"})")["finished"], "trials");
  EXPECT_EQ(few.ask(R"({"op":"tell","trial":0,"value":1})")["finished"], "trials");
  Program target(words({"--limits", "{target: 0.5, patience: 3}"}), folder.path());
  target.ask(R"({"op":"ask","count":2})");
  EXPECT_EQ(target.ask(R"({"op":"tell","trial":0,"value":0.75})").dump(), R"({"ok":true})");
  EXPECT_EQ(target.ask(R"({"op":"tell","trial":1,"value":0.25})")["finished"], "target");
  const auto refused = target.ask(R"({"op":"ask"})");
  EXPECT_EQ(refused["finished"], "target");
  EXPECT_THAT(refused["error"].get<std::string>(), HasSubstr("limits.target is met"));
  Program failing(words({"--limits", "{max_failed: 2}"}), folder.path());
  failing.ask(R"({"op":"ask","count":2})");
  failing.ask(R"({"op":"tell","trial":0,"state":"failed"})");
  EXPECT_EQ(failing.ask(R"({"op":"tell","trial":1,"value":"nan"})")["finished"], "max_failed");
}

// A stored study counts the trials of all programs.
TEST_F(AskTell, keepsLimitsTogetherWithOthers) {
  const auto stored =
      words({"--storage", "sqlite:s.db", "--study", "mine", "--limits", R"({"trials": 3})"});
  Program one(stored, folder.path()), other(stored, folder.path());
  one.ask(R"({"op":"ask","count":2})");
  EXPECT_EQ(other.ask(R"({"op":"ask","count":2})")["trials"].size(), 1U);
  EXPECT_EQ(one.ask(R"({"op":"ask"})")["finished"], "trials");
}

TEST_F(AskTell, runsTheLeaderAgainAndTellsItsMean) {
  Program program(words({"--sampler", "random", "--reevaluate", "3"}), folder.path());
  std::map<std::string, int> seen;
  for (int n = 0; n < 12; ++n) {
    const auto trial = program.ask(R"({"op":"ask"})");
    const int times = seen[trial["params"].dump()]++;
    const nlohmann::json tell = {{"op", "tell"},
                                 {"trial", n},
                                 {"value", trial["params"]["y"].get<double>() + 0.001 * times}};
    program.ask(tell.dump());
  }
  EXPECT_GE(program.ask(R"({"op":"best"})")["runs"], 2);
}

// A whole budget is an integer, for loops in languages that tell them from floats.
TEST_F(AskTell, saysWhatATrialMaySpend) {
  Program program(words({"--budget", R"({"low": 1, "high": 9})"}), folder.path());
  std::string all;
  for (int n = 0; n < 12; ++n) {
    const std::string reply = program.ask(R"({"op":"ask"})").dump();
    all += reply + "\n";
    program.ask(R"({"op":"tell","trial":)" + std::to_string(n) + R"(,"value":)" +
                std::to_string(n) + "}");
  }
  EXPECT_THAT(all, HasSubstr(R"("budget":9,"continues":)"));
  EXPECT_THAT(all, testing::Not(HasSubstr(".0,\"continues")));
}

TEST_F(AskTell, keepsConstraints) {
  Program program(words({"--sampler", "random", "--constraints", R"(["x + y <= 0.3"])"}),
                  folder.path());
  const auto several = program.ask(R"({"op":"ask","count":20})");
  for (const auto& trial : several["trials"]) {
    EXPECT_LE(trial["params"]["x"].get<double>() + trial["params"]["y"].get<double>(), 0.3);
  }
}

TEST_F(AskTell, continuesAStoredStudy) {
  const auto stored = words({"--sampler", "random", "--storage", "sqlite:s.db", "--study", "mine"});
  {
    Program program(stored, folder.path());
    program.ask(R"({"op":"ask"})");
    program.ask(R"({"op":"tell","trial":0,"value":0.5})");
    EXPECT_EQ(program.wait().code, 0);
  }
  Program again(stored, folder.path());
  EXPECT_EQ(again.ask(R"({"op":"best"})")["value"], 0.5);
  EXPECT_EQ(again.ask(R"({"op":"ask"})")["trial"], 1);
  again.wait();
  EXPECT_EQ(caviar({"best", "s.db", "--json"}, folder).code, 0);
}

TEST_F(AskTell, refusesAnotherSpaceUnderTheSameName) {
  const auto stored = words({"--storage", "sqlite:s.db", "--study", "mine"});
  caviar(stored, folder, "{\"op\":\"ask\"}\n");
  folder.write("space.json", R"({"z": {"type": "float", "low": 0, "high": 3}})");
  const Result result = caviar(stored, folder, "{\"op\":\"ask\"}\n");
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("mine"));
}

// Without --space the stored study goes on; what is said beside it holds, or is refused.
TEST_F(AskTell, appliesWhatIsSaidToAStoredStudy) {
  const auto stored = [](std::vector<std::string> more) {
    more.insert(more.begin(), {"ask-tell", "--storage", "sqlite:s.db"});
    return more;
  };
  caviar(words({"--sampler", "sobol", "--storage", "sqlite:s.db", "--study", "mine"}), folder,
         "{\"op\":\"ask\"}\n{\"op\":\"tell\",\"trial\":0,\"value\":1}\n");
  const std::string ask = "{\"op\":\"ask\"}\n";
  // The last of several: those that the program before left running come first.
  int count = 1;
  const auto by = [&](const std::vector<std::string>& more) {
    const std::string several = R"({"op":"ask","count":)" + std::to_string(++count);
    const Result result = caviar(stored(more), folder, several + "}\n{\"op\":\"trials\"}\n");
    EXPECT_EQ(result.code, 0) << result.err;
    const std::string last = result.out.substr(result.out.find('\n') + 1);
    return nlohmann::json::parse(last)["trials"].back();
  };
  EXPECT_EQ(by({})["by"], "sobol");
  EXPECT_EQ(by({"--sampler", "random", "--seed", "5"})["by"], "random");
  EXPECT_EQ(by({})["by"], "random");  // it is the study's from then on
  const auto bound = by({"--constraints", R"(["x + y <= 0.3"])"})["params"];
  EXPECT_LE(bound["x"].get<double>() + bound["y"].get<double>(), 0.3);
  EXPECT_THAT(caviar(stored({"--constraints", "[]"}), folder, "").err,
              HasSubstr("the space: constraint 'x + y <= 0.3' is gone"));
  const std::vector<std::pair<std::vector<std::string>, std::string>> refused = {
      {{"--sampler", "radnom"}, "random"},
      {{"--pruner", "medium"}, "median"},
      {{"--reevaluate", "0"}, "reevaluate"},
      {{"--options", R"({"points": 5})"}, "points"},
      {{"--budget", R"({"lo": 1})"}, "did you mean 'low'"},
      {{"--constraints", "[x + z <= 1]"}, "z"},
      {{"--direction", "maximize"}, "minimize value is stored, now maximize value"},
      {{"--outcomes", R"({"size": "<= 10"})"}, "where size <= 10"},
      {{"--study", "mien"}, "did you mean 'mine'"},
  };
  for (const auto& [more, part] : refused) {
    const Result result = caviar(stored(more), folder, ask);
    EXPECT_EQ(result.code, 2) << part;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr(part));
  }
  const auto before = folder.names();
  EXPECT_EQ(caviar({"ask-tell", "--storage", "sqlite:typo.db"}, folder, ask).code, 2);
  EXPECT_EQ(caviar(words({"--storage", "sqlite:new.db", "--limits", "{trails: 3}"}), folder).code,
            2);
  EXPECT_EQ(folder.names(), before);
}

TEST_F(AskTell, learnsFromAnEarlierStudy) {
  const auto stored = words({"--storage", "sqlite:old.db", "--study", "old"});
  std::string requests;
  for (int trial = 0; trial < 6; ++trial) {
    const std::string number = std::to_string(trial);
    requests +=
        "{\"op\":\"ask\"}\n{\"op\":\"tell\",\"trial\":" + number + ",\"value\":" + number + "}\n";
  }
  ASSERT_EQ(caviar(stored, folder, requests).code, 0);
  const Result result =
      caviar(words({"--learn-from", "sqlite:old.db#old"}), folder, "{\"op\":\"ask\"}\n");
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.err, HasSubstr("learns from sqlite:old.db#old: 6 of its 6 trials"));
  EXPECT_THAT(result.out, StartsWith(R"({"trial":0,"params":{"x":)"));
}

TEST_F(AskTell, badStartsEndWithOneLine) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"ask-tell"}, "--space"},
      {{"ask-tell", "--space", "none.json"}, "none.json"},
      {words({"--sampler", "radnom"}), "random"},
      {words({"--direction", "up"}), "minimize"},
      {words({"--seed", "-1"}), "--seed"},
      {words({"--storage", "oracle:x"}), "oracle"},
      {words({"--sampler", "grid"}), "x"},
      {words({"--sead", "1"}), "--seed"},
      {words({"--outcomes", R"({"size": "< 10"})"}), "'<= 20' or '>= 0.9'"},
      {words({"--outcomes", "size"}), "--outcomes"},
      {words({"--pruner", "medium"}), "median"},
      {words({"--limits", "{trails: 3}"}), "did you mean 'trials'"},
      {words({"--limits", "{trials: 0}"}), "--limits"},
      {words({"--limits", "{jobs: 2}"}), "the other program does"},
      {words({"--reevaluate", "0"}), "reevaluate"},
      {words({"--constraints", "[x + z <= 1]"}), "z"},
      {words({"--learn-from", "old"}), "old"},
      {words({"--learn-from", "sqlite:none.db#x"}), "none.db"},
  };
  for (const auto& [line, part] : cases) {
    const Result result = caviar(line, folder, "{\"op\":\"ask\"}\n");
    EXPECT_EQ(result.code, 2) << part;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, StartsWith("caviar: error: "));
    EXPECT_THAT(result.err, HasSubstr(part));
    EXPECT_THAT(result.err, EndsWith("\n"));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1);
  }
}

}  // namespace
}  // namespace caviar::test
