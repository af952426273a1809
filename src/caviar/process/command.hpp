// A command to run: what is executed, where, with which environment and limits.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace caviar {

// How a command talks with this program beside its output, line by line.
enum class WirePlace {
  none,
  descriptors,  // it writes to descriptor 3 and reads from 4
  standard,     // it writes to standard output and reads from standard input
};

struct Command {
  std::string program;                             // a path, as find_program gives it
  std::vector<std::string> words;                  // its name and arguments, as it sees them
  std::string directory;                           // where it runs; "": here
  std::map<std::string, std::string> environment;  // on top of this program's own
  std::uint64_t memory = 0;  // bytes of memory of its own that each process may have; 0: no limit
  WirePlace wire = WirePlace::none;
};

// The path of a program named as in a shell: looked up in PATH or, with a slash in it, meant from
// `home` ("": from here). Throws Error{missing} where there is none, Error{input} where it cannot
// be executed, beginning with `where`.
std::string find_program(const std::string& name, const std::string& home,
                         const std::string& where);

}  // namespace caviar
