// Everything that can be wrong from outside: one clear line that names the place, the value and
// what was expected; exit code 2; nothing half-written.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/cli/program.hpp"

namespace caviar::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

using Parts = std::vector<std::string>;

// The program refuses: code 2, one line on stderr with all the parts, nothing on stdout, and the
// folder as it was.
void expect_refusal(const std::vector<std::string>& words, const Folder& folder,
                    const Parts& parts) {
  SCOPED_TRACE(testing::PrintToString(words));
  const auto before = folder.names();
  const Result result = caviar(words, folder);
  EXPECT_EQ(result.code, 2) << result.out << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, StartsWith("caviar: error: "));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  for (const std::string& part : parts) EXPECT_THAT(result.err, HasSubstr(part));
  EXPECT_EQ(folder.names(), before);
}

struct BadStudy {
  std::string what;  // for the test's name
  std::vector<std::pair<std::string, std::string>> changes;
  Parts parts;
};

void PrintTo(const BadStudy& bad, std::ostream* out) { *out << bad.what; }

class BadStudyFile : public testing::TestWithParam<BadStudy> {};

TEST_P(BadStudyFile, isRefusedByTuneAndByCheck) {
  Folder folder;
  folder.write("tiny.csv", tiny_table());
  folder.write("study.yaml", tiny_study(GetParam().changes));
  expect_refusal({"tune", "study.yaml"}, folder, GetParam().parts);
  expect_refusal({"check", "study.yaml"}, folder, GetParam().parts);
}

std::string one_parameter(const std::string& description) {
  return "{learning_rate: " + description + "}";
}

