#include "caviar/cli/train_choice.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/study_choice.hpp"
#include "caviar/data/read_table.hpp"
#include "caviar/tune/study_file.hpp"

namespace caviar::cli {
namespace {

// Without a file the first setting stands in its place.
std::vector<std::string> all_settings(const TrainChoice& choice) {
  std::vector<std::string> all = choice.settings;
  if (is_setting(choice.file)) all.insert(all.begin(), choice.file);
  return all;
}

// A list or a map is written as in a study file.
Json value_in(const std::string& text, const std::string& where) {
  if (text.starts_with('{') || text.starts_with('[')) return Node::parse_yaml(text, where).json();
  if (text == "true" || text == "false") return text == "true";
  const std::optional<double> number = parse_number(text);
  if (!number || !std::isfinite(*number)) return text;
  const bool whole = std::abs(*number) < 1e15 && *number == std::floor(*number);
  return whole ? Json(static_cast<std::int64_t>(*number)) : Json(*number);
}

// "learning_rate=0.1", "augment.shift=2": says it anew.
void set(Json& keys, const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos) {
    throw Error(Fault::input, "'" + word + "' given, NAME=VALUE expected");
  }
  const std::string name = word.substr(0, equals);
  Json* at = &keys;
  std::size_t first = 0;
  for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', first)) {
    at = &(*at)[name.substr(first, dot - first)];
    if (!at->is_object()) *at = Json::object();
    first = dot + 1;
  }
  (*at)[name.substr(first)] = value_in(word.substr(equals + 1), name);
}

void refuse_twice(const std::vector<std::string>& words) {
  std::vector<std::string> names;
  for (const std::string& word : words) names.push_back(word.substr(0, word.find('=')));
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) throw Error(Fault::input, *twice + ": given twice");
}

}  // namespace

void TrainChoice::declare(Arguments& arguments) {
  arguments.positional("FILE", file,
                       "A study file: its objective.train says the rest; or a table, as --data; -: "
                       "a table that comes on stdin");
  arguments.words("SETTING", settings,
                  "NAME=VALUE: a hyperparameter (caviar list hyperparameters), or anything else "
                  "that objective.train may say: test=0.1, scaling=range, validation.folds=5");
  arguments.option("--data", "FILE", data, "A table: CSV, NumPy, IDX or LIBSVM, also packed");
  arguments.option("--labels", "FILE", labels, "Labels of pictures or arrays: IDX or .npy");
  arguments.option("--test-data", "FILE", test_data, "An official test part, which judges");
  arguments.option("--test-labels", "FILE", test_labels, "Its labels");
  arguments.option("--target", "COLUMN", target, "The column to predict, or several: [a, b]");
  arguments.option("--epochs", "N", epochs, "At most so many; default 60");
  arguments.option("--seed", "N", seed, "Of split, weights and order; default 0");
}

bool TrainChoice::is_empty() const {
  return file.empty() && settings.empty() && !data && !labels && !test_data && !test_labels &&
         !target && !epochs && !seed;
}

std::string TrainChoice::study_file() const {
  const bool in_place_of_data = !data && (names_table(file) || file == "-");
  return is_setting(file) || in_place_of_data ? "" : file;
}

std::vector<std::string> TrainChoice::keys() const {
  std::vector<std::string> keys;
  for (const std::string& word : all_settings(*this)) {
    keys.push_back(word.substr(0, word.find_first_of("=.")));
  }
  return keys;
}

TrainSpec TrainChoice::spec() const {
  Json keys = Json::object();
  const std::string study = study_file();
  if (!study.empty()) {
    keys = to_json(read_training(study));
  } else if (!file.empty() && !is_setting(file)) {
    keys["data"] = file;
  }
  const std::vector<std::string> words = all_settings(*this);
  refuse_twice(words);
  if (data) keys.erase("labels");  // they are of other data
  if (test_data) {
    keys.erase("test");
    keys.erase("test_labels");
  }
  const std::array<std::pair<const char*, const std::optional<std::string>*>, 5> files = {
      {{"data", &data},
       {"labels", &labels},
       {"test_data", &test_data},
       {"test_labels", &test_labels},
       {"target", &target}}};
  for (const auto& [key, path] : files) {
    if (*path) keys[key] = (*path)->starts_with('[') ? value_in(**path, key) : Json(**path);
  }
  if (seed) keys["seed"] = *seed;
  if (epochs) keys["epochs"] = at_least_one("--epochs", *epochs);
  for (const std::string& word : words) set(keys, word);
  if (!keys.contains("data")) {
    throw Error(Fault::input, "train what? Name a study file, or a table and --target COLUMN");
  }
  if (keys["data"] == "-") keys["data"] = "/dev/stdin";
  return parse_train_spec(Node::parse_json(keys.dump(), ""));
}

}  // namespace caviar::cli
