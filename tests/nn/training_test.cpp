// A training that is held and taken up again, hooks, schedules at work, frozen layers, the rate
// range test.
#include "caviar/nn/training.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/nn/network.hpp"
#include "caviar/nn/range_test.hpp"

#include "tests/nn/allocations.hpp"

namespace caviar {
namespace {

// Two moons' worth of points with weights, for a network that has everything in it.
struct Everything {
  std::vector<float> x, weights;
  std::vector<std::int32_t> labels;
  Model<float> model;
  FitOptions options;
  Knobs knobs;

  explicit Everything(Optimizer optimizer = Optimizer::nadam, std::size_t count = 90) {
    Rng rng(1);
    for (std::size_t i = 0; i < count; ++i) {
      const auto label = static_cast<std::int32_t>(i % 3);
      labels.push_back(label);
      x.push_back(static_cast<float>(2 * std::cos(2.1 * label) + rng.normal()));
      x.push_back(static_cast<float>(2 * std::sin(2.1 * label) + rng.normal()));
      x.push_back(static_cast<float>(rng.below(4)));
      weights.push_back(static_cast<float>(rng.uniform(0.5, 2)));
    }
    model = make_model<float>(
        {.inputs = 3,
         .layers = {
             Embedding{{{.column = 2, .levels = 4, .width = 2}}}, Dense{.units = 12, .bias = false},
             BatchNorm{}, ActivationLayer{Activation::gelu}, Dropout{},
             Residual{{Dense{.units = 12, .activation = Activation::relu}, Dropout{.rate = 0.1}}},
             Dense{.units = 3}}});
    model.initialize(rng);
    options.optimizer = optimizer;
    options.epochs = 6;
    options.batch_size = 16;
    options.seed = 4;
    options.loss.label_smoothing = 0.05;
    options.schedule = {.decay = Decay::cosine, .warm = 1, .per_iteration = true};
    knobs.learning_rate = 0.01;
    knobs.dropout = 0.2;
    knobs.mixup = 0.3;
    knobs.input_noise = 0.05;
    knobs.clip_norm = 1;
    knobs.max_norm = 3;
    knobs.weight_decay = 1e-3;
  }

