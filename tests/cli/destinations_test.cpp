// Nothing that is read is written over, and what cannot be written is known before the work.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using testing::HasSubstr;

class Destinations : public testing::Test {
 protected:
  Destinations() {
    folder.write("tiny.csv", tiny_table());
    EXPECT_EQ(train({"--save", "bugs"}).code, 0);
  }
  Result train(std::vector<std::string> more) {
    std::vector<std::string> words = {"train", "tiny.csv", "--target", "kind", "--epochs", "1"};
    words.insert(words.end(), more.begin(), more.end());
    return caviar(words, folder);
  }
  // Refused in one line, and nothing in the folder is another file than before.
  void refused(const Result& result, const std::string& part) {
    EXPECT_EQ(result.code, 2) << result.out;
    EXPECT_THAT(result.err, HasSubstr(part));
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(folder.read("tiny.csv"), tiny_table());
  }
  Folder folder;
};

TEST_F(Destinations, AreNoFilesThatAreRead) {
  refused(train({"cache=tiny.csv"}), "cache tiny.csv: that file is read here");
  refused(train({"--checkpoint", "./tiny.csv"}), "--checkpoint ./tiny.csv");
  refused(train({"--report", "tiny.csv"}), "--report tiny.csv");
  const std::string model = folder.read("bugs.json");
  refused(caviar({"predict", "bugs", "tiny.csv", "--out", "tiny.csv"}, folder), "--out");
  refused(caviar({"predict", "bugs", "tiny.csv", "--out", "bugs.json"}, folder), "--out");
  refused(caviar({"export-model", "bugs", "--onnx", "bugs.json"}, folder), "--onnx");
  refused(caviar({"diagnose", "tiny.csv", "--target", "kind", "--report", "tiny.csv"}, folder),
          "--report");
  EXPECT_EQ(folder.read("bugs.json"), model);
}

TEST_F(Destinations, ReplaceNothingOfAnotherKind) {
  folder.write("notes.txt", "not to be lost");
  const Result cache = train({"cache=notes.txt"});
  EXPECT_EQ(cache.code, 2);
  EXPECT_THAT(cache.err, HasSubstr("is no cache of prepared data"));
  const Result held = train({"--checkpoint", "notes.txt", "--checkpoint-every", "1"});
  EXPECT_EQ(held.code, 2);
  EXPECT_THAT(held.err, HasSubstr("is no checkpoint"));
  EXPECT_EQ(folder.read("notes.txt"), "not to be lost");
  EXPECT_EQ(train({"cache=rows.cache"}).code, 0);
  EXPECT_EQ(train({"cache=rows.cache"}).code, 0);
}

TEST_F(Destinations, AreKnownToBeWritableBeforeTheWork) {
  const Result result = train({"--save", "nowhere/model", "--json"});
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("nowhere/model.json: cannot write"));
  EXPECT_THAT(result.err, testing::Not(HasSubstr("epoch")));
}

class Surprises : public testing::Test {
 protected:
  Result run(const std::vector<std::string>& words) { return caviar(words, folder); }
  Folder folder;
};

