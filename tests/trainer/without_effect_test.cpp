#include "caviar/trainer/without_effect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/space/space_text.hpp"

namespace caviar::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TrainSpec with(std::initializer_list<Point::Entry> fixed) {
  TrainSpec spec;
  spec.fixed = Point(fixed);
  return spec;
}

Space space(const std::string& text) { return parse_space(Node::parse_yaml(text, "test")); }

TEST(WithoutEffect, IsWhatNeedsAnotherChoiceThanTheOneThatIsMade) {
  EXPECT_THAT(without_effect(with({{"momentum", 0.9}})), ElementsAre(HasSubstr("with adam")));
  EXPECT_THAT(without_effect(with({{"momentum", 0.9}, {"optimizer", std::string("nesterov")}})),
              IsEmpty());
  EXPECT_THAT(without_effect(with({{"quantile", 0.9}})), ElementsAre(HasSubstr("needs quantile")));
  EXPECT_THAT(without_effect(with({{"schedule_drop", 0.5}, {"schedule", std::string("plateau")}})),
              IsEmpty());
  EXPECT_THAT(
      without_effect(with({{"layers", std::int64_t{3}}, {"hidden_units", std::string("64-32")}})),
      ElementsAre(HasSubstr("how wide each layer is")));
  EXPECT_THAT(without_effect(with({{"batch_norm", true}, {"batch_size", std::int64_t{1}}})),
              ElementsAre(HasSubstr("the row itself")));
  EXPECT_THAT(without_effect(with({{"schedule", std::string("exponential")}})),
              ElementsAre(HasSubstr("while learning_rate_decay is 0")));
  EXPECT_THAT(without_effect(with({{"dropout", 0.1}, {"learning_rate_decay", 0.1}})), IsEmpty());
}

TEST(WithoutEffect, RatesThatAreToldLeaveNothingToASchedule) {
  TrainSpec spec = with({{"learning_rate", 0.1}, {"warmup_epochs", 2.0}});
  spec.rate_table = {{0, 0.1}};
  EXPECT_THAT(without_effect(spec),
              ElementsAre(HasSubstr("learning_rate has no effect: the rates stand in rate_table"),
                          HasSubstr("warmup_epochs")));
}

TEST(WithoutEffect, DependsOnTheTaskWhereItIsKnown) {
  const TrainSpec spec = with({{"label_smoothing", 0.1}});
  EXPECT_THAT(without_effect(spec), IsEmpty());
  EXPECT_THAT(without_effect(spec, {}, Task::classification), IsEmpty());
  EXPECT_THAT(without_effect(spec, {}, Task::regression), ElementsAre(HasSubstr("regression")));
}

TEST(WithoutEffect, NothingThatSomeConfigurationOfTheSpaceUses) {
  const char* momentum = "momentum: {type: float, low: 0.5, high: 0.9}";
  const std::string both = "{optimizer: {type: categorical, choices: [adam, momentum]}, ";
  EXPECT_THAT(without_effect({}, space(both + momentum + "}")), IsEmpty());
  EXPECT_THAT(without_effect({}, space(std::string("{") + momentum + "}")),
              ElementsAre(HasSubstr("momentum has no effect")));
  EXPECT_THAT(without_effect(with({{"schedule", std::string("exponential")}}),
                             space("{learning_rate_decay: {type: float, low: 0.1, high: 1}}")),
              IsEmpty());
}

}  // namespace
}  // namespace caviar::test
