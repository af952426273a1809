// What a person may write for a training, and what the search may try.
#include "caviar/trainer/train_spec.hpp"

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/space/unit.hpp"
#include "caviar/trainer/hyperparameters.hpp"

namespace caviar {
namespace {

TrainSpec parse(const std::string& yaml) {
  return parse_train_spec(Node::parse_yaml(yaml, "s.yaml"));
}

template <class Action>
std::string error_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input) << error.what();
    return error.what();
  }
  return "";
}

void expect_refused(const std::string& yaml, const std::string& part) {
  const std::string error = error_of([&] { parse("data: d.csv\ntarget: t\n" + yaml); });
  EXPECT_NE(error.find(part), std::string::npos) << yaml << " gave: " << error;
}

TEST(TrainSpec, ReadsEverythingThatItDocuments) {
  const TrainSpec spec = parse(
      "data: d.csv\ntarget: t\ntask: regression\ncategorical: [zip]\nignore: [id, name]\n"
      "validation: 0.1\ntest: 0.3\nearly_stopping: {patience: 3, min_delta: 0.01, monitor: "
      "accuracy}\n"
      "seed: 7\nepochs: 20\nlearning_rate: 0.01\nactivation: tanh\n");
  EXPECT_EQ(spec.data, "d.csv");
  EXPECT_EQ(spec.targets, std::vector<std::string>{"t"});
  EXPECT_EQ(spec.task, Task::regression);
  EXPECT_EQ(spec.types.at("zip"), ColumnType::category);
  EXPECT_EQ(spec.ignore, (std::vector<std::string>{"id", "name"}));
  EXPECT_EQ(spec.validation, 0.1);
  EXPECT_EQ(spec.test, 0.3);
  EXPECT_EQ(spec.patience, 3);
  EXPECT_EQ(spec.min_delta, 0.01);
  EXPECT_EQ(spec.monitor, "accuracy");
  EXPECT_EQ(spec.seed, 7U);
  EXPECT_EQ(spec.fixed.size(), 3U);
  EXPECT_EQ(settings(spec).epochs, 20);
  EXPECT_EQ(settings(spec).knobs.learning_rate, 0.01);
  EXPECT_EQ(settings(spec).activation, Activation::tanh);
}

// Whatever was written is written again, so that a held training can be taken up.
TEST(TrainSpec, IsReadBackAsItWasWritten) {
  const TrainSpec spec = parse(
      "data: d.csv\ntarget: t\ntask: classification\ntypes: {a: date, b: category}\nignore: [c]\n"
      "weights: w\nscaling: range\nembed: true\nscale_target: false\nvalidation: 0.25\n"
      "test: 0\nearly_stopping: {patience: 4, min_delta: 0.125, monitor: accuracy, restore_best: "
      "false}\nrate_table: {0: 0.1, 2.5: 0.01}\nseed: 9\nhidden_units: [8, 4]\nmixup: 0.2\n");
  const std::string text = to_json(spec).dump();
  const TrainSpec again = parse_train_spec(Node::parse_json(text, "s.json"));
  EXPECT_EQ(to_json(again).dump(), text);
  EXPECT_EQ(again.types, spec.types);
  EXPECT_EQ(again.rate_table, spec.rate_table);
  EXPECT_FALSE(again.restore_best);
  EXPECT_EQ(settings(again).schedule.decay, Decay::table);
  EXPECT_EQ(settings(again).hidden, (std::vector<int>{8, 4}));
  const TrainSpec files = parse(
      "{data: a.idx, labels: b, test_data: c, test_labels: d, header: false, delimiter: tab}");
  const std::string kept = to_json(files).dump();
  EXPECT_EQ(to_json(parse_train_spec(Node::parse_json(kept, "s.json"))).dump(), kept);
  const TrainSpec levels = parse(
      "{data: d, target: t, embed: [town, street], most_levels: 500, rare_share: 0, "
      "early_stopping: {monitor: f1}}");
  const std::string told = to_json(levels).dump();
  const TrainSpec same = parse_train_spec(Node::parse_json(told, "s.json"));
  EXPECT_EQ(to_json(same).dump(), told);
  EXPECT_EQ(same.preprocessing.embed_only, (std::vector<std::string>{"town", "street"}));
  EXPECT_EQ(same.preprocessing.most_levels, 500U);
  EXPECT_EQ(same.preprocessing.rare_share, 0);
  EXPECT_EQ(same.monitor, "f1");
  EXPECT_EQ(files.delimiter, '\t');
  EXPECT_EQ(files.test, 0);
  const TrainSpec plain =
      parse("data: d\ntarget: t\nearly_stopping: false\nrate_formula: rate/2\n");
  const Node node = Node::parse_json(to_json(plain).dump(), "s.json");
  EXPECT_FALSE(parse_train_spec(node).patience);
  EXPECT_EQ(settings(parse_train_spec(node)).schedule.formula, plain.rate_formula);
}

