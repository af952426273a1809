// Which checkpoints of a study stay on the disk: those that may be continued, and the best.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "caviar/study/study.hpp"

namespace caviar {

struct CheckpointRules {
  bool budgets = false;  // trials continue others: what no one will continue goes
  std::size_t best = 3;  // complete trials whose checkpoints stay
  std::optional<std::uint64_t> bytes = {};  // for all of them together
};

// Finished trials that may be needed no more, as far as the history tells; none without budgets.
// Needed are: what runs or waits to run again, and what it continues; a partial budget's result
// that nobody has continued to an end, or of a population the whole rung until the next one is
// done; and the best complete ones.
std::vector<int> not_needed(const History& history, const CheckpointRules& rules);

// Finished trials in the order in which they have to go where the disk does not hold them: complete
// ones first, the worst of them first, never the best; then partial ones, from the smallest budget
// on, the worst first. Without those that something that runs needs.
std::vector<int> in_order_of_going(const History& history);

// Removes them as a study goes on. Safe for any thread.
class Checkpoints {
 public:
  Checkpoints(std::string folder, const CheckpointRules& rules)
      : folder_(std::move(folder)), rules_(rules) {}

  // What is to go is written to the study's log, then removed; what an earlier program wrote there
  // and did not remove any more, too.
  void sweep(Study& study);

 private:
  void remove(Study& study, int trial);
  std::uint64_t bytes_of(const Trial& trial);

  std::string folder_;
  CheckpointRules rules_;
  std::mutex mutex_;
  std::set<int> gone_;                  // looked at already
  std::map<int, std::uint64_t> bytes_;  // of finished trials
};

}  // namespace caviar
