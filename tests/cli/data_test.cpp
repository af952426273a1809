// What may be said of data, through the real program: files of their own for labels and the test
// part, layouts, keys as words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string idx(const std::vector<std::size_t>& shape, const std::string& bytes) {
  std::string out = std::string("\0\0\x08", 3) + static_cast<char>(shape.size());
  for (const std::size_t size : shape) {
    for (const int shift : {24, 16, 8, 0}) out += static_cast<char>((size >> shift) & 255U);
  }
  return out + bytes;
}

// Pictures of 4 × 4 pixels, bright on the left (label 0), on the right (1) or everywhere (2).
struct Pictures {
  std::string images, labels;
};
Pictures pictures(std::size_t count, unsigned seed) {
  std::string pixels, labels;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t label = (i + seed) % 3;
    labels += static_cast<char>(label);
    for (std::size_t at = 0; at < 16; ++at) {
      const bool left = at % 4 < 2;
      const bool bright = label == 2 || (label == 0) == left;
      seed = seed * 1664525U + 1013904223U;
      pixels += static_cast<char>((bright ? 150U : 10U) + (seed >> 26U));
    }
  }
  return {idx({count, 4, 4}, pixels), idx({count}, labels)};
}

class Data : public testing::Test {
 protected:
  Data() { folder.write("tiny.csv", tiny_table()); }

  json train(std::vector<std::string> words) {
    words.insert(words.begin(), "train");
    words.emplace_back("--json");
    const Result result = caviar(words, folder);
    EXPECT_EQ(result.code, 0) << result.err;
    return result.code == 0 ? json::parse(result.out) : json();
  }
  std::string refusal(std::vector<std::string> words) {
    words.insert(words.begin(), "train");
    const Result result = caviar(words, folder);
    EXPECT_EQ(result.code, 2) << result.out;
    return result.err;
  }
  Folder folder;
};

TEST_F(Data, picturesWithAnOfficialTestPartTrainInOneCommand) {
  const Pictures training = pictures(150, 1), test = pictures(45, 2);
  folder.write("a", training.images);
  folder.write("b", training.labels);
  folder.write("t10k-images-idx3-ubyte", test.images);
  folder.write("t10k-labels-idx1-ubyte", test.labels);  // found beside
  const json said = train({"--data", "a", "--labels", "b", "--test-data", "t10k-images-idx3-ubyte",
                           "--epochs", "10", "--save", "model"});
  EXPECT_EQ(said["target"], "label");
  EXPECT_EQ(said["rows"], json({{"training", 120}, {"validation", 30}, {"test", 45}}));
  EXPECT_EQ(said["metrics"]["test_accuracy"], 1.0);
  const Result scored = caviar({"predict", "model", "t10k-images-idx3-ubyte", "--score", "--json",
                                "--labels", "t10k-labels-idx1-ubyte"},
                               folder);
  EXPECT_EQ(json::parse(scored.out)["metrics"]["accuracy"], 1.0) << scored.err;
  EXPECT_THAT(refusal({"--data", "a"}), HasSubstr("None is called label"));
  EXPECT_THAT(refusal({"--data", "a", "--labels", "t10k-labels-idx1-ubyte"}), HasSubstr("150"));
}

// Whatever stands in the test file: the model that comes out is the same to the bit.
TEST_F(Data, aTestFileTouchesNothingThatIsLearnt) {
  folder.write("one.csv", "kind,height,width\nant,0,0\nbee,1,1\n");
  folder.write("two.csv", "kind,width,height\ncat,1e9,\nant,-1e9,7\nbee,0,0\n");
  for (const std::string name : {"one", "two"}) {
    const json said = train({"--data", "tiny.csv", "--target", "kind", "--epochs", "5",
                             "--test-data", name + ".csv", "--save", name});
    EXPECT_EQ(said["rows"]["test"], name == "one" ? 2 : 3);
    EXPECT_EQ(said["rows"]["training"], 48);
    const Result scored = caviar({"predict", name, name + ".csv", "--score", "--json"}, folder);
    EXPECT_EQ(json::parse(scored.out)["metrics"]["accuracy"], said["metrics"]["test_accuracy"]);
  }
  EXPECT_EQ(folder.read("one.safetensors"), folder.read("two.safetensors"));
  const json one = json::parse(folder.read("one.json")), two = json::parse(folder.read("two.json"));
  EXPECT_EQ(one["preprocessing"], two["preprocessing"]);
}

