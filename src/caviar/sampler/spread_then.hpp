// How methods with a population begin: its first members lie evenly, whatever is learnt later.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "caviar/base/rng.hpp"
#include "caviar/sampler/sampler.hpp"

namespace caviar {

// A Sobol point for each of the first `spread` trials (its note `startup`), what `later` makes for
// the others, and by chance (`fallback`) where neither has anything new.
Proposal spread_then(const History& history, std::uint64_t seed, int spread, Rng& rng,
                     const std::function<std::optional<Proposal>()>& later);

}  // namespace caviar
