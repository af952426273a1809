// What other programs want of a run: a file each in its inbox, which appears whole. The run reads
// them in the order in which they were sent, takes them away, and answers in its log. Nothing here
// knows what is trained, so any program that reads its inbox can be steered.
//
//   {"id": "…", "verb": "steer", "changes": {"learning_rate": 0.0003}, "at": {"epoch": 20}}
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "caviar/base/json_fwd.hpp"
#include "caviar/run/moment.hpp"
#include "caviar/space/point.hpp"

namespace caviar {

struct RunRequest {
  std::string id = {};  // the answer has it
  std::string verb;     // steer, cancel, pause, resume, snapshot, remove, rollback, stop, watch
  Point changes = {};   // steer, rollback
  // steer: from this epoch on; none: from the next iteration on. cancel: what is planned for this
  // epoch; none: for any.
  std::optional<int> epoch = {};
  std::string to = {};  // rollback, remove: "epoch:12", "snapshot:3", rollback also "start"
};

Json to_json(const RunRequest& request);
// Throws Error{input} that begins with `where`.
RunRequest parse_request(const std::string& text, const std::string& where);

// Gives it an id, and returns that. Throws Error{io}.
std::string send(const std::string& inbox, RunRequest request);
// Takes back what has not been read yet; false where it has.
bool withdraw(const std::string& inbox, const std::string& id);

bool has_requests(const std::string& inbox);
// All that wait, the earliest first; from then on they are gone. One that cannot be read has the
// verb "" and why in `to`.
std::vector<RunRequest> take_requests(const std::string& inbox);

}  // namespace caviar
