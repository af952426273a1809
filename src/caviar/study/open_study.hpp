// Finding or making a study in a storage, and whether what is stored is what is wanted.
#pragma once

#include <string>
#include <vector>

#include "caviar/storage/storage.hpp"
#include "caviar/study/study_spec.hpp"

namespace caviar {

struct OpenedStudy {
  StudyId id = 0;
  std::vector<std::string> edits = {};  // what this has changed in its space, a line each
};

// The study of the spec's name, made where there is none. Throws Error{conflict} where the stored
// one has another goal or objective, or a space that shares no parameter with the wanted one; takes
// over the stored space and objective where the spec has none, and stores what else is new in the
// spec. Another space becomes that of the study from here on.
OpenedStudy open_or_create(StudySpec& spec, Storage& storage);

// The study of that name, or the only one where the name is empty. Throws Error{missing}.
StudyInfo find_study(const std::string& name, const Storage& storage);

}  // namespace caviar
