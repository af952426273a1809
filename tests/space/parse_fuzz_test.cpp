// Thousands of damaged documents and constraints, the same ones every time: each is either
// accepted, and then works from end to end, or refused with an Error that says something. Nothing
// else.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/space/unit.hpp"

namespace caviar {
namespace {

constexpr const char* yaml_space = R"(space:
  rate: {type: float, low: 1e-4, high: 1.0, scale: log, tier: 1}
  momentum: {type: float, low: 0.9, high: 0.999, scale: reverse_log}
  units: {type: int, low: 16, high: 256, scale: log, step: 2}
  dropout: {type: float, low: 0, high: 0.5, step: 0.1}
  size: {type: ordinal, choices: [1, 2.5, large]}
  optimizer: {type: categorical, choices: [momentum, adam, true]}
  beta2:
    type: float
    low: 0.9
    high: 0.9999
    scale: reverse_log
    when: {optimizer: adam, units: {">=": 32, "<": 100}}
constraints: ["dropout <= rate + 1", "2 units - 3*rate < 500"]
)";

constexpr const char* json_space =
    R"({"space":{"a":{"type":"int","low":-5,"high":9,"tier":2},)"
    R"("b":{"type":"float","low":1e-5,"high":0.1,"scale":"log","when":{"a":[1,2]}},)"
    R"("c":{"type":"categorical","choices":["x","y",3],"when":[{"a":{">":0}},{"a":{"<":7}}]}},)"
    R"("constraints":["a + 2*b <= 3"]})";

constexpr std::array words = {
    "low",         "high",        "type",   "step",   "scale",    "log",
    "reverse_log", "linear",      "float",  "int",    "ordinal",  "tier",
    "when",        "null",        "~",      "true",   ".nan",     "-.inf",
    "1e999",       "-0",          "1e-320", "0x1p",   "9e18",     "9223372036854775808",
    "-1",          "0.5",         "1e308",  "\"\"",   "{}",       "[]",
    "choices",     "categorical", "beta2",  "units",  "size",     "&a",
    "*a",          "<<",          "|",      ">",      "\xff\xfe", "\n",
    "\n  ",        "\t",          "# ",     "- ",     "? ",       ": ",
    "=",           "<=",          "(",      "999999", "1e-17",    "0.1",
    "'",           "\"",          "a",      "b",      "adam",     "1.0",
    "1000000",     "^",           "/",      "*"};

std::size_t place_in(const std::string& text, Rng& rng) { return rng.below(text.size() + 1); }

void mutate(std::string& text, Rng& rng) {
  const std::size_t at = place_in(text, rng);
  switch (rng.below(6)) {
    case 0:
      text.erase(at, rng.below(4));
      break;
    case 1:
      text.insert(at, words[rng.below(words.size())]);
      break;
    case 2:
      text.insert(at, 1, static_cast<char>(rng.below(256)));
      break;
    case 3:
      text.replace(at, rng.below(6), words[rng.below(words.size())]);
      break;
    case 4:
      text.insert(at, text.substr(place_in(text, rng), rng.below(60)));
      break;
    default: {  // one word for another, which keeps most documents well formed
      const auto is_word = [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '_'; };
      const auto start =
          std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_word);
      const auto end = std::find_if_not(start, text.end(), is_word);
      text.replace(start, end, words[rng.below(words.size())]);
    }
  }
}

// What every accepted space must be able to do.
void use(const Space& space, Rng& rng) {
  const Space back = space_from_json(Node::parse_json(to_json(space).dump(), "stored"));
  ASSERT_EQ(back, space) << to_json(space).dump();
  ASSERT_TRUE(differences(back, space).empty());
  space.cardinality();
  for (const Parameter& parameter : space.parameters()) {
    ASSERT_FALSE(describe(parameter.distribution).empty());
    spread(parameter.distribution, 5);
  }
  for (int i = 0; i < 5; ++i) {
    const auto point = draw(space, rng, 20);
    if (!point) return;
    ASSERT_EQ(checked(space, *point, "drawn"), *point);
    ASSERT_EQ(decode(space, encode(space, *point)).entries(), point->entries());
  }
}

