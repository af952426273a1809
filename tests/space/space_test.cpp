// Spaces: what makes one valid, which configurations it has, how two of them differ.
#include "caviar/space/space.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"

namespace caviar {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Value text(const char* word) { return std::string(word); }
Value whole(std::int64_t number) { return number; }

Condition equal(const std::string& parameter, Value value) {
  return {parameter, Comparison::one_of, {std::move(value)}};
}
Condition at_least(const std::string& parameter, std::int64_t limit) {
  return {parameter, Comparison::greater_equal, {limit}};
}

const Choice optimizer_choice{{text("momentum"), text("adam")}, false};

Space example() {
  return Space(
      {{"learning_rate", Float{1e-4, 1, Scale::log}, {}, 1},
       {"beta2", Float{0.9, 0.999, Scale::reverse_log}, {equal("optimizer", text("adam"))}},
       {"optimizer", optimizer_choice},
       {"layers", Int{1, 3}},
       {"units_2", Int{16, 64}, {at_least("layers", 2)}},
       {"units_1", Int{16, 64}}},
      {parse_constraint("units_2 <= units_1", "")});
}

std::string refusal(std::vector<Parameter> parameters, std::vector<Constraint> constraints = {}) {
  try {
    Space(std::move(parameters), std::move(constraints));
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input);
    return error.what();
  }
  return "accepted";
}

TEST(Space, OrdersParentsBeforeChildrenAndElseAsWritten) {
  EXPECT_THAT(example().order(), ElementsAre(0, 2, 1, 3, 4, 5));
  EXPECT_EQ(example().index("units_1"), 5u);
  EXPECT_EQ(example().index("units_3"), std::nullopt);
  EXPECT_TRUE(example().has_conditions());
  EXPECT_FALSE(Space({{"a", Int{0, 1}}}).has_conditions());
  const Space chain({{"c", Int{0, 1}, {equal("b", whole(1))}},
                     {"b", Int{0, 1}, {equal("a", whole(1))}},
                     {"a", Int{0, 1}}});
  EXPECT_THAT(chain.order(), ElementsAre(2, 1, 0));
}

TEST(Space, RefusesBadParameters) {
  EXPECT_EQ(refusal({{"", Int{0, 1}}}), "space.: a parameter needs a name");
  EXPECT_THAT(refusal({{"caf\xe9", Int{0, 1}}}), HasSubstr("the name is not UTF-8 text"));
  EXPECT_THAT(refusal({{"a", Choice{{text("caf\xe9")}, false}}}),
              HasSubstr("space.a.choices: 'caf\xe9' is not UTF-8 text"));
  EXPECT_EQ(refusal({{"a", Int{0, 1}}, {"a", Int{0, 2}}}),
            "space.a: there are two parameters of this name");
  EXPECT_EQ(refusal({{"a", Int{0, 1}, {}, 5}}),
            "space.a.tier: 5 given, a tier is 1 (matters most) to 4, or left out");
  EXPECT_EQ(refusal({{"a", Float{0, 1, Scale::log}}}),
            "space.a.low: 0 given, a log scale needs more than 0");
}

TEST(Space, RefusesBadConditions) {
  const Parameter parent{"optimizer", optimizer_choice};
  EXPECT_EQ(refusal({parent, {"b", Int{0, 1}, {equal("optimiser", text("adam"))}}}),
            "space.b.when: 'optimiser' is not a parameter (did you mean 'optimizer'?)");
  EXPECT_EQ(refusal({parent, {"b", Int{0, 1}, {equal("optimizer", text("adma"))}}}),
            "space.b.when: 'adma' is no value of 'optimizer', which is one of momentum, adam");
  EXPECT_THAT(refusal({parent, {"b", Int{0, 1}, {at_least("optimizer", 2)}}}),
              HasSubstr("only numbers can be compared, 'optimizer' is one of momentum, adam"));
  EXPECT_THAT(refusal({{"a", Int{0, 5}}, {"b", Int{0, 1}, {at_least("a", 6)}}}),
              HasSubstr("'a >= 6' can never hold, 'a' is 0 … 5"));
  EXPECT_THAT(refusal({{"a", Float{0, 5}}, {"b", Int{0, 1}, {equal("a", 2.0)}}}),
              HasSubstr("'a' is continuous and will hardly ever be exactly that"));
  EXPECT_THAT(refusal({{"a", Int{0, 5}}, {"b", Int{0, 1}, {{"a", Comparison::one_of, {}}}}}),
              HasSubstr("at least one value of 'a' is needed"));
  EXPECT_THAT(refusal({{"a", Int{0, 5}}, {"b", Int{0, 1}, {{"a", Comparison::less, {}}}}}),
              HasSubstr("a comparison needs one number"));
}

