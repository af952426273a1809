// A model in the ONNX format, for any engine that runs it: preprocessing, network and what the
// outputs mean in one graph.
//
// Inputs: `numbers`, all number columns in the order of the metadata entry `numbers` (a JSON list
// of their names), double, NaN where missing; each category or yes/no column under its own name,
// text,
// "" where missing. ONNX cannot take a date apart: a date column is the input `NAME features`, its
// features as caviar computes them. Outputs: `class` (text) and `probabilities`, whose columns the
// metadata entry `classes` names; of a regression `value`, in the target's own unit.
#pragma once

#include <string>

#include "caviar/model/saved_model.hpp"

namespace caviar {

// The file's bytes: opset 17, ai.onnx.ml 3, IR version 8.
std::string onnx_bytes(const SavedModel& saved);

// "opset 17 and ai.onnx.ml 3"
std::string onnx_version_text();

// What a user of the file has to know, in a few lines: inputs and outputs with types and shapes.
std::string describe_onnx(const SavedModel& saved);

}  // namespace caviar
