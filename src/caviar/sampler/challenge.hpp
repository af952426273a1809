// Another choice than that of the best trial. A model that has followed one choice to its optimum
// judges the others by it: by settings that are good there and may be bad elsewhere. So one
// categorical parameter at a time is looked at as if nothing, or nearly, followed from one of its
// choices for another.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "caviar/base/rng.hpp"
#include "caviar/sampler/belief.hpp"
#include "caviar/sampler/caution.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

// Where expected improvement under the kernel is largest among the configurations that differ from
// the best one, `leader`, in a categorical parameter, drawn evenly from those that are active
// there; nullopt where there is none, or no numeric parameter. `seen` holds failures as bad values:
// that a choice has failed wherever it was tried does not mean that it always does. Throws
// std::runtime_error where the model cannot be computed.
std::optional<Point> challenger(const History& history, const Observations& seen, Kernel kernel,
                                std::span<const double> leader, const std::vector<Axis>& axes,
                                Rng& rng, const Caution& caution);

}  // namespace caviar
