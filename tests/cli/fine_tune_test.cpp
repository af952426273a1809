// caviar train --from: what stays the model's, what is refused, and that it can be held.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Numbers u, v; sum = u + v; far = 1000 + 100 · (u − v); kind by the sign of u.
std::string numbers_table() {
  std::string text = "u,v,sum,far,kind\n";
  unsigned state = 3;
  const auto draw = [&state] {
    state = state * 1664525U + 1013904223U;
    return static_cast<double>(state >> 8U) / (1U << 23U) - 1;
  };
  for (int row = 0; row < 300; ++row) {
    const double u = draw(), v = draw();
    text += std::to_string(u) + "," + std::to_string(v) + "," + std::to_string(u + v) + "," +
            std::to_string(1000 + 100 * (u - v)) + "," + (u > 0 ? "plus" : "minus") + "\n";
  }
  return text;
}

class FineTuning : public testing::Test {
 protected:
  FineTuning() {
    folder.write("t.csv", numbers_table());
    train({"--target", "sum", "ignore=[far, kind]", "hidden_units=8", "--save", "m"});
  }

  Result run(std::vector<std::string> words) const {
    words.insert(words.begin(), {"train", "--data", "t.csv", "learning_rate=0.02"});
    return caviar(words, folder);
  }
  Result train(std::vector<std::string> words) const {
    words.insert(words.end(), {"--epochs", "8"});
    Result result = run(std::move(words));
    EXPECT_EQ(result.code, 0) << result.err;
    return result;
  }
  Result from(std::vector<std::string> words) const {
    words.insert(words.end(), {"--from", "m"});
    return train(std::move(words));
  }
  std::string refusal(std::vector<std::string> words) const {
    words.insert(words.end(), {"--from", "m"});
    const Result result = run(std::move(words));
    EXPECT_EQ(result.code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, StartsWith("caviar: error: "));
    return result.err;
  }
  json saved(const std::string& name) const { return json::parse(folder.read(name + ".json")); }

  Folder folder;
};

TEST_F(FineTuning, doesNotReadItsOwnTarget) {
  EXPECT_THAT(refusal({"--target", "u"}), HasSubstr("target: 'u' is an input of the model"));
  EXPECT_THAT(refusal({"--target", "[sum, v]"}), HasSubstr("'v' is an input"));
}

TEST_F(FineTuning, ofAnotherNumberLearnsItsScaleAndANewLastLayer) {
  const Result result = from({"--target", "far", "--save", "n", "early_stopping=false"});
  EXPECT_THAT(result.out, HasSubstr("far: a number, 99"));
  const json target = saved("n")["target"];
  EXPECT_EQ(target["column"], "far");
  EXPECT_NEAR(target["mean"], 1000, 20);
  EXPECT_NEAR(target["deviation"], 82, 15);
  EXPECT_GT(saved("n")["scores"]["test_r2"], 0.5);
  // The model's own target keeps its scale, on fewer rows too.
  from({"--target", "sum", "--save", "o", "test=0.5"});
  EXPECT_EQ(saved("o")["target"], saved("m")["target"]);
}

TEST_F(FineTuning, refusesWhatIsTheModels) {
  const std::vector<std::string> same = {"--target", "sum"};
  for (const char* word :
       {"hidden_units=32", "layers=2", "activation=tanh", "batch_norm=true", "residual=true",
        "initializer=zeros", "dropout=0.2", "scaling=range", "scaling=standard", "most_levels=9",
        "rare_share=0.1", "scale_target=false", "cache=rows", "ignore=[u]", "weights=u",
        "validation.group=u"}) {
    const std::string name = std::string(word).substr(0, std::string(word).find('='));
    std::vector<std::string> words = same;
    words.emplace_back(word);
    if (name == "layers") words.emplace_back("hidden_units=8");
    EXPECT_THAT(refusal(words), HasSubstr("error: " + name + ": ")) << word;
  }
  EXPECT_THAT(refusal({"--target", "sum", "hidden_units=32"}),
              HasSubstr("32 given, but the network is the model's, with 8"));
}