TEST_F(Surprises, ATableWithoutHeaderIsPredictedAsItWasLearnt) {
  std::string rows;
  for (int i = 0; i < 60; ++i) rows += i % 2 == 0 ? "red,low\n" : "blue,high\n";
  folder.write("plain.csv", rows);
  ASSERT_EQ(run({"train", "plain.csv", "--target", "column_2", "header=false", "epochs=30",
                 "learning_rate=0.1", "--save", "m"})
                .code,
            0);
  const Result result = run({"predict", "m", "plain.csv", "--only-class"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, testing::StartsWith("column_2\nlow\nhigh\n"));
}

TEST_F(Surprises, SparseRowsMayLackTheLastFeatures) {
  std::string rows;
  for (int i = 0; i < 60; ++i) rows += i % 2 == 0 ? "1 1:1 3:2\n" : "0 2:1\n";
  folder.write("t.svm", rows);
  folder.write("short.svm", "0 2:1\n1 1:1\n");
  ASSERT_EQ(run({"train", "t.svm", "task=classification", "epochs=5", "--save", "m"}).code, 0);
  EXPECT_EQ(run({"predict", "m", "short.svm"}).code, 0);
  EXPECT_EQ(
      run({"train", "t.svm", "task=classification", "epochs=1", "--test-data", "short.svm"}).code,
      0);
}

TEST_F(Surprises, TheLossOfScoresIsTheOneThatWasTrained) {
  std::string rows = "x,y\n";
  for (int i = 0; i < 200; ++i) rows += std::to_string(i) + "," + std::to_string(i * i % 37) + "\n";
  folder.write("t.csv", rows);
  const Result trained =
      run({"train", "t.csv", "--target", "y", "task=regression", "loss=quantile", "quantile=0.9",
           "epochs=3", "--test-data", "t.csv", "--save", "m", "--json"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  const double loss = nlohmann::json::parse(trained.out)["metrics"]["test_loss"];
  const Result scored = run({"predict", "m", "t.csv", "--score", "--json"});
  const double again = nlohmann::json::parse(scored.out)["metrics"]["loss"];
  EXPECT_NEAR(again, loss, 1e-5 * loss);
}

TEST_F(Surprises, AnOverflowIsAnErrorAndNoPrediction) {
  folder.write("tiny.csv", tiny_table());
  ASSERT_EQ(run({"train", "tiny.csv", "--target", "kind", "epochs=1", "--save", "m"}).code, 0);
  folder.write("huge.csv", "height,width\n1,2\n1e300,2\n");
  const Result result = run({"predict", "m", "huge.csv", "--out", "p.json"});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("row 2"));
  EXPECT_FALSE(folder.has("p.json"));
}

TEST_F(Surprises, LossesThatDifferAreNotCompared) {
  folder.write("tiny.csv", tiny_table());
  const std::string head = "objective: {train: {data: tiny.csv, target: kind}}\n";
  folder.write("s.yaml", head + "space: {label_smoothing: {type: float, low: 0, high: 0.2}}\n");
  const Result result = run({"check", "s.yaml"});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("validation_log_loss"));
  folder.write("s.yaml", head +
                             "metric: validation_log_loss\n"
                             "space: {label_smoothing: {type: float, low: 0, high: 0.2}}\n");
  EXPECT_EQ(run({"check", "s.yaml"}).code, 0);
}

TEST_F(Surprises, ASlipInADateAndNumbersWithCommasAreTold) {
  std::string dates = "when,size,y\n";
  for (int i = 0; i < 90; ++i) {
    dates += "2020-03-" + std::to_string(10 + i % 20) + ",\"" + std::to_string(i) + ",5\"," +
             std::to_string(i % 2) + "\n";
  }
  folder.write("t.csv", dates);
  const Result commas = run({"train", "t.csv", "--target", "y", "epochs=1"});
  EXPECT_EQ(commas.code, 0) << commas.err;
  EXPECT_THAT(commas.err, HasSubstr("column 'size' is left out"));
  EXPECT_THAT(commas.err, HasSubstr("decimal point"));
  folder.write("t.csv", dates + "2020-13-41,\"1,5\",1\n");
  const Result slip = run({"train", "t.csv", "--target", "y", "epochs=1"});
  EXPECT_EQ(slip.code, 2);
  EXPECT_THAT(slip.err, HasSubstr("row 91 below the header: '2020-13-41' is not a date"));
}

TEST_F(Surprises, OtherFormatsAreNamed) {
  folder.write("t.csv.bz2", "BZh91AY&SY and so on");
  EXPECT_THAT(run({"train", "--data", "t.csv.bz2", "--target", "y"}).err, HasSubstr("bzip2"));
}

}  // namespace
}  // namespace caviar::test
