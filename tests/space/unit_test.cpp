// Whole configurations: to the unit cube and back, drawn, enumerated, counted.
#include "caviar/space/unit.hpp"

#include <cmath>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"

namespace caviar {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Value text(const char* word) { return std::string(word); }
Value whole(std::int64_t number) { return number; }

Condition equal(const std::string& parameter, Value value) {
  return {parameter, Comparison::one_of, {std::move(value)}};
}
Condition compare(const std::string& parameter, Comparison comparison, std::int64_t limit) {
  return {parameter, comparison, {limit}};
}

// Nested conditions, the child written before its parent.
Space nested() {
  return Space(
      {{"beta2", Float{0.9, 0.999, Scale::reverse_log}, {equal("optimizer", text("adam"))}},
       {"optimizer",
        Choice{{text("momentum"), text("adam")}, false},
        {compare("layers", Comparison::greater_equal, 2)}},
       {"layers", Int{1, 4}},
       {"rate", Float{1e-5, 1, Scale::log}}});
}

TEST(Unit, DecodesActiveParametersInTheSpacesOrder) {
  const std::vector<double> unit = {0.5, 0.9, 0.9, 0};
  EXPECT_EQ(to_text(decode(nested(), unit)), "beta2=0.99 optimizer=adam layers=4 rate=1e-05");
}

TEST(Unit, IgnoresInactiveCoordinates) {
  EXPECT_EQ(to_text(decode(nested(), std::vector<double>{0.5, 0.9, 0, 1})), "layers=1 rate=1");
  EXPECT_EQ(to_text(decode(nested(), std::vector<double>{NAN, NAN, 0, 1})), "layers=1 rate=1");
  EXPECT_EQ(to_text(decode(nested(), std::vector<double>{NAN, 0, 0.9, 1})),
            "optimizer=momentum layers=4 rate=1");
}

TEST(Unit, ComesBackFromTheUnitCube) {
  Rng rng(1);
  const Space space = nested();
  for (int i = 0; i < 3000; ++i) {
    const Point point = *draw(space, rng);
    const std::vector<double> unit = encode(space, point);
    EXPECT_EQ(decode(space, unit).entries(), point.entries());
    for (std::size_t at = 0; at < space.size(); ++at) {
      EXPECT_EQ(std::isnan(unit[at]), point.find(space[at].name) == nullptr);
    }
  }
}

TEST(Unit, EncodesWhatItCannotPlaceAsNaN) {
  const Point strange = {{"rate", 7.0}, {"layers", 2.5}, {"beta2", text("x")}, {"other", 1.0}};
  for (const double coordinate : encode(nested(), strange)) EXPECT_TRUE(std::isnan(coordinate));
  EXPECT_EQ(encode(nested(), Point{{"rate", whole(1)}})[3], 1);
}

TEST(Unit, DrawsFeasiblePointsUniformly) {
  const Space space({{"a", Int{0, 3}}, {"b", Int{0, 3}}}, {parse_constraint("a < b", "")});
  Rng rng(2);
  std::map<std::string, int> seen;
  const int draws = 30000;
  for (int i = 0; i < draws; ++i) ++seen[to_text(*draw(space, rng))];
  ASSERT_EQ(seen.size(), 6u);
  for (const auto& [point, count] : seen) {
    EXPECT_NEAR(count, draws / 6, 5 * std::sqrt(draws / 6.0)) << point;
  }
}

TEST(Unit, GivesUpOnAnInfeasibleSpace) {
  const Space space({{"a", Int{0, 3}}}, {parse_constraint("a > 3", "")});
  Rng rng(3);
  EXPECT_EQ(draw(space, rng, 100), std::nullopt);
}

std::vector<std::string> all(const Space& space) {
  std::vector<std::string> points;
  enumerate(space, [&](const Point& point) {
    points.push_back(to_text(point));
    return true;
  });
  return points;
}

TEST(Unit, EnumeratesInAFixedOrder) {
  const Space space({{"b", Int{0, 1}, {equal("a", text("y"))}},
                     {"a", Choice{{text("x"), text("y")}, false}},
                     {"c", Float{0, 1, Scale::linear, 0.5}}},
                    {parse_constraint("b + c <= 1", "")});
  EXPECT_THAT(all(space), ElementsAre("a=x c=0", "a=x c=0.5", "a=x c=1", "b=0 a=y c=0",
                                      "b=0 a=y c=0.5", "b=0 a=y c=1", "b=1 a=y c=0"));
}

TEST(Unit, StopsEnumeratingWhenTold) {
  const Space space({{"a", Int{0, INT64_MAX}}, {"b", Int{0, INT64_MAX}}});
  int visits = 0;
  enumerate(space, [&](const Point&) { return ++visits < 5; });
  EXPECT_EQ(visits, 5);
}

TEST(Unit, CutsBranchesThatCannotBecomeFeasible) {
  // 10^12 combinations, of which the constraints leave one.
  std::vector<Parameter> parameters;
  std::vector<Constraint> constraints;
  for (int i = 0; i < 12; ++i) {
    parameters.push_back({"x" + std::to_string(i), Int{0, 9}});
    constraints.push_back({{{parameters.back().name, 1}}, Relation::less, 1, ""});
  }
  EXPECT_EQ(all(Space(parameters, constraints)).size(), 1u);
}

TEST(Unit, RefusesToEnumerateContinuousValues) {
  try {
    all(nested());
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("'rate' is continuous (1e-05 … 1, log)"));
  }
}

