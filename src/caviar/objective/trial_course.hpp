// A trial of the built-in trainer that continues others, as one training in stages.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "caviar/study/optimize.hpp"
#include "caviar/trainer/course.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

// Whether the trial's budget is a share of the training rows, of which the whole is 1; of epochs it
// is 2 or more. Such a trial trains anew: it continues no weights.
bool spends_rows(const Note& note);

// A stage for each ancestor, the first one first, and one for the trial itself.
Course course_of(const TrainSpec& spec, std::span<const Trial> ancestors, const ActiveTrial& trial);
// The same for a trial of a stored study; of one with a budget of rows its own training.
Course course_of(const TrainSpec& spec, const History& history, const Trial& trial);

// The settings of a stage as those of a training of its own.
TrainSpec spec_at(const Course& course, std::size_t stage);

// Where the course can be taken up: the newest of the ancestors' checkpoints that can be read and
// is of the same stage. nullopt: from the beginning, which costs time and changes no number.
std::optional<CourseState> newest_checkpoint(const std::string& folder, const Course& course,
                                             std::span<const Trial> ancestors);

// Throws Error{io}.
void keep_checkpoint(const std::string& folder, int trial, const Course& course,
                     const CourseState& at);

}  // namespace caviar