TEST(TrainSpec, RefusesRatesThatAreNone) {
  expect_refused("rate_table: {x: 1}", "'x' is no number of epochs");
  expect_refused("rate_formula: rate *", "rate_formula");
  expect_refused("rate_table: {0: 1}\nrate_formula: rate", "one of them was expected");
  expect_refused("types: {a: nothing}", "types.a");
}

TEST(TrainSpec, TakesAWidthForEachLayer) {
  const std::string start = "data: d.csv\ntarget: t\nlayers: 3\n";
  EXPECT_EQ(settings(parse(start + "hidden_units: 32")).hidden, (std::vector<int>{32, 32, 32}));
  EXPECT_EQ(settings(parse(start + "hidden_units: [128, 64]")).hidden, (std::vector<int>{128, 64}));
  EXPECT_EQ(settings(parse(start + "hidden_units: 128-64")).hidden, (std::vector<int>{128, 64}));
  EXPECT_TRUE(settings(parse(start + "batch_norm: true")).batch_norm);
}

TEST(TrainSpec, NeedsLittle) {
  const TrainSpec spec = parse("data: d.csv\ntarget: t\n");
  EXPECT_FALSE(spec.task);
  EXPECT_EQ(spec.patience, 10);
  EXPECT_TRUE(spec.fixed.empty());
  EXPECT_FALSE(parse("{data: d.csv, target: t, early_stopping: false}").patience);
  EXPECT_EQ(parse("{data: d.csv, target: t, early_stopping: true}").patience, 10);
  EXPECT_EQ(parse("{data: d.csv, target: t, early_stopping: 25}").patience, 25);
  // Under each of the names that it has elsewhere.
  for (const std::string name : {"f1", "validation_f1", "val_f1"}) {
    EXPECT_EQ(parse("{data: d.csv, target: t, early_stopping: {monitor: " + name + "}}").monitor,
              "f1");
  }
}

TEST(TrainSpec, RefusesWithThePlace) {
  EXPECT_NE(error_of([] { parse("target: t"); }), "");
  expect_refused("epoch: 5", "did you mean 'epochs'?");
  expect_refused("early_stopping: {patence: 5}", "did you mean 'patience'?");
  expect_refused("early_stopping: {patience: 0}", "s.yaml:3");
  expect_refused("early_stopping: 0", "0 is no number of epochs");
  expect_refused("early_stopping: 2.5", "2.5");
  expect_refused("early_stopping: off_please", "a map such as {patience: 10}");
  expect_refused("patience: 5", "stands under early_stopping, as in early_stopping: {patience: …}");
  expect_refused("early_stopping: {monitor: los}", "did you mean 'loss'?");
  expect_refused("most_levels: 0", "0 given, 1 to 1000000 expected");
  expect_refused("test: 1.5", "1.5 is not a share of the rows");
  expect_refused("task: clasification", "did you mean 'classification'?");
  expect_refused("seed: -1", "-1 is no seed");
  expect_refused("learning_rate: 0", "a number above 0 was expected");
  expect_refused("learning_rate: fast", "'fast' makes no sense as learning_rate");
  expect_refused("dropout: 1", "a number from 0 and below 1 was expected");
  expect_refused("hidden_units: 0", "a whole number from 1 to 65536, or one for each layer");
  expect_refused("hidden_units: [64, 0]", "'64-0' makes no sense as hidden_units");
  expect_refused("batch_norm: 1", "true or false was expected");
  expect_refused("learning_rate: [0.1, 0.2]", "a list given, one value expected");
  expect_refused("hidden_units: 10.5", "10.5 makes no sense as hidden_units");
  expect_refused("optimizer: adma", "did you mean 'adam'?");
}

TEST(Hyperparameters, HaveTheTiersThatPracticeTeaches) {
  for (const auto& [name, tier] :
       std::vector<std::pair<std::string, int>>{{"learning_rate", 1},
                                                {"momentum", 2},
                                                {"hidden_units", 2},
                                                {"batch_size", 2},
                                                {"layers", 3},
                                                {"learning_rate_decay", 3},
                                                {"beta1", 4},
                                                {"beta2", 4},
                                                {"epsilon", 4},
                                                {"no_such_thing", 0}}) {
    EXPECT_EQ(default_tier(name), tier) << name;
  }
}

TEST(Hyperparameters, HaveUsualValuesAndRangesThatTheyAccept) {
  for (const Hyperparameter& h : hyperparameters()) {
    SCOPED_TRACE(h.name);
    EXPECT_NO_THROW(checked(h, h.usual, h.name));
    EXPECT_NO_THROW(validate(h.range, h.name));
    EXPECT_GE(h.tier, 1);
    EXPECT_LE(h.tier, 4);
    EXPECT_FALSE(h.help.empty());
    EXPECT_NO_THROW(check_space({}, Space({{.name = h.name, .distribution = h.range}}), "space"));
  }
}

