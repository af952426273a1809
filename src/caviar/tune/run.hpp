// A whole run: the study of a study file from its first trial to its page.
#pragma once

#include <atomic>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "caviar/study/optimize.hpp"
#include "caviar/study/study_spec.hpp"
#include "caviar/trial/history.hpp"
#include "caviar/tune/study_file.hpp"

namespace caviar {

// Where trials have their folders: a study's note, a path as JSON text.
inline constexpr const char* folder_note = "trials_folder";

struct RunOptions {
  std::FILE* progress = nullptr;  // where progress is shown; none: not at all
  const std::atomic<bool>* interrupt = nullptr;
  std::string version;  // of the program, for the page
  // Told before the first trial, where data is trained on that a person should know something of:
  // TrainingObjective::warnings().
  std::function<void(const std::vector<std::string>&)> warn = nullptr;
  bool finish = true;  // judge the best on the test part, save its model, write the page
};

struct RunResult {
  OptimizeResult optimized;
  StudySpec spec;
  History history;  // at the end
};

// Reads the data, then creates or continues the study, runs it to its limits, scores the best
// configuration on the test part (once for each best one), and writes the page.
// Throws Error; whatever is wrong with the file, the data or the search is said before anything is
// written.
RunResult run_study(const StudyFile& file, const RunOptions& options);

// For programs, as the limit is called that ended it: "patience"; "exhausted" and "interrupted".
std::string ending_name(Ending ending);

// Why it ended, and how to go on: "60 of 60 trials", "interrupted after 23 trials …".
std::string ending_text(const RunResult& result, const StudyFile& file);

}  // namespace caviar
