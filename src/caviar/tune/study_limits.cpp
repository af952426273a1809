#include "caviar/tune/study_limits.hpp"

#include <cstdint>
#include <limits>

#include "caviar/objective/command_spec.hpp"
#include "caviar/study/study_spec.hpp"

namespace caviar {
namespace {

double at_least_nothing(const Node& node) {
  if (!(node.number() >= 0)) node.fail(node.describe() + " given, 0 or more expected");
  return node.number();
}

// Whether what runs is ended where the time is over, or let finish.
bool read_running(const Node& node, const Limits& limits) {
  if (!limits.time_s) node.fail("only meant beside time");
  if (node.text() == "stop") return true;
  if (node.text() == "finish") return false;
  node.fail(node.describe() + " given, finish or stop expected");
}

}  // namespace

int at_least_one(const Node& node) {
  const std::int64_t value = node.integer();
  if (value < 1 || value > std::numeric_limits<int>::max()) {
    node.fail(node.describe() + " given, 1 or more expected");
  }
  return static_cast<int>(value);
}

Limits read_limits(const Node& node, const Goal& goal) {
  Limits limits;
  Fields fields(node);
  for (const char* key : {"cpus", "gpus", "memory", "disk"}) fields.known(key);
  if (const Node* trials = fields.find("trials")) limits.trials = at_least_one(*trials);
  if (const Node* time = fields.find("time")) limits.time_s = parse_seconds(*time);
  if (const Node* running = fields.find("running")) {
    limits.stop_running = read_running(*running, limits);
  }
  if (const Node* jobs = fields.find("jobs")) limits.jobs = at_least_one(*jobs);
  if (const Node* target = fields.find("target")) {
    if (goal.objectives() > 1)
      target->fail("takes one objective: " + describe(goal) + " are several");
    limits.target = target->number();
  }
  if (const Node* patience = fields.find("patience")) limits.patience = at_least_one(*patience);
  if (const Node* improvement = fields.find("improvement")) {
    if (!limits.patience) improvement->fail("only meant beside patience");
    if (goal.objectives() > 1) improvement->fail("takes one objective");
    limits.improvement = at_least_nothing(*improvement);
  }
  if (const Node* gain = fields.find("expected_gain")) {
    if (goal.objectives() > 1) gain->fail("takes one objective");
    limits.expected_gain = at_least_nothing(*gain);
  }
  if (const Node* most = fields.find("max_failed")) limits.max_failed = at_least_one(*most);
  fields.done();
  return limits;
}

}  // namespace caviar
