// What a study learns from earlier ones: search: {learn_from: [old.yaml, "sqlite:old.db#name"]}.
#pragma once

#include <string>
#include <vector>

#include "caviar/base/node.hpp"
#include "caviar/study/study.hpp"
#include "caviar/tune/stored_study.hpp"

namespace caviar {

struct EarlierStudy {
  std::string name;  // as it was given
  StudyPlace place;
};

// A study file, or a database with the study's name behind a # where it holds several; paths are
// meant from the folder of `study_path`. Throws Error{input}.
EarlierStudy earlier_study(const std::string& study_path, const std::string& text);

// One such text or a list of them, none of them the study at `own`. What these learnt from
// themselves is not looked at. Throws Error{input} with the place.
std::vector<EarlierStudy> parse_learn_from(const std::string& study_path, const StudyPlace& own,
                                           const Node& node);

// Takes in those that it has not learnt from before; a line on each for people. Throws
// Error{missing} where one is not there or holds no finished trial, before any is taken in.
std::vector<std::string> learn_from(Study& study, const std::vector<EarlierStudy>& earlier);

}  // namespace caviar
