#include "caviar/model/saved_model.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/json.hpp"
#include "caviar/data/hash.hpp"
#include "caviar/model/network_json.hpp"
#include "caviar/model/safetensors.hpp"
#include "caviar/space/space_text.hpp"

namespace caviar {
namespace {

constexpr const char* format_name = "caviar model";
constexpr std::int64_t format_version = 1;

// FNV-1a over the bytes: tells a pair of files that belong together from one that does not.
std::string fingerprint(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char byte : bytes) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  }
  return fmt::format("{:016x}", hash);
}

std::string numbers_of(const Model<float>& model, const std::string& version) {
  std::vector<StoredTensor> stored_tensors;
  for (const Tensor& tensor : model.tensors()) {
    const std::span<const float> all =
        tensor.kind == TensorKind::state ? model.state() : model.weights();
    stored_tensors.push_back(
        stored<float>(tensor.name, tensor.shape, all.subspan(tensor.at, tensor.size())));
  }
  return safetensors_bytes(stored_tensors, {{"format", format_name}, {"caviar", version}});
}

void fill(Model<float>& model, const StoredTensors& numbers) {
  for (const Tensor& tensor : model.tensors()) {
    const std::span<float> all = tensor.kind == TensorKind::state ? model.state() : model.weights();
    numbers.copy<float>(tensor.name, tensor.shape, all.subspan(tensor.at, tensor.size()));
  }
}

Json document_of(const SavedModel& saved, const std::string& numbers_file,
                 const std::string& numbers) {
  Json scores = Json::object();
  for (const auto& [name, value] : saved.scores) scores[name] = json_number(value);
  return {{"format", format_name},
          {"format_version", format_version},
          {"caviar", saved.version},
          {"weights", {{"file", numbers_file}, {"fnv1a", fingerprint(numbers)}}},
          {"data", saved.data},
          {"scores", std::move(scores)},
          {"hyperparameters", to_json(saved.hyperparameters)},
          {"target", to_json(saved.target)},
          {"network", to_json(saved.network)},
          {"preprocessing", to_json(saved.preprocessor)}};
}

void check_format(const Node& document) {
  const Node* format = document.is_map() ? document.find("format") : nullptr;
  if (format == nullptr || !format->is_text() || format->text() != format_name) {
    document.fail(
        fmt::format("this is no model of caviar (\"format\": \"{}\" was expected)", format_name));
  }
  const Node* version = document.find("format_version");
  if (version != nullptr && version->integer() == format_version) return;
  format->fail(fmt::format("a model of format version {}; this caviar reads version {}",
                           version == nullptr ? "unknown" : version->describe(), format_version));
}

void check_fits(const SavedModel& saved, const Node& network) {
  const std::size_t outputs = saved.model.outputs(), classes = saved.target.classes.size();
  if (saved.network.inputs != saved.preprocessor.width()) {
    network.fail(fmt::format("the network reads {} features, the preprocessing makes {}",
                             saved.network.inputs, saved.preprocessor.width()));
  }
  const bool one_of_two = classes == 2 && outputs == 1;  // the probability of the second class
  const std::size_t wanted = classes > 0 ? classes : saved.target.columns.size();
  if (outputs == wanted || one_of_two) return;
  network.fail(fmt::format("the network has {} outputs, the target needs {}", outputs, wanted));
}

}  // namespace

ModelFiles model_files(const std::string& name) {
  std::string stem = name;
  for (const std::string_view ending : {".json", ".safetensors"}) {
    if (stem.ends_with(ending)) stem.resize(stem.size() - ending.size());
  }
  return {stem + ".json", stem + ".safetensors"};
}

ModelFiles find_model(const std::string& name) {
  namespace fs = std::filesystem;
  std::error_code error;
  ModelFiles files = model_files(name);
  if (fs::exists(files.document, error)) return files;
  const bool is_folder = fs::is_directory(name, error);
  ModelFiles within = model_files((fs::path(name) / "model").string());
  if (is_folder && fs::exists(within.document, error)) return within;
  throw Error(
      Fault::missing,
      fmt::format("{}: there is no such model: {} was expected, which `caviar train --save "
                  "NAME` writes with {} beside it",
                  name, is_folder ? "NAME.json or a run's folder with model.json" : files.document,
                  is_folder ? "NAME.safetensors" : file_name(files.numbers)));
}

void save_model(const std::string& name, const SavedModel& saved) {
  const ModelFiles files = model_files(name);
  const std::string numbers = numbers_of(saved.model, saved.version);
  write_file(files.numbers, numbers);
  write_file(files.document, document_of(saved, file_name(files.numbers), numbers).dump(2) + "\n");
}

SavedModel load_model(const std::string& name) {
  const ModelFiles files = find_model(name);
  const Node document = Node::load(files.document);
  check_format(document);
  Fields fields(document);
  for (const char* key : {"format", "format_version"}) fields.known(key);
  SavedModel saved;
  saved.version = fields.text("caviar", "");
  saved.data = fields.text("data", "");
  for (const auto& [score, value] : fields.need("scores").entries()) {
    if (value.is_number()) saved.scores[score] = value.number();
  }
  for (const auto& [key, value] : fields.need("hyperparameters").entries()) {
    saved.hyperparameters.set(key, parse_value(value));
  }
  saved.target = target_from_json(fields.need("target"));
  const Node& network = fields.need("network");
  saved.network = network_from_json(network);
  saved.preprocessor = preprocessor_from_json(fields.need("preprocessing"));
  const Node& weights = fields.need("weights");
  fields.done();

  saved.model = make_model<float>(saved.network);
  check_fits(saved, network);
  const std::string numbers = read_file(files.numbers);
  const Node* expected = weights.find("fnv1a");
  if (expected != nullptr && expected->text() != fingerprint(numbers)) {
    throw Error(Fault::input, files.numbers + ": these are not the weights that " + files.document +
                                  " was saved with; both must come from one model");
  }
  fill(saved.model, parse_safetensors(numbers, files.numbers));
  return saved;
}

std::uint64_t fingerprint_of_model(const std::string& name) {
  const ModelFiles files = find_model(name);
  return hash_bytes(read_file(files.numbers), hash_bytes(read_file(files.document)));
}

}  // namespace caviar
