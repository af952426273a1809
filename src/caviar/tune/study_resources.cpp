// What the trials of a study share, and what each must have for itself.
#include <filesystem>

#include "caviar/base/error.hpp"
#include "caviar/objective/placeholders.hpp"
#include "caviar/objective/trial_folder.hpp"
#include "caviar/storage/storage.hpp"
#include "caviar/tune/study_file.hpp"

namespace caviar {
namespace {

namespace fs = std::filesystem;

constexpr int most_jobs = 1024;  // each has a thread of its own

// Trials that run at once would read each other's results.
void check_result_file(const StudyFile& file) {
  const CommandSpec& command = *file.command;
  if (command.results != Results::file || file.limits.jobs < 2) return;
  const bool absolute = command.result_file.starts_with('/');
  const bool own = !placeholders_in(command.result_file).empty() ||
                   (!absolute && !placeholders_in(command.directory).empty());
  if (own) return;
  throw Error(Fault::input, file.path + ": objective.file: '" + command.result_file +
                                "' given, one file for " + std::to_string(file.limits.jobs) +
                                " trials at once (limits.jobs); each needs its own, such as "
                                "'{directory}/" +
                                fs::path(command.result_file).filename().string() +
                                "', or directory: '{directory}' to run in");
}

// "" for a storage that is no file.
std::string database_of(const std::string& storage) {
  const std::string file = database_file(storage);
  return file.empty() ? file : fs::absolute(file).lexically_normal().string();
}

}  // namespace

void check_resources(const StudyFile& file) {
  const int jobs = file.limits.jobs;
  if (jobs > most_jobs) {
    throw Error(Fault::input, file.path + ": limits.jobs: " + std::to_string(jobs) +
                                  " given, 1 to " + std::to_string(most_jobs) + " expected");
  }
  if (!file.command) return;
  const std::size_t devices = file.resources.gpus.size();
  if (devices > 0 && static_cast<std::size_t>(jobs) > devices) {
    throw Error(Fault::input, file.path + ": limits.jobs: " + std::to_string(jobs) +
                                  " given, but " + std::to_string(devices) +
                                  " gpus: each trial needs one of its own");
  }
  if (file.resources.cpus > 0 && jobs > file.resources.cpus) {
    throw Error(Fault::input, file.path + ": limits.jobs: " + std::to_string(jobs) +
                                  " given, but " + std::to_string(file.resources.cpus) +
                                  " cpus: each trial needs one of its own");
  }
  const auto at_once = static_cast<std::uint64_t>(jobs);
  if (file.resources.memory > 0 && file.resources.memory / at_once < std::uint64_t{1} << 20U) {
    throw Error(Fault::input, file.path + ": limits.memory: " + std::to_string(jobs) +
                                  " trials at once would have less than 1M each");
  }
  if (file.resources.memory > 0 && file.command->memory > file.resources.memory / at_once) {
    throw Error(Fault::input, file.path + ": limits.memory: " + std::to_string(jobs) +
                                  " trials at once, each with objective.memory, need more");
  }
  check_result_file(file);
}

void move_storage(StudyFile& file, const std::string& url) {
  const std::string from = database_of(file.place.storage), to = database_of(url);
  file.place.storage = url;
  const fs::path usual = fs::absolute(file.folder).lexically_normal();
  if (from == to || usual.filename() != trials_folder(file.spec.name)) return;
  const std::string& name = file.spec.name;
  const std::string stem = to.empty() ? "memory" : fs::path(to).stem().string();
  const fs::path beside = to.empty() ? usual.parent_path() : fs::path(to).parent_path();
  file.folder = (beside / trials_folder(stem == name ? name : name + "." + stem)).string();
  if (file.command) file.command->folder = file.folder;
}

}  // namespace caviar