TEST(Space, RefusesACircleAndNamesIt) {
  const Parameter waits{"w", Int{0, 1}, {equal("b", whole(1))}};
  EXPECT_EQ(refusal({waits,
                     {"a", Int{0, 1}, {equal("z", whole(1)), equal("c", whole(1))}},
                     {"b", Int{0, 1}, {equal("a", whole(1))}},
                     {"c", Int{0, 1}, {equal("b", whole(1))}},
                     {"z", Int{0, 1}}}),
            "space.b.when: the conditions form a circle: b → a → c → b");
  EXPECT_EQ(refusal({{"a", Int{0, 1}, {equal("a", whole(1))}}}),
            "space.a.when: the conditions form a circle: a → a");
}

TEST(Space, RefusesBadConstraints) {
  const std::vector<Parameter> parameters = {{"units", Int{0, 1}}, {"optimizer", optimizer_choice}};
  EXPECT_EQ(refusal(parameters, {parse_constraint("unit < 3", "")}),
            "constraint 'unit < 3': 'unit' is not a parameter (did you mean 'units'?)");
  EXPECT_EQ(refusal(parameters, {{{{"optimizer", 2}}, Relation::less, 3, ""}}),
            "constraint '2*optimizer < 3': 'optimizer' is no number, it is one of momentum, adam");
}

TEST(Space, GrowsByOneParameter) {
  const Space space = example().with({"decay", Float{0, 1}, {}, 3});
  EXPECT_EQ(space.size(), 7u);
  EXPECT_EQ(space.constraints().size(), 1u);
  EXPECT_FALSE(space == example());
  EXPECT_THROW(example().with({"layers", Float{0, 1}}), Error);
}

TEST(Space, KnowsWhatIsActiveAndFeasible) {
  const Space space = example();
  EXPECT_FALSE(active(space[4], Point{{"layers", whole(1)}}));
  EXPECT_TRUE(active(space[4], Point{{"layers", whole(2)}}));
  EXPECT_FALSE(active(space[4], Point()));
  EXPECT_TRUE(feasible(space, Point{{"units_1", whole(20)}}));
  EXPECT_FALSE(feasible(space, Point{{"units_1", whole(20)}, {"units_2", whole(21)}}));
}

Point good() {
  return {{"units_2", 16.0},      {"optimizer", text("adam")}, {"learning_rate", whole(1)},
          {"units_1", whole(32)}, {"layers", whole(2)},        {"beta2", 0.99}};
}

TEST(Space, ChecksAPointAndPutsItInOrder) {
  const Point point = checked(example(), good(), "queue[0]");
  EXPECT_THAT(point.entries(),
              ElementsAre(Point::Entry("learning_rate", 1.0), Point::Entry("beta2", 0.99),
                          Point::Entry("optimizer", text("adam")), Point::Entry("layers", whole(2)),
                          Point::Entry("units_2", whole(16)), Point::Entry("units_1", whole(32))));
}

std::string complaint(const Point& point) {
  try {
    checked(example(), point, "queue[0]");
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input);
    return error.what();
  }
  return "accepted";
}

Point changed(const std::string& name, Value value) {
  Point point = good();
  point.set(name, std::move(value));
  return point;
}

Point without(const std::string& name) {
  std::vector<Point::Entry> entries = good().entries();
  std::erase_if(entries, [&](const Point::Entry& entry) { return entry.first == name; });
  return Point::from(entries);
}

