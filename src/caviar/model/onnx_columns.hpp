// What was learnt about a table's columns as nodes of an ONNX graph: cells in, features out.
#pragma once

#include <string>
#include <vector>

#include "caviar/data/preprocess.hpp"
#include "caviar/model/onnx_graph.hpp"

namespace caviar {

struct OnnxInput {
  std::string name;
  OnnxType type = OnnxType::exact;
  std::size_t columns = 1;
};

// All number columns in one input, then the other columns, each under its name; dates as seconds
// since 1970.
std::vector<OnnxInput> onnx_inputs(const Preprocessor& preprocessor);

// The names of the number columns, in the order of the input `numbers`.
std::vector<std::string> number_columns(const Preprocessor& preprocessor);
std::vector<std::string> date_columns(const Preprocessor& preprocessor);

// Declares the inputs, adds the nodes and returns the name of the features (rows × width, float).
std::string add_columns(OnnxGraph& graph, const Preprocessor& preprocessor);

}  // namespace caviar
