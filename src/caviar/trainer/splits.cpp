#include "caviar/trainer/splits.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace caviar {
namespace {

// Of each outer fold. Where no folds are asked for, as many as the share says.
std::vector<std::vector<Split>> nested_of(const TrainSpec& spec, const RowTraits& traits) {
  const double share = std::clamp(spec.validation, 0.01, 0.5);
  const auto inner = spec.folds > 0 ? static_cast<std::size_t>(spec.folds)
                                    : static_cast<std::size_t>(std::lround(1 / share));
  return nested_folds(traits, static_cast<std::size_t>(spec.outer), inner, spec.seed);
}

void append(std::vector<Split>& all, std::vector<Split> more) {
  std::ranges::move(more, std::back_inserter(all));
}

}  // namespace

Split split_of(const TrainSpec& spec, const RowTraits& traits) {
  if (spec.outer_fold == 0) return split_rows(traits, {spec.validation, spec.test, spec.seed});
  return nested_of(spec, traits).at(static_cast<std::size_t>(spec.outer_fold) - 1).front();
}

std::vector<Split> folds_of(const TrainSpec& spec, const RowTraits& traits) {
  if (spec.folds == 0) return {};
  if (spec.outer_fold > 0) {
    return nested_of(spec, traits).at(static_cast<std::size_t>(spec.outer_fold) - 1);
  }
  return fold_rows(traits, {static_cast<std::size_t>(spec.folds),
                            static_cast<std::size_t>(spec.repeats), spec.test, spec.seed});
}

std::vector<Split> all_splits_of(const TrainSpec& spec, const RowTraits& traits) {
  std::vector<Split> all = {split_of(spec, traits)};
  append(all, folds_of(spec, traits));
  if (spec.outer == 0 || spec.outer_fold > 0) return all;
  for (std::vector<Split>& inner : nested_of(spec, traits)) append(all, std::move(inner));
  return all;
}

}  // namespace caviar
