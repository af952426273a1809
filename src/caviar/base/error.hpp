// The one exception of caviar: what the caller cannot go on from.
//
// Expected absence is a value (optional, bool, Flow), a failing objective is data (a failed trial);
// everything else is an Error whose text says what is wrong, where, what was expected, what to do.
#pragma once

#include <stdexcept>
#include <string>

namespace caviar {

enum class Fault {
  input,     // what the user wrote cannot be meant
  missing,   // something named does not exist
  conflict,  // it contradicts what is already stored
  io,        // the disk, a file or the system refused
  internal,  // a defect of caviar
};

class Error : public std::runtime_error {
 public:
  Error(Fault fault, const std::string& text) : std::runtime_error(text), fault_(fault) {}
  Fault fault() const { return fault_; }

 private:
  Fault fault_;
};

}  // namespace caviar
