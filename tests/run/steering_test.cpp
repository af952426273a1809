// What may change while a training runs, and what the nurse sees and does.
#include "caviar/run/steering.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/run/nurse.hpp"
#include "caviar/trainer/hyperparameters.hpp"

namespace caviar {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

TrainSpec some() {
  TrainSpec spec;
  spec.data = "x.csv";
  spec.fixed.set("learning_rate", 0.01);
  return spec;
}

std::string refusal(TrainSpec spec, const Point& changes) {
  const Point before = spec.fixed;
  try {
    steer(spec, changes);
  } catch (const Error& error) {
    EXPECT_EQ(spec.fixed, before);
    return error.what();
  }
  return "nothing was refused";
}

TEST(Steering, ChangesWhatMayChange) {
  TrainSpec spec = some();
  const auto made = steer(spec, {{"learning_rate", 3e-4},
                                 {"dropout", 0.2},
                                 {"schedule", std::string("cosine")},
                                 {"epochs", std::int64_t{100}},
                                 {"patience", std::int64_t{3}},
                                 {"min_delta", 0.01}});
  EXPECT_EQ(to_text(made),
            "learning_rate 0.01 → 3e-04, dropout 0 → 0.2, schedule inverse_time → cosine, "
            "epochs 60 → 100, patience 10 → 3, min_delta 0 → 0.01");
  const Settings now = settings(spec);
  EXPECT_EQ(now.knobs.learning_rate, 3e-4);
  EXPECT_EQ(now.schedule.decay, Decay::cosine);
  EXPECT_EQ(spec.patience, 3);
  EXPECT_EQ(spec.min_delta, 0.01);
  EXPECT_EQ(to_text(steer(spec, {{"patience", false}})), "patience 3 → false");
  EXPECT_FALSE(spec.patience);
  EXPECT_TRUE(steer(spec, {{"batch_size", std::int64_t{8}}})[0].waits);
}

// Every hyperparameter can be changed to its usual value, or is refused with a reason.
// Whether it can be changed where the other settings are such that it has an effect.
bool can_change(const Hyperparameter& h) {
  for (const char* schedule : {"inverse_time", "constant_then_exponential", "step", "polynomial",
                               "cosine", "plateau", "one_cycle"}) {
    TrainSpec spec = some();
    spec.fixed.set("batch_norm", true);
    spec.fixed.set("schedule", std::string(schedule));
    if (!h.only_for.empty()) spec.fixed.set("optimizer", name_of(h.only_for[0]));
    try {
      steer(spec, {{h.name, h.usual}});
      return true;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), AnyOf(HasSubstr("cannot change while the training runs: "),
                                      HasSubstr("has no effect with schedule")))
          << h.name;
    }
  }
  return false;
}

TEST(Steering, KnowsEveryHyperparameter) {
  int changed = 0;
  for (const Hyperparameter& h : hyperparameters()) changed += can_change(h) ? 1 : 0;
  EXPECT_GT(changed, 35);
}

TEST(Steering, RefusesWithTheReason) {
  EXPECT_THAT(refusal(some(), {{"layers", std::int64_t{3}}}), HasSubstr("built already"));
  EXPECT_THAT(refusal(some(), {{"optimizer", std::string("sgd")}}), HasSubstr("remembers"));
  EXPECT_THAT(refusal(some(), {{"dropout", 0.1}, {"loss", std::string("huber")}}),
              HasSubstr("could not be compared"));
  EXPECT_THAT(refusal(some(), {{"momentum", 0.5}}), HasSubstr("no effect with adam"));
  EXPECT_THAT(refusal(some(), {{"dropout", 1.5}}), HasSubstr("1.5 makes no sense as dropout"));
  EXPECT_THAT(refusal(some(), {{"learning_rate", -1.0}}), HasSubstr("makes no sense"));
  EXPECT_THAT(refusal(some(), {{"leaning_rate", 0.1}}), HasSubstr("did you mean 'learning_rate'?"));
  EXPECT_THAT(refusal(some(), {{"l2", 0.1}}), HasSubstr("did you mean 'weight_decay'?"));
  EXPECT_THAT(refusal(some(), {{"patience", std::int64_t{0}}}), HasSubstr("patience: 0 given"));
  EXPECT_THAT(refusal(some(), {{"patience", true}}), HasSubstr("patience: true given"));
  EXPECT_THAT(refusal(some(), {{"min_delta", -0.1}}), HasSubstr("min_delta: -0.1 given"));
  TrainSpec told = some();
  told.rate_table = {{0, 0.1}};
  EXPECT_THAT(refusal(told, {{"learning_rate", 0.1}}), HasSubstr("rate_table"));
  steer(told, {{"schedule", std::string("constant")}, {"learning_rate", 0.5}});
  EXPECT_TRUE(told.rate_table.empty());
}

