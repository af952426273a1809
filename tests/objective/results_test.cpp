// How results are read from what programs say.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/json.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/objective/measurements.hpp"
#include "caviar/objective/wire.hpp"
#include "caviar/study/study.hpp"

namespace caviar {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(ReadWords, FindsNumbersAmongWords) {
  const auto said = read_words("INFO [epoch=3] loss=0.25, val/acc=9e-1; name=x done");
  ASSERT_TRUE(said.has_value());
  EXPECT_EQ(said->step, 3);
  EXPECT_THAT(said->numbers, ElementsAre(Pair("loss", 0.25), Pair("val/acc", 0.9)));
  EXPECT_THAT(said->others, ElementsAre(Pair("name", "x")));
  EXPECT_EQ(read_words("step=7 epoch=2 a=1")->step, 7);
  EXPECT_EQ(read_words("step=1.5 a=1")->step, std::nullopt);
  EXPECT_TRUE(std::isnan(read_words("loss=nan")->numbers.at("loss")));
  EXPECT_EQ(read_words("loss=-inf")->numbers.at("loss"), -INFINITY);
  const auto coloured = read_words("\x1b[1mepoch=4\x1b[0m \x1b[32mloss=0.5\x1b[0m\ta=\xff");
  EXPECT_EQ(coloured->step, 4);
  EXPECT_THAT(coloured->numbers, ElementsAre(Pair("loss", 0.5)));
  for (const char* none : {"", "no words", "=3", "1=2", "a b=", "==", "a = 3"}) {
    const auto found = read_words(none);
    EXPECT_TRUE(!found || found->numbers.empty()) << none;
  }
}

TEST(ReadJsonLine, TakesObjectsOnly) {
  const auto said =
      read_json_line(R"(  {"epoch": 2, "loss": 0.5, "auc": "nan", "tag": "a", "on": true})");
  ASSERT_TRUE(said.has_value());
  EXPECT_EQ(said->step, 2);
  EXPECT_EQ(said->numbers.at("loss"), 0.5);
  EXPECT_TRUE(std::isnan(said->numbers.at("auc")));
  EXPECT_EQ(said->others.at("tag"), "a");
  for (const char* none : {"", "[1]", "3", "{", "{\"a\":1", "loss=1", "{'a': 1}"}) {
    EXPECT_FALSE(read_json_line(none).has_value()) << none;
  }
}

TEST(ReadJsonLine, WhatIsNotFiniteIsANumberHoweverItIsWritten) {
  const auto said = read_json_line(
      R"({"epoch": 2, "a": NaN, "b": [Infinity], "c": -Infinity, "d": 1e400, "e": -nan, "f":inf,)"
      R"( "NaN\": NaN": 1, "g": "1e400", "h": 1e-400})");
  ASSERT_TRUE(said.has_value());
  EXPECT_EQ(said->step, 2);
  EXPECT_TRUE(std::isnan(said->numbers.at("a")));
  EXPECT_TRUE(std::isnan(said->numbers.at("e")));
  EXPECT_EQ(said->numbers.at("c"), -INFINITY);
  for (const char* name : {"d", "f", "g"}) EXPECT_EQ(said->numbers.at(name), INFINITY) << name;
  EXPECT_EQ(said->numbers.at("NaN\": NaN"), 1);
  EXPECT_EQ(said->numbers.at("h"), 0);
  EXPECT_EQ(read_words("loss=1e400")->numbers.at("loss"), INFINITY);
  EXPECT_FALSE(read_json_line(R"({"a": None, "b": NaN})").has_value());
}

TEST(ReadResultFile, ANumberAnObjectOrWords) {
  EXPECT_EQ(read_result_file(" 0.5\n", "loss").numbers.at("loss"), 0.5);
  EXPECT_EQ(read_result_file("{\"loss\": 1,\n \"a\": 2}", "loss").numbers.at("a"), 2);
  EXPECT_EQ(read_result_file("first\nloss=3\na=4", "loss").numbers.at("loss"), 3);
  EXPECT_TRUE(read_result_file("", "loss").numbers.empty());
}

