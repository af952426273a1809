// A stored study read as it stands, without taking part in it: for showing, exporting, reporting.
#pragma once

#include <string>

#include "caviar/study/study_spec.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

// Where a study lies. An empty name means the only one there.
struct StudyPlace {
  std::string storage;  // "sqlite:digits.db"
  std::string study;
};

struct StoredStudy {
  StudySpec spec;
  History history;
  double created_at = 0;
};

// Throws Error{missing} where there is no such storage or study (nearest name suggested).
StoredStudy read_study(const StudyPlace& place);

}  // namespace caviar
