// A network's layers as nodes of an ONNX graph, running averages and all as they are at test time.
#pragma once

#include <string>

#include "caviar/model/onnx_graph.hpp"
#include "caviar/nn/network.hpp"

namespace caviar {

// Adds nodes from the features named `input` (rows × network.inputs, float); returns the name of
// the network's outputs.
std::string add_network(OnnxGraph& graph, const NetworkSpec& network, const Model<float>& model,
                        const std::string& input);

}  // namespace caviar
