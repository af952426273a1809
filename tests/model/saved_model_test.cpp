// Models that are saved and read again say the same to the bit; files that cannot be are refused.
#include "caviar/model/saved_model.hpp"

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/json.hpp"
#include "caviar/model/network_json.hpp"
#include "caviar/trainer/evaluate.hpp"

#include "tests/model/models.hpp"
#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

std::vector<float> answers(const SavedModel& saved) {
  const Table table = test::animals();
  const std::vector<std::size_t> rows = {0, 1, 2, 3, 4, 5};
  const std::vector<float> x = saved.preprocessor.apply(table, rows);
  return outputs_of(saved.model, {x.data(), rows.size(), saved.preprocessor.width()});
}

template <class Action>
std::string error_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_NE(error.fault(), Fault::internal) << error.what();
    return error.what();
  }
  return "nothing";
}

TEST(SavedModel, ReturnsToTheBit) {
  const TempFolder folder;
  for (const SavedModel& saved : {test::rich_model(), test::embedding_model()}) {
    const std::string name = folder.file("m");
    save_model(name, saved);
    const SavedModel read = load_model(name + ".json");
    EXPECT_EQ(read.network, saved.network);
    EXPECT_EQ(read.preprocessor, saved.preprocessor);
    EXPECT_EQ(read.target, saved.target);
    EXPECT_EQ(read.scores, saved.scores);
    EXPECT_EQ(read.hyperparameters, saved.hyperparameters);
    EXPECT_EQ(read.data, "animals.csv");
    EXPECT_EQ(answers(read), answers(saved));
  }
}

TEST(SavedModel, IsNamedByItsStemOrEitherFile) {
  for (const std::string name : {"a/m", "a/m.json", "a/m.safetensors"}) {
    EXPECT_EQ(model_files(name).document, "a/m.json");
    EXPECT_EQ(model_files(name).numbers, "a/m.safetensors");
  }
  EXPECT_EQ(model_files("m.model").document, "m.model.json");
}

TEST(SavedModel, RefusesAPairThatDoesNotBelongTogether) {
  const TempFolder folder;
  save_model(folder.file("a"), test::rich_model());
  SavedModel other = test::rich_model();
  test::fill(other.model, 9);
  save_model(folder.file("b"), other);
  write_file(folder.file("a.safetensors"), read_file(folder.file("b.safetensors")));
  EXPECT_NE(error_of([&] { load_model(folder.file("a")); }).find("both must come from one model"),
            std::string::npos);
}

TEST(SavedModel, SaysWhatIsWrongAndWhere) {
  const TempFolder folder;
  save_model(folder.file("m"), test::rich_model());
  const Json good = Json::parse(read_file(folder.file("m.json")));
  const auto error_with = [&](const std::string& pointer, const Json& value) {
    Json changed = good;
    changed[Json::json_pointer(pointer)] = value;
    write_file(folder.file("m.json"), changed.dump());
    return error_of([&] { load_model(folder.file("m")); });
  };
  EXPECT_NE(error_with("/format", "x").find("no model of caviar"), std::string::npos);
  EXPECT_NE(error_with("/format_version", 9).find("reads version 1"), std::string::npos);
  EXPECT_NE(error_with("/network/layers/0/units", 0).find("network.layers[0].units"),
            std::string::npos);
  EXPECT_NE(error_with("/network/layers/0/kind", "dens").find("did you mean 'dense'"),
            std::string::npos);
  EXPECT_NE(error_with("/network/layers/0/units", 7).find("'0.dense.weight' is F32"),
            std::string::npos);
  EXPECT_NE(error_with("/network/inputs", 3).find("the preprocessing makes"), std::string::npos);
  EXPECT_NE(error_with("/network/layers/6/units", 2).find("the target needs 3"), std::string::npos);
  EXPECT_NE(error_with("/surprise", 2).find("surprise"), std::string::npos);
  EXPECT_NE(error_of([&] { load_model(folder.file("none")); }).find("none.json"),
            std::string::npos);
}

TEST(SavedModel, SurvivesDamage) {
  const TempFolder folder;
  save_model(folder.file("m"), test::rich_model());
  const std::string whole = read_file(folder.file("m.json"));
  Rng rng(5);
  for (int round = 0; round < 150; ++round) {
    std::string text = whole;
    for (std::uint64_t changes = 1 + rng.below(3); changes > 0; --changes) {
      text[rng.below(text.size())] = static_cast<char>("0123456789\"{}[],:-ex"[rng.below(20)]);
    }
    write_file(folder.file("m.json"), text);
    error_of([&] { load_model(folder.file("m")); });  // any other exception fails the test
  }
}

TEST(NetworkJson, IsReadAsItWasWritten) {
  const NetworkSpec network = {
      12,
      {Embedding{{{3, 7, 2}, {0, 4, 1}}},
       Dense{8, Activation::tanh, false, Initializer::orthogonal}, BatchNorm{0.99, 1e-3},
       ActivationLayer{Activation::leaky_relu}, Dropout{}, Dropout{0.25},
       Residual{{Dense{8}, Residual{{Dense{8}}}}}, Dense{1}}};
  const Node node = Node::parse_json(to_json(network).dump(), "n.json");
  EXPECT_EQ(network_from_json(node), network);
}

}  // namespace
}  // namespace caviar
