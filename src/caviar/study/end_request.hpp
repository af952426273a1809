// The end of a trial that a thread wants stored, while it waits for its turn.
#pragma once

#include <exception>

#include "caviar/trial/event.hpp"

namespace caviar {

struct EndRequest {
  Ended ended;
  bool by_itself;  // and not because its budget was spent
  bool done = false;
  std::exception_ptr refusal = {};
};

}  // namespace caviar
