// Linear inequalities: reading, refusing, holding.
#include "caviar/space/constraint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"

namespace caviar {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Constraint parse(const std::string& text) { return parse_constraint(text, "here"); }

TEST(Constraint, ReadsTermsOnBothSides) {
  const Constraint constraint = parse("2*a + b - 3 <= 10 - 0.5 c + b*4");
  EXPECT_THAT(constraint.terms, ElementsAre(Pair("a", 2), Pair("b", -3), Pair("c", 0.5)));
  EXPECT_EQ(constraint.relation, Relation::less_equal);
  EXPECT_EQ(constraint.bound, 13);
  EXPECT_EQ(constraint.text, "2*a + b - 3 <= 10 - 0.5 c + b*4");
}

TEST(Constraint, ReadsEveryRelationAndManner) {
  EXPECT_EQ(parse("a<b").relation, Relation::less);
  EXPECT_EQ(parse("a <= b").relation, Relation::less_equal);
  EXPECT_EQ(parse("a > b").relation, Relation::greater);
  EXPECT_EQ(parse("a>=b").relation, Relation::greater_equal);
  EXPECT_THAT(parse("-a < 1").terms, ElementsAre(Pair("a", -1)));
  EXPECT_THAT(parse("2a < 1").terms, ElementsAre(Pair("a", 2)));
  EXPECT_THAT(parse("2 * 3 * a / 4 < 1").terms, ElementsAre(Pair("a", 1.5)));
  EXPECT_THAT(parse("a 2 < 1").terms, ElementsAre(Pair("a", 2)));
  EXPECT_THAT(parse("1e-3*a < 1").terms, ElementsAre(Pair("a", 1e-3)));
  EXPECT_THAT(parse(".5a < 1").terms, ElementsAre(Pair("a", 0.5)));
  EXPECT_THAT(parse("a + a < b - b").terms, ElementsAre(Pair("a", 2)));
  EXPECT_THAT(parse("net.units_1 < größe").terms,
              ElementsAre(Pair("net.units_1", 1), Pair("größe", -1)));
  EXPECT_THAT(parse("2 'learning-rate' < \"a b\"").terms,
              ElementsAre(Pair("learning-rate", 2), Pair("a b", -1)));
  EXPECT_EQ(parse("3 < a + 1").bound, -2);
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

TEST(Constraint, RefusesNamingThePlace) {
  EXPECT_EQ(refusal("a == b"),
            "here: constraint 'a == b', character 3: only <, <=, > and >= are possible; fix one of "
            "the parameters instead of an equality");
  EXPECT_THAT(refusal("a != b"), HasSubstr("character 3: only <, <=, > and >="));
  EXPECT_THAT(refusal("a = b"), HasSubstr("character 3: only <, <=, > and >="));
  EXPECT_THAT(refusal("a * b < 1"), HasSubstr("character 5: the product of two parameters"));
  EXPECT_THAT(refusal("a b < 1"), HasSubstr("the product of two parameters"));
  EXPECT_THAT(refusal("1 / a < 1"), HasSubstr("character 5: only division by a number is linear"));
  EXPECT_THAT(refusal("a / 0 < 1"), HasSubstr("division by 0"));
  EXPECT_THAT(refusal("a^2 < 1"), HasSubstr("character 2: powers are not linear"));
  EXPECT_THAT(refusal("2*(a + b) < 1"), HasSubstr("character 3: parentheses"));
  EXPECT_THAT(refusal("a < b < c"), HasSubstr("character 7: one comparison is allowed"));
  EXPECT_THAT(refusal("a < b == c"), HasSubstr("one comparison is allowed"));
  EXPECT_THAT(refusal("a + b"), HasSubstr("character 6: a comparison is missing"));
  EXPECT_THAT(refusal("a <"), HasSubstr("character 4: a number or a parameter is missing"));
  EXPECT_THAT(refusal("< a"), HasSubstr("character 1: a number or a parameter is missing"));
  EXPECT_THAT(refusal(""), HasSubstr("character 1: a number or a parameter is missing"));
  EXPECT_THAT(refusal("a + + b < 1"), HasSubstr("a number or a parameter is missing"));
  EXPECT_THAT(refusal("a ; b < 1"), HasSubstr("character 3: ';' is not understood here"));
  EXPECT_THAT(refusal("'a < 1"), HasSubstr("character 1: the quote is not closed"));
  EXPECT_THAT(refusal("'' < 1"), HasSubstr("the name is empty"));
  EXPECT_THAT(refusal("1 < 2"), HasSubstr("it names no parameter"));
  EXPECT_THAT(refusal("a < a"), HasSubstr("it names no parameter"));
  EXPECT_THAT(refusal("1e999*a < 1"), HasSubstr("too large"));
  EXPECT_THAT(refusal("1e300*1e300*a < 1"), HasSubstr("too large"));
}

bool holds(const std::string& text, const Point& point) { return parse(text).holds(point); }

TEST(Constraint, HoldsOrNot) {
  const Point point = {{"a", std::int64_t{2}}, {"b", 0.5}, {"flag", true}};
  EXPECT_TRUE(holds("a > b", point));
  EXPECT_FALSE(holds("a < b", point));
  EXPECT_TRUE(holds("a <= 4*b", point));
  EXPECT_TRUE(holds("a >= 4*b", point));
  EXPECT_FALSE(holds("a < 4*b", point));
  EXPECT_FALSE(holds("a > 4*b", point));
  EXPECT_TRUE(holds("a - 2 flag <= 0", point));
}

TEST(Constraint, HoldsWhereAParameterIsInactive) {
  EXPECT_TRUE(holds("a < b", Point{{"a", 5.0}}));
  EXPECT_TRUE(holds("a < b", Point()));
}

TEST(Constraint, RoundingDoesNotDecide) {
  const Point point = {{"a", 0.1}, {"b", 0.2}};
  EXPECT_TRUE(holds("a + b <= 0.3", point));
  EXPECT_TRUE(holds("a + b >= 0.3", point));
  EXPECT_FALSE(holds("a + b > 0.3", point));
  EXPECT_FALSE(holds("a + b < 0.3", point));
  EXPECT_TRUE(holds("a < b", Point{{"a", std::int64_t{1'000'000'000'000}},
                                   {"b", std::int64_t{1'000'000'000'001}}}));
}

TEST(Constraint, IsEqualWhateverItsText) {
  EXPECT_EQ(parse("a + 2 b < 3"), parse("2*b+a<3"));
  EXPECT_EQ(parse("a < b"), parse("a - b < 0"));
  EXPECT_FALSE(parse("a < b") == parse("a <= b"));
  EXPECT_FALSE(parse("a < 1") == parse("a < 2"));
}

TEST(Constraint, SpelledOutReadsBackTheSame) {
  for (const char* text :
       {"a < b", "-0.1*a + 1e-7 b - 'c d' >= -3.25", "-'-a' <= 1e300", "2a > 1"}) {
    Constraint constraint = parse(text);
    EXPECT_EQ(to_text(constraint), text);
    constraint.text.clear();
    EXPECT_EQ(parse(to_text(constraint)), constraint) << to_text(constraint);
  }
}

}  // namespace
}  // namespace caviar