  // The last 30 rows are held out.
  Samples<float> all() const {
    return {.x = {x.data(), labels.size(), 3}, .labels = labels, .weights = weights};
  }
  Samples<float> training() const { return all().slice(0, labels.size() - 30); }
  Samples<float> held_out() const { return all().slice(labels.size() - 30, 30); }
  // Weights, then running averages.
  std::vector<float> numbers() const {
    std::vector<float> both(model.weights().begin(), model.weights().end());
    both.insert(both.end(), model.state().begin(), model.state().end());
    return both;
  }
};

void nudge(std::span<float> row, Rng& rng) { row[0] += static_cast<float>(rng.uniform(0, 0.1)); }

TEST(Training, GoesOnToTheSameBitsFromAnyIteration) {
  for (const std::string& name : optimizer_names()) {
    for (const auto& [epoch, iteration] : {std::pair{1, 1}, {2, 3}, {4, 4}}) {
      SCOPED_TRACE(name + " " + std::to_string(epoch) + ":" + std::to_string(iteration));
      Everything whole(parse_optimizer(name, "test"));
      std::optional<TrainingState<float>> stored;
      Training<float> first(whole.model, whole.training(), whole.held_out(), whole.options,
                            whole.knobs);
      first.change_rows(nudge);
      const FitResult expected = first.run(
          {.on_iteration = [&, epoch = epoch, iteration = iteration](const IterationStats& stats) {
            if (stats.epoch == epoch && stats.iteration == iteration) stored = first.state();
            return Flow::go;
          }});
      ASSERT_TRUE(stored);
      Everything second(parse_optimizer(name, "test"));
      Training<float> rest(second.model, second.training(), second.held_out(), second.options,
                           second.knobs);
      rest.change_rows(nudge);
      rest.restore(*stored);
      const FitResult result = rest.run({});
      EXPECT_EQ(second.numbers(), whole.numbers());
      EXPECT_EQ(result.best.epoch, expected.best.epoch);
      EXPECT_EQ(result.best.validation_loss, expected.best.validation_loss);
      EXPECT_EQ(result.training_loss, expected.training_loss);
      EXPECT_EQ(result.epochs, expected.epochs);
      EXPECT_EQ(result.samples, expected.samples);
    }
  }
}

TEST(Training, GoesOnFromTheEndOfAnEpochWithItsPatience) {
  for (const int held_at : {1, 5, 9}) {
    Everything whole;
    whole.options.epochs = 100;
    whole.options.patience = 4;
    whole.options.min_delta = 0.3;
    whole.options.schedule = {.decay = Decay::plateau, .drop = 0.5, .patience = 2};
    Everything second = whole;
    second.model = whole.model;
    std::optional<TrainingState<float>> stored;
    Training<float> first(whole.model, whole.training(), whole.held_out(), whole.options,
                          whole.knobs);
    const FitResult expected = first.run({.on_epoch = [&](const EpochStats& stats) {
      if (stats.epoch == held_at) stored = first.state();
      return Flow::go;
    }});
    EXPECT_EQ(expected.ending, FitEnding::early_stop);
    if (!stored) continue;
    Training<float> rest(second.model, second.training(), second.held_out(), second.options,
                         second.knobs);
    rest.restore(*stored);
    const FitResult result = rest.run({});
    EXPECT_EQ(result.ending, FitEnding::early_stop);
    EXPECT_EQ(result.epochs, expected.epochs);
    EXPECT_EQ(second.numbers(), whole.numbers());
  }
}

// Held at the end of an epoch, when the model holds the average, and within one, when it does not.
TEST(Training, GoesOnWithItsAveragesToTheSameBits) {
  for (const bool within : {true, false}) {
    for (const bool best : {true, false}) {
      Everything whole;
      whole.options.average = 0.95;
      whole.options.restore_best = best;
      Everything second = whole;
      std::optional<TrainingState<float>> stored;
      Training<float> first(whole.model, whole.training(), whole.held_out(), whole.options,
                            whole.knobs);
      first.run({.on_epoch =
                     [&](const EpochStats& stats) {
                       if (!within && stats.epoch == 3) stored = first.state();
                       return Flow::go;
                     },
                 .on_iteration =
                     [&](const IterationStats& stats) {
                       if (within && stats.epoch == 3 && stats.iteration == 2) {
                         stored = first.state();
                       }
                       return Flow::go;
                     }});
      Training<float> rest(second.model, second.training(), second.held_out(), second.options,
                           second.knobs);
      rest.restore(*stored);
      rest.run({});
      EXPECT_EQ(second.numbers(), whole.numbers()) << within << best;
    }
  }
}

// Where nobody looks at gradients, layers step their weights on the way back.
TEST(Training, MakesTheSameBitsWhetherGradientsAreKeptOrNot) {
  for (const Optimizer optimizer : {Optimizer::adam, Optimizer::adamw, Optimizer::nadam}) {
    std::vector<float> numbers[2];
    for (const bool kept : {false, true}) {
      Everything one(optimizer);
      one.knobs.clip_norm = 0;
      one.options.batch_size = 20;
      Rng rng(3);
      one.model = make_model<float>(
          {.inputs = 3,
           .layers = {Embedding{{{.column = 2, .levels = 4, .width = 2}}},
                      Dense{.units = 160, .activation = Activation::gelu}, BatchNorm{},
                      Dense{.units = 128, .activation = Activation::relu},
                      Residual{{Dense{.units = 128, .activation = Activation::relu}}},
                      Dense{.units = 3}}});
      one.model.initialize(rng);
      one.model.set_rate(1, 0.5);
      Training<float> training(one.model, one.training(), one.held_out(), one.options, one.knobs);
      training.run({.on_iteration =
                        [&](const IterationStats&) {
                          EXPECT_TRUE(!kept || gradient_norm<float>(one.model.segments(),
                                                                    training.gradients()) > 0);
                          return Flow::go;
                        },
                    .keeps_gradients = kept});
      numbers[kept ? 1 : 0] = one.numbers();
    }
    EXPECT_EQ(numbers[0], numbers[1]);
  }
}

// The average is a by-product: the steps are the same with and without it, and it is their mean by
// the formula.
TEST(Training, JudgesByTheAverageOfItsSteps) {
  constexpr double keeps = 0.9;
  std::vector<float> average, seen;
  {
    Everything plain;
    Training<float> training(plain.model, plain.training(), plain.held_out(), plain.options,
                             plain.knobs);
    average = plain.numbers();
    double step = 0;
    training.run({.on_iteration = [&](const IterationStats&) {
      ++step;
      const auto rest = static_cast<float>(1 - std::min(keeps, (1 + step) / (10 + step)));
      const std::vector<float> now = plain.numbers();
      for (std::size_t i = 0; i < now.size(); ++i) average[i] += rest * (now[i] - average[i]);
      return Flow::go;
    }});
  }
  Everything averaged;
  averaged.options.average = keeps;
  averaged.options.restore_best = false;
  Training<float> training(averaged.model, averaged.training(), averaged.held_out(),
                           averaged.options, averaged.knobs);
  training.run({.on_epoch = [&](const EpochStats& stats) {
    seen = averaged.numbers();
    Workspace<float> workspace(averaged.model, 30);
    const Score score =
        evaluate(averaged.model, workspace, averaged.options.loss, averaged.held_out());
    EXPECT_EQ(score.loss, stats.validation_loss);
    return Flow::go;
  }});
  EXPECT_EQ(averaged.numbers(), seen);
  for (std::size_t i = 0; i < average.size(); ++i) EXPECT_NEAR(seen[i], average[i], 1e-5) << i;
  averaged.options.average = 1;
  EXPECT_THROW(
      Training<float>(averaged.model, averaged.training(), {}, averaged.options, averaged.knobs),
      Error);
}

// A weight and no bias, one sample a batch: the steps are worked out by hand.
TEST(Training, MovesTheMomentumAgainstTheRateInOneCycle) {
  auto model = make_model<double>({.inputs = 1, .layers = {Dense{.units = 1, .bias = false}}});
  model.weights()[0] = 1;
  const double x = 1, y = 0;
  const Samples<double> samples{.x = {&x, 1, 1}, .targets = {&y, 1, 1}};
  FitOptions options;
  options.loss = Loss::squared_error;
  options.optimizer = Optimizer::momentum;
  options.epochs = 8;
  options.restore_best = false;
  options.schedule = {.decay = Decay::one_cycle, .low_momentum = 0.5};
  Knobs knobs;
  knobs.learning_rate = 0.1;
  double weight = 1, velocity = 0;
  for (int epoch = 0; epoch < 8; ++epoch) {
    velocity = momentum_at(options.schedule, 0.9, epoch, 8) * velocity + 2 * weight;
    weight -= rate_at(options.schedule, 0.1, epoch, 8) * velocity;
  }
  fit<double>(model, samples, {}, options, knobs, nullptr);
  EXPECT_NEAR(model.weights()[0], weight, 1e-14);
}

TEST(Training, WatchesWhatItIsTold) {
  for (const int best_at : {2, 5}) {
    Everything one;
    one.options.epochs = 20;
    one.options.patience = 3;
    one.options.average = 0.5;
    int epoch = 0;
    std::vector<float> best;
    Training<float> training(one.model, one.training(), one.held_out(), one.options, one.knobs);
    const FitResult result =
        training.run({.on_epoch =
                          [&](const EpochStats& stats) {
                            if (stats.epoch == best_at) best = one.numbers();
                            return Flow::go;
                          },
                      .watched = [&] { return std::abs(++epoch - best_at) + 1.0; }});
    EXPECT_EQ(result.ending, FitEnding::early_stop);
    EXPECT_EQ(result.best.epoch, best_at);
    EXPECT_EQ(result.epochs, best_at + 3);
    EXPECT_EQ(one.numbers(), best);
  }
  Everything one;
  one.options.monitor = Monitor::training_loss;
  double least = std::numeric_limits<double>::infinity();
  Training<float> training(one.model, one.training(), one.held_out(), one.options, one.knobs);
  training.run({.on_epoch = [&](const EpochStats& stats) {
    EXPECT_EQ(stats.best, stats.training_loss < least);
    least = std::min(least, stats.training_loss);
    return Flow::go;
  }});
}

TEST(Training, RefusesWhatWasStoredByAnother) {
  Everything one;
  Training<float> training(one.model, one.training(), {}, one.options, one.knobs);
  auto state = training.state();
  state.weights.pop_back();
  try {
    training.restore(state);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::conflict);
  }
}

TEST(Training, CallsItsHookAfterEveryIterationAndObeysIt) {
  Everything one;
  int calls = 0;
  Training<float> training(one.model, one.training(), {}, one.options, one.knobs);
  const FitResult result = training.run({.on_iteration = [&](const IterationStats& stats) {
    ++calls;
    EXPECT_EQ(stats.iterations, 4);
    EXPECT_EQ(stats.epoch, 1 + (calls - 1) / 4);
    EXPECT_EQ(stats.iteration, 1 + (calls - 1) % 4);
    EXPECT_TRUE(std::isfinite(stats.loss));
    return calls == 6 ? Flow::stop : Flow::go;
  }});
  EXPECT_EQ(calls, 6);
  EXPECT_EQ(result.ending, FitEnding::stopped);
  EXPECT_EQ(result.epochs, 1);
}

TEST(Training, FollowsItsScheduleInEveryIteration) {
  Everything one;
  one.options.schedule = {.decay = Decay::formula,
                          .formula = Formula("rate * (1 + epoch)", "test"),
                          .per_iteration = true};
  Training<float> training(one.model, one.training(), {}, one.options, one.knobs);
  training.run({.on_iteration = [&](const IterationStats& stats) {
    const double epoch = stats.epoch - 1 + double(stats.iteration - 1) / 4;
    EXPECT_DOUBLE_EQ(stats.learning_rate, 0.01 * (1 + epoch));
    return Flow::go;
  }});
}

TEST(Training, LetsTheHookChangeTheKnobs) {
  Everything one;
  one.options.schedule = {};
  Training<float> training(one.model, one.training(), {}, one.options, one.knobs);
  double expected = 0.01;
  training.run({.on_iteration = [&](const IterationStats& stats) {
    EXPECT_EQ(stats.learning_rate, expected);
    one.knobs.learning_rate = expected = expected * 0.9;
    return Flow::go;
  }});
}

TEST(Training, EndsWhereTheScheduleMakesNoSense) {
  Everything one;
  one.options.schedule = {.decay = Decay::formula,
                          .formula = Formula("rate * (1 - epoch)", "test")};
  Training<float> training(one.model, one.training(), {}, one.options, one.knobs);
  const FitResult result = training.run({});
  EXPECT_EQ(result.ending, FitEnding::diverged);
  EXPECT_EQ(result.why, "the learning rate became -0.01 in epoch 3, iteration 1");
}

TEST(Training, MayKeepItsLastWeights) {
  for (const bool best : {true, false}) {
    Everything one;
    one.options.restore_best = best;
    one.options.epochs = 3;
    one.options.min_delta = 1e6;  // so that the first epoch stays the best
    std::vector<float> first, last;
    Training<float> training(one.model, one.training(), {}, one.options, one.knobs);
    training.run({.on_epoch = [&](const EpochStats& stats) {
      if (stats.epoch == 1) first = one.numbers();
      last = one.numbers();
      return Flow::go;
    }});
    EXPECT_NE(first, last);
    EXPECT_EQ(one.numbers(), best ? first : last);
  }
}

TEST(Training, HoldsFrozenLayersAndSlowsOthers) {
  Everything one;
  for (std::size_t i = 0; i < 3; ++i) one.model.set_rate(i, 0);
  const auto before = one.numbers();
  Training<float> training(one.model, one.training(), one.held_out(), one.options, one.knobs);
  training.run({});
  std::size_t changed = 0;
  for (const Tensor& tensor : one.model.tensors()) {
    const bool frozen = tensor.name[0] <= '2';
    const std::size_t from =
        tensor.at + (tensor.kind == TensorKind::state ? one.model.weights().size() : 0);
    const auto after = one.numbers();
    for (std::size_t i = from; i < from + tensor.size(); ++i) {
      if (frozen) {
        EXPECT_EQ(after[i], before[i]) << tensor.name;
      }
      changed += static_cast<std::size_t>(after[i] != before[i]);
    }
  }
  EXPECT_GT(changed, 100U);
}

TEST(Training, AllocatesNothingInsideAnEpochWithEverythingOn) {
  for (const std::string& name : optimizer_names()) {
    Everything one(parse_optimizer(name, "test"));
    long at_first_end = 0, at_last_end = 0;
    Training<float> training(one.model, one.training(), one.held_out(), one.options, one.knobs);
    training.change_rows(nudge);
    training.run({.on_epoch =
                      [&](const EpochStats& stats) {
                        (stats.epoch == 1 ? at_first_end : at_last_end) = test::allocation_count();
                        return Flow::go;
                      },
                  .on_iteration = [](const IterationStats&) { return Flow::go; }});
    EXPECT_EQ(at_last_end - at_first_end, 0) << name;
  }
}

TEST(Training, LearnsWithEveryOptimizerAndEveryLoss) {
  // A line for regression, its sign for yes and no.
  std::vector<float> x, y, yes;
  Rng rng(3);
  for (int i = 0; i < 200; ++i) {
    x.push_back(float(rng.normal()));
    y.push_back(2 * x.back() - 0.5F);
    yes.push_back(float(y.back() > 0));
  }
  for (const std::string& optimizer : optimizer_names()) {
    for (const std::string& loss : loss_names()) {
      if (loss == "cross_entropy") continue;
      SCOPED_TRACE(optimizer + " " + loss);
      auto model = make_model<float>({.inputs = 1, .layers = {Dense{.units = 1}}});
      FitOptions options;
      options.loss = parse_loss(loss, "test");
      options.optimizer = parse_optimizer(optimizer, "test");
      options.epochs = 40;
      options.batch_size = 20;
      Knobs knobs;
      knobs.learning_rate = optimizer == "adagrad" ? 0.5 : 0.03;
      const auto& targets = classifies(options.loss.loss) ? yes : y;
      const Samples<float> samples{.x = {x.data(), 200, 1}, .targets = {targets.data(), 200, 1}};
      Workspace<float> workspace(model, 50);
      const double before = evaluate(model, workspace, options.loss, samples).loss;
      fit<float>(model, samples, {}, options, knobs, nullptr);
      const Score after = evaluate(model, workspace, options.loss, samples);
      EXPECT_LT(after.loss, (classifies(options.loss.loss) ? 0.6 : 0.1) * before);
      if (classifies(options.loss.loss)) {
        EXPECT_GT(after.accuracy, 0.95);
      }
    }
  }
}

TEST(RangeTest, FindsWhereTrainingBreaks) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Everything one;
    one.options.seed = seed;
    const auto before = one.numbers();
    one.knobs.mixup = 0;
    one.options.optimizer = Optimizer::sgd;
    const RateCurve curve = range_test(one.model, one.training(), one.options, one.knobs,
                                       {.low = 1e-4, .high = 1e3, .iterations = 150});
    EXPECT_EQ(one.numbers(), before);
    ASSERT_GT(curve.points.size(), 20U);
    EXPECT_DOUBLE_EQ(curve.points.front().rate, 1e-4);
    for (std::size_t i = 1; i < curve.points.size(); ++i) {
      EXPECT_NEAR(curve.points[i].rate / curve.points[i - 1].rate, std::pow(1e7, 1.0 / 149), 1e-9);
    }
    EXPECT_GT(curve.steepest, 3e-3);
    EXPECT_LE(curve.steepest, curve.largest);
    EXPECT_LT(curve.largest, 100);
  }
  Everything one;
  EXPECT_THROW(range_test(one.model, one.training(), one.options, one.knobs, {.low = 0}), Error);
}

}  // namespace
}  // namespace caviar