TEST_F(Data, aTestFileBelongsToAStudyToo) {
  folder.write("last.csv", "kind,height,width\nant,0,0\nbee,1,1\n");
  folder.write("study.yaml", tiny_study({{"objective",
                                          "{train: {data: tiny.csv, target: kind, epochs: 3, "
                                          "validation: {folds: 3}, test_data: last.csv}}"}}));
  const Result tuned = caviar({"tune", "study.yaml", "--quiet", "--json"}, folder);
  EXPECT_EQ(tuned.code, 0) << tuned.err;
  EXPECT_THAT(tuned.out, HasSubstr("\"test_accuracy\""));
  EXPECT_EQ(train({"study.yaml", "--epochs", "2"})["rows"]["test"], 2);
  EXPECT_EQ(train({"study.yaml", "--test-data", "tiny.csv", "--epochs", "2"})["rows"]["test"], 60);
}

TEST_F(Data, layoutsCanBeToldAndKeysSaidAsWords) {
  folder.write("bare.csv", "1 000;2;a\n3;4;b\n5;6;a\n7;8;b\n9;1;a\n2;3;b\n");
  const json said = train({"--data", "bare.csv", "--target", "column_3", "header=false",
                           "delimiter=semicolon", "test=0", "validation.share=0.4",
                           "types={column_1: category}", "ignore=[column_2]", "--epochs", "2"});
  EXPECT_EQ(said["rows"], json({{"training", 4}, {"validation", 2}, {"test", 0}}));
  EXPECT_THAT(refusal({"--data", "tiny.csv", "delimiter=x"}), HasSubstr("semicolon or tab"));
  EXPECT_THAT(refusal({"--data", "tiny.csv", "scaling=rnage"}), HasSubstr("did you mean 'range'"));
  EXPECT_THAT(refusal({"--data", "tiny.csv", "epoch=3"}), HasSubstr("did you mean 'epochs'"));
  EXPECT_THAT(refusal({"--data", "tiny.csv", "test=0.1", "test=0.2"}), HasSubstr("given twice"));
}

TEST_F(Data, aTestFileThatCannotJudgeIsRefused) {
  const std::vector<std::string> words = {"--data", "tiny.csv",    "--target",
                                          "kind",   "--test-data", "last.csv"};
  const auto refused = [&](const std::string& table, const std::string& more = "epochs=1") {
    folder.write("last.csv", table);
    std::vector<std::string> all = words;
    all.push_back(more);
    return refusal(all);
  };
  EXPECT_THAT(refused("height,width\n1,2\n"), HasSubstr("last.csv: there is no column 'kind'"));
  EXPECT_THAT(refused("height,width,kind\n1,2,asp\n"), HasSubstr("'asp' in row 1"));
  EXPECT_THAT(refused("height,kind\n1,ant\n"), HasSubstr("'width' is missing"));
  EXPECT_THAT(refused("height,width,kind\n1,tall,ant\n"), HasSubstr("last.csv:2"));
  EXPECT_THAT(refused("height,width,kind\n1,2,ant\n", "test=0.2"), HasSubstr("test_data as well"));
  EXPECT_THAT(refusal({"--data", "tiny.csv", "test_labels=x"}), HasSubstr("test_data"));
}

