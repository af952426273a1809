// Several quantiles of a number, learnt at once.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/csv.hpp"
#include "caviar/trainer/train.hpp"

namespace caviar::test {
namespace {

using testing::HasSubstr;

// y = x + noise that is uniform within ±(1 + x): its q-quantile is x + (2 q − 1) (1 + x).
Table noisy_rows() {
  Rng rng(3);
  std::string text = "x,y\n";
  for (int i = 0; i < 2000; ++i) {
    const double x = rng.uniform(0, 1);
    text += number_text(x) + "," + number_text(x + (1 + x) * rng.uniform(-1, 1)) + "\n";
  }
  return parse_csv(text, "t.csv");
}

TrainSpec quantile_spec(const std::string& more) {
  return parse_train_spec(Node::parse_yaml("{data: t.csv, target: y, " + more + "}", "s"));
}

std::string spec_refusal(const std::string& more) {
  try {
    quantile_spec(more);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input);
    return error.what();
  }
  return "";
}

TEST(Quantiles, AreSaidAsAListBesideTheirLoss) {
  const TrainSpec spec = quantile_spec("loss: quantile, quantile: [0.9, 0.1, 0.5]");
  EXPECT_EQ(spec.quantiles, (std::vector<double>{0.1, 0.5, 0.9}));
  EXPECT_EQ(parse_train_spec(Node::parse_json(to_json(spec).dump(), "")).quantiles, spec.quantiles);
  EXPECT_TRUE(quantile_spec("loss: quantile, quantile: 0.9").quantiles.empty());
  EXPECT_THAT(spec_refusal("quantile: [0.1, 0.9]"),
              HasSubstr("loss: quantile, which was expected"));
  EXPECT_THAT(spec_refusal("loss: huber, quantile: [0.1, 0.9]"), HasSubstr("loss: quantile"));
  EXPECT_THAT(spec_refusal("loss: quantile, quantile: [0.1, 1]"), HasSubstr("above 0 and below 1"));
  EXPECT_THAT(spec_refusal("loss: quantile, quantile: [0.1, 0.1]"), HasSubstr("twice"));
  EXPECT_THAT(spec_refusal("loss: quantile, quantile: [0.1]"), HasSubstr("fewer than two"));
  EXPECT_THAT(spec_refusal("loss: quantile, quantile: [0.1, 0.2], task: classification"),
              HasSubstr("not of a classification"));
}

// What is fixed as a list cannot be searched as well.
TEST(Quantiles, AreNotSearched) {
  const TrainSpec spec = quantile_spec("loss: quantile, quantile: [0.1, 0.9]");
  const Space space({{.name = "quantile", .distribution = Float{0.1, 0.9}}});
  EXPECT_THROW(check_space(spec, space, "space"), Error);
  EXPECT_NO_THROW(check_space(quantile_spec("loss: quantile"), space, "space"));
}

TEST(Quantiles, HaveAnOutputEachAndAreJudgedByCoverage) {
  const TrainSpec spec = quantile_spec(
      "loss: quantile, quantile: [0.1, 0.5, 0.9], epochs: 30, hidden_units: 16, seed: 1");
  const PreparedData data = prepare(spec, noisy_rows());
  EXPECT_EQ(data.target.quantiles(), 3U);
  EXPECT_EQ(data.target.name(), "y");
  EXPECT_EQ(data.target.columns[2].shown(), "y_q0.9");
  const TrainResult result = train(data, spec, settings(spec));
  EXPECT_EQ(result.model.outputs(), 3U);
  EXPECT_NEAR(result.validation.coverage, 0.8, 0.06);
  // Of uniform noise of half width h the pinball loss at q is q (1 − q) h; h is 1.5 on average.
  EXPECT_NEAR(result.validation.loss, (0.09 + 0.25 + 0.09) / 3 * 1.5, 0.02);
  EXPECT_FALSE(std::isnan(result.validation.rmse));  // of the median
  const auto scores = quantile_scores_on(data, data.validation, result.model);
  double loss = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(scores[i].below, data.target.columns[i].quantile, 0.06) << i;
    loss += scores[i].loss / 3;
  }
  EXPECT_NEAR(loss, result.validation.loss, 1e-3);  // sorted here, as they come there
  EXPECT_EQ(metrics_of(result).at("validation_coverage"), result.validation.coverage);
}

TEST(Quantiles, WithoutAMedianHaveNoErrorOfOne) {
  const TrainSpec spec = quantile_spec("loss: quantile, quantile: [0.1, 0.9], epochs: 2");
  const TrainResult result = train(prepare(spec, noisy_rows()), spec, settings(spec));
  EXPECT_TRUE(std::isnan(result.validation.rmse));
  EXPECT_FALSE(std::isnan(result.validation.coverage));
}

// However the network's outputs cross.
TEST(Quantiles, AreInOrderWithinEachTarget) {
  std::vector<float> outputs = {3, 1, 2, -1, -3, -2};
  sort_quantiles(std::span(outputs), 3);
  EXPECT_EQ(outputs, (std::vector<float>{1, 2, 3, -3, -2, -1}));
  sort_quantiles(std::span(outputs), 0);
  EXPECT_EQ(outputs[3], -3);
}

TEST(Quantiles, OfATargetAreKeptWithTheModel) {
  const TrainSpec spec = quantile_spec("loss: quantile, quantile: [0.25, 0.75]");
  const Table rows = noisy_rows();
  const TargetCode code = prepare(spec, rows).target;
  const TargetCode again = target_from_json(Node::parse_json(to_json(code).dump(), "m"));
  EXPECT_EQ(again, code);
  const Target target = read_target(rows, again);
  EXPECT_EQ(target.columns.size(), 2U);
  EXPECT_EQ(target.values.size(), 2 * rows.rows);
  EXPECT_EQ(target.values[0], target.values[1]);
}

}  // namespace
}  // namespace caviar::test
