// The process that stands between this program and a command: it starts the command, and sees to
// it that nothing of it is left, whatever ends first. It adopts every descendant whose own parent
// has ended, so that even one that left its process group is found. Should this program be killed,
// the lifeline closes, and the guardian kills them all.
#pragma once

#include <cstdint>

namespace caviar {

// Everything that it needs, made before it: between fork and exec nothing may be allocated.
struct GuardedCommand {
  const char* program = nullptr;  // a path
  char* const* words = nullptr;
  char* const* environment = nullptr;
  const char* directory = nullptr;  // nullptr: here
  std::uint64_t memory = 0;         // bytes, 0: no limit
  // Descriptors. The first three become the command's 0, 1 and 2; the wire, if any, 3 and 4.
  int input = -1, output = -1, error = -1;
  int wire_up = -1, wire_down = -1;
  int lifeline = -1;  // bytes of LifelineWord come in; its end means kill
  int verdict = -1;   // Verdicts go out
};

enum class LifelineWord : char { terminate = 't', kill = 'k' };

struct Verdict {
  enum Kind : int { not_started, exited, signalled } kind = exited;
  int number = 0;  // the system's error, the exit code, or the signal
};

// The guardian's whole life, in a process of its own that has just been forked.
[[noreturn]] void guard(const GuardedCommand& command);

}  // namespace caviar
