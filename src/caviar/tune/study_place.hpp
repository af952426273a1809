// Where the study of a study file lies: all that other files need to know of it.
#pragma once

#include <string>

#include "caviar/base/node.hpp"
#include "caviar/tune/stored_study.hpp"

namespace caviar {

// A path as a study file means it: from the folder that the file lies in.
std::string beside(const std::string& study_path, const std::string& path);

// The document. Throws Error{input} where it is something else, say a table or a database.
Node load_study_file(const std::string& path);

// What its `name` and `storage` say; its paths lie beside the file, whatever the current directory
// is. Nothing else in it is looked at.
StudyPlace study_place(const std::string& path, Fields& fields);
StudyPlace study_place(const std::string& path);

}  // namespace caviar
