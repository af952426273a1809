// Spaces as documents: what is read, what is refused and where, and the way to JSON and back.
#include "caviar/space/space_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/space/unit.hpp"

namespace caviar {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A study file with only the space and its constraints.
Space parse(const std::string& text) {
  const Node root = Node::parse_yaml(text, "study.yaml");
  return parse_space(*root.find("space"), root.find("constraints"));
}

std::string refusal(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input);
    return error.what();
  }
  return "accepted";
}

// One parameter x on the second line, its description from column 6 on.
std::string refusal_of(const std::string& description) {
  return refusal("space:\n  x: " + description + "\n  y: {type: categorical, choices: [a, b]}\n");
}

constexpr const char* study_text = R"(
space:
  learning_rate: {type: float, low: 1e-4, high: 1.0, scale: log, tier: 1}
  momentum:      {type: float, low: 0.9, high: 0.999, scale: reverse_log}
  units_1:       {type: int, low: 16, high: 256, scale: log}
  units_2:       {type: int, low: 16, high: 256, scale: log, step: 2}
  dropout:       {type: float, low: 0, high: 0.5, step: 0.1}
  size:          {type: ordinal, choices: [small, medium, large]}
  optimizer:     {type: categorical, choices: [momentum, adam, 3, 2.5, true]}
  beta2:         {type: float, low: 0.9, high: 0.9999, scale: reverse_log, when: {optimizer: adam}, tier: 4}
  decay:         {type: float, low: 0, high: 1, when: {optimizer: [momentum, adam], units_1: {">=": 32, "<": 100}}}
constraints: ["units_2 <= units_1", "2 units_1 - 3*units_2 < 100"]
)";

TEST(SpaceText, ReadsAStudyFile) {
  const Space space = parse(study_text);
  ASSERT_EQ(space.size(), 9u);
  EXPECT_EQ(space[0], (Parameter{"learning_rate", Float{1e-4, 1, Scale::log}, {}, 1}));
  EXPECT_EQ(space[1].distribution, Distribution(Float{0.9, 0.999, Scale::reverse_log}));
  EXPECT_EQ(space[2].distribution, Distribution(Int{16, 256, Scale::log}));
  EXPECT_EQ(space[3].distribution, Distribution(Int{16, 256, Scale::log, 2}));
  EXPECT_EQ(space[4].distribution, Distribution(Float{0, 0.5, Scale::linear, 0.1}));
  EXPECT_EQ(space[5].distribution,
            Distribution(
                Choice{{std::string("small"), std::string("medium"), std::string("large")}, true}));
  EXPECT_EQ(
      space[6].distribution,
      Distribution(Choice{
          {std::string("momentum"), std::string("adam"), std::int64_t{3}, 2.5, true}, false}));
  EXPECT_EQ(space[7].when,
            (std::vector<Condition>{{"optimizer", Comparison::one_of, {std::string("adam")}}}));
  EXPECT_EQ(space[7].tier, 4);
  EXPECT_EQ(space[8].when,
            (std::vector<Condition>{
                {"optimizer", Comparison::one_of, {std::string("momentum"), std::string("adam")}},
                {"units_1", Comparison::greater_equal, {std::int64_t{32}}},
                {"units_1", Comparison::less, {std::int64_t{100}}}}));
  ASSERT_EQ(space.constraints().size(), 2u);
  EXPECT_EQ(space.constraints()[1].text, "2 units_1 - 3*units_2 < 100");
}

Space through_json(const Space& space) {
  return space_from_json(Node::parse_json(to_json(space).dump(), "stored"));
}

TEST(SpaceText, ComesBackFromJson) {
  const Space space = parse(study_text);
  EXPECT_EQ(through_json(space), space);
  EXPECT_EQ(to_json(through_json(space)).dump(), to_json(space).dump());
  EXPECT_EQ(through_json(Space()), Space());
}

TEST(SpaceText, WhatOnlyCodeCanWriteComesBackFromJsonToo) {
  const Condition at_least{"a", Comparison::greater_equal, {std::int64_t{2}}};
  const Condition below{"a", Comparison::less, {std::int64_t{5}}};
  const Condition b{"b", Comparison::one_of, {3.0}};
  const Condition twice{"a", Comparison::one_of, {std::int64_t{2}, std::int64_t{3}}};
  const std::vector<Parameter> parents = {{"a", Int{0, 9}, {}, 0},
                                          {"b", Choice{{3.0, std::string("3")}, false}, {}, 0},
                                          {"fixed", Float{0.1, 0.1}, {}, 0},
                                          {"edge", Int{INT64_MIN, INT64_MAX}, {}, 0},
                                          {"digits", Float{0.1 + 0.2, 1e300}, {}, 0}};
  for (const std::vector<Condition>& when :
       std::vector<std::vector<Condition>>{{at_least, below},
                                           {at_least, b, below},
                                           {b, at_least, below},
                                           {at_least, at_least},
                                           {twice, b, twice},
                                           {twice, at_least}}) {
    std::vector<Parameter> parameters = parents;
    parameters.push_back({"x", Float{0, 1}, when, 0});
    const Space space(parameters, {{{{"a", 1}, {"edge", -0.1}}, Relation::less, 0.3, ""}});
    EXPECT_EQ(through_json(space), space) << to_json(space).dump();
  }
}

