// Models that leave: train, save, predict, export, through the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

class Models : public testing::Test {
 protected:
  Models() {
    folder.write("tiny.csv", tiny_table());
    const Result result = caviar({"train", "--data", "tiny.csv", "--target", "kind", "--epochs",
                                  "20", "--save", "bugs", "learning_rate=0.05"},
                                 folder);
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("bugs.json and bugs.safetensors"));
  }
  std::string refusal(const std::vector<std::string>& words) {
    const Result result = caviar(words, folder);
    EXPECT_EQ(result.code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, StartsWith("caviar: error: "));
    return result.err;
  }
  Folder folder;
};

TEST_F(Models, predictWithoutTheTarget) {
  folder.write("new.csv", "height,width\n0,0\n1,1\n0,2\n");  // in another order
  const Result result = caviar({"predict", "bugs", "new.csv", "--only-class"}, folder);
  EXPECT_EQ(result.out, "kind\nant\nbee\ncat\n") << result.err;
  const Result lines = caviar({"predict", "bugs.json", "new.csv", "--out", "p.jsonl"}, folder);
  EXPECT_EQ(lines.out, "");
  const std::string text = folder.read("p.jsonl");
  const json first = json::parse(text.substr(0, text.find('\n')));
  EXPECT_EQ(first["kind"], "ant");
  EXPECT_GT(first["probabilities"]["ant"], 0.5);
}

TEST_F(Models, scoreWhereTheTargetIsKnown) {
  const Result result = caviar({"predict", "bugs", "tiny.csv", "--score", "--json"}, folder);
  const json scores = json::parse(result.out);
  EXPECT_EQ(scores["rows"], 60);
  EXPECT_GT(scores["metrics"]["accuracy"], 0.8);
}

TEST_F(Models, scoreTheRowsThatHaveATarget) {
  folder.write("some.csv", tiny_table() + "0.1,0.2,\n0.3,0.1,\n");
  const Result result = caviar({"predict", "bugs", "some.csv", "--score"}, folder);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out,
              HasSubstr("60 rows of some.csv; 2 without a value of 'kind' are left out"));
  folder.write("none.csv", "width,height,kind\n0,0,\n");
  EXPECT_THAT(refusal({"predict", "bugs", "none.csv", "--score"}), HasSubstr("none of the 1 rows"));
}

TEST_F(Models, predictWhatComesThroughAPipe) {
  const Result result = caviar({"predict", "bugs", "-", "--format", "tsv"}, folder, tiny_table());
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith("kind\tp(ant)\tp(bee)\tp(cat)\n"));
  EXPECT_EQ(caviar({"train", "-", "--target", "kind", "--epochs", "1"}, folder, tiny_table()).code,
            0);
}

TEST_F(Models, predictNothingOfNoRows) {
  folder.write("empty.csv", "width,height\n");
  const Result result = caviar({"predict", "bugs", "empty.csv"}, folder);
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.out, "kind,p(ant),p(bee),p(cat)\n");
  EXPECT_THAT(result.err, HasSubstr("no rows below the header"));
  EXPECT_EQ(caviar({"predict", "bugs", "empty.csv", "--json"}, folder).out, "[]\n");
  folder.write("empty.csv", "width,length\n");
  EXPECT_THAT(refusal({"predict", "bugs", "empty.csv"}), HasSubstr("'height' is missing"));
}

TEST_F(Models, writeTheFormatThatAFileIsNamedAfter) {
  EXPECT_EQ(caviar({"predict", "bugs", "tiny.csv", "--out", "p.npy"}, folder).code, 0);
  EXPECT_THAT(folder.read("p.npy"), StartsWith("\x93NUMPY"));
  EXPECT_EQ(caviar({"predict", "bugs", "tiny.csv", "--out", "p.tsv"}, folder).code, 0);
  EXPECT_THAT(folder.read("p.tsv"), StartsWith("kind\t"));
  EXPECT_THAT(refusal({"predict", "bugs", "tiny.csv", "--out", "p.parquet"}), HasSubstr(".npy"));
  EXPECT_FALSE(folder.has("p.parquet"));
}

