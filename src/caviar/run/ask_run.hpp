// Asking a run for something from another program, and waiting for what it says.
#pragma once

#include <atomic>
#include <functional>

#include "caviar/base/json_fwd.hpp"
#include "caviar/run/inbox.hpp"
#include "caviar/run/run_folder.hpp"

namespace caviar {

// The line of the run's log that answers. Throws Error{input} with the reason where the run
// refuses, Error{conflict} where it is over or nobody runs it (then the request is withdrawn), or
// where `interrupted` becomes true first.
Json ask_run(const RunFolder& run, const RunRequest& request, const std::atomic<bool>& interrupted);

// Asks a training that is no run yet to become one in that folder, and waits until it is; `goes_on`
// is asked again and again whether there still is such a training. Throws Error{conflict} where it
// says that there is none, Error{io}.
void open_run(const RunFolder& run, const std::function<bool()>& goes_on);

}  // namespace caviar
