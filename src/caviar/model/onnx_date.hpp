// The calendar as nodes of an ONNX graph: seconds since 1970 in, the features of a date out.
#pragma once

#include <string>

#include "caviar/data/preprocess.hpp"
#include "caviar/model/onnx_graph.hpp"

namespace caviar {

// `seconds`: the name of rows × 1, double, UTC, NaN where missing. Returns the name of what the
// preprocessor makes of the date column (rows × its width, float).
std::string add_date(OnnxGraph& graph, const ColumnCode& code, const std::string& seconds);

}  // namespace caviar
