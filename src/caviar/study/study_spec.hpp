// What a study is, as a value: the part of it that is stored with its name.
#pragma once

#include <cstdint>
#include <string>

#include "caviar/base/json_fwd.hpp"
#include "caviar/base/node.hpp"
#include "caviar/sampler/sampler.hpp"
#include "caviar/space/space.hpp"
#include "caviar/trial/goal.hpp"

namespace caviar {

struct StudySpec {
  std::string name = "study";
  Space space = {};  // may be empty: define by run
  Goal goal = {};
  SearchSpec search = {};
  Node pruner = {};     // null: none
  Node objective = {};  // as written in the study file; null for a library's or ask-tell's study
};

// Throws Error{input} where its parts cannot work or do not fit together: a search method or a
// budget that takes one objective beside several, two objectives of one name.
void check_spec(const StudySpec& spec);

// "minimize validation_loss, minimize parameters, where latency_ms <= 20": for people.
std::string describe(const Goal& goal);
// What a study under a budget spends, such as epochs.
std::string spent_by(const StudySpec& spec);

std::string spec_to_json(const StudySpec& spec);
StudySpec spec_from_json(const std::string& text);  // throws Error{io} where it cannot be read

}  // namespace caviar