TEST(SpaceText, ValuesAndPointsComeBackFromJson) {
  const Point point = {
      {"f", 0.1}, {"whole", 3.0}, {"i", INT64_MAX}, {"b", false}, {"t", std::string("3")}};
  const Point back = parse_point(Node::parse_json(to_json(point).dump(), "line 1"));
  EXPECT_EQ(back.entries(), point.entries());
  EXPECT_EQ(to_json(point).dump(),
            R"({"f":0.1,"whole":3.0,"i":9223372036854775807,"b":false,"t":"3"})");
}

TEST(SpaceText, ARangeOfOneValueIsAConstant) {
  const Node node = Node::parse_yaml(
      "{x: {type: float, low: 1, high: 1}, n: {type: int, low: 4, high: 4, scale: log},\n"
      " b: {type: float, low: 0.5, high: 0.5, believe: {at: 0.5, within: 0.1}}}",
      "study.yaml");
  const Space space = parse_space(node, nullptr);
  EXPECT_EQ(space[0], (Parameter{"x", Float{1, 1}, {}, 0}));
  EXPECT_EQ(space.cardinality(), 1U);
  EXPECT_EQ(decode(space, std::vector{0.1, 0.9, 0.5}),
            (Point{{"x", 1.0}, {"n", std::int64_t{4}}, {"b", 0.5}}));
}

TEST(SpaceText, ConditionsCompareTheChoicesOfAnOrdinalByTheirOrder) {
  const auto space = [](const std::string& when) {
    return parse(
        "space:\n  size: {type: ordinal, choices: [s, m, l, xl]}\n  x: {type: float, low: 0, "
        "high: 1, when: {size: {" +
        when + "}}}\n");
  };
  const auto listed = [&](const std::string& when) { return to_text(space(when)[1].when.front()); };
  EXPECT_EQ(listed("\">=\": m"), "size is one of m, l, xl");
  EXPECT_EQ(listed("\">\": m"), "size is one of l, xl");
  EXPECT_EQ(listed("\"<\": m"), "size = s");
  EXPECT_EQ(listed("\"<=\": m"), "size is one of s, m");
  const Space both = space("\">=\": m, \"<\": xl");
  EXPECT_EQ(through_json(both), both);
  EXPECT_THROW(space("\"<\": s"), Error);
  EXPECT_THROW(space("\"<\": xxl"), Error);
}

TEST(SpaceText, RefusesNamingThePlace) {
  EXPECT_EQ(refusal_of("{type: float, low: 0, high: 1, scale: log}"),
            "study.yaml:2:25: space.x.low: 0 given, a log scale needs more than 0");
  EXPECT_EQ(refusal_of("{type: float, low: 2, high: 1}"),
            "study.yaml:2:25: space.x.low: 2 given, it must not be more than high, 1");
  EXPECT_EQ(refusal_of("{type: float, low: 0, high: 1, scale: reverse_log}"),
            "study.yaml:2:34: space.x.high: 1 given, a reverse_log scale needs less than 1");
  EXPECT_EQ(
      refusal_of("{type: float, low: 0, high: 1, step: 0}"),
      "study.yaml:2:43: space.x.step: 0 given, a step must be more than 0; leave it out for a "
      "continuous range");
  EXPECT_EQ(refusal_of("{type: categorical, choices: []}"),
            "study.yaml:2:35: space.x.choices: at least one choice is needed");
  EXPECT_EQ(refusal_of("{type: categorical, choices: [a, b, a]}"),
            "study.yaml:2:35: space.x.choices: 'a' is given twice");
  EXPECT_EQ(refusal_of("{type: int, low: 0, high: 9, tier: 5}"),
            "study.yaml:2:41: space.x.tier: 5 given, a tier is 1 (matters most) to 4, or left out");
}

