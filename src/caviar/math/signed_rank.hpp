// The signed-rank test of Wilcoxon, "Individual comparisons by ranking methods" (1945).
#pragma once

#include <span>

namespace caviar {

// One-sided: the chance that differences which are as often negative as positive (symmetric about
// 0) have positive ranks with at least this large a sum. Zeros are left out; equal sizes share
// their mean rank. Exact up to 50 differences, beyond that by the normal distribution with its
// correction for ties. 1 where there is no difference. Infinities are the largest.
double signed_rank_p(std::span<const double> differences);

}  // namespace caviar
