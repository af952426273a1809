// The same study under several search methods, each with the same budget and several seeds.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "caviar/report/report.hpp"
#include "caviar/trial/history.hpp"
#include "caviar/tune/study_file.hpp"

namespace caviar {

struct CompareOptions {
  std::vector<std::string> samplers;  // as parse_method reads them
  int repeats = 3;
  const std::atomic<bool>* interrupt = nullptr;
  // Called after each study: its method, the repeat from 0, and its history.
  std::function<void(const std::string&, int, const History&)> on_study;
};

// Repeat r runs with the study's seed + r, in memory: the stored study is left alone. After an
// interrupt those repeats that were whole by then. Throws Error{input} before the first trial where
// a method stands twice or cannot run this study within its limits.
std::vector<MethodRuns> compare(const StudyFile& file, const CompareOptions& options);

// A method without options has the study's own where it is the one that the study uses; a grid
// otherwise takes as many values of each parameter as the limits allow, more for lower tiers.
SearchSpec search_for(const StudyFile& file, const std::string& method);

}  // namespace caviar
