// What is found out before anything is trained: folds that cannot be drawn, columns with two roles,
// classes of which nothing trains, networks that no machine holds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/data/csv.hpp"
#include "caviar/trainer/data_warnings.hpp"
#include "caviar/trainer/prepared_data.hpp"
#include "caviar/trainer/training_memory.hpp"

namespace caviar::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// 40 rows: 18 of p, 18 of q, then 4 of r; w is above 0 in the first half only.
Table rare_rows() {
  std::string text = "x,g,w,t,y\n";
  for (int i = 0; i < 40; ++i) {
    text += std::to_string(i * 7 % 11) + "," + std::to_string(i % 4) + "," + (i < 20 ? "1" : "0") +
            "," + std::to_string(i) + "," + (i >= 36 ? "r" : (i % 2 == 0 ? "p" : "q")) + "\n";
  }
  return parse_csv(text, "t.csv");
}

TrainSpec rare_spec(const std::string& more) {
  return parse_train_spec(Node::parse_yaml("{data: t.csv, target: y, " + more + "}", "s"));
}

std::string preparing(const std::string& more) {
  try {
    prepare(rare_spec(more), rare_rows());
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input);
    return error.what();
  }
  return "";
}

TEST(BeforeTraining, FoldsThatCannotBeDrawnAreRefused) {
  EXPECT_THAT(preparing("validation: {folds: 50}"), HasSubstr("too few for 50 folds"));
  EXPECT_THAT(preparing("test: 0, validation: {share: 0.25, folds: 5, group: g}"),
              HasSubstr("40 rows in 4 whole groups are too few for 5 folds"));
  EXPECT_THAT(preparing("validation: {outer: 41}"), HasSubstr("too few for 41 folds"));
  EXPECT_THAT(preparing("validation: {folds: 4, time: t}, weights: w"),
              HasSubstr("'w' is 0 in all"));
  EXPECT_EQ(preparing("validation: {folds: 5}"), "");
}

TEST(BeforeTraining, AColumnHasOneRole) {
  EXPECT_THAT(preparing("weights: g, validation: {group: g}"),
              HasSubstr("validation.group: column 'g' is the one of weights too"));
  EXPECT_THAT(preparing("validation: {group: y}"), HasSubstr("is the one of target too"));
  EXPECT_THAT(preparing("weights: y"), HasSubstr("weights: column 'y'"));
}

TEST(BeforeTraining, ClassesOfWhichNothingTrainsAreTold) {
  EXPECT_THAT(classes_left_out(prepare(rare_spec("validation: 0.2"), rare_rows())), IsEmpty());
  EXPECT_THAT(classes_left_out(prepare(rare_spec("validation: {time: t}"), rare_rows())),
              ElementsAre("class 'r' (4 rows of 40) has no row in the training part: the network "
                          "cannot learn to tell it"));
  const TrainSpec folds = rare_spec("validation: {folds: 5}");
  EXPECT_THAT(classes_left_out(prepare(folds, rare_rows()), prepare_folds(folds, rare_rows())),
              ElementsAre(HasSubstr("no row in the validation part of 2 of 5 folds")));
}

TEST(BeforeTraining, ColumnsThatMayBeMeantOtherwiseAreTold) {
  std::string text = ",price,day,note,y\n";
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(i);
    text += n + ",\"1," + std::to_string(100 + i % 10) + "\",0" + std::to_string(1 + i % 9) +
            "/31/2020,note " + n + ",";
    text += i % 2 == 0 ? "p\n" : "q\n";
  }
  const TrainSpec spec = rare_spec("validation: 0.2");
  const PreparedData data = prepare(spec, parse_csv(text, "t.csv"));
  EXPECT_THAT(data_warnings(data),
              ElementsAre(HasSubstr("the first column is left out: it has no name"),
                          HasSubstr("'price' is taken for a category of 10 texts (1,100, 1,101"),
                          HasSubstr("dates are read as"),
                          testing::AllOf(HasSubstr("'note' is left out: 100 different texts"),
                                         testing::Not(HasSubstr("decimal point")))));
  EXPECT_THAT(data_warnings(prepare(spec, rare_rows())), IsEmpty());
}

TEST(BeforeTraining, ANetworkThatNoMachineHoldsIsRefused) {
  Settings settings;
  const NetworkSpec network{10, {Dense{.units = 65536}, Dense{.units = 65536}, Dense{.units = 1}}};
  const double weights = 65536.0 * (11 + 65537 + 1) + 1;
  EXPECT_GE(training_bytes(network, settings, 1000), 4 * 4 * weights);  // two slots of Adam
  EXPECT_LE(training_bytes(network, settings, 1000), 4 * 4 * weights * 1.01);
  settings.optimizer = Optimizer::sgd;
  EXPECT_LE(training_bytes(network, settings, 1000), 2 * 4 * weights * 1.01);
  EXPECT_NO_THROW(check_memory(network, settings, 1000, 0));
  EXPECT_NO_THROW(check_memory(network, settings, 1000, std::uint64_t{1} << 40U));
  try {
    check_memory(network, settings, 1000, std::uint64_t{8} << 30U);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input);
    EXPECT_THAT(error.what(), HasSubstr("hidden_units: a network of 4295819265 weights"));
    EXPECT_THAT(error.what(), HasSubstr("this machine has 8 GB"));
  }
}

}  // namespace
}  // namespace caviar::test
