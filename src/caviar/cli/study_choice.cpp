#include "caviar/cli/study_choice.hpp"

#include <cmath>
#include <filesystem>
#include <string_view>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/tune/run.hpp"
#include "caviar/tune/study_file.hpp"

namespace caviar::cli {
namespace {

bool names_database(const std::string& file) {
  return file.ends_with(".db") || file.ends_with(".sqlite") || file.starts_with("sqlite:");
}

}  // namespace

bool is_setting(const std::string& word) { return word.find('=') != std::string::npos; }

void StudyChoice::declare(Arguments& arguments) {
  arguments.positional("FILE", file, "The study file, or its database (*.db, *.sqlite)");
  arguments.option("--storage", "URL", storage, "Where the study lies: sqlite:PATH");
  arguments.option("--study", "NAME", study, "Its name, where there are several");
}

void StudyChoice::declare_with_settings(Arguments& arguments, const std::string& help) {
  declare(arguments);
  arguments.words("SETTING", settings, "NAME=VALUE: " + help);
}

bool StudyChoice::has_study_file() const {
  return !file.empty() && !names_database(file) && !is_setting(file);
}

std::vector<std::string> StudyChoice::all_settings() const {
  std::vector<std::string> all = settings;
  if (is_setting(file)) all.insert(all.begin(), file);
  return all;
}

int StudyChoice::take_trial(std::string word) {
  if (word.empty() && storage) word.swap(file);
  const std::optional<double> number = parse_number(word);
  if (number && *number >= 0 && *number == std::floor(*number) && *number < 1e9) {
    return static_cast<int>(*number);
  }
  throw Error(Fault::input, (word.empty() ? "no trial" : "'" + word + "'") +
                                " given, the study and then the number of a trial expected");
}

StudyPlace StudyChoice::place() const {
  StudyPlace result;
  if (has_study_file()) {
    result = read_study_file(file).place;
  } else if (!file.empty() && names_database(file)) {
    result.storage = file;
  } else if (!storage) {
    throw Error(Fault::input, "which study? Name its study file, or --storage URL");
  }
  if (storage) result.storage = *storage;
  if (study) result.study = *study;
  return result;
}

std::string folder_of_trials(const Study& study, const std::string& file, const StudyPlace& place) {
  namespace fs = std::filesystem;
  const History history = study.history();
  const auto note = history.notes().find(folder_note);
  if (note == history.notes().end()) return "";
  const fs::path noted = Json::parse(note->second).get<std::string>();
  std::error_code none;
  if (fs::is_directory(noted, none)) return noted.string();
  constexpr std::string_view scheme = "sqlite:";
  const bool url = place.storage.starts_with(scheme);
  const std::string database = place.storage.substr(url ? scheme.size() : 0);
  for (const std::string& sibling : {file, database}) {
    const fs::path moved = fs::path(sibling).parent_path() / noted.filename();
    if (fs::is_directory(moved, none)) return moved.string();
  }
  return noted.string();
}

}  // namespace caviar::cli
