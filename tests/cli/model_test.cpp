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

}  // namespace
}  // namespace caviar::test
