// Functions of the BBOB suite from their definitions: Hansen, Finck, Ros, Auger, "Real-parameter
// black-box optimization benchmarking 2009: noiseless functions definitions", INRIA RR-6829.
//
// A function is made for a dimension and a seed, which gives it its optimum's place and its two
// rotations (drawn by our own generator, so instances are not those of the COCO platform). All are
// to be searched in [−5, 5]^dims and have the minimum 0, at `optimum`.
#pragma once

#include <span>
#include <string>

#include "problem.hpp"

namespace caviar::quality {

struct BbobFunction {
  VectorFunction f;
  Vector optimum;
};

struct BbobDefinition {
  int number;        // as published: 1 … 24
  const char* name;  // "sphere", "discus" …
  BbobFunction (*make)(int dims, std::uint64_t seed);
};

std::span<const BbobDefinition> bbob_definitions();
// By its published number. Throws Error{input} for those that are not here.
const BbobDefinition& bbob_definition(int number);

}  // namespace caviar::quality
