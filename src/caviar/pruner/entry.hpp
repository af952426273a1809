// What the catalog knows of one pruner.
#pragma once

#include "caviar/base/node.hpp"
#include "caviar/pruner/pruner.hpp"

namespace caviar {

struct PrunerEntry {
  PrunerInfo info;
  Pruner (*make)(Fields& options);  // reads the options that it knows
};

}  // namespace caviar
