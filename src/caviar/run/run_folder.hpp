// A run: one training that has a name, and a folder in which everything about it stands.
//
//   runs/NAME/log.jsonl    what happened, a JSON object a line, only ever appended to: run_log.hpp
//   runs/NAME/inbox/       what other programs want of it, a file each: inbox.hpp
//   runs/NAME/snapshots/   the training at some moments: snapshots.hpp
//   runs/NAME/model.*      the model that came out
#pragma once

#include <string>
#include <vector>

namespace caviar {

struct RunFolder {
  std::string path;
  std::string title = {};  // what people call it; "": by its folder's name

  std::string name() const;
  std::string log() const { return path + "/log.jsonl"; }
  std::string inbox() const { return path + "/inbox"; }
  std::string snapshots() const { return path + "/snapshots"; }
  std::string model() const { return path + "/model"; }
};

inline constexpr const char* usual_runs = "runs";

// A new one. Throws Error{input} where the name is none, Error{conflict} where it is taken.
RunFolder create_run(const std::string& runs, const std::string& name);
// Throws Error{missing} with the nearest name.
RunFolder find_run(const std::string& runs, const std::string& name);
std::vector<RunFolder> list_runs(const std::string& runs);  // by name

}  // namespace caviar