TEST(SpaceText, RefusesUnknownWordsWithTheNearestOne) {
  EXPECT_THAT(
      refusal_of("{type: float, lo: 0, high: 1}"),
      AllOf(HasSubstr("study.yaml:2:"), HasSubstr("unknown key 'lo' (did you mean 'low'?)")));
  EXPECT_THAT(refusal_of("{type: flaot, low: 0, high: 1}"),
              HasSubstr("space.x.type: unknown type 'flaot' (did you mean 'float'?)"));
  EXPECT_THAT(refusal_of("{type: float, low: 1, high: 2, scale: logg}"),
              HasSubstr("space.x.scale: unknown scale 'logg' (did you mean 'log'?)"));
  EXPECT_THAT(refusal_of("{type: float, low: 1, high: 2, choices: [1]}"),
              HasSubstr("unknown key 'choices'"));
  EXPECT_THAT(refusal_of("{type: ordinal, choices: [1], low: 1}"), HasSubstr("unknown key 'low'"));
  EXPECT_THAT(refusal_of("{type: int, low: 1}"), HasSubstr("space.x: the key 'high' is missing"));
  EXPECT_THAT(refusal_of("{low: 1, high: 2}"), HasSubstr("the key 'type' is missing: float, int"));
  EXPECT_THAT(refusal("space: {}"), HasSubstr("space: the space has no parameter"));
}

TEST(SpaceText, RefusesWrongTypes) {
  EXPECT_THAT(refusal_of("{type: int, low: 0.5, high: 2}"),
              HasSubstr("space.x.low: 0.5 given, a whole number wanted"));
  EXPECT_THAT(refusal_of("{type: float, low: small, high: 2}"),
              HasSubstr("space.x.low: 'small' given, a number wanted"));
  EXPECT_THAT(refusal_of("{type: categorical, choices: [[1]]}"),
              HasSubstr("a list given, a number, a text, true or false wanted"));
  EXPECT_THAT(refusal_of("{type: categorical, choices: a}"), HasSubstr("a list wanted"));
  EXPECT_THAT(refusal_of("5"), HasSubstr("space.x: 5 given, a map"));
  EXPECT_THAT(refusal("space: [1]"), HasSubstr("a map"));
  EXPECT_THAT(refusal_of("{type: float, low: .nan, high: 2}"), HasSubstr("space.x.low"));
  EXPECT_THAT(refusal_of("{type: float, low: 0, high: .inf}"), HasSubstr("space.x.high"));
}

TEST(SpaceText, RefusesConditionsThatCannotBeMeant) {
  const auto when = [](const std::string& condition) {
    return refusal_of("{type: int, low: 0, high: 9, when: " + condition + "}");
  };
  EXPECT_EQ(when("{z: a}"),
            "study.yaml:2:41: space.x.when: 'z' is not a parameter (did you mean 'x'?)");
  EXPECT_EQ(when("{y: c}"),
            "study.yaml:2:41: space.x.when: 'c' is no value of 'y', which is one of a, b");
  EXPECT_THAT(when("{y: [a, c]}"), HasSubstr("'c' is no value of 'y'"));
  EXPECT_THAT(when("{y: []}"), HasSubstr("at least one value of 'y' is needed"));
  EXPECT_THAT(when("{y: {\">\": 1}}"), HasSubstr("only numbers can be compared"));
  EXPECT_THAT(when("{y: {\"=>\": 1}}"), HasSubstr("unknown comparison '=>'"));
  EXPECT_THAT(when("{x: 3}"), HasSubstr("the conditions form a circle: x → x"));
  EXPECT_THAT(when("a"), HasSubstr("a map"));
}

TEST(SpaceText, RefusesConstraintsThatCannotBeMeant) {
  const auto constraint = [](const std::string& text) {
    return refusal(
        "space:\n  a: {type: int, low: 0, high: 9}\n"
        "  b: {type: categorical, choices: [p, q]}\nconstraints:\n  - " +
        text + "\n");
  };
  EXPECT_THAT(constraint("a < c"), AllOf(HasSubstr("study.yaml:5:5: constraints"),
                                         HasSubstr("constraint 'a < c': 'c' is not a parameter")));
  EXPECT_THAT(constraint("a < b"), HasSubstr("'b' is no number, it is one of p, q"));
  EXPECT_THAT(constraint("a == 3"), AllOf(HasSubstr("study.yaml:5:5"), HasSubstr("character 3")));
  EXPECT_THAT(constraint("3"), HasSubstr("a text wanted"));
}

TEST(SpaceText, RefusesBytesThatAreNoText) {
  EXPECT_EQ(refusal("space:\n  a: {type: categorical, choices: [caf\xe9]}"),
            "study.yaml:2:39: not UTF-8 text; save the file as UTF-8");
}

TEST(SpaceText, RefusesARepeatedName) {
  EXPECT_THAT(
      refusal("space:\n  a: {type: int, low: 0, high: 9}\n  a: {type: int, low: 0, high: 9}"),
      HasSubstr("study.yaml:3:3"));
}

}  // namespace
}  // namespace caviar
