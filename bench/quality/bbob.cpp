// Family bbob: published functions of 2 to 20 numbers, each rotated and shifted as it is defined.
#include "bbob_functions.hpp"
#include "suite.hpp"

namespace caviar::quality {
namespace {

Problem one(const BbobDefinition& definition, int dims, bool apart) {
  const Space space = cube(dims, -5, 5);
  const auto seed = static_cast<std::uint64_t>(1000 * definition.number + dims);
  return {.name = "bbob/" + std::string(definition.name) + "_" + std::to_string(dims) + "d",
          .family = "bbob",
          .space = space,
          .best = 0,
          .loss = of_numbers(space, definition.make(dims, seed).f),
          .held_out = apart};
}

struct Use {
  int number, dims;
  bool held_out = false;
};

constexpr Use uses[] = {
    {1, 20, true}, {2, 5},   {3, 3},  {5, 10},       {6, 5},  {7, 5},        {8, 3},
    {9, 8},        {10, 10}, {11, 5}, {12, 4, true}, {13, 6}, {14, 10},      {15, 5},
    {16, 3, true}, {17, 4},  {19, 4}, {20, 5},       {21, 2}, {21, 6, true}, {24, 5, true},
};

}  // namespace

std::vector<Problem> bbob_problems() {
  std::vector<Problem> problems;
  for (const Use& use : uses) {
    problems.push_back(one(bbob_definition(use.number), use.dims, use.held_out));
  }
  return problems;
}

}  // namespace caviar::quality
