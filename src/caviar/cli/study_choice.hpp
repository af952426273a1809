// Which stored study a command is about: its study file, its database, or --storage and --study.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "caviar/cli/arguments.hpp"
#include "caviar/study/study.hpp"
#include "caviar/tune/stored_study.hpp"

namespace caviar::cli {

// NAME=VALUE rather than a file.
bool is_setting(const std::string& word);

struct StudyChoice {
  std::string file;
  std::vector<std::string> settings;  // name=value, for commands that take them
  std::optional<std::string> storage, study;

  void declare(Arguments& arguments);
  void declare_with_settings(Arguments& arguments, const std::string& help);

  bool has_study_file() const;  // and not a database
  // All the settings; with --storage the first of them may stand in the file's place.
  std::vector<std::string> all_settings() const;
  // The number in `word`; with --storage it may stand in the file's place. Throws Error{input}
  // where it is none.
  int take_trial(std::string word);
  // Throws Error{input} where neither a file nor a storage is named.
  StudyPlace place() const;
};

// Where the trials of a study have their folders; "" where none is noted. What was noted is where
// it lay when the study last ran: where that is gone, the folder was moved with the study file
// or its database, `file` or that of `place`, and lies beside it.
std::string folder_of_trials(const Study& study, const std::string& file, const StudyPlace& place);

}  // namespace caviar::cli
