// What is learnt, and by which loss, through the real program: labels, several numbers, two classes
// by one output, class weights; pictures changed while they train.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// Numbers u, v in −1 … 1; tall: u > 0; wide: v > 0; both: u + v > 0.4; sum and ten times it.
std::string labelled_table(int rows) {
  std::string text = "u,v,tall,wide,both,sum,big\n";
  unsigned state = 7;
  const auto draw = [&state] {
    state = state * 1664525U + 1013904223U;
    return static_cast<double>(state >> 8U) / (1U << 23U) - 1;
  };
  for (int i = 0; i < rows; ++i) {
    const double u = draw(), v = draw();
    text += std::to_string(u) + "," + std::to_string(v) + "," + (u > 0 ? "yes" : "no") + "," +
            (v > 0 ? "yes" : "no") + "," + (u + v > 0.4 ? "1" : "0") + "," + std::to_string(u + v) +
            "," + std::to_string(10 * (u + v) + 3) + "\n";
  }
  return text;
}

class Targets : public testing::Test {
 protected:
  Targets() { folder.write("t.csv", labelled_table(400)); }

  Result train(std::vector<std::string> words) const {
    words.insert(words.begin(), {"train", "--data", "t.csv", "learning_rate=0.02"});
    return caviar(words, folder);
  }
  json said(std::vector<std::string> words) const {
    words.emplace_back("--json");
    const Result result = train(std::move(words));
    EXPECT_EQ(result.code, 0) << result.err;
    return result.code == 0 ? json::parse(result.out) : json();
  }
  std::string refusal(std::vector<std::string> words) const {
    const Result result = train(std::move(words));
    EXPECT_EQ(result.code, 2) << result.out;
    return result.err;
  }
  json scores(const std::string& model) const {
    return json::parse(caviar({"predict", model, "t.csv", "--score", "--json"}, folder).out);
  }
  Folder folder;
};

TEST_F(Targets, thatAreYesOrNoAreLabels) {
  const json one = said({"--target", "[tall, wide, both]", "ignore=[sum, big]", "--epochs", "40",
                         "--save", "m", "--report", "page.html"});
  EXPECT_GT(one["metrics"]["test_accuracy"], 0.93);
  EXPECT_GT(one["metrics"]["test_f1"], 0.9);
  EXPECT_GT(one["metrics"]["test_auc"], 0.97);
  EXPECT_LE(one["metrics"]["test_exact"], one["metrics"]["test_accuracy"]);
  ASSERT_EQ(one["targets"].size(), 3U);
  double f1 = 0;
  for (const auto& [name, scores] : one["targets"].items()) f1 += scores["f1"].get<double>() / 3;
  EXPECT_NEAR(f1, one["metrics"]["test_f1"], 1e-12);
  EXPECT_THAT(folder.read("page.html"), HasSubstr("precision"));
  EXPECT_GT(scores("m")["metrics"]["accuracy"], 0.93);
  folder.write("new.csv", "u,v\n0.9,-0.9\n0.8,0.9\n");
  EXPECT_THAT(caviar({"predict", "m", "new.csv", "--only-class"}, folder).out,
              HasSubstr("tall,wide,both\n1,0,0\n1,1,1\n"));
  const json lines = json::parse(caviar({"predict", "m", "new.csv", "--json"}, folder).out);
  EXPECT_EQ(lines[0]["wide"], false);
  EXPECT_GT(lines[0]["probabilities"]["tall"], 0.5);
  EXPECT_THAT(caviar({"export-model", "m"}, folder).out, HasSubstr("rows × 3"));
  EXPECT_THAT(train({"--target", "[tall, wide]", "--epochs", "1"}).out, HasSubstr("2 labels"));
}

TEST_F(Targets, ofLabelsCanBeSearched) {
  folder.write("study.yaml", tiny_study({{"objective",
                                          "{train: {data: t.csv, target: [tall, both], epochs: 2, "
                                          "ignore: [sum, big]}}"},
                                         {"metric", "validation_exact"},
                                         {"direction", "maximize"}}));
  const Result tuned = caviar({"tune", "study.yaml", "--quiet", "--json"}, folder);
  EXPECT_EQ(tuned.code, 0) << tuned.err;
  EXPECT_THAT(tuned.out, HasSubstr("test_exact"));
  const std::vector<std::string> diagnose = {"diagnose", "study.yaml", "--report", "d.html"};
  EXPECT_EQ(caviar(diagnose, folder).code, 0);
  EXPECT_THAT(folder.read("d.html"), HasSubstr("Learning curve"));
  EXPECT_THAT(folder.read("d.html"), HasSubstr("<polyline"));
}