TEST(ReadLines, JunkNeverHarms) {
  Rng rng(1);
  const std::string alphabet = "{}[]\",:=. \t\\eE+-019abnif\xc3\xff\x01";
  for (int round = 0; round < 20'000; ++round) {
    std::string line;
    for (std::uint64_t length = rng.below(40); length > 0; --length) {
      line += alphabet[rng.below(alphabet.size())];
    }
    read_words(line);
    read_json_line(line);
    read_result_file(line, "loss");
    read_wire_line(line);
  }
}

// Runs `act` as the only trial of a study, and returns that trial.
Trial with_trial(const std::function<double(ActiveTrial&)>& act) {
  Study study({.name = "s", .space = Space({{"x", Float{0, 1}}}), .search = {"random", 0, {}}});
  study.optimize(act, {.trials = 1});
  return study.trial(0);
}

TEST(Tally, ReportsLaterStepsAndKeepsTheLastOrTheBest) {
  for (const bool best : {false, true}) {
    const Trial trial = with_trial([&](ActiveTrial& active) {
      Tally tally({"loss", {Direction::minimize}}, best);
      EXPECT_FALSE(tally.value().has_value());
      for (const char* line : {"epoch=1 loss=3 a=1", "epoch=2 loss=1", "epoch=2 loss=2",
                               "epoch=1 loss=2", "epoch=3 loss=nan", "epoch=4 loss=2 a=5"}) {
        tally.add(*read_words(line), active);
      }
      return *tally.value();
    });
    EXPECT_EQ(trial.values.front(), best ? 1 : 2);
    ASSERT_EQ(trial.reports.size(), 4U);
    EXPECT_EQ(trial.reports[1].step, 2);
    EXPECT_EQ(trial.reports[1].value, 1);
    EXPECT_TRUE(std::isnan(trial.reports[2].value));  // for pruners the worst
    EXPECT_EQ(trial.reports[3].step, 4);
    EXPECT_EQ(trial.metrics.at("a"), 5);
  }
}

TEST(Wire, LinesAreJson) {
  const Json start = Json::parse(wire_start(
      {"s", "loss", "/d", "/d/c", 3, 7, 27.0, Point{{"lr", 1.0}, {"n", std::int64_t{4}}}}));
  EXPECT_EQ(start["op"], "start");
  EXPECT_TRUE(start["parameters"]["lr"].is_number_float());
  EXPECT_TRUE(start["parameters"]["n"].is_number_integer());
  EXPECT_EQ(start["budget"], 27);
  EXPECT_EQ(wire_answer(3, Flow::stop), "{\"op\":\"answer\",\"step\":3,\"stop\":true}\n");
  EXPECT_EQ(Json::parse(wire_change(Point{{"lr", 0.5}}))["parameters"]["lr"], 0.5);
}

TEST(Wire, MessagesAreRead) {
  const auto report = std::get<WireReport>(
      read_wire_line(R"({"op":"report","step":2,"value":0.5,"metrics":{"a":1}})"));
  EXPECT_EQ(report.step, 2);
  EXPECT_EQ(report.value, 0.5);
  EXPECT_EQ(report.metrics.at("a"), 1);
  EXPECT_TRUE(std::isnan(
      std::get<WireReport>(read_wire_line(R"({"op":"report","step":2,"value":"nan"})")).value));
  EXPECT_TRUE(std::isnan(
      std::get<WireReport>(read_wire_line(R"({"op":"report","step":2,"value":NaN})")).value));
  EXPECT_EQ(std::get<WireResult>(
                read_wire_line(R"({"op":"result","value":1e999,"metrics":{"a":-Infinity}})"))
                .metrics.at("a"),
            -INFINITY);
  EXPECT_FALSE(std::get<WireResult>(read_wire_line(R"({"op":"result"})")).value.has_value());
  EXPECT_EQ(std::get<WireFailure>(read_wire_line(R"({"op":"fail","why":"x"})")).why, "x");
  for (const char* nonsense :
       {"", "x", "[]", "{}", R"({"op":"report","value":1})", R"({"op":"report","step":1})",
        R"({"op":"report","step":1.5,"value":1})", R"({"op":"result","value":"x"})",
        R"({"op":3})"}) {
    EXPECT_TRUE(std::holds_alternative<WireNonsense>(read_wire_line(nonsense))) << nonsense;
  }
}

}  // namespace
}  // namespace caviar
