// What there is to choose from is told in full.
#include "caviar/trainer/choices.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/trainer/names_elsewhere.hpp"

namespace caviar::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;

std::vector<std::string> names(const std::vector<TrainerChoice>& choices) {
  std::vector<std::string> all;
  for (const TrainerChoice& choice : choices) {
    EXPECT_FALSE(choice.summary.empty()) << choice.name;
    all.push_back(choice.name);
  }
  return all;
}

// Of a hyperparameter that is a choice; auto is no choice of its own.
std::vector<std::string> values(const char* hyperparameter) {
  std::vector<std::string> all = find_hyperparameter(hyperparameter)->names;
  std::erase(all, "auto");
  return all;
}

const TrainerChoice& of_name(const std::vector<TrainerChoice>& all, const std::string& name) {
  return *std::ranges::find(all, name, &TrainerChoice::name);
}

TEST(Choices, AreAllThere) {
  EXPECT_EQ(names(list_losses()), values("loss"));
  EXPECT_EQ(names(list_optimizers()), values("optimizer"));
  EXPECT_EQ(names(list_activations()), values("activation"));
  EXPECT_EQ(names(list_initializers()), values("initializer"));
  EXPECT_THAT(names(list_schedules()), IsSupersetOf(values("schedule")));
}

TEST(Choices, NameWhatBelongsToThem) {
  const auto optimizers = list_optimizers();
  EXPECT_THAT(of_name(optimizers, "momentum").hyperparameters,
              ElementsAre("learning_rate=0.01", "momentum=0.9"));
  EXPECT_THAT(of_name(optimizers, "adam").hyperparameters,
              IsSupersetOf({"learning_rate=0.001", "beta1=0.9", "beta2=0.999", "epsilon=1e-08"}));
  EXPECT_THAT(of_name(list_losses(), "quantile").hyperparameters, ElementsAre("quantile=0.5"));
  EXPECT_THAT(of_name(list_schedules(), "step").hyperparameters, Contains("schedule_every=10"));
}

// A name that is one here must not be taken for another's.
TEST(NamesElsewhere, AreNoneOfHere) {
  for (const Hyperparameter& h : hyperparameters()) EXPECT_FALSE(name_here(h.name)) << h.name;
  for (const char* key : {"data", "target", "test", "validation", "weights", "seed", "types"}) {
    EXPECT_FALSE(name_here(key)) << key;
  }
  EXPECT_EQ(name_here("lr"), "learning_rate");
  EXPECT_EQ(name_here("l2"), "weight_decay");
  EXPECT_EQ(name_here("num_layers"), "layers");
  EXPECT_EQ(name_here("hidden_size"), "hidden_units");
  EXPECT_EQ(name_here("bs"), "batch_size");
  EXPECT_EQ(name_here("dropout_rate"), "dropout");
  EXPECT_FALSE(name_here("nonsense"));
  EXPECT_EQ(hyperparameter_suggestion("lr"), " (did you mean 'learning_rate'?)");
  EXPECT_EQ(hyperparameter_suggestion("learningrate"), " (did you mean 'learning_rate'?)");
}

}  // namespace
}  // namespace caviar::test