INSTANTIATE_TEST_SUITE_P(
    All, BadStudyFile,
    testing::Values(
        BadStudy{"UnknownKey", {{"metrik", "x"}}, {"study.yaml:", "metrik", "'metric'"}},
        BadStudy{"KeyOfTheFileInASection",
                 {{"search", "{sampler: random, pruner: median}"}},
                 {"study.yaml:", "'pruner' stands beside search:, not under it"}},
        BadStudy{"KeyOfASectionInTheFile",
                 {{"trials", "20"}},
                 {"study.yaml:", "'trials' stands under limits:, as in limits: {trials: …}"}},
        BadStudy{"UnknownKeyInside",
                 {{"limits", "{trails: 4}"}},
                 {"study.yaml:7:", "limits", "trails", "'trials'"}},
        BadStudy{"UnknownKeyOfAParameter",
                 {{"space", one_parameter("{type: float, low: 0.1, hihg: 1}")}},
                 {"study.yaml:5:", "space.learning_rate", "hihg", "'high'"}},
        BadStudy{"LowAboveHigh",
                 {{"space", one_parameter("{type: float, low: 1, high: 0.5}")}},
                 {"study.yaml:5:", "space.learning_rate", "1", "0.5"}},
        BadStudy{"LogOfZero",
                 {{"space", one_parameter("{type: float, low: 0, high: 1, scale: log}")}},
                 {"study.yaml:5:", "space.learning_rate", "log", "0"}},
        BadStudy{"ReverseLogOfOne",
                 {{"space", "{momentum: {type: float, low: 0.9, high: 1, scale: reverse_log}}"}},
                 {"study.yaml:5:", "space.momentum", "reverse_log", "1"}},
        BadStudy{"NoChoices",
                 {{"space", "{optimizer: {type: categorical, choices: []}}"}},
                 {"study.yaml:5:", "space.optimizer", "choices"}},
        BadStudy{"ChoiceTwice",
                 {{"space", "{optimizer: {type: categorical, choices: [adam, adam]}}"}},
                 {"study.yaml:5:", "space.optimizer", "adam"}},
        BadStudy{"NameTwice",
                 {{"space",
                   "{momentum: {type: float, low: 0, high: 0.5},"
                   " momentum: {type: float, low: 0, high: 0.9}}"}},
                 {"study.yaml:5:", "momentum", "twice"}},
        BadStudy{"UnknownType",
                 {{"space", one_parameter("{type: flaot, low: 0.1, high: 1}")}},
                 {"study.yaml:5:", "flaot", "'float'"}},
        BadStudy{"UnknownScale",
                 {{"space", one_parameter("{type: float, low: 0.1, high: 1, scale: lgo}")}},
                 {"study.yaml:5:", "lgo", "log"}},
        BadStudy{
            "ConditionOnNothing",
            {{"space", one_parameter("{type: float, low: 0.1, high: 1, when: {optimiser: adam}}")}},
            {"study.yaml:5:", "learning_rate", "optimiser"}},
        BadStudy{"ConditionsInACircle",
                 {{"space",
                   "{momentum: {type: float, low: 0.1, high: 0.9, when: {beta1: {'>': 0.5}}},"
                   " beta1: {type: float, low: 0.1, high: 0.9, when: {momentum: {'>': 0.5}}}}"}},
                 {"study.yaml", "circle", "momentum", "beta1"}},
        BadStudy{"UnknownHyperparameter",
                 {{"space", "{learning_rat: {type: float, low: 0.1, high: 1}}"}},
                 {"study.yaml:5:", "learning_rat", "'learning_rate'"}},
        BadStudy{"UnknownSampler",
                 {{"search", "{sampler: radnom}"}},
                 {"study.yaml:6:", "radnom", "'random'"}},
        BadStudy{"UnknownSamplerOption",
                 {{"search", "{sampler: grid, pionts: 3}"}},
                 {"study.yaml:6:", "pionts", "'points'"}},
        BadStudy{"UnknownPruner", {{"pruner", "medain"}}, {"study.yaml:9:", "medain"}},
        BadStudy{"InfiniteGrid",
                 {{"search", "{sampler: grid}"}},
                 {"study.yaml", "grid", "learning_rate", "points"}},
        BadStudy{"GridBeyondTheBudget",
                 {{"search", "{sampler: grid, points: 5}"}},
                 {"study.yaml", "grid", "25", "4"}},
        BadStudy{"UnknownMetric",
                 {{"metric", "validation_los"}},
                 {"study.yaml:3:", "validation_los", "'validation_loss'"}},
        BadStudy{"UnknownDirection",
                 {{"direction", "up"}},
                 {"study.yaml:4:", "up", "minimize", "maximize"}},
        BadStudy{
            "UnknownStorage", {{"storage", "oracle:x"}}, {"study.yaml:8:", "oracle", "sqlite:"}},
        BadStudy{"NoObjective", {{"objective", ""}}, {"study.yaml", "objective"}},
        BadStudy{"NoData", {{"objective", "{train: {target: kind}}"}}, {"study.yaml:2:", "data"}},
        BadStudy{"NoTarget",
                 {{"objective", "{train: {data: tiny.csv}}"}},
                 {"tiny.csv", "label", "target: COLUMN"}},
        BadStudy{"DataMissing",
                 {{"objective", "{train: {data: tinny.csv, target: kind}}"}},
                 {"tinny.csv"}},
        BadStudy{"TargetNotThere",
                 {{"objective", "{train: {data: tiny.csv, target: knid}}"}},
                 {"tiny.csv", "knid", "'kind'"}},
        BadStudy{"NegativeTrials", {{"limits", "{trials: -1}"}}, {"study.yaml:7:", "trials", "-1"}},
        BadStudy{"NoJobs", {{"limits", "{trials: 4, jobs: 0}"}}, {"study.yaml:7:", "jobs", "0"}},
        BadStudy{"NoDuration", {{"limits", "{time: soon}"}}, {"study.yaml:7:", "time", "soon"}},
        BadStudy{
            "TextForANumber", {{"limits", "{trials: many}"}}, {"study.yaml:7:", "trials", "many"}},
        BadStudy{"SpaceIsAList", {{"space", "[1, 2]"}}, {"study.yaml:5:", "space"}},
        BadStudy{"BadConstraint",
                 {{"constraints", "[hidden_units < learning_rat]"}},
                 {"study.yaml:9:", "learning_rat"}},
        BadStudy{"YamlSyntax", {{"search", "{sampler: random"}}, {"study.yaml:"}}),
    [](const auto& test) { return test.param.what; });