TEST(Unit, EnumeratesTheEmptySpaceOnce) {
  EXPECT_THAT(all(Space()), ElementsAre(""));
  EXPECT_EQ(Space().cardinality(), 1u);
}

Value some_value(const Distribution& distribution, Rng& rng) {
  return value_at(distribution, rng.below(*cardinality(distribution)));
}

Distribution some_distribution(Rng& rng) {
  switch (rng.below(5)) {
    case 0:
      return Choice{{text("x"), text("y"), true}, false};
    case 1:
      return Int{1, 20, Scale::log, 3};
    case 2:
      return Float{0, 1, Scale::linear, 0.5};
    case 3:
      return Choice{{whole(2), 0.5, whole(7)}, true};
    default:
      return Int{0, static_cast<std::int64_t>(rng.below(4))};
  }
}

// Conditions on up to two of the earlier parameters, then everything shuffled.
Space some_space(Rng& rng) {
  std::vector<Parameter> parameters;
  for (std::uint64_t i = 0, size = 1 + rng.below(6); i < size; ++i) {
    Parameter parameter{"p" + std::to_string(i), some_distribution(rng), {}, 0};
    for (std::uint64_t n = 0, conditions = i == 0 ? 0 : rng.below(3); n < conditions; ++n) {
      const Parameter& parent = parameters[rng.below(i)];
      const Value value = some_value(parent.distribution, rng);
      const bool is_number = !is_categorical(parent.distribution);
      const auto comparison = static_cast<Comparison>(is_number ? rng.below(5) : 0);
      Condition condition{parent.name, comparison, {value}};
      const bool possible = condition.holds(value_at(parent.distribution, 0)) ||
                            condition.holds(some_value(parent.distribution, rng));
      if (comparison == Comparison::one_of ||
          (possible && comparison != Comparison::less && comparison != Comparison::greater)) {
        parameter.when.push_back(condition);
      }
    }
    parameters.push_back(parameter);
  }
  rng.shuffle(std::span(parameters));
  return Space(parameters);
}

