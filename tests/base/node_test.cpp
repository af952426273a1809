// Documents: types, places, errors that name them, and a reader that survives anything.
#include "caviar/base/node.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/rng.hpp"

namespace caviar {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

template <class Action>
std::string error_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(NodeYaml, ReadsTheTypesOfTheCoreSchema) {
  const Node node = Node::parse_yaml(
      "a: 1e-4\nb: 12\nc: true\nd: adam\ne: '12'\nf: [1, 2.5, x]\ng:\nh: {k: -3}\ni: 10m\nj: "
      "+.inf\n",
      "s.yaml");
  EXPECT_DOUBLE_EQ(node.find("a")->number(), 1e-4);
  EXPECT_EQ(node.find("b")->integer(), 12);
  EXPECT_TRUE(node.find("c")->boolean());
  EXPECT_EQ(node.find("d")->text(), "adam");
  EXPECT_EQ(node.find("e")->text(), "12");
  EXPECT_EQ(node.find("f")->items().size(), 3U);
  EXPECT_TRUE(node.find("g")->is_null());
  EXPECT_EQ(node.find("h")->find("k")->integer(), -3);
  EXPECT_EQ(node.find("i")->text(), "10m");
  EXPECT_TRUE(std::isinf(node.find("j")->number()));
  EXPECT_EQ(node.find("nothing"), nullptr);
  EXPECT_EQ(Node::parse_yaml("-9223372036854775808", "s").integer(), INT64_MIN);
  EXPECT_EQ(Node::parse_yaml("+007", "s").integer(), 7);
  EXPECT_TRUE(Node::parse_yaml("9223372036854775808", "s").is_number());
}

TEST(NodeYaml, AnErrorNamesFileLineColumnAndPath) {
  const Node node = Node::parse_yaml("space:\n  rate: {low: x}\n", "s.yaml");
  const Node* low = node.find("space")->find("rate")->find("low");
  EXPECT_EQ(error_of([&] { low->number(); }),
            "s.yaml:2:15: space.rate.low: 'x' given, a number wanted");
}

TEST(NodeYaml, ASyntaxErrorNamesLineAndColumn) {
  EXPECT_THAT(error_of([] { Node::parse_yaml("a: [1, 2\nb: 3\n", "s.yaml"); }),
              StartsWith("s.yaml:2:"));
}

TEST(NodeYaml, AKeyGivenTwiceIsRefused) {
  EXPECT_EQ(error_of([] { Node::parse_yaml("a: 1\nb: 2\na: 3\n", "s.yaml"); }),
            "s.yaml:3:1: a: given twice; keep one of them");
}

TEST(NodeJson, ReadsAndWritesTheSame) {
  const std::string text = R"({"b":[1,2.5,"x",null,true],"a":{"low":1e-05}})";
  EXPECT_EQ(Node::parse_json(text, "x").json().dump(), text);
}

TEST(NodeJson, RefusesWhatIsNotJson) {
  EXPECT_THAT(error_of([] { Node::parse_json("{\"a\": }", "line 3"); }),
              StartsWith("line 3: not valid JSON: at column 7"));
  EXPECT_THAT(error_of([] { Node::parse_json(R"({"a":1,"a":2})", "x"); }),
              HasSubstr("given twice"));
  EXPECT_THAT(error_of([] { Node::parse_json(std::string(1000, '['), "x"); }),
              HasSubstr("nested too deeply"));
}

TEST(Fields, RefusesAnUnknownKeyAndSuggests) {
  const Node node = Node::parse_yaml("low: 1\nhgih: 2\n", "s.yaml");
  Fields fields(node);
  fields.need("low");
  fields.find("high");
  EXPECT_EQ(error_of([&] { fields.done(); }),
            "s.yaml:2:7: hgih: unknown key 'hgih' (did you mean 'high'?)");
  EXPECT_THAT(error_of([&] { fields.need("step"); }), HasSubstr("'step' is missing"));
  const Node glued = Node::parse_yaml("{low:1}", "s.yaml");  // YAML reads a key without a value
  EXPECT_THAT(error_of([&] { Fields(glued).done(); }), HasSubstr("a space is missing"));
}

// Whatever is cut out of, put into or changed in a document: it reads or it is an Error.
TEST(Node, WithoutSomeKeysKeepsThePlacesOfTheRest) {
  const Node node = Node::parse_yaml("sampler: grid\nseed: 7\npoints: many\n", "study.yaml");
  const Node rest = node.without({"sampler", "seed"});
  EXPECT_EQ(rest.json().dump(), R"({"points":"many"})");
  EXPECT_EQ(rest.find("points")->where(), "study.yaml:3:9: points");
  EXPECT_NE(node.find("seed"), nullptr);
}

TEST(NodeFuzz, MutatedDocumentsReadOrAreRefused) {
  const std::string seeds[] = {
      "name: digits\nspace:\n  lr: {type: float, low: 1e-4, when: {a: [x, 'y']}}\nlist:\n  - 1\n"
      "  - &a {b: c}\n  - *a\n",
      R"({"name":"x","space":{"lr":{"low":1e-4,"high":[1,2,{"a":null}]}},"t":"é\u00e9\n"})"};
  const std::string_view marks = "[]{}:-,'\"&*!|>%@ \n";
  Rng rng(7);
  int refused = 0;
  const auto attempt = [&](auto&& parse) {
    try {
      parse();
    } catch (const Error&) {
      ++refused;
    }
  };
  for (int round = 0; round < 4000; ++round) {
    std::string text = seeds[rng.below(2)];
    for (std::uint64_t edits = 1 + rng.below(6); edits > 0 && !text.empty(); --edits) {
      const std::size_t at = rng.below(text.size());
      const char byte =
          rng.below(4) == 0 ? static_cast<char>(rng.below(256)) : marks[rng.below(marks.size())];
      switch (rng.below(3)) {
        case 0:
          text.erase(at, 1 + rng.below(5));
          break;
        case 1:
          text.insert(at, 1, byte);
          break;
        default:
          text[at] = byte;
      }
    }
    attempt([&] { Node::parse_yaml(text, "fuzz").json(); });
    attempt([&] { Node::parse_json(text, "fuzz").json(); });
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace caviar
