// Finding or making a study in a storage, and whether what is stored is what is wanted.
#pragma once

#include <string>

#include "caviar/storage/storage.hpp"
#include "caviar/study/study_spec.hpp"

namespace caviar {

// The study of the spec's name, made where there is none. Throws Error{conflict} where the stored
// one has another space, goal or objective; takes over the stored space and objective where the
// spec has none, and stores what else is new in the spec.
StudyId open_or_create(StudySpec& spec, Storage& storage);

// The study of that name, or the only one where the name is empty. Throws Error{missing}.
StudyInfo find_study(const std::string& name, const Storage& storage);

}  // namespace caviar
