#include "caviar/tune/study_file.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/names.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/read_table.hpp"
#include "caviar/objective/trial_folder.hpp"
#include "caviar/run/nurse.hpp"
#include "caviar/sampler/budget.hpp"
#include "caviar/sampler/sampler.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/trainer/without_effect.hpp"
#include "caviar/tune/study_budget.hpp"
#include "caviar/tune/study_goal.hpp"
#include "caviar/tune/study_limits.hpp"
#include "caviar/tune/study_place.hpp"
#include "caviar/tune/study_pruner.hpp"

namespace caviar {
namespace {

namespace fs = std::filesystem;

// Prefers the folder of the study file; a table named from the current directory is found too.
std::string find_data(const std::string& study_path, const Node& data) {
  std::string near = beside(study_path, data.text());
  if (fs::exists(near)) return near;
  if (fs::exists(data.text())) return data.text();
  throw Error(Fault::missing, data.where() + ": there is no file '" + data.text() + "'" +
                                  (near == data.text() ? "" : ", nor '" + near + "'"));
}

TrainSpec read_train(const std::string& study_path, const Node& objective) {
  Fields fields(objective);
  const Node& train = fields.need("train");
  fields.done();
  TrainSpec spec = parse_train_spec(train);
  for (const auto& [key, file] :
       {std::pair("data", &spec.data), std::pair("labels", &spec.labels),
        std::pair("test_data", &spec.test_data), std::pair("test_labels", &spec.test_labels)}) {
    if (const Node* node = train.find(key)) *file = find_data(study_path, *node);
  }
  if (!spec.cache.empty()) spec.cache = beside(study_path, spec.cache);
  return spec;
}

// "study.yaml:7:22: space.learning_rate" → "study.yaml:7:22: space": check_space names the
// parameter.
std::string place_of_space(const Node& parameter, const std::string& name) {
  const std::string where = parameter.where();
  return where.substr(0, where.size() - name.size() - 1);
}

// The space as written, each parameter one that the trainer has, its tier filled in where the file
// says none; or the trainer's own where the file leaves the space out.
Space read_space(const Node* node, const Node* constraints, const TrainSpec& train) {
  if (node == nullptr) {
    if (constraints != nullptr) constraints->fail("constraints need a space to stand beside them");
    return default_space(train);
  }
  Space space = parse_space(*node, constraints);
  for (const Parameter& parameter : space.parameters()) {
    const Space alone({{.name = parameter.name, .distribution = parameter.distribution}});
    check_space(train, alone, place_of_space(*node->find(parameter.name), parameter.name));
  }
  return with_default_tiers(space);
}

SearchSpec read_search(const Node* node) {
  SearchSpec search;
  if (node == nullptr) return search;
  Fields fields(*node);
  if (const Node* sampler = fields.find("sampler")) {
    std::vector<std::string> known;
    for (const SamplerInfo& info : list_samplers()) known.push_back(info.name);
    search.sampler = sampler->text();
    if (std::find(known.begin(), known.end(), search.sampler) == known.end()) {
      sampler->fail("there is no sampler " + sampler->describe() +
                    suggestion(search.sampler, known));
    }
  }
  if (const Node* seed = fields.find("seed")) {
    if (seed->integer() < 0) seed->fail(seed->describe() + " given, a seed is 0 or more");
    search.seed = static_cast<std::uint64_t>(seed->integer());
  }
  if (const Node* runs = fields.find("reevaluate")) search.reevaluate = at_least_one(*runs);
  search.options =
      node->without({"sampler", "seed", "deterministic", "budget", "learn_from", "reevaluate"});
  return search;
}

// A method that cannot work on this space or for this goal says so without knowing the file.
void check_search(const std::string& study_path, const StudySpec& spec) try {
  check_spec(spec);
} catch (const Error& error) {
  const std::string text = error.what();
  throw Error(error.fault(), text.starts_with(study_path) ? text : study_path + ": " + text);
}

// A number of devices, or their names.
std::vector<std::string> read_gpus(const Node& node) {
  std::vector<std::string> names;
  if (node.is_list()) {
    for (const Node& name : node.items()) {
      names.push_back(name.is_integer() ? std::to_string(name.integer()) : name_in(name));
    }
  } else {
    for (int device = 0; device < at_least_one(node); ++device) {
      names.push_back(std::to_string(device));
    }
  }
  if (names.empty()) node.fail("empty; devices are expected");
  return names;
}

// With devices and without a number of jobs, there are as many at once as devices.
void read_resources(Fields& fields, StudyFile& file) {
  const Node* cpus = fields.find("cpus");
  const Node* gpus = fields.find("gpus");
  const Node* memory = fields.find("memory");
  for (const Node* node : {cpus, gpus, memory}) {
    if (node != nullptr && !file.command) node->fail("only meant with objective.command");
  }
  if (cpus != nullptr) file.resources.cpus = at_least_one(*cpus);
  if (memory != nullptr) file.resources.memory = parse_memory(*memory);
  if (gpus == nullptr) return;
  file.resources.gpus = read_gpus(*gpus);
  if (fields.find("jobs") == nullptr) {
    file.limits.jobs = static_cast<int>(file.resources.gpus.size());
  }
}

std::uint64_t read_disk(const Node& node, const StudyFile& file) {
  if (!file.command && file.spec.search.budget.is_null()) {
    node.fail("only meant where trials keep checkpoints");
  }
  return parse_size(node);
}

constexpr const char* root_keys[] = {
    "name",   "objective", "metric", "direction", "objectives", "outcomes", "space", "constraints",
    "search", "pruner",    "limits", "storage",   "report",     "model",    "nurse"};

// Keys that are easily put one level too high, and where they belong.
constexpr std::pair<const char*, const char*> inner_keys[] = {
    {"sampler", "search"},    {"seed", "search"},       {"budget", "search"},
    {"learn_from", "search"}, {"trials", "limits"},     {"jobs", "limits"},
    {"time", "limits"},       {"target", "limits"},     {"gpus", "limits"},
    {"cpus", "limits"},       {"memory", "limits"},     {"disk", "limits"},
    {"train", "objective"},   {"command", "objective"}, {"max_failed", "limits"}};

// A key on another level than its own.
void check_levels(const Node& root) {
  for (const auto& [key, section] : inner_keys) {
    if (const Node* node = root.find(key)) {
      node->fail(std::string("'") + key + "' stands under " + section + ":, as in " + section +
                 ": {" + key + ": …}");
    }
  }
  for (const char* section : {"search", "limits"}) {
    const Node* inner = root.find(section);
    if (inner == nullptr || !inner->is_map()) continue;
    for (const char* key : root_keys) {
      if (const Node* node = inner->find(key)) {
        node->fail(std::string("'") + key + "' stands beside " + section + ":, not under it");
      }
    }
  }
}

// A slip in a key is said first: what is missing may be what it meant.
void check_keys(const Node& root) {
  check_levels(root);
  Fields fields(root);
  for (const char* key : root_keys) fields.known(key);
  fields.done();
}

void read_command(const std::string& path, const Node& objective, Fields& fields, StudyFile& file) {
  if (const Node* train = objective.find("train")) {
    train->fail("given beside a command; an objective is one of them");
  }
  const std::string home = fs::path(path).parent_path().string();
  file.command = parse_command_spec(objective, home, file.spec.name);
  file.spec.objective = identity_of_command(objective);
  const bool exit_code = file.command->results == Results::exit;
  file.spec.goal = read_command_goal(fields, exit_code ? "exit_code" : "value");
  const Node* constraints = fields.find("constraints");
  file.spec.space = parse_space(fields.need("space"), constraints);
  if (const Node* model = fields.find("model")) {
    model->fail("only a training has a model to save; a command keeps its own in its folder");
  }
}

// Rules are part of what is tuned: a study goes on with those that it began with.
void read_nurse(const Node& nurse, StudyFile& file) {
  if (file.command) nurse.fail("given, but a command is tuned; rules act on trainings");
  if (!file.spec.search.budget.is_null()) {
    nurse.fail("given beside search.budget; what a rule has changed no trial can continue");
  }
  if (file.train.folds > 0) {
    nurse.fail("given beside validation.folds; rules act on a training of one validation part");
  }
  parse_nurse(nurse, file.train);
  file.nurse = nurse;
  Json objective = file.spec.objective.json();
  objective["nurse"] = nurse.json();
  file.spec.objective = Node::parse_json(objective.dump(), file.spec.objective.where());
}

}  // namespace

StudyFile read_study_file(const std::string& path) {
  const Node root = load_study_file(path);
  check_keys(root);
  Fields fields(root);
  StudyFile file;
  file.path = path;
  file.place = study_place(path, fields);
  file.spec.name = file.place.study;
  const Node& objective = fields.need("objective");
  if (objective.find("command") != nullptr) {
    read_command(path, objective, fields, file);
  } else {
    file.spec.objective = objective;
    file.train = read_train(path, objective);
    file.spec.goal = read_training_goal(fields);
    file.spec.space = read_space(fields.find("space"), fields.find("constraints"), file.train);
    check_comparable(path, file.spec.goal, file.spec.space);
    file.warnings = without_effect(file.train, file.spec.space);
  }
  const Node* search = fields.find("search");
  file.spec.search = read_search(search);
  file.folder = file.command ? file.command->folder
                             : fs::absolute(beside(path, trials_folder(file.spec.name))).string();
  if (const Node* budget = search == nullptr ? nullptr : search->find("budget")) {
    read_budget(*budget, file);
  }
  if (file.command) {
    file.warnings = check_placeholders(*file.command, file.spec.space, objective.where());
  }
  if (const Node* earlier = search == nullptr ? nullptr : search->find("learn_from")) {
    file.earlier = parse_learn_from(path, file.place, *earlier);
  }
  if (const Node* pruner = fields.find("pruner")) file.spec.pruner = *pruner;
  check_search(path, file.spec);
  check_pruner(file);
  if (const Node* limits = fields.find("limits")) {
    file.limits = read_limits(*limits, file.spec.goal);
  }
  const Node* deterministic = search == nullptr ? nullptr : search->find("deterministic");
  if (deterministic != nullptr) file.limits.deterministic = deterministic->boolean();
  if (file.command && !file.limits.max_failed) file.limits.max_failed = default_max_failed;
  if (const Node* limits = fields.find("limits")) {
    Fields resources(*limits);
    read_resources(resources, file);
    if (const Node* disk = resources.find("disk")) file.disk = read_disk(*disk, file);
  }
  check_resources(file);
  file.page = beside(path, name_in(fields, "report", file.spec.name + ".html"));
  if (const Node* model = fields.find("model")) file.model = beside(path, name_in(*model));
  if (const Node* nurse = fields.find("nurse")) read_nurse(*nurse, file);
  return file;
}

TrainSpec read_training(const std::string& path) {
  const StudyFile file = read_study_file(path);
  if (!file.command) return file.train;
  throw Error(Fault::input, path + ": objective: a command; objective.train is expected here");
}

void complete_limits(StudyFile& file) {
  const Limits& limits = file.limits;
  const bool enough = limits.target || limits.patience || limits.expected_gain;
  if (limits.trials || limits.time_s || enough) return;
  if (!planned_search(file.spec.search, file.spec.space)) file.limits.trials = default_trials;
}

void check_budget(const StudyFile& file) {
  const std::optional<std::uint64_t> planned = planned_search(file.spec.search, file.spec.space);
  if (!planned || !file.limits.trials) return;
  const auto allowed = static_cast<std::uint64_t>(*file.limits.trials);
  if (*planned <= allowed) return;
  // Only a population ends by itself under a budget.
  const SearchSpec& search = file.spec.search;
  const bool lists = search.budget.is_null();
  const std::string who =
      lists ? search.sampler : "population of " + parse_budget(search.budget).method;
  throw Error(Fault::input, file.path + ": limits.trials: " + std::to_string(allowed) +
                                " given, but the " + who + " has " + std::to_string(*planned) +
                                (lists ? " configurations" : " trials") +
                                ": allow so many, or make it smaller");
}

}  // namespace caviar
