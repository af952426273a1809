// How good a search is as a whole: it runs again for each outer fold, without the fold's rows, and
// what it finds is judged on them.
#pragma once

#include <functional>

#include "caviar/trainer/cross_validation.hpp"
#include "caviar/tune/run.hpp"

namespace caviar {

// By the names of TestScore::metrics. Nothing of it is stored. `on_fold` is called after each fold;
// an interrupt ends it with the folds that are done.
FoldScores judge_search(const StudyFile& file, const RunOptions& options,
                        const std::function<void(const FoldScores&)>& on_fold);

}  // namespace caviar
