// Real trainings on real data.
#include "caviar/trainer/train.hpp"

#include <cmath>
#include <thread>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/data/csv.hpp"
#include "caviar/data/split.hpp"

namespace caviar {
namespace {

TrainSpec spec_for(const std::string& file, const std::string& target) {
  TrainSpec spec;
  spec.data = std::string(CAVIAR_SOURCE_DIR) + "/data/" + file;
  spec.targets = {target};
  spec.seed = 1;
  return spec;
}

Settings quick(int epochs, double rate = 0.005) {
  Settings s;
  s.epochs = epochs;
  s.knobs.learning_rate = rate;
  return s;
}

TEST(Train, ReadsHandwrittenDigits) {
  const TrainSpec spec = spec_for("digits.csv.gz", "digit");
  const PreparedData data = prepare(spec);
  EXPECT_EQ(data.classes.size(), 10U);
  EXPECT_EQ(data.features(), 64U);
  int epochs = 0;
  const TrainResult result = train(data, spec, quick(25), [&](const EpochStats& stats) {
    ++epochs;
    EXPECT_TRUE(std::isfinite(stats.validation_loss));
    return Flow::go;
  });
  EXPECT_EQ(result.epochs, epochs);
  EXPECT_GT(result.validation.accuracy, 0.95);
  const PartScore test = evaluate_test(data, result);
  EXPECT_GT(test.accuracy, 0.95);
  EXPECT_LT(test.loss, 0.25);
  const auto metrics = metrics_of(result);
  EXPECT_EQ(metrics.at("validation_loss"), result.validation.loss);
  EXPECT_EQ(metrics.at("validation_error"), 1 - result.validation.accuracy);
  EXPECT_FALSE(metrics.contains("validation_r2"));
}

TEST(Train, TellsIrisSpeciesApart) {
  TrainSpec spec = spec_for("iris.csv", "species");
  const PreparedData data = prepare(spec);
  EXPECT_EQ(data.task, Task::classification);
  Settings settings = quick(100, 0.01);
  settings.batch_size = 8;
  const TrainResult result = train(data, spec, settings);
  EXPECT_GE(result.validation.accuracy, 0.9);
  EXPECT_GE(evaluate_test(data, result).accuracy, 0.9);
}

TEST(Train, CopesWithMissingCellsAndText) {
  const TrainSpec spec = spec_for("penguins.csv", "species");
  const PreparedData data = prepare(spec);
  const TrainResult result = train(data, spec, quick(40, 0.01));
  EXPECT_GT(evaluate_test(data, result).accuracy, 0.95);
}

TEST(Train, LearnsANumberInItsOwnUnit) {
  TrainSpec spec = spec_for("iris.csv", "petal_width_cm");
  spec.ignore = {"species"};
  const PreparedData data = prepare(spec);
  EXPECT_EQ(data.task, Task::regression);
  EXPECT_EQ(data.features(), 3U);
  double last = 0;
  const TrainResult result = train(data, spec, quick(60, 0.01), [&](const EpochStats& stats) {
    if (stats.best) last = stats.validation_loss;
    return Flow::go;
  });
  const PartScore test = evaluate_test(data, result);
  EXPECT_GT(test.r2, 0.85);
  EXPECT_LT(test.rmse, 0.3);  // centimetres
  EXPECT_NEAR(test.rmse * test.rmse, test.loss, 1e-6);
  EXPECT_EQ(result.validation.loss, last);
  EXPECT_TRUE(std::isnan(test.accuracy));
}

TEST(Train, ReportsDivergence) {
  const TrainSpec spec = spec_for("digits.csv.gz", "digit");
  Settings settings = quick(20, 1e6);
  settings.optimizer = Optimizer::sgd;
  const TrainResult result = train(prepare(spec), spec, settings);
  EXPECT_TRUE(result.diverged());
  EXPECT_NE(result.why.find("loss became"), std::string::npos);
}

TEST(Train, StopsWhenTold) {
  const TrainSpec spec = spec_for("iris.csv", "species");
  const TrainResult result = train(prepare(spec), spec, quick(50), [](const EpochStats& stats) {
    return stats.epoch < 3 ? Flow::go : Flow::stop;
  });
  EXPECT_EQ(result.ending, FitEnding::stopped);
  EXPECT_EQ(result.epochs, 3);
}

TEST(Train, RepeatsToTheBitAlsoBesideOthers) {
  const TrainSpec spec = spec_for("iris.csv", "species");
  const PreparedData data = prepare(spec);
  Settings settings = quick(8);
  settings.knobs.dropout = 0.2;
  settings.hidden = {64, 64};
  std::vector<TrainResult> results(3);
  std::vector<std::thread> threads;
  for (TrainResult& result : results) {
    threads.emplace_back([&] { result = train(data, spec, settings); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const TrainResult& result : results) {
    EXPECT_EQ(result.validation.loss, results[0].validation.loss);
    EXPECT_TRUE(std::equal(result.model.weights().begin(), result.model.weights().end(),
                           results[0].model.weights().begin()));
  }
}

TEST(Train, DoesWithoutHiddenLayersAndHeldOutParts) {
  TrainSpec spec = spec_for("iris.csv", "species");
  spec.validation = 0;
  spec.test = 0;
  Settings settings = quick(30, 0.05);
  settings.hidden = {};
  const PreparedData data = prepare(spec);
  EXPECT_EQ(data.training.rows, 150U);
  const TrainResult result = train(data, spec, settings);
  EXPECT_LT(result.training_loss, 0.4);
  EXPECT_TRUE(std::isnan(result.validation.loss));
  EXPECT_TRUE(std::isnan(evaluate_test(data, result).accuracy));
}

TEST(Train, BuildsWhatTheSettingsSay) {
  const TrainSpec spec = spec_for("iris.csv", "species");
  const PreparedData data = prepare(spec);
  Settings settings = quick(30, 0.01);
  settings.hidden = {16, 8, 8};
  settings.batch_norm = true;
  settings.residual = true;
  settings.knobs.dropout = 0.1;
  const NetworkSpec network = network_for(data, settings);
  std::string kinds;
  for (const LayerSpec& layer : network.layers) kinds += kind_of(layer) + " ";
  EXPECT_EQ(kinds, "dense batch_norm activation dropout residual residual dense ");
  EXPECT_FALSE(std::get<Dense>(network.layers[0]).bias);
  const TrainResult result = train(data, spec, settings);
  EXPECT_EQ(result.network, network);
  EXPECT_GT(evaluate_test(data, result).accuracy, 0.85);
}

TEST(Train, ScoresTheKeptWeightsInEveryWay) {
  const TrainSpec spec = spec_for("digits.csv.gz", "digit");
  const PreparedData data = prepare(spec);
  double f1 = 0;
  const TrainResult result = train(data, spec, quick(6), [&](const Epoch& epoch) {
    const PartScore now = epoch.score();
    EXPECT_EQ(now.accuracy, epoch.validation_accuracy);
    EXPECT_NEAR(now.loss, epoch.validation_loss, 1e-5);
    if (epoch.best) f1 = now.f1;
    return Flow::go;
  });
  const auto metrics = metrics_of(result);
  EXPECT_EQ(metrics.at("validation_f1"), f1);
  EXPECT_GT(metrics.at("validation_auc"), 0.98);
  EXPECT_GE(metrics.at("validation_top5"), metrics.at("validation_top3"));
  EXPECT_GE(metrics.at("validation_top3"), metrics.at("validation_accuracy"));
  EXPECT_NEAR(metrics.at("validation_log_loss"), metrics.at("validation_loss"), 1e-5);
  EXPECT_FALSE(metrics.contains("validation_mae"));
  for (const auto& [name, value] : metrics) {
    const auto names = metric_names(data.task);
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
  }
}

// The best epoch by any score, whose weights are kept.
TEST(Train, WatchesAnyScore) {
  TrainSpec spec = spec_for("iris.csv", "species");
  for (const std::string name : {"accuracy", "balanced_accuracy", "f1", "auc", "log_loss"}) {
    spec.monitor = name;
    const PreparedData data = prepare(spec);
    const double sign = larger_is_better(name) ? 1 : -1;
    double best = -std::numeric_limits<double>::infinity();
    const TrainResult result = train(data, spec, quick(12), [&](const Epoch& epoch) {
      const double score = sign * named_scores(epoch.score(), "").at(name);
      EXPECT_EQ(epoch.best, score > best) << name;
      best = std::max(best, score);
      return Flow::go;
    });
    EXPECT_EQ(sign * named_scores(result.validation, "").at(name), best) << name;
  }
  spec.monitor = "rmse";
  EXPECT_THROW(train(prepare(spec), spec, quick(2)), Error);
  spec.monitor = "f1";
  spec.validation = 0;
  EXPECT_THROW(train(prepare(spec), spec, quick(2)), Error);
}

TEST(Train, SaysWhichWeightsItKeeps) {
  TrainSpec spec = spec_for("iris.csv", "species");
  spec.min_delta = 1e6;  // the first epoch stays the best
  const PreparedData data = prepare(spec);
  for (const bool best : {true, false}) {
    spec.restore_best = best;
    double first = 0, last = 0;
    const TrainResult result = train(data, spec, quick(5), [&](const Epoch& epoch) {
      if (epoch.epoch == 1) first = epoch.training_loss;
      last = epoch.training_loss;
      return Flow::go;
    });
    EXPECT_EQ(result.best_epoch, 1);
    EXPECT_EQ(result.kept_epoch, best ? 1 : 5);
    EXPECT_EQ(result.training_loss, best ? first : last);
  }
}

TEST(Train, MakesSmallWhatTheSettingsSay) {
  TrainSpec spec = spec_for("iris.csv", "petal_width_cm");
  spec.ignore = {"species"};
  const PreparedData data = prepare(spec);
  for (const Loss loss : {Loss::squared_error, Loss::absolute_error, Loss::huber, Loss::quantile}) {
    Settings settings = quick(40, 0.01);
    settings.loss = loss;
    const TrainResult result = train(data, spec, settings);
    const PartScore test = evaluate_test(data, result);
    EXPECT_GT(test.r2, 0.8) << name_of(loss);
    EXPECT_LT(test.mae, test.rmse);
    if (loss == Loss::absolute_error) {
      EXPECT_NEAR(test.loss, test.mae, 1e-6);
    }
    if (loss == Loss::squared_error) {
      EXPECT_NEAR(test.loss, test.rmse * test.rmse, 1e-6);
    }
  }
  Settings wrong;
  wrong.loss = Loss::cross_entropy;
  EXPECT_THROW(train(data, spec, wrong), Error);
}

// Nine rows of ten are of one class: without weights the other is hardly worth finding.
TEST(Train, BalancedClassesFindTheRareOne) {
  Rng rng(1);
  std::string text = "x,y,kind\n";
  for (int i = 0; i < 1000; ++i) {
    const bool rare = i % 12 == 0;
    text += std::to_string(rng.normal() + (rare ? 1.5 : 0)) + "," + std::to_string(rng.normal()) +
            (rare ? ",rare\n" : ",usual\n");
  }
  TrainSpec spec;
  spec.targets = {"kind"};
  const PreparedData data = prepare(spec, parse_csv(text, "t.csv"));
  Settings settings = quick(30, 0.01);
  const double plain = evaluate_test(data, train(data, spec, settings)).balanced_accuracy;
  settings.balanced_classes = true;
  const double balanced = evaluate_test(data, train(data, spec, settings)).balanced_accuracy;
  EXPECT_GT(balanced, plain + 0.1);
}

TEST(Train, EmbedsCategoriesAndWeighsRows) {
  std::string text = "town,importance,y\n";
  for (int i = 0; i < 300; ++i) {
    const int town = i % 7;
    text += "t" + std::to_string(town) + "," + std::to_string(1 + i % 2) + "," +
            std::to_string(town * town) + "\n";
  }
  TrainSpec spec;
  spec.targets = {"y"};
  spec.task = Task::regression;
  spec.weights = "importance";
  spec.preprocessing.embed = true;
  const PreparedData data = prepare(spec, parse_csv(text, "t.csv"));
  EXPECT_EQ(data.features(), 1U);
  EXPECT_EQ(data.training.weights.size(), data.training.rows);
  const TrainResult result = train(data, spec, quick(60, 0.02));
  EXPECT_EQ(kind_of(result.network.layers[0]), "embedding");
  EXPECT_GT(evaluate_test(data, result).r2, 0.98);
  spec.weights = "town";
  EXPECT_THROW(prepare(spec, parse_csv(text, "t.csv")), Error);
}

// Held in the middle of an epoch and taken up again, everything ends with the same bits.
TEST(Train, GoesOnToTheBit) {
  const TrainSpec spec = spec_for("iris.csv", "species");
  const PreparedData data = prepare(spec);
  Settings settings = quick(9, 0.01);
  settings.knobs.dropout = 0.2;
  settings.batch_norm = true;
  settings.schedule.decay = Decay::cosine;
  const TrainResult whole = train(data, spec, settings);
  TrainingState<float> held;
  const TrainResult part = train(data, spec, settings, Control{.on_iteration = [&](const auto& at) {
                                   if (at.epoch != 4 || at.iteration != 2) return Flow::go;
                                   held = at.state();
                                   return Flow::stop;
                                 }});
  EXPECT_EQ(part.ending, FitEnding::stopped);
  const TrainResult rest = train(data, spec, settings, Control{.resume = &held});
  EXPECT_EQ(rest.epochs, whole.epochs);
  EXPECT_EQ(rest.validation.loss, whole.validation.loss);
  EXPECT_TRUE(std::equal(rest.model.weights().begin(), rest.model.weights().end(),
                         whole.model.weights().begin()));
}

TEST(Prepare, LearnsNothingFromHeldOutRows) {
  TrainSpec spec;
  spec.targets = {"y"};
  std::string text = "x,y\n";
  for (int i = 0; i < 100; ++i) text += std::to_string(i) + "," + std::to_string(0.5 * i) + "\n";
  Table table = parse_csv(text, "t.csv");
  const PreparedData before = prepare(spec, table);
  const Split split = split_rows(100, {}, {spec.validation, spec.test, spec.seed});
  std::vector<double> x = table.columns[0].numbers.values(), y = table.columns[1].numbers.values();
  for (const auto* part : {&split.validation, &split.test}) {
    for (const std::size_t row : *part) {
      x[row] = 1e6;
      y[row] = -1e6;
    }
  }
  table.columns[0].numbers = x;
  table.columns[1].numbers = y;
  const PreparedData after = prepare(spec, table);
  EXPECT_EQ(before.training.x, after.training.x);
  EXPECT_EQ(before.training.targets, after.training.targets);
  EXPECT_NE(before.test.x, after.test.x);
}

TEST(Prepare, RefusesWhatCannotBeTrained) {
  TrainSpec spec = spec_for("iris.csv", "kind");
  EXPECT_THROW(prepare(spec), Error);
  spec.targets = {"species"};
  spec.ignore = {"petal"};
  EXPECT_THROW(prepare(spec), Error);
  spec.ignore = {"sepal_length_cm", "sepal_width_cm", "petal_length_cm", "petal_width_cm"};
  EXPECT_THROW(prepare(spec), Error);
}

TEST(Describe, SaysWhatWasFoundAndWhatIsTrained) {
  const TrainSpec spec = spec_for("penguins.csv", "species");
  const PreparedData data = prepare(spec);
  const std::string text = describe(data);
  EXPECT_NE(text.find("344 rows, 7 feature columns (2 of categories)"), std::string::npos) << text;
  EXPECT_NE(text.find("19 cells"), std::string::npos) << text;
  EXPECT_NE(text.find("Adelie (152), Chinstrap (68), Gentoo (124)"), std::string::npos) << text;
  const std::string network = describe(make_model<float>(network_for(data, Settings{})));
  EXPECT_NE(network.find("dense, relu"), std::string::npos) << network;
  EXPECT_NE(network.find("→ 3"), std::string::npos) << network;
}

}  // namespace
}  // namespace caviar
