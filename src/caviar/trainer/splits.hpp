// How a spec divides its rows: once, in folds, in nested folds.
#pragma once

#include <vector>

#include "caviar/data/split.hpp"
#include "caviar/trainer/train_spec.hpp"

namespace caviar {

// One split: of nested folds the first inner one of the spec's outer fold. Throws Error{input} as
// split_rows and nested_folds do.
Split split_of(const TrainSpec& spec, const RowTraits& traits);

// The spec's folds, of nested ones those of its outer fold; empty where it asks for none.
std::vector<Split> folds_of(const TrainSpec& spec, const RowTraits& traits);

// Every split that a training of this spec comes to, the one of split_of first: what is wrong with
// the last fold is found before the first is trained on.
std::vector<Split> all_splits_of(const TrainSpec& spec, const RowTraits& traits);

}  // namespace caviar
