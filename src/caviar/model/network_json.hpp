// A network as a document: {"inputs": 4, "layers": [{"kind": "dense", "units": 64, …}, …]}.
#pragma once

#include "caviar/base/json_fwd.hpp"
#include "caviar/base/node.hpp"
#include "caviar/nn/network.hpp"

namespace caviar {

Json to_json(const NetworkSpec& network);
// Throws Error{input} with the place of what cannot be.
NetworkSpec network_from_json(const Node& node);

}  // namespace caviar
