// Ctrl-C and the like as a flag that a run looks at.
#pragma once

#include <atomic>

namespace caviar {

// From now on the first SIGINT, SIGTERM or SIGHUP sets the flag, so that a run ends cleanly; the
// second one ends the program at once, as if nobody caught it.
const std::atomic<bool>& interrupt_on_signals();

}  // namespace caviar