// Every combination of values, the inactive ones dropped, without repetition.
std::set<std::string> by_brute_force(const Space& space) {
  std::set<std::string> keys;
  std::vector<std::uint64_t> digits(space.size());
  while (true) {
    std::vector<double> unit;
    for (std::size_t i = 0; i < space.size(); ++i) {
      unit.push_back((static_cast<double>(digits[i]) + 0.5) /
                     static_cast<double>(*cardinality(space[i].distribution)));
    }
    keys.insert(decode(space, unit).key());
    std::size_t at = 0;
    while (at < space.size() && ++digits[at] == *cardinality(space[at].distribution)) {
      digits[at++] = 0;
    }
    if (at == space.size()) return keys;
  }
}

TEST(Unit, EnumerationCardinalityAndBruteForceAgree) {
  Rng rng(4);
  int conditional = 0;
  for (int i = 0; i < 250; ++i) {
    const Space space = some_space(rng);
    conditional += space.has_conditions();
    std::set<std::string> keys;
    std::uint64_t visits = 0;
    enumerate(space, [&](const Point& point) {
      ++visits;
      keys.insert(point.key());
      EXPECT_EQ(checked(space, point, "").entries(), point.entries());
      return true;
    });
    ASSERT_EQ(visits, keys.size()) << "a configuration came twice";
    ASSERT_EQ(keys, by_brute_force(space));
    ASSERT_EQ(space.cardinality(), visits);
  }
  EXPECT_GT(conditional, 100);
}

TEST(Unit, CountsBeyondWhatCanBeListed) {
  const std::int64_t million = 1'000'000;
  const Parameter n{"n", Int{1, million}};
  EXPECT_EQ(Space({n, {"a", Int{1, 10}, {compare("n", Comparison::greater, 5)}}}).cardinality(),
            5u + 999'995u * 10u);
  EXPECT_EQ(Space({n,
                   {"a", Int{1, 10}, {compare("n", Comparison::greater, 5)}},
                   {"b", Int{1, 3}, {compare("n", Comparison::less_equal, 6)}},
                   {"c", Int{1, 7}, {equal("a", whole(2)), equal("b", whole(3))}}})
                .cardinality(),
            5u * 3u + (10u * 3u + 6u) + (million - 6) * 10u);
  EXPECT_EQ(Space({n, {"x", Float{0, 1}}}).cardinality(), std::nullopt);
  EXPECT_EQ(Space({n, {"x", Float{0, 1}, {equal("n", whole(1))}}}).cardinality(), std::nullopt);
  EXPECT_EQ(Space({{"a", Int{0, INT64_MAX}}}).cardinality(), std::uint64_t{1} << 63);
  EXPECT_EQ(Space({{"a", Int{-1, INT64_MAX}}}).cardinality(), std::nullopt);
  EXPECT_EQ(Space({{"a", Int{0, INT64_MAX}}, {"b", Int{0, 1}}}).cardinality(), std::nullopt);
}

TEST(Unit, AParameterThatCanNeverExistCountsNothing) {
  const Space space({{"a", Choice{{text("x"), text("y")}, false}},
                     {"b", Int{0, 1}, {equal("a", text("x"))}},
                     {"c", Float{0, 1}, {equal("b", whole(0)), equal("a", text("y"))}}});
  EXPECT_EQ(space.cardinality(), 3u);
  EXPECT_EQ(all(space).size(), 3u);
}

TEST(Unit, CountsALongTreeOfConditionsQuickly) {
  std::vector<Parameter> parameters = {{"p0", Int{0, 1}}};
  for (int i = 1; i < 40; ++i) {
    parameters.push_back(
        {"p" + std::to_string(i), Int{0, 1}, {equal("p" + std::to_string((i - 1) / 2), whole(1))}});
  }
  // A node counts 1 for its 0, and the product of its children for its 1.
  std::vector<std::uint64_t> counts(81, 1);
  for (std::size_t i = 40; i-- > 0;) counts[i] = 1 + counts[2 * i + 1] * counts[2 * i + 2];
  EXPECT_EQ(Space(parameters).cardinality(), counts[0]);
}

}  // namespace
}  // namespace caviar