TEST_F(FineTuning, saysTruthfullyWhatWasTrained) {
  from({"--target", "sum", "--save", "n", "optimizer=momentum", "weight_decay=0.001"});
  const json said = saved("n")["hyperparameters"];
  EXPECT_EQ(said["hidden_units"], 8);
  EXPECT_EQ(said["optimizer"], "momentum");
  EXPECT_EQ(said["weight_decay"], 0.001);
  // What says the same as the model is no contradiction.
  from({"--target", "sum", "hidden_units=8", "ignore=[far]", "scale_target=true"});
}

TEST_F(FineTuning, takesDropoutWhereTheNetworkHasIt) {
  train({"--target", "sum", "ignore=[far, kind]", "dropout=0.1", "--save", "m"});
  const auto loss = [&](const std::string& word) {
    const json said = json::parse(from({"--target", "sum", "--json", word}).out);
    return said["curve"]["training_loss"].back().get<double>();
  };
  EXPECT_GT(loss("dropout=0.8"), 2 * loss("dropout=0"));
}

TEST_F(FineTuning, beginsEachFoldWithTheModel) {
  for (const char* folds : {"validation.folds=3", "validation.outer=3"}) {
    const auto error = [&](std::vector<std::string> words) {
      words.insert(words.end(), {"--target", "sum", folds, "--json"});
      const json said = json::parse(train(std::move(words)).out);
      return (said.contains("outer") ? said["outer"]["test_rmse"]["mean"]
                                     : said["folds"]["validation_rmse"]["mean"])
          .get<double>();
    };
    // A step an epoch: about as good as the model, or about as bad as a new network.
    const std::vector<std::string> still = {"batch_size=1000", "optimizer=sgd", "weight_decay=0"};
    std::vector<std::string> tuned = still;
    tuned.insert(tuned.end(), {"--from", "m"});
    std::vector<std::string> anew = still;
    anew.insert(anew.end(), {"ignore=[far, kind]", "hidden_units=8"});
    EXPECT_LT(error(tuned), 0.75 * error(anew)) << folds;
  }
}

TEST_F(FineTuning, doesNotClaimThatTestRowsAreNew) {
  EXPECT_THAT(from({"--target", "sum"}).out,
              AllOf(HasSubstr("may have learnt from them"), Not(HasSubstr("no training saw"))));
}

// To the bits of one that was never held.
TEST_F(FineTuning, isHeldAndTakenUp) {
  const std::vector<std::string> words = {
      "train",    "--data",   "t.csv", "--target",     "far", "--from",
      "m",        "--freeze", "1",     "--layer-rate", "0.5", "early_stopping=false",
      "--epochs", "600"};
  std::vector<std::string> whole = words, part = words;
  whole.insert(whole.end(), {"--save", "whole", "--json"});
  part.insert(part.end(), {"--save", "held"});
  ASSERT_EQ(caviar(whole, folder).code, 0);
  hold_in_the_third_epoch(part, folder);
  // Another model in its place would not go on.
  const std::string model = folder.read("m.json");
  folder.write("m.json", model + "\n");
  const Result other = caviar({"train", "--resume", "held.checkpoint"}, folder);
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("not the model that the held training was begun with"));
  folder.write("m.json", model);
  const Result rest = caviar({"train", "--resume", "held.checkpoint"}, folder);
  EXPECT_EQ(rest.code, 0) << rest.err;
  EXPECT_EQ(folder.read("held.safetensors"), folder.read("whole.safetensors"));
  EXPECT_EQ(saved("held")["target"], saved("whole")["target"]);
  EXPECT_THAT(rest.out, HasSubstr("may have learnt from them"));
  EXPECT_FALSE(folder.has("held.checkpoint"));
}

}  // namespace
}  // namespace caviar::test