TEST(Space, SaysWhatIsWrongWithAPoint) {
  EXPECT_EQ(complaint(changed("layer", whole(1))),
            "queue[0]: 'layer' is not a parameter of the space (did you mean 'layers'?)");
  EXPECT_EQ(complaint(changed("learning_rate", 5.0)),
            "queue[0]: 'learning_rate' is '5', expected float 1e-04 … 1, log");
  EXPECT_EQ(complaint(changed("layers", 2.5)), "queue[0]: 'layers' is '2.5', expected int 1 … 3");
  EXPECT_EQ(complaint(changed("optimizer", text("sgd"))),
            "queue[0]: 'optimizer' is 'sgd', expected categorical one of momentum, adam");
  EXPECT_EQ(complaint(changed("layers", whole(1))),
            "queue[0]: 'units_2' is given, but exists only when layers >= 2; leave it out");
  EXPECT_EQ(complaint(without("units_2")), "queue[0]: 'units_2' has no value, expected 16 … 64");
  EXPECT_THAT(
      complaint(changed("units_2", whole(40))),
      HasSubstr("queue[0]: the constraint 'units_2 <= units_1' does not hold for units_2=40"));
}

TEST(Space, DiffersInNothingFromItself) {
  EXPECT_THAT(differences(example(), example()), IsEmpty());
  EXPECT_THAT(differences(Space(), Space()), IsEmpty());
}

TEST(Space, SaysHowTwoSpacesDiffer) {
  const Space stored({{"rate", Float{1e-4, 1, Scale::log}, {}, 1},
                      {"old", Int{0, 1}},
                      {"size", Choice{{text("3"), whole(3)}, false}},
                      {"kind", Int{0, 1}}},
                     {parse_constraint("old < kind", "")});
  const Space wanted({{"rate", Float{1e-5, 1}, {equal("kind", whole(1))}},
                      {"size", Choice{{text("3"), 3.0}, true}},
                      {"kind", Float{0, 1, Scale::linear, 1}},
                      {"fresh", Int{0, 9, Scale::linear, 3}}},
                     {parse_constraint("kind < fresh", "")});
  EXPECT_THAT(differences(stored, wanted),
              ElementsAre("rate: low was 1e-04, now 1e-05", "rate: scale was log, now linear",
                          "rate: when was always, now kind = 1", "old (int 0 … 1) is gone",
                          "size: was categorical one of 3, 3, now ordinal one of 3, 3 (ordered)",
                          "kind: was int 0 … 1, now float 0, 1", "fresh (int 0, 3, 6, 9) is new",
                          "constraint 'old < kind' is gone", "constraint 'kind < fresh' is new"));
}

TEST(Space, NeverCallsDifferentSpacesEqual) {
  const Parameter a{"a", Int{0, 1}}, b{"b", Int{0, 1}};
  EXPECT_THAT(differences(Space({a, b}), Space({b, a})),
              ElementsAre("the same parameters stand in another order"));
  const auto choices = [](Value value) {
    return Space({{"c", Choice{{std::move(value), text("x")}, false}}});
  };
  EXPECT_THAT(differences(choices(whole(3)), choices(3.0)),
              ElementsAre("c: choices was 3, 'x', now 3.0, 'x'"));
  EXPECT_THAT(differences(choices(whole(3)), choices(text("3"))),
              ElementsAre("c: choices was 3, 'x', now '3', 'x'"));
  const Space ab({a, b}, {parse_constraint("a < b", ""), parse_constraint("a < 1", "")});
  const Space ba({a, b}, {parse_constraint("a < 1", ""), parse_constraint("a < b", "")});
  EXPECT_EQ(differences(ab, ba).size(), 1u);
  const auto when = [&](Value value) {
    return Space({{"p", Choice{{whole(3), text("3x"), 4.0}, false}},
                  {"q", Int{0, 1}, {equal("p", std::move(value))}}});
  };
  EXPECT_EQ(differences(when(whole(3)), when(3.0)).size(), 1u);
}

}  // namespace
}  // namespace caviar
