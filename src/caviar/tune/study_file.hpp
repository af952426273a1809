// The study file: one YAML or JSON document that says what to tune, how and for how long.
// docs/study_file.md explains every key.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "caviar/objective/command_spec.hpp"
#include "caviar/objective/resources.hpp"
#include "caviar/study/optimize.hpp"
#include "caviar/study/study_spec.hpp"
#include "caviar/trainer/train_spec.hpp"
#include "caviar/tune/learning.hpp"
#include "caviar/tune/stored_study.hpp"

namespace caviar {

struct StudyFile {
  std::string path;                    // as it was named
  StudySpec spec;                      // what is stored with the study
  TrainSpec train;                     // objective.train, its data found
  std::optional<CommandSpec> command;  // or objective.command
  std::string folder;                  // where trials have theirs
  Limits limits;
  std::vector<EarlierStudy> earlier;  // that it learns from
  std::optional<std::uint64_t> disk;  // bytes for all checkpoints together
  Resources resources;                // that the trials of a command share
  StudyPlace place;   // its paths lie beside the file, whatever the current directory is
  std::string page;   // where the report is written
  std::string model;  // the name that the best model is saved under; "": it is not
  Node nurse;         // rules for a training that is nursed; null: none
  std::vector<std::string> warnings;  // what may be meant, but seldom is
};

// Throws Error that names the file, line, column, key and value, and what was expected.
StudyFile read_study_file(const std::string& path);

// The training of a study file. Throws Error{input} where its objective is a command.
TrainSpec read_training(const std::string& path);

// Where nothing limits the study and its search has no end of its own: default_trials.
void complete_limits(StudyFile& file);

// Throws Error{input} where the search method proposes more trials than the limits allow (a grid
// that would be left half done), with its size.
void check_budget(const StudyFile& file);

// Where trials share devices, there are at most as many at once; where a command fails again and
// again, the study ends. Throws Error{input} where the limits contradict each other, and where
// trials at once would write to one result file.
void check_resources(const StudyFile& file);

// The study is kept in another storage than its file says. Its trials have their folders then in
// NAME.STORAGE.trials beside that storage, for they have the numbers of those of the other one;
// where the file itself names a folder, there.
void move_storage(StudyFile& file, const std::string& url);

inline constexpr int default_trials = 60;
inline constexpr int default_max_failed = 10;  // of a command

}  // namespace caviar
