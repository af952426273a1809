// A study as one HTML page that needs nothing else: data, style and program are inside, nothing is
// loaded from anywhere. docs/report.md says what each picture shows.
#pragma once

#include <string>
#include <vector>

#include "caviar/study/study_spec.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

struct ReportOptions {
  double written_at = 0;  // seconds since 1970, shown at the foot; 0: not shown
  std::string version;    // of the program that writes it
};

// Works with any number of trials, none included. Of long studies not every learning curve is
// drawn.
std::string report_html(const StudySpec& spec, const History& history,
                        const ReportOptions& options = {});

// What one search method made of a study, run after run.
struct MethodRuns {
  std::string sampler;
  std::vector<History> runs;
};

// `caviar compare`: how fast each method's best value fell, and where each one looked.
// All histories have the space and goal of `spec`.
std::string compare_html(const StudySpec& spec, const std::vector<MethodRuns>& methods,
                         const ReportOptions& options = {});

}  // namespace caviar