struct Tally {
  int accepted = 0, refused = 0;
};

template <class Attempt>
void expect_only_errors(const std::string& text, Tally& tally, const Attempt& attempt) {
  try {
    attempt();
    ++tally.accepted;
  } catch (const Error& error) {
    ++tally.refused;
    ASSERT_EQ(error.fault(), Fault::input) << error.what() << "\nfor\n" << text;
    ASSERT_GT(std::string(error.what()).size(), 10u) << "for\n" << text;
  } catch (const std::exception& error) {
    FAIL() << "not an Error: " << error.what() << "\nfor\n" << text;
  }
}

void read_and_use(const std::string& text, bool json, Rng& rng) {
  const Node root = json ? Node::parse_json(text, "--space") : Node::parse_yaml(text, "study.yaml");
  const Node* parameters = root.find("space");
  if (!parameters) throw Error(Fault::input, "there is no space in it");
  use(parse_space(*parameters, root.find("constraints")), rng);
}

TEST(ParseFuzz, DamagedSpacesAreAcceptedOrRefused) {
  Rng rng(1);
  Tally tally;
  for (int i = 0; i < 6000; ++i) {
    const bool json = i % 3 == 0;
    std::string text = json ? json_space : yaml_space;
    for (std::uint64_t n = 1 + rng.below(3); n > 0; --n) mutate(text, rng);
    expect_only_errors(text, tally, [&] { read_and_use(text, json, rng); });
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(tally.accepted, 200);  // the damage must leave something to test on both sides
  EXPECT_GT(tally.refused, 2000);
}

TEST(ParseFuzz, DamagedConstraintsAreAcceptedOrRefused) {
  Rng rng(2);
  Tally tally;
  const Point point = {{"a", 1.0}, {"b", 2.0}};
  for (int i = 0; i < 20000; ++i) {
    std::string text = i % 2 == 0 ? "2*a + b <= 10" : "units_2 < 0.5 * 'units 1' - 3e2";
    for (std::uint64_t n = 1 + rng.below(4); n > 0; --n) mutate(text, rng);
    expect_only_errors(text, tally, [&] {
      Constraint constraint = parse_constraint(text, "here");
      constraint.holds(point);
      Constraint spelt = constraint;
      spelt.text.clear();
      const auto has_quote = [](const auto& term) {
        return term.first.find('\'') != std::string::npos;
      };
      if (std::ranges::any_of(spelt.terms, has_quote)) return;
      ASSERT_EQ(parse_constraint(to_text(spelt), "again"), constraint) << text;
    });
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(tally.accepted, 2000);
  EXPECT_GT(tally.refused, 2000);
}

TEST(ParseFuzz, RandomBytesAreRefused) {
  Rng rng(3);
  Tally tally;
  for (int i = 0; i < 3000; ++i) {
    std::string text(rng.below(80), ' ');
    for (char& c : text) c = static_cast<char>(rng.below(256));
    expect_only_errors(text, tally, [&] { read_and_use(text, i % 2 == 0, rng); });
    if (HasFatalFailure()) return;
    expect_only_errors(text, tally, [&] { parse_constraint(text, "here"); });
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(tally.refused, 5000);
}

TEST(ParseFuzz, DeepDocumentsAreRefusedNotFatal) {
  Rng rng(4);
  Tally tally;
  for (const int depth : {10, 1000, 100000}) {
    const std::string open(static_cast<std::size_t>(depth), '[');
    for (const bool json : {false, true}) {
      for (const std::string& text :
           {"{\"space\": {\"a\": " + open,
            "{\"space\": {\"a\": " + open + std::string(open.size(), ']') + "}}"}) {
        expect_only_errors("depth " + std::to_string(depth), tally,
                           [&] { read_and_use(text, json, rng); });
      }
    }
    expect_only_errors("minus signs", tally, [&] {
      parse_constraint(std::string(static_cast<std::size_t>(depth), '-') + "a < 1", "here");
    });
  }
  EXPECT_EQ(tally.accepted, 0);
}

}  // namespace
}  // namespace caviar
