#include "caviar/math/signed_rank.hpp"

#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "caviar/math/normal.hpp"
#include "caviar/math/stats.hpp"

namespace caviar {
namespace {

constexpr std::size_t exact_up_to = 50;

// Ranks from 1, doubled, so that shared ones are whole numbers too.
std::vector<std::size_t> doubled_ranks(const std::vector<double>& sizes) {
  std::vector<std::size_t> doubled;
  for (const double rank : ranks(sizes)) {
    doubled.push_back(static_cast<std::size_t>(std::lround(2 * (rank + 1))));
  }
  return doubled;
}

// Of all ways to give the ranks a sign, the share whose positive ones have at least this sum.
double exact_share(const std::vector<std::size_t>& doubled, std::size_t sum) {
  const std::size_t most = std::accumulate(doubled.begin(), doubled.end(), std::size_t{0});
  std::vector<double> share(most + 1, 0.0);
  share[0] = 1;
  for (const std::size_t rank : doubled) {
    for (std::size_t s = most + 1; s-- > 0;) {
      share[s] = (share[s] + (s >= rank ? share[s - rank] : 0)) / 2;
    }
  }
  return std::accumulate(share.begin() + static_cast<std::ptrdiff_t>(sum), share.end(), 0.0);
}

double normal_share(const std::vector<std::size_t>& doubled, std::size_t sum) {
  double total = 0, squares = 0;
  for (const std::size_t rank : doubled) {
    const double r = static_cast<double>(rank) / 2;
    total += r;
    squares += r * r;  // ties make this smaller than n(n + 1)(2n + 1) / 6
  }
  const double w = static_cast<double>(sum) / 2;
  return normal_cdf(-(w - total / 2 - 0.5) / std::sqrt(squares / 4));
}

}  // namespace

double signed_rank_p(std::span<const double> differences) {
  std::vector<double> sizes;
  std::vector<bool> positive;
  for (const double difference : differences) {
    if (difference == 0) continue;
    sizes.push_back(std::abs(difference));
    positive.push_back(difference > 0);
  }
  if (sizes.empty()) return 1;
  const std::vector<std::size_t> doubled = doubled_ranks(sizes);
  std::size_t sum = 0;
  for (std::size_t i = 0; i < doubled.size(); ++i) {
    if (positive[i]) sum += doubled[i];
  }
  return sizes.size() <= exact_up_to ? exact_share(doubled, sum) : normal_share(doubled, sum);
}

}  // namespace caviar