TEST_F(Models, areFoundInTheFolderOfARun) {
  ASSERT_EQ(
      caviar({"train", "tiny.csv", "--target", "kind", "--epochs", "3", "--name", "r"}, folder)
          .code,
      0);
  EXPECT_EQ(caviar({"predict", "runs/r", "tiny.csv"}, folder).code, 0);
  EXPECT_THAT(refusal({"predict", "runs", "tiny.csv"}), HasSubstr("there is no such model"));
}

TEST_F(Models, leaveAsOnnx) {
  const Result result = caviar({"export-model", "bugs"}, folder);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("probabilities"));
  EXPECT_TRUE(folder.has("bugs.onnx"));
  EXPECT_THAT(folder.read("bugs.onnx"), HasSubstr("ai.onnx.ml"));
}

TEST_F(Models, refuseWhatTheyCannotUse) {
  folder.write("new.csv", "width,size\n0,0\n");
  EXPECT_THAT(refusal({"predict", "bugs", "new.csv"}), HasSubstr("'height' is missing"));
  folder.write("words.csv", "width,height\n0,tall\n1,small\n");
  EXPECT_THAT(refusal({"predict", "bugs", "words.csv"}), HasSubstr("height"));
  EXPECT_THAT(refusal({"predict", "none", "tiny.csv"}), HasSubstr("none.json"));
  EXPECT_THAT(refusal({"predict", "bugs", "tiny.csv", "--format", "xml"}), HasSubstr("jsonl"));
  folder.write("bugs.safetensors", "short");
  EXPECT_THAT(refusal({"predict", "bugs", "tiny.csv"}), HasSubstr("bugs.safetensors"));
  EXPECT_FALSE(folder.has("out.csv"));
}

// Held by a signal in the middle, taken up again: the same weights to the bit.
TEST_F(Models, goOnAfterAnInterruptToTheSameBits) {
  folder.write("long.yaml", tiny_study({{"objective",
                                         "{train: {data: tiny.csv, target: kind, epochs: 1500, "
                                         "early_stopping: false, dropout: 0.2}}"}}));
  const std::vector<std::string> whole = {"train", "long.yaml", "--save", "whole"};
  ASSERT_EQ(caviar(whole, folder).code, 0);
  hold_in_the_third_epoch({"train", "long.yaml", "--save", "held", "--report", "held.html"},
                          folder);
  const Result rest = caviar({"train", "--resume", "held.checkpoint"}, folder);
  EXPECT_EQ(rest.code, 0) << rest.err;
  EXPECT_EQ(folder.read("held.safetensors"), folder.read("whole.safetensors"));
  EXPECT_FALSE(folder.has("held.checkpoint"));
  EXPECT_TRUE(folder.has("held.html"));  // as was asked for at the beginning
  EXPECT_THAT(refusal({"train", "tiny.csv", "--target", "kind", "--checkpoint-every", "2"}),
              HasSubstr("--save"));
  EXPECT_THAT(refusal({"train", "--resume", "tiny.csv"}), HasSubstr("tiny.csv"));
  EXPECT_THAT(refusal({"train", "--resume", "x", "--epochs", "3"}), HasSubstr("--resume"));
}

TEST_F(Models, areWhereAnotherTrainingBegins) {
  const Result result = caviar({"train", "--data", "tiny.csv", "--target", "kind", "--from", "bugs",
                                "--freeze", "1", "--epochs", "3", "--json"},
                               folder);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("  frozen\n"));
  EXPECT_GT(json::parse(result.out)["metrics"]["validation_accuracy"], 0.8);
  EXPECT_THAT(refusal({"train", "--data", "tiny.csv", "--target", "kind", "--from", "bugs",
                       "--freeze", "2"}),
              HasSubstr("--freeze"));
  EXPECT_THAT(refusal({"train", "--data", "tiny.csv", "--target", "kind", "--freeze", "1"}),
              HasSubstr("--from"));
}

TEST_F(Models, areKeptByTune) {
  folder.write("study.yaml", tiny_study());
  const Result result = caviar({"tune", "study.yaml", "--quiet", "--save", "best"}, folder);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("best.json"));
  EXPECT_EQ(caviar({"predict", "best", "tiny.csv", "--only-class"}, folder).code, 0);
  EXPECT_EQ(result.err, "");
  // What is said of the data before a training is said before a search, too.
  folder.write("tiny.csv", tiny_table() + "9,9,dodo\n");
  folder.write("study.yaml", tiny_study({{"objective",
                                          "{train: {data: tiny.csv, target: kind, epochs: 2, "
                                          "validation: {folds: 3}}}"}}));
  const std::string warning = "warning: class 'dodo' (1 row of 61) has no row in the";
  EXPECT_THAT(caviar({"check", "study.yaml"}, folder).err, HasSubstr(warning));
  EXPECT_THAT(caviar({"tune", "study.yaml", "--storage", "memory:", "--quiet"}, folder).err,
              HasSubstr(warning));
}

