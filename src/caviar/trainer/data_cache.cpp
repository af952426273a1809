#include "caviar/trainer/data_cache.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "caviar/base/json.hpp"
#include "caviar/data/cache_file.hpp"
#include "caviar/data/idx.hpp"

namespace caviar {
namespace {

constexpr const char* recipe_version = "2";  // another one where other rows are made of the same

// What of a spec decides which rows there are and what is in them.
TrainSpec recipe_of(const TrainSpec& spec) {
  TrainSpec recipe = spec;
  const TrainSpec usual;
  recipe.class_weights = {};
  recipe.patience = usual.patience;
  recipe.min_delta = usual.min_delta;
  recipe.monitor = usual.monitor;
  recipe.restore_best = usual.restore_best;
  recipe.rate_table = {};
  recipe.rate_formula = {};
  recipe.cache = {};
  recipe.fixed = {};
  return recipe;
}

std::vector<std::string> files_of(const TrainSpec& spec) {
  std::vector<std::string> files = {spec.data};
  const auto add = [&files](const std::string& data, const std::string& labels) {
    if (!labels.empty()) {
      files.push_back(labels);
    } else if (const auto beside = labels_beside(data)) {
      files.push_back(*beside);
    }
  };
  add(spec.data, spec.labels);
  if (spec.test_data.empty()) return files;
  files.push_back(spec.test_data);
  add(spec.test_data, spec.test_labels);
  return files;
}

template <class Data>
auto parts_of(Data& data) {
  return std::array{&data.training, &data.validation, &data.test};
}

// What the rows say beside their features: a label or the targets, then a weight.
std::size_t numbers_behind(const PreparedData& data) {
  const std::size_t targets = data.task == Task::classification ? 1 : data.target.columns.size();
  return targets + (data.training.weights.empty() ? 0 : 1);
}

void write_behind(const PreparedData& data, std::span<float> out) {
  const std::size_t each = numbers_behind(data);
  auto to = out.begin();
  for (const DataPart* part : parts_of(data)) {
    for (std::size_t row = 0; row < part->rows; ++row, to += static_cast<std::ptrdiff_t>(each)) {
      auto next = to;
      if (!part->labels.empty()) *next++ = static_cast<float>(part->labels[row]);
      const std::size_t targets = part->targets.size() / part->rows;
      next = std::copy_n(part->targets.begin() + static_cast<std::ptrdiff_t>(row * targets),
                         targets, next);
      if (!part->weights.empty()) *next = part->weights[row];
    }
  }
}

void read_behind(std::span<const float> in, std::size_t each, bool weighted, PreparedData& data) {
  auto from = in.begin();
  for (DataPart* part : parts_of(data)) {
    for (std::size_t row = 0; row < part->rows; ++row, from += static_cast<std::ptrdiff_t>(each)) {
      const auto end = from + static_cast<std::ptrdiff_t>(each) - (weighted ? 1 : 0);
      if (data.task == Task::classification) {
        part->labels.push_back(static_cast<std::int32_t>(*from));
      } else {
        part->targets.insert(part->targets.end(), from, end);
      }
      if (weighted) part->weights.push_back(*end);
    }
  }
}

// The rows of each part, in the file.
void point_at(const CacheFile& file, PreparedData& data) {
  const auto owner = std::make_shared<const CacheFile>(file);
  std::span<const float> rest = owner->x();
  for (DataPart* part : parts_of(data)) {
    part->features = data.features();
    const std::size_t size = part->rows * part->features;
    part->x = Floats(owner, rest.first(size));
    rest = rest.subspan(size);
  }
}

Json column_json(const ColumnLine& line) {
  return {{"name", line.name},
          {"role", line.role},
          {"type", name_of(line.type)},
          {"missing", line.summary.missing},
          {"different", line.summary.different},
          {"low", json_number(line.summary.low)},
          {"high", json_number(line.summary.high)},
          {"values", line.values}};
}

ColumnLine column_in(const Json& json) {
  ColumnLine line;
  line.name = json.at("name").get<std::string>();
  line.role = json.at("role").get<std::string>();
  line.type = parse_column_type(json.at("type").get<std::string>(), line.name);
  line.summary.missing = json.at("missing").get<std::size_t>();
  line.summary.different = json.at("different").get<std::size_t>();
  line.summary.low = json_to_double(json.at("low"));
  line.summary.high = json_to_double(json.at("high"));
  line.values = json.at("values").get<std::string>();
  return line;
}

std::string note_of(const PreparedData& data) {
  Json note = {{"source", data.source},
               {"test_source", data.test_source},
               {"rows", data.rows},
               {"left_out", data.left_out},
               {"class_counts", data.class_counts},
               {"target", to_json(data.target)},
               {"preprocessing", to_json(data.preprocessor)},
               {"weighted", !data.training.weights.empty()},
               {"parts", Json::array()},
               {"columns", Json::array()}};
  for (const DataPart* part : parts_of(data)) note["parts"].push_back(part->rows);
  for (const ColumnLine& line : data.columns) note["columns"].push_back(column_json(line));
  if (data.image) note["image"] = {data.image->height, data.image->width, data.image->channels};
  return note.dump();
}

PreparedData data_in(const Json& note, const std::string& path) {
  const auto node = [&](const char* key) { return Node::parse_json(note.at(key).dump(), path); };
  PreparedData data;
  data.source = note.at("source").get<std::string>();
  data.test_source = note.at("test_source").get<std::string>();
  data.rows = note.at("rows").get<std::size_t>();
  data.left_out = note.at("left_out").get<std::size_t>();
  data.class_counts = note.at("class_counts").get<std::vector<std::size_t>>();
  data.target = target_from_json(node("target"));
  data.task = data.target.task;
  data.classes = data.target.classes;
  data.preprocessor = preprocessor_from_json(node("preprocessing"));
  for (const Json& line : note.at("columns")) data.columns.push_back(column_in(line));
  if (note.contains("image")) {
    const auto sizes = note.at("image").get<std::array<std::size_t, 3>>();
    data.image = ImageShape{sizes[0], sizes[1], sizes[2]};
  }
  std::size_t index = 0;
  for (DataPart* part : parts_of(data)) {
    part->rows = note.at("parts").at(index++).get<std::size_t>();
  }
  return data;
}

}  // namespace

std::uint64_t data_cache_key(const TrainSpec& spec, std::size_t fold) {
  const std::string recipe = std::string(recipe_version) + " " + std::to_string(fold) + " " +
                             to_json(recipe_of(spec)).dump();
  return cache_key(files_of(spec), recipe);
}

std::optional<PreparedData> open_data_cache(const std::string& path, std::uint64_t key) {
  const std::optional<CacheFile> file = CacheFile::open(path, key);
  if (!file) return std::nullopt;
  const Json note = Json::parse(file->note());
  PreparedData data = data_in(note, path);
  read_behind(file->targets(), file->shape().targets, note.at("weighted").get<bool>(), data);
  point_at(*file, data);
  return data;
}

PreparedData make_data_cache(const std::string& path, std::uint64_t key, PreparedData data,
                             const std::function<void(std::span<float>)>& fill) {
  CacheFile::Shape shape;
  for (const DataPart* part : parts_of(std::as_const(data))) shape.rows += part->rows;
  shape.features = data.features();
  shape.targets = numbers_behind(data);
  const CacheFile file =
      CacheFile::make(path, key, shape, note_of(data), [&](const CacheFile::Parts& parts) {
        fill(parts.x);
        write_behind(data, parts.targets);
      });
  point_at(file, data);
  return data;
}

}  // namespace caviar