struct BadTable {
  std::string what, text;
  Parts parts;
};

void PrintTo(const BadTable& bad, std::ostream* out) { *out << bad.what; }

class BadTableFile : public testing::TestWithParam<BadTable> {};

TEST_P(BadTableFile, isRefusedByTuneAndByTrain) {
  Folder folder;
  folder.write("tiny.csv", GetParam().text);
  folder.write("study.yaml", tiny_study());
  expect_refusal({"tune", "study.yaml"}, folder, GetParam().parts);
  expect_refusal({"train", "--data", "tiny.csv", "--target", "kind"}, folder, GetParam().parts);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadTableFile,
    testing::Values(BadTable{"RaggedRow", tiny_table() + "1.0,2.0\n", {"tiny.csv:62", "2", "3"}},
                    BadTable{
                        "RowTooLong", tiny_table() + "1.0,2.0,ant,4\n", {"tiny.csv:62", "4", "3"}},
                    BadTable{"NoRows", "width,height,kind\n", {"tiny.csv", "row"}},
                    BadTable{"Empty", "", {"tiny.csv"}},
                    BadTable{"OneClass",
                             "width,height,kind\n1,2,ant\n2,3,ant\n3,4,ant\n4,5,ant\n5,6,ant\n",
                             {"tiny.csv", "kind", "ant"}},
                    BadTable{"OpenQuote", tiny_table() + "1.0,2.0,\"ant\n", {"tiny.csv"}},
                    BadTable{"BinaryRubbish", std::string("\x00\x01\xfe,\n\x02", 6), {"tiny.csv"}}),
    [](const auto& test) { return test.param.what; });

class BadInput : public testing::Test {
 protected:
  BadInput() {
    folder.write("tiny.csv", tiny_table());
    folder.write("study.yaml", tiny_study());
  }
  Folder folder;
};

TEST_F(BadInput, textInANumericColumn) {
  std::string table = tiny_table();
  folder.write("tiny.csv", table + "wide,1.0,ant\n");
  const Result result =
      caviar({"train", "--data", "tiny.csv", "--target", "kind", "--epochs", "1"}, folder);
  // Refused with its place, unless the column was meant to be categories: it must be said.
  EXPECT_EQ(result.code, 2) << result.out;
  EXPECT_THAT(result.err, AllOf(HasSubstr("tiny.csv:62"), HasSubstr("width"), HasSubstr("wide")));
}

TEST_F(BadInput, filesThatAreNotThere) {
  for (const std::string command : {"tune", "check", "show", "trials", "best", "report"}) {
    expect_refusal({command, "none.yaml"}, folder, {"none.yaml"});
  }
  expect_refusal({"tune", "."}, folder, {"."});
}

TEST_F(BadInput, studiesThatHaveNotRun) {
  for (const std::string command : {"show", "trials", "best", "report"}) {
    expect_refusal({command, "study.yaml"}, folder, {"tiny.db"});
    expect_refusal({command, "--storage", "sqlite:none.db"}, folder, {"none.db"});
  }
}

TEST_F(BadInput, wordsOfTheCommandLine) {
  expect_refusal({"tnue", "study.yaml"}, folder, {"tnue", "'tune'"});
  expect_refusal({"tune"}, folder, {"FILE"});
  expect_refusal({"tune", "study.yaml", "other.yaml"}, folder, {"other.yaml"});
  expect_refusal({"tune", "study.yaml", "--trails", "3"}, folder, {"--trails", "'--trials'"});
  expect_refusal({"tune", "study.yaml", "--trials", "many"}, folder, {"--trials", "many"});
  expect_refusal({"tune", "study.yaml", "--time", "soon"}, folder, {"--time", "soon"});
  expect_refusal({"tune", "study.yaml", "--sampler", "gpp"}, folder, {"gpp"});
  expect_refusal({"train", "tiny.csv", "--target", "kind", "--save", ""}, folder,
                 {"--save", "an empty word"});
  expect_refusal({"train", "tiny.csv", "--target", "kind", "--report="}, folder, {"--report"});
  expect_refusal({"train", "tiny.csv", "--target", "kind", "cache="}, folder, {"cache", "empty"});
  expect_refusal({"train", "tiny.csv", "--target", "kind", "lr=0.1"}, folder,
                 {"'lr'", "'learning_rate'"});
  expect_refusal({"train", "tiny.csv", "--target", "kind", "validation.folds=500"}, folder,
                 {"too few for 500 folds"});
  expect_refusal({"train", "tiny.csv", "--target", "kind", "rate_table={0: -1}"}, folder,
                 {"rate_table", "-1"});
  expect_refusal({"train", "tiny.csv", "--target", "kind", "schedule=step", "schedule_drop=2"},
                 folder, {"schedule_drop", "above 0 to 1"});
  expect_refusal({"list", "smaplers"}, folder, {"smaplers", "'samplers'"});
  expect_refusal({"export", "xml", "study.yaml"}, folder, {"xml", "csv"});
  expect_refusal({"show"}, folder, {"study file", "--storage"});
}