std::vector<NurseRule> rules(const std::string& yaml) {
  return parse_nurse(Node::parse_yaml(yaml, "nurse"), some());
}

std::string nurse_problem(const std::string& yaml) {
  try {
    rules(yaml);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was refused";
}

RunRecord record_of(const std::vector<double>& losses) {
  RunRecord record;
  double best = 1e9;
  for (const double loss : losses) {
    EpochLine epoch;
    epoch.epoch = static_cast<int>(record.epochs.size()) + 1;
    epoch.training_loss = epoch.validation_loss = loss;
    epoch.best = loss < best;
    best = std::min(best, loss);
    record.epochs.push_back(epoch);
  }
  record.at = {static_cast<int>(losses.size()) + 1, 0};
  return record;
}

TEST(Nurse, SeesThatNothingIsGained) {
  const auto all =
      rules("[{when: no_gain, epochs: 3, multiply: {learning_rate: 0.5}, at_most: 2}]");
  EXPECT_FALSE(look(all, record_of({3, 2, 2.5, 2.5}), ""));
  RunRecord record = record_of({3, 2, 2.5, 2.5, 2.5});
  const auto finding = look(all, record, "");
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->why, "no gain for 3 epochs");
  EXPECT_EQ(changes_of(all[0], some()), (Point{{"learning_rate", 0.005}}));
  RunNote deed;
  deed.rule = 0;
  deed.at = record.at;
  record.notes.push_back(deed);
  EXPECT_FALSE(look(all, record, ""));  // not at once again
  record.epochs = record_of({3, 2, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5}).epochs;
  record.at = {9, 0};
  EXPECT_TRUE(look(all, record, ""));
  record.notes.push_back(deed);
  EXPECT_FALSE(look(all, record, ""));  // at most twice
}

TEST(Nurse, SeesExplosionsAndWhatIsNotFinite) {
  const auto all = rules(
      "[{when: explodes, times: 3, roll_back: true}, {when: not_finite, stop: true},"
      " {when: overfits, times: 2, set: {dropout: 0.4}}]");
  EXPECT_FALSE(look(all, record_of({3, 1, 2.9}), ""));
  EXPECT_EQ(look(all, record_of({3, 1, 3.1}), "")->rule, 0U);
  RunRecord changed = record_of({3, 1, 3.1});
  changed.notes.emplace_back();
  changed.notes.back().event = "steered";
  changed.notes.back().at = {3, 0};
  EXPECT_FALSE(look(all, changed, ""));  // dropout, say: what is measured is another loss
  EXPECT_EQ(look(all, record_of({}), "the training loss became nan")->rule, 1U);
  RunRecord apart = record_of({3, 1});
  apart.epochs.back().validation_loss = 2.5;
  EXPECT_EQ(look(all, apart, "")->rule, 2U);
}

TEST(Nurse, RefusesRulesWithoutSense) {
  EXPECT_THAT(nurse_problem("[{when: bored, stop: true}]"), HasSubstr("nothing to look for"));
  EXPECT_THAT(nurse_problem("[{when: no_gain}]"), HasSubstr("it does nothing"));
  EXPECT_THAT(nurse_problem("[{when: no_gain, set: {dropout: 2}}]"), HasSubstr("makes no sense"));
  EXPECT_THAT(nurse_problem("[{when: no_gain, set: {layers: 2}}]"), HasSubstr("cannot change"));
  EXPECT_THAT(nurse_problem("[{when: no_gain, multiply: {speed: 2}}]"), HasSubstr("speed"));
  EXPECT_THAT(nurse_problem("[{when: not_finite, set: {dropout: 0.1}}]"),
              HasSubstr("nothing goes on"));
  EXPECT_THAT(nurse_problem("[{when: no_gain, epochs: 0, stop: true}]"), HasSubstr("at least 1"));
  EXPECT_THAT(nurse_problem("[{when: explodes, times: 0.5, stop: true}]"),
              HasSubstr("more than 1"));
  EXPECT_THAT(nurse_problem("[{when: no_gain, stopp: true}]"), HasSubstr("stopp"));
}

}  // namespace
}  // namespace caviar
