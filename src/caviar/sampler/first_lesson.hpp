// Running the best configuration of an earlier study, once that study has shown that it knows.
#pragma once

#include "caviar/sampler/sampler.hpp"

namespace caviar {

// After three trials of the sampler's own, an earlier study that has ordered them all rightly (or
// more of them nearly so: Guide::trust) has its best configuration run: by "lessons". One, in the
// first twenty trials. Further ones, or any before it is known whether the study misleads, were
// found to cost more by the 25th trial than they bring: caviar_bench_transfer.
Sampler with_lessons(Sampler sampler);

}  // namespace caviar
