// What one study can learn from another one.
//
// Losses of two studies cannot be compared: another data set, another metric. Their order can be.
// So what is handed on of a trial is its place among the trials of its own study (Yogatama and
// Mann, "Efficient Transfer Learning Method for Automatic Hyperparameter Tuning", 2014, for the
// standardisation; Salinas et al., "A quantile-based approach for hyperparameter transfer
// learning", 2020, for the normal scores).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "caviar/sampler/sampler.hpp"

namespace caviar {

// Of the finished trials, 200 at most: the best hundred, and an even selection of the others. A
// failed one has the worst place.
std::vector<Lesson> lessons_of(const History& history);

// A point of another space in the unit cube of this one. A parameter that it does not have is NaN
// (or `before`), a number outside the range lies outside the cube. nullopt where it lies further
// from it than the range is wide, has a choice that there is not, or has no parameter of this
// space.
std::optional<std::vector<double>> encode_beyond(const Space& space, const Point& point);

// How many of them can be placed in this space.
std::size_t usable_lessons(const Space& space, std::span<const Lesson> lessons);

// How many of the trials that lessons led to misled: they came out worse than the sampler's own in
// the median.
std::size_t misleading_lessons(const History& history);

}  // namespace caviar
