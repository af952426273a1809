#include "caviar/model/checkpoint.hpp"

#include <array>
#include <filesystem>
#include <map>
#include <utility>
#include <vector>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/json.hpp"
#include "caviar/data/hash.hpp"
#include "caviar/model/safetensors.hpp"

namespace caviar {
namespace {

constexpr const char* format_name = "caviar checkpoint";

using State = TrainingState<float>;

// Every array of the state with its name: read and written in one place. `use` takes both.
template <class S, class Use>
void each_array(S& state, const Use& use) {
  use("weights", state.weights);
  use("state", state.state);
  use("slots", state.slots);
  use("best_weights", state.best_weights);
  use("best_state", state.best_state);
  use("average", state.average);
  use("average_state", state.average_state);
  use("order", state.order);
}

// And every number.
template <class S, class Use>
void each_number(S& state, const Use& use) {
  use("epoch", state.epoch);
  use("iteration", state.iteration);
  use("steps", state.steps.count);
  use("momentum_product", state.steps.momentum_product);
  use("best_value", state.best_value);
  use("without_gain", state.without_gain);
  use("plateau_best", state.plateau.best);
  use("plateau_without_gain", state.plateau.without_gain);
  use("plateau_factor", state.plateau.factor);
  use("loss_sum", state.loss_sum);
  use("last_training_loss", state.training_loss);
  use("samples", state.samples);
  use("seconds", state.seconds);
  use("best_epoch", state.best.epoch);
  use("best_training_loss", state.best.training_loss);
  use("best_validation_loss", state.best.validation_loss);
  use("best_validation_accuracy", state.best.validation_accuracy);
  use("best_learning_rate", state.best.learning_rate);
  use("best_seconds", state.best.seconds);
}

void read_number(const Json& value, double& into) { into = json_to_double(value); }
template <class T>
void read_number(const Json& value, T& into) {
  into = value.get<T>();
}

Json rng_json(const Rng::State& rng) {
  return {{"words", rng.words}, {"spare", json_number(rng.spare)}, {"has_spare", rng.has_spare}};
}

Rng::State rng_in(const Json& json) {
  return {json.at("words").get<std::array<std::uint64_t, 4>>(), json_to_double(json.at("spare")),
          json.at("has_spare").get<bool>()};
}

// An epoch as a list of numbers.
Json epoch_json(const EpochStats& epoch) {
  return {epoch.epoch,
          json_number(epoch.training_loss),
          json_number(epoch.validation_loss),
          json_number(epoch.validation_accuracy),
          json_number(epoch.learning_rate),
          json_number(epoch.seconds),
          epoch.best};
}

EpochStats epoch_in(const Json& json) {
  EpochStats epoch;
  epoch.epoch = json.at(0).get<int>();
  epoch.training_loss = json_to_double(json.at(1));
  epoch.validation_loss = json_to_double(json.at(2));
  epoch.validation_accuracy = json_to_double(json.at(3));
  epoch.learning_rate = json_to_double(json.at(4));
  epoch.seconds = json_to_double(json.at(5));
  epoch.best = json.at(6).get<bool>();
  return epoch;
}

Json epochs_json(const std::vector<EpochStats>& epochs) {
  Json list = Json::array();
  for (const EpochStats& epoch : epochs) list.push_back(epoch_json(epoch));
  return list;
}

// "": none.
std::string text_of(const std::optional<HeldStart>& from) {
  if (!from) return "";
  return Json{{"model", from->model},
              {"fingerprint", from->fingerprint},
              {"freeze", from->freeze},
              {"layer_rate", json_number(from->layer_rate)}}
      .dump();
}

std::optional<HeldStart> start_in(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const Json json = Json::parse(text);
  return HeldStart{json.at("model").get<std::string>(), json.at("fingerprint").get<std::uint64_t>(),
                   json.at("freeze").get<int>(), json_to_double(json.at("layer_rate"))};
}

template <class T>
void read_array(const StoredTensors& tensors, const char* name, std::vector<T>& into) {
  for (const StoredTensor& tensor : tensors.all()) {
    if (tensor.name == name) into.resize(tensor.size());
  }
  tensors.copy<T>(name, {into.size()}, into);
}

// Of everything that a checkpoint holds: a file that lost or changed a byte is found out.
std::string checksum_of(const State& state, const std::string& numbers, const std::string& rest) {
  std::uint64_t sum = hash_bytes(rest, hash_bytes(numbers));
  each_array(state, [&]<class T>(const char*, const std::vector<T>& values) {
    if (values.empty()) return;
    const auto* bytes = reinterpret_cast<const char*>(values.data());
    sum = hash_bytes({bytes, values.size() * sizeof(T)}, sum);
  });
  return std::to_string(sum);
}

}  // namespace

void save_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
  std::vector<StoredTensor> tensors;
  each_array(checkpoint.state, [&]<class T>(const char* name, const std::vector<T>& values) {
    tensors.push_back(stored<T>(name, {values.size()}, values));
  });
  Json numbers = {{"order_rng", rng_json(checkpoint.state.order_rng)},
                  {"chance_rng", rng_json(checkpoint.state.chance_rng)}};
  each_number(checkpoint.state, [&]<class T>(const char* name, const T& value) {
    if constexpr (std::is_same_v<T, double>) {
      numbers[name] = json_number(value);
    } else {
      numbers[name] = value;
    }
  });
  const std::string train = to_json(checkpoint.spec).dump(), told = numbers.dump();
  const std::string from = text_of(checkpoint.from);
  std::map<std::string, std::string> metadata = {
      {"format", format_name},
      {"train", train},
      {"numbers", told},
      {"checksum", checksum_of(checkpoint.state, told, train + from)},
      {"epochs", epochs_json(checkpoint.epochs).dump()},
      {"data", std::to_string(checkpoint.data)},
      {"save", checkpoint.save}};
  if (checkpoint.from) metadata["from"] = from;
  if (!checkpoint.report.empty()) metadata["report"] = checkpoint.report;
  if (checkpoint.every > 0) metadata["every"] = std::to_string(checkpoint.every);
  write_file(path, safetensors_bytes(tensors, metadata));
}

