// Go on? A pruner judges one running trial from what all trials have reported.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "caviar/base/flow.hpp"
#include "caviar/base/node.hpp"
#include "caviar/base/options.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

// Called after each report of `trial` (running, with at least one report). Pure.
using Pruner = std::function<Flow(const History&, const Trial&)>;

struct PrunerInfo {
  std::string name;
  std::string summary;  // one line
  std::vector<OptionInfo> options;
};
std::vector<PrunerInfo> list_pruners();

// `spec`: null or "none" (never stops), a name ("median"), or a map {pruner: median, …options}.
// Throws Error{input}.
Pruner make_pruner(const Node& spec);
// Whether it may stop anything: neither null nor "none".
bool prunes(const Node& spec);

}  // namespace caviar