TEST_F(Models, areShownAsTheyTrain) {
  const Result result = caviar({"train", "--data", "tiny.csv", "--target", "kind", "--epochs", "5",
                                "--report", "page.html", "schedule=cosine"},
                               folder);
  for (const char* part :
       {"column", "width", "number", "dense, relu", "epoch 5/5", "true \\ predicted", "recall",
        "precision", "training  validation", "balanced_accuracy", "page.html"}) {
    EXPECT_THAT(result.out, HasSubstr(part));
  }
  EXPECT_THAT(folder.read("page.html"), HasSubstr("<h2>Classes</h2>"));
  EXPECT_THAT(folder.read("page.html"), HasSubstr("<h2>Learning rate</h2>"));
  EXPECT_THAT(folder.read("page.html"), HasSubstr("<polyline"));
}

// Of the confusion matrix everything else can be worked out again.
TEST_F(Models, sayWhatWasTakenForWhat) {
  const json said = json::parse(
      caviar({"train", "--data", "tiny.csv", "--target", "kind", "--epochs", "5", "--json"}, folder)
          .out);
  const json& confusion = said["confusion"];
  ASSERT_EQ(confusion.size(), said["classes"].size());
  double all = 0, right = 0;
  for (std::size_t i = 0; i < confusion.size(); ++i) {
    double row = 0;
    for (const json& count : confusion[i]) row += count.get<double>();
    EXPECT_EQ(said["classes"][i]["rows"], row);
    EXPECT_NEAR(said["classes"][i]["recall"], confusion[i][i].get<double>() / row, 1e-12);
    all += row;
    right += confusion[i][i].get<double>();
  }
  EXPECT_EQ(all, said["rows"]["test"]);
  EXPECT_NEAR(said["metrics"]["test_accuracy"], right / all, 1e-12);
  EXPECT_EQ(said["curve"]["learning_rate"].size(), said["epochs"]);
  EXPECT_EQ(said["curve"]["validation_accuracy"].size(), said["epochs"]);
}

TEST_F(Models, areJudgedByFolds) {
  folder.write("folds.yaml",
               tiny_study({{"objective",
                            "{train: {data: tiny.csv, target: kind, epochs: 3, validation: {folds: "
                            "3}}}"}}));
  const Result once = caviar({"train", "folds.yaml"}, folder);
  EXPECT_THAT(once.out, HasSubstr("fold 3/3"));
  EXPECT_THAT(once.out, HasSubstr("over 3 folds"));
  const Result tuned = caviar({"tune", "folds.yaml", "--quiet", "--json"}, folder);
  EXPECT_EQ(tuned.code, 0) << tuned.err;
}

TEST_F(Models, areDiagnosed) {
  const std::vector<std::string> what = {"--data",   "tiny.csv", "--target", "kind",
                                         "--epochs", "5",        "--json"};
  std::vector<std::string> words = {"diagnose"};
  words.insert(words.end(), what.begin(), what.end());
  const json said = json::parse(caviar(words, folder).out);
  EXPECT_FALSE(said["findings"].empty());
  EXPECT_FALSE(said["learning_curve"].empty());
  const std::vector<std::string> table = {"diagnose", "tiny.csv", "--target", "kind"};
  for (const char* word : {"validation.folds=3", "validation.outer=3", "validation=0"}) {
    std::vector<std::string> refused = table;
    refused.emplace_back(word);
    EXPECT_THAT(refusal(refused), HasSubstr("diagnosis"));
  }
  words[0] = "lr-range";
  words.insert(words.end(), {"--report", "rates.html"});
  const json rates = json::parse(caviar(words, folder).out);
  EXPECT_GT(rates["points"].size(), 10U);
  EXPECT_THAT(folder.read("rates.html"), HasSubstr("<polyline"));
}

}  // namespace
}  // namespace caviar::test
