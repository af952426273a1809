// objective: {command: […]}: any program as an objective. docs/study_file.md explains every key.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "caviar/base/node.hpp"
#include "caviar/process/command.hpp"
#include "caviar/space/space.hpp"

namespace caviar {

// How a program says what it measured.
enum class Results {
  words,  // name=value words on its output, with step= or epoch=
  json,   // a JSON object a line on its output
  file,   // a file that it leaves behind
  exit,   // its exit code is the value
  wire,   // JSON lines both ways: docs/wire.md
};

struct CommandSpec {
  std::string program;             // a path
  std::vector<std::string> words;  // with placeholders, here and below
  std::string directory;           // where it runs
  std::map<std::string, std::string> environment;
  Results results = Results::words;
  std::string result_file;  // for Results::file
  WirePlace wire = WirePlace::none;
  bool best_counts = false;         // the best value that was said, not the last one
  std::optional<double> timeout_s;  // for one run of it
  std::uint64_t memory = 0;         // bytes; 0: no limit
  int retries = 0;                  // more runs of a trial that failed
  std::optional<std::set<int>> success = std::set<int>{0};  // exit codes; none: any end will do
  std::optional<double> budget;                             // where the search names none
  std::string folder;                                       // of the trials' own directories
};

// `home` is the folder that the study file lies in, from where paths are meant; `study` the
// study's name. Throws Error that names the place.
CommandSpec parse_command_spec(const Node& objective, const std::string& home,
                               const std::string& study);

// The part of the objective that makes one study differ from another: not how long a run may take,
// how often it is tried again and the like.
Node identity_of_command(const Node& objective);

// Throws Error{input} on a placeholder that nothing fills. Returns warnings: parameters that reach
// the program by none of them.
std::vector<std::string> check_placeholders(const CommandSpec& spec, const Space& space,
                                            const std::string& where);

// "4G", "512MiB" or a number of bytes; throws Error{input}.
std::uint64_t parse_size(const Node& node);
// The same for what a program is to run in.
std::uint64_t parse_memory(const Node& node);
// "90s", "1h30m" or a number of seconds that means something; throws Error{input}.
double parse_seconds(const Node& node);

}  // namespace caviar