void check_replaceable(const std::string& path) {
  if (!std::filesystem::exists(path) || std::filesystem::file_size(path) == 0) return;
  try {
    load_checkpoint(path);
  } catch (const Error&) {
    throw Error(Fault::input, path +
                                  ": a file of this name is no checkpoint, and would be replaced "
                                  "by one; give the checkpoint another name");
  }
}

Checkpoint load_checkpoint(const std::string& path) {
  const StoredTensors tensors = parse_safetensors(read_file(path), path);
  const auto metadata = [&](const char* key) {
    const auto found = tensors.metadata().find(key);
    return found == tensors.metadata().end() ? std::string() : found->second;
  };
  if (metadata("format") != format_name) {
    throw Error(Fault::input, path + ": this is no checkpoint of caviar train");
  }
  Checkpoint checkpoint;
  checkpoint.spec = parse_train_spec(Node::parse_json(metadata("train"), path + ": train"));
  checkpoint.save = metadata("save");
  checkpoint.report = metadata("report");
  try {
    const Json numbers = Json::parse(metadata("numbers"));
    checkpoint.state.order_rng = rng_in(numbers.at("order_rng"));
    checkpoint.state.chance_rng = rng_in(numbers.at("chance_rng"));
    each_number(checkpoint.state,
                [&](const char* name, auto& value) { read_number(numbers.at(name), value); });
    for (const Json& epoch : Json::parse(metadata("epochs"))) {
      checkpoint.epochs.push_back(epoch_in(epoch));
    }
    checkpoint.data = Json::parse(metadata("data")).get<std::uint64_t>();
    checkpoint.from = start_in(metadata("from"));
    if (const std::string every = metadata("every"); !every.empty()) {
      checkpoint.every = Json::parse(every).get<int>();
    }
  } catch (const Json::exception& error) {
    throw Error(Fault::input,
                path + ": the numbers of the held training cannot be read: " + error.what());
  }
  each_array(checkpoint.state,
             [&](const char* name, auto& values) { read_array(tensors, name, values); });
  const std::string sum = metadata("checksum");
  if (!sum.empty() && sum != checksum_of(checkpoint.state, metadata("numbers"),
                                         metadata("train") + metadata("from"))) {
    throw Error(Fault::input, path + ": damaged: its checksum is another one");
  }
  return checkpoint;
}

}  // namespace caviar