// A cache gives the same numbers as memory, is taken up by the next run, and is made anew where the
// data or what is made of them change.
TEST_F(Data, preparedRowsLieInAFile) {
  const std::vector<std::string> words = {
      "--data",      "tiny.csv", "--target", "kind", "--epochs", "4", "validation={folds: 3}",
      "--test-data", "tiny.csv"};
  const auto run = [&](const std::string& model, std::vector<std::string> more) {
    std::vector<std::string> all = words;
    all.insert(all.end(), {"--save", model});
    all.insert(all.end(), more.begin(), more.end());
    json said = train(all);
    for (const char* key : {"seconds", "epoch_seconds", "samples_per_second"})
      said["metrics"].erase(key);
    for (const char* key : {"seconds", "epoch_seconds", "samples_per_second"})
      said["folds"].erase(key);
    said.erase("model");
    return said;
  };
  const json plain = run("plain", {});
  EXPECT_EQ(run("made", {"cache=rows.cache"}), plain);
  EXPECT_TRUE(folder.has("rows.cache") && folder.has("rows.cache.3"));
  const std::string rows = folder.read("rows.cache");
  EXPECT_EQ(run("found", {"cache=rows.cache"}), plain);
  EXPECT_EQ(folder.read("rows.cache"), rows);
  EXPECT_EQ(folder.read("found.safetensors"), folder.read("plain.safetensors"));
  EXPECT_EQ(json::parse(folder.read("found.json"))["preprocessing"],
            json::parse(folder.read("plain.json"))["preprocessing"]);
  run("other", {"cache=rows.cache", "scaling=range"});
  EXPECT_NE(folder.read("rows.cache"), rows);
  folder.write("rows.cache", rows.substr(0, rows.size() / 2));  // cut off: made anew
  EXPECT_EQ(run("mended", {"cache=rows.cache"}), plain);
  EXPECT_EQ(folder.read("rows.cache"), rows);
  EXPECT_EQ(folder.names().size(), 15U) << "nothing else is left behind";
  EXPECT_THAT(refusal({"--data", "tiny.csv", "--target", "kind", "cache=none/rows.cache"}),
              HasSubstr("none"));
}

TEST_F(Data, nestedFoldsJudgeASearchAsAWhole) {
  folder.write("nested.yaml", tiny_study({{"objective",
                                           "{train: {data: tiny.csv, target: kind, epochs: 3, "
                                           "validation: {outer: 3, folds: 2}}}"},
                                          {"limits", "{trials: 2}"}}));
  const json one = train({"nested.yaml"});
  EXPECT_EQ(one["rows"]["test"], 0);
  EXPECT_TRUE(one["outer"].contains("test_accuracy"));
  EXPECT_TRUE(one["folds"].contains("validation_accuracy"));
  const json third = train({"nested.yaml", "validation.outer_fold=3"});
  EXPECT_EQ(third["rows"], json({{"training", 20}, {"validation", 20}, {"test", 20}}));
  const Result tuned = caviar({"tune", "nested.yaml", "--quiet", "--json"}, folder);
  const json outer = json::parse(tuned.out)["outer"];
  EXPECT_GE(outer["test_accuracy"]["mean"], 0.3) << tuned.err;
  EXPECT_THAT(caviar({"tune", "nested.yaml"}, folder).out, HasSubstr("over 3 outer folds"));
  EXPECT_THAT(refusal({"nested.yaml", "test=0.2"}), HasSubstr("outer"));
  EXPECT_THAT(refusal({"nested.yaml", "validation.outer_fold=4"}), HasSubstr("4 of 3"));
}