TEST_F(BadInput, configurationsToEnqueue) {
  expect_refusal({"enqueue", "study.yaml", "learning_rate=7"}, folder, {"learning_rate", "7"});
  expect_refusal({"enqueue", "study.yaml", "learning_rate=0.1", "hidden_units=99"}, folder,
                 {"hidden_units", "99"});
  expect_refusal({"enqueue", "study.yaml", "learning_rat=0.1", "hidden_units=4"}, folder,
                 {"learning_rat", "'learning_rate'"});
  expect_refusal({"enqueue", "study.yaml", "learning_rate"}, folder,
                 {"learning_rate", "NAME=VALUE"});
}

TEST_F(BadInput, anotherSpaceUnderTheSameName) {
  ASSERT_EQ(caviar({"tune", "study.yaml", "--quiet"}, folder).code, 0);
  folder.write("study.yaml",
               tiny_study({{"space", "{dropout: {type: float, low: 0.1, high: 0.4}}"}}));
  expect_refusal({"tune", "study.yaml"}, folder, {"tiny", "learning_rate", "dropout"});
}

TEST_F(BadInput, aDamagedDatabase) {
  folder.write("tiny.db", "this is no database, but a text that is long enough to be one " +
                              std::string(5000, 'x'));
  expect_refusal({"tune", "study.yaml"}, folder, {"tiny.db"});
  expect_refusal({"show", "study.yaml"}, folder, {"tiny.db"});
}

TEST_F(BadInput, aTruncatedDatabase) {
  ASSERT_EQ(caviar({"tune", "study.yaml", "--quiet"}, folder).code, 0);
  const std::string whole = folder.read("tiny.db");
  folder.write("tiny.db", whole.substr(0, whole.size() / 2));
  expect_refusal({"tune", "study.yaml"}, folder, {"tiny.db"});
}

TEST_F(BadInput, aDatabaseOfANewerVersion) {
  ASSERT_EQ(caviar({"tune", "study.yaml", "--quiet"}, folder).code, 0);
  std::string file = folder.read("tiny.db");
  file[63] = 99;  // the lowest byte of SQLite's user_version, our format number
  folder.write("tiny.db", file);
  expect_refusal({"tune", "study.yaml"}, folder, {"tiny.db", "newer", "99"});
  expect_refusal({"show", "study.yaml"}, folder, {"tiny.db", "newer", "99"});
}

TEST_F(BadInput, aFullDisk) {
  if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "there is no /dev/full here";
  ASSERT_EQ(caviar({"tune", "study.yaml", "--quiet"}, folder).code, 0);
  expect_refusal({"export", "csv", "study.yaml", "-o", "/dev/full/x.csv"}, folder, {"/dev/full"});
  expect_refusal({"report", "study.yaml", "-o", "/nowhere/page.html"}, folder, {"/nowhere"});
}

TEST_F(BadInput, aReadOnlyFolder) {
  if (::geteuid() == 0) GTEST_SKIP() << "the superuser may write anywhere";
  ASSERT_EQ(::chmod(folder.path().c_str(), 0555), 0);
  expect_refusal({"tune", "study.yaml"}, folder, {"tiny.db"});
}

}  // namespace
}  // namespace caviar::test