TEST_F(Targets, thatAreNumbersAreLearntTogether) {
  const json one = said({"--target", "[sum, big]", "--epochs", "60", "--save", "m"});
  const json sum = one["targets"]["sum"], big = one["targets"]["big"];
  EXPECT_GT(sum["r2"], 0.97);
  EXPECT_NEAR(big["rmse"].get<double>() / sum["rmse"].get<double>(), 10, 6);  // in its own unit
  EXPECT_NEAR((sum["rmse"].get<double>() + big["rmse"].get<double>()) / 2,
              one["metrics"]["test_rmse"], 1e-6);
  EXPECT_GT(scores("m")["metrics"]["r2"], 0.97);
  folder.write("new.csv", "u,v,tall,wide,both\n0.5,0.25,yes,yes,1\n");
  const json row = json::parse(caviar({"predict", "m", "new.csv", "--json"}, folder).out)[0];
  EXPECT_NEAR(row["sum"], 0.75, 0.3);
  EXPECT_NEAR(row["big"], 10.5, 3);
}

TEST_F(Targets, ofTwoClassesCanBeLearntByOneOutput) {
  const json one = said({"--target", "tall", "ignore=[sum, big, both]", "--epochs", "40", "--save",
                         "m", "loss=binary_cross_entropy", "hidden_units=8"});
  EXPECT_GT(one["metrics"]["test_accuracy"], 0.93);
  // Three inputs, eight hidden units, one output.
  EXPECT_EQ(one["parameters"], 3 * 8 + 8 + 8 + 1);
  EXPECT_NEAR(one["metrics"]["validation_log_loss"], one["metrics"]["validation_loss"], 1e-5);
  EXPECT_GT(scores("m")["metrics"]["auc"], 0.97);
  folder.write("new.csv", "u,v,wide\n0.9,0,no\n-0.9,0,no\n");
  const json rows = json::parse(caviar({"predict", "m", "new.csv", "--json"}, folder).out);
  EXPECT_EQ(rows[0]["tall"], "yes");
  EXPECT_EQ(rows[1]["tall"], "no");
  EXPECT_NEAR(
      rows[0]["probabilities"]["yes"].get<double>() + rows[0]["probabilities"]["no"].get<double>(),
      1, 1e-6);
  EXPECT_EQ(caviar({"export-model", "m"}, folder).code, 0);
  // The outputs of the first do not suit another loss: a new last layer.
  EXPECT_GT(said({"--target", "tall", "ignore=[sum, big, both]", "--from", "m", "--epochs",
                  "20"})["metrics"]["test_accuracy"],
            0.9);
}

TEST_F(Targets, haveClassesThatWeighWhatIsSaid) {
  const std::vector<std::string> words = {"--target", "both", "ignore=[sum, big, tall, wide]",
                                          "--epochs", "15",   "hidden_units=4"};
  const auto share_of_ones = [&](const std::string& weights) {
    std::vector<std::string> all = words;
    all.insert(all.end(), {"--save", "m", "class_weights=" + weights});
    EXPECT_EQ(train(all).code, 0);
    const std::string out = caviar({"predict", "m", "t.csv", "--only-class"}, folder).out;
    return std::count(out.begin(), out.end(), '1');
  };
  EXPECT_GT(share_of_ones("{1: 20}"), share_of_ones("{0: 20}") + 20);
  EXPECT_GE(share_of_ones("balanced"), share_of_ones("none"));
  std::vector<std::string> wrong = words;
  wrong.emplace_back("class_weights={2: 4}");
  EXPECT_THAT(refusal(wrong), HasSubstr("'both' has no class '2'"));
  wrong.back() = "class_weights={1: -4}";
  EXPECT_THAT(refusal(wrong), HasSubstr("-4"));
}