// More rows than a block holds, columns that nobody needs, gaps; the format of every column as in
// training also where a block says nothing about it.
TEST_F(Data, predictionsPassInBlocks) {
  std::string table = "size,note,flag,kind\n", some = table;
  for (int i = 0; i < 40'000; ++i) {
    const std::string row = (i % 97 == 3 ? "" : std::to_string(i % 50)) + ",\"text, " +
                            std::to_string(i) + "\"," +
                            (i < 30'000 ? ""
                             : i % 2    ? "yes"
                                        : "no") +
                            "," + (i % 50 < 25 ? "low" : "high") + "\n";
    table += row;
    if (i % 40 == 0 || i > 39'900) some += row;
  }
  folder.write("some.csv", some);
  train({"--data", "some.csv", "--target", "kind", "--epochs", "3", "--save", "m", "test=0"});
  folder.write("all.csv", table);
  const std::string at_once = caviar({"predict", "m", "all.csv"}, folder).out;
  EXPECT_EQ(std::count(at_once.begin(), at_once.end(), '\n'), 40'001);
  // The last block alone says the same of its rows.
  std::size_t at = 0;
  for (int line = 0; line < 1 + 2 * 16384; ++line) at = table.find('\n', at) + 1;
  folder.write("last.csv", "size,note,flag,kind\n" + table.substr(at));
  const std::string last = caviar({"predict", "m", "last.csv"}, folder).out;
  EXPECT_EQ(last.substr(last.find('\n')),
            at_once.substr(at_once.size() - last.size() + last.find('\n')));
  folder.write("bad.csv", table + "wide,x,no,low\n");
  const Result bad = caviar({"predict", "m", "bad.csv", "--out", "p.csv"}, folder);
  EXPECT_EQ(bad.code, 2);
  EXPECT_THAT(bad.err, HasSubstr("bad.csv:40002: column 'size': 'wide'"));
  EXPECT_FALSE(folder.has("p.csv"));
  folder.write("bad.csv", table + "1,x,perhaps,low\n");
  EXPECT_THAT(caviar({"predict", "m", "bad.csv"}, folder).err, HasSubstr("row 40001"));
}

// A table may stand where a study file would; where it cannot, one short sentence says so.
TEST_F(Data, MayBeNamedInPlaceOfAStudyFile) {
  const json by_option = train({"--data", "tiny.csv", "--target", "kind", "--epochs", "3"});
  EXPECT_EQ(train({"tiny.csv", "--target", "kind", "--epochs", "3"})["curve"], by_option["curve"]);
  const Result named =
      caviar({"train", "tiny.csv", "--target", "kind", "--epochs", "3", "--name", "r"}, folder);
  EXPECT_EQ(named.code, 0) << named.err;
  EXPECT_THAT(refusal({"tiny.csv", "--data", "tiny.csv", "--target", "kind"}),
              HasSubstr("tiny.csv: a table, not a study file"));
  for (const std::string command : {"tune", "check", "compare"}) {
    const Result result = caviar({command, "tiny.csv"}, folder);
    EXPECT_EQ(result.code, 2);
    EXPECT_THAT(result.err, HasSubstr("tiny.csv: a table, not a study file"));
    EXPECT_LT(result.err.size(), 300U);
  }
  folder.write("words.yaml", std::string(500, 'w') + "\n");
  const Result words = caviar({"check", "words.yaml"}, folder);
  EXPECT_EQ(words.code, 2);
  EXPECT_THAT(words.err, HasSubstr("words.yaml: not a study file"));
  EXPECT_LT(words.err.size(), 400U);
}

TEST_F(Data, MayLackTargetsWhereTheseRowsAreLeftOut) {
  std::string gaps = "x,class\n";
  for (int i = 0; i < 60; ++i) {
    gaps += std::to_string(i) + "," + (i % 10 == 3 ? "" : i < 30 ? "low" : "high") + "\n";
  }
  folder.write("gaps.csv", gaps);
  EXPECT_THAT(refusal({"gaps.csv", "--target", "class"}),
              HasSubstr("6 of 60 rows have no value, the first of them row 4 below the header; "
                        "every row needs one: fill them in, or say `missing_target: drop`"));
  EXPECT_THAT(refusal({"gaps.csv", "--target", "class", "missing_target=dorp"}),
              HasSubstr("missing_target: 'dorp' given; refuse or drop was expected"));
  const json dropped =
      train({"gaps.csv", "--target", "class", "missing_target=drop", "--epochs", "3"});
  EXPECT_EQ(dropped["rows"]["left_out"], 6);
  EXPECT_EQ(dropped["rows"]["training"].get<int>() + dropped["rows"]["validation"].get<int>() +
                dropped["rows"]["test"].get<int>(),
            54);
  // The same numbers as of a table in which they never were.
  std::string whole = "x,class\n";
  for (int i = 0; i < 60; ++i) {
    if (i % 10 != 3) whole += std::to_string(i) + "," + (i < 30 ? "low" : "high") + "\n";
  }
  folder.write("whole.csv", whole);
  const json same = train({"whole.csv", "--target", "class", "--epochs", "3"});
  EXPECT_EQ(dropped["curve"], same["curve"]);
  const json cached = train({"gaps.csv", "--target", "class", "missing_target=drop",
                             "cache=rows.cache", "--epochs", "3"});
  EXPECT_EQ(cached["rows"], dropped["rows"]);
  EXPECT_EQ(train({"gaps.csv", "--target", "class", "missing_target=drop", "cache=rows.cache",
                   "--epochs", "3"})["rows"],
            dropped["rows"]);
}

}  // namespace
}  // namespace caviar::test
