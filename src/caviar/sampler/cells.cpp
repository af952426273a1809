#include "caviar/sampler/cells.hpp"

#include <optional>

namespace caviar {

std::vector<double> cell_edges(const Distribution& distribution, std::uint64_t most) {
  const std::optional<std::uint64_t> values = cardinality(distribution);
  if (!values || *values > most || is_categorical(distribution)) return {};
  // Middles are known, and each cell begins where the one before ends.
  std::vector<double> edges = {0};
  for (std::uint64_t i = 0; i + 1 < *values; ++i) {
    edges.push_back(2 * encode(distribution, value_at(distribution, i)) - edges.back());
  }
  edges.push_back(1);
  return edges;
}

}  // namespace caviar