TEST_F(Targets, thatDoNotGoTogetherAreRefused) {
  EXPECT_THAT(refusal({"--target", "[tall, sum]"}), HasSubstr("'no' is not a number"));
  EXPECT_THAT(refusal({"--target", "[tall, sum]", "task=multi_label"}),
              HasSubstr("neither yes nor no"));
  EXPECT_THAT(refusal({"--target", "[tall, tall]"}), HasSubstr("named twice"));
  EXPECT_THAT(refusal({"--target", "[tall, wide]", "task=classification"}),
              HasSubstr("one target"));
  EXPECT_THAT(refusal({"--target", "[tall, wide]", "class_weights=balanced"}),
              HasSubstr("exclude one another"));
  EXPECT_THAT(refusal({"--target", "sum", "class_weights={a: 1}"}), HasSubstr("is a number"));
  EXPECT_THAT(refusal({"--target", "sum", "loss=binary_cross_entropy"}),
              HasSubstr("does not suit"));
  EXPECT_THAT(refusal({"--target", "tall", "augment={shift: 1}"}), HasSubstr("no whole pictures"));
  EXPECT_THAT(refusal({"--target", "tall", "augment.shfit=1"}), HasSubstr("'shift'"));
}

// Bright on the left or on the right, a bar of two columns of 6 × 6 pixels.
class Pictures : public testing::Test {
 protected:
  Pictures() {
    const std::size_t count = 90;
    std::string pixels, labels;
    unsigned state = 3;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t label = i % 3;
      labels += static_cast<char>(label);
      for (std::size_t at = 0; at < 36; ++at) {
        state = state * 1664525U + 1013904223U;
        const bool bright = at % 6 / 2 == label;
        pixels += static_cast<char>((bright ? 180U : 0U) + (state >> 26U));
      }
    }
    const std::string sizes("\0\0\0\x5a\0\0\0\x06\0\0\0\x06", 12);
    folder.write("train-images-idx3-ubyte", std::string("\0\0\x08\x03", 4) + sizes + pixels);
    folder.write("train-labels-idx1-ubyte",
                 std::string("\0\0\x08\x01", 4) + sizes.substr(0, 4) + labels);
    folder.write("study.yaml",
                 tiny_study({{"objective",
                              "{train: {data: train-images-idx3-ubyte, epochs: 900, "
                              "early_stopping: false, augment: {shift: 1, scale: 0.1}}}"}}));
  }
  Folder folder;
};

TEST_F(Pictures, areChangedWhileTheyTrainOnly) {
  const auto train = [&](const std::string& word) {
    const Result result = caviar({"train", "--data", "train-images-idx3-ubyte", "--epochs", "25",
                                  "learning_rate=0.01", "--json", "--save", "m", word},
                                 folder);
    EXPECT_EQ(result.code, 0) << result.err;
    return json::parse(result.out);
  };
  const json plain = train("image_shift=0");
  const std::string weights = folder.read("m.safetensors");
  const json moved = train("augment={shift: 1, scale: 0.1}");
  EXPECT_NE(folder.read("m.safetensors"), weights);
  EXPECT_GT(moved["curve"]["training_loss"].back(), plain["curve"]["training_loss"].back());
  EXPECT_EQ(moved["metrics"]["validation_accuracy"], 1.0);  // of pictures as they are
  // Left and right are different classes: a flip makes them one.
  EXPECT_GT(train("image_flip=true")["curve"]["training_loss"].back(), 0.3);
}

TEST_F(Pictures, areHeldAndTakenUpToTheSameBits) {
  ASSERT_EQ(caviar({"train", "study.yaml", "--save", "whole", "--json"}, folder).code, 0);
  Program program({"train", "study.yaml", "--save", "held"}, folder.path());
  while (program.line().rfind("epoch 3/", 0) != 0) {
  }
  program.signal(SIGINT);
  ASSERT_EQ(program.wait().code, 130);
  const Result rest = caviar({"train", "--resume", "held.checkpoint", "--json"}, folder);
  ASSERT_EQ(rest.code, 0) << rest.err;
  EXPECT_EQ(folder.read("held.safetensors"), folder.read("whole.safetensors"));
  const json curve = json::parse(rest.out)["curve"];
  ASSERT_EQ(curve["epoch"].size(), 900U);  // also those before it was held
  EXPECT_EQ(curve["epoch"][0], 1);
}

// Rows of the same number and kind, but others.
TEST_F(Pictures, thatAreOthersAreNoticedOnTakingUp) {
  Program program({"train", "study.yaml", "--save", "held"}, folder.path());
  while (program.line().rfind("epoch 1/", 0) != 0) {
  }
  program.signal(SIGINT);
  ASSERT_EQ(program.wait().code, 130);
  std::string images = folder.read("train-images-idx3-ubyte");
  images[500] = static_cast<char>(images[500] ^ 1);
  folder.write("train-images-idx3-ubyte", images);
  const Result result = caviar({"train", "--resume", "held.checkpoint"}, folder);
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("not those that the training was begun with"));
}

}  // namespace
}  // namespace caviar::test