TEST(DefaultSpace, HoldsOnlyWhatIsFreeAndHasAnEffect) {
  const Space all = default_space({}, 4);
  EXPECT_TRUE(all.index("momentum") && all.index("epsilon") && all.index("learning_rate"));
  EXPECT_EQ(all[*all.index("momentum")].when.size(), 1U);
  EXPECT_EQ(all[*all.index("beta1")].when.size(), 1U);
  EXPECT_TRUE(all[*all.index("hidden_units")].when.empty());
  EXPECT_FALSE(default_space({}).index("beta1"));

  TrainSpec adam;
  adam.fixed.set("optimizer", std::string("adam"));
  adam.fixed.set("layers", std::int64_t{2});
  const Space some = default_space(adam, 4);
  EXPECT_FALSE(some.index("optimizer") || some.index("momentum") || some.index("layers"));
  EXPECT_TRUE(some[*some.index("beta1")].when.empty());
  EXPECT_EQ(std::get<Float>(some[*some.index("learning_rate")].distribution).high, 0.1);
}

TEST(DefaultSpace, GivesSettingsThatTheTrainerTakes) {
  const Space space = default_space({}, 4);
  Rng rng(3);
  for (int i = 0; i < 200; ++i) {
    const Point point = *draw(space, rng);
    const Settings s = settings({}, point);
    EXPECT_EQ(s.knobs.learning_rate, std::get<double>(point.at("learning_rate")));
    EXPECT_EQ(s.hidden.front(), std::get<std::int64_t>(point.at("hidden_units")));
    EXPECT_EQ(name_of(s.optimizer), std::get<std::string>(point.at("optimizer")));
    EXPECT_EQ(s.batch_size % 16, 0);
  }
}

TEST(Space, GetsDefaultTiersOnlyWhereNoneIsSaid) {
  const Space space({{.name = "learning_rate", .distribution = Float{0.1, 1}},
                     {.name = "momentum", .distribution = Float{0, 0.9}, .tier = 4},
                     {.name = "own", .distribution = Float{0, 1}}});
  const Space tiered = with_default_tiers(space);
  EXPECT_EQ(tiered[0].tier, 1);
  EXPECT_EQ(tiered[1].tier, 4);
  EXPECT_EQ(tiered[2].tier, 0);
}

std::string space_error(Parameter parameter, const TrainSpec& spec = {}) {
  return error_of([&] { check_space(spec, Space({std::move(parameter)}), "s.yaml: space"); });
}

TEST(Space, IsRefusedWhereTheTrainerCannotUseIt) {
  EXPECT_EQ(space_error({.name = "lerning_rate", .distribution = Float{0.1, 1}}),
            "s.yaml: space.lerning_rate: the trainer has no hyperparameter 'lerning_rate' (did you "
            "mean 'learning_rate'?)");
  EXPECT_NE(space_error({.name = "learning_rate", .distribution = Float{0, 1}})
                .find("space.learning_rate.low: 0 makes no sense"),
            std::string::npos);
  EXPECT_NE(space_error({.name = "dropout", .distribution = Float{0, 1}}), "");
  EXPECT_NE(space_error({.name = "hidden_units", .distribution = Int{0, 8}}), "");
  EXPECT_NE(space_error({.name = "hidden_units", .distribution = Float{1, 8}}), "");
  EXPECT_NE(space_error({.name = "optimizer", .distribution = Choice{{std::string("lion")}}}), "");
  EXPECT_EQ(space_error({.name = "hidden_units",
                         .distribution = Choice{{std::int64_t{8}, std::int64_t{16}}, true}}),
            "");
  TrainSpec spec;
  spec.fixed.set("epochs", std::int64_t{5});
  EXPECT_NE(
      space_error({.name = "epochs", .distribution = Int{1, 9}}, spec).find("also fixed to 5"),
      std::string::npos);
}

TEST(Settings, TakeThePointBeforeTheSpecBeforeTheUsual) {
  TrainSpec spec;
  spec.fixed.set("optimizer", std::string("momentum"));
  spec.fixed.set("batch_size", std::int64_t{8});
  const Settings s = settings(
      spec, {{"batch_size", std::int64_t{64}}, {"initializer", std::string("he_uniform")}});
  EXPECT_EQ(s.optimizer, Optimizer::momentum);
  EXPECT_EQ(s.knobs.learning_rate, usual_learning_rate(Optimizer::momentum));
  EXPECT_EQ(s.batch_size, 64);
  EXPECT_EQ(s.initializer, Initializer::he_uniform);
  EXPECT_FALSE(settings({}).initializer);
  EXPECT_NE(error_of([&] { settings(spec, {{"units", 3.0}}); }), "");
  EXPECT_NE(error_of([&] { settings(spec, {{"learning_rate", -1.0}}); }), "");
}

}  // namespace
}  // namespace caviar
