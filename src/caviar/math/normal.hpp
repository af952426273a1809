// The standard normal distribution, and expected improvement under it, exact far into the tails.
#pragma once

namespace caviar {

double normal_pdf(double z);
double normal_log_pdf(double z);
double normal_cdf(double z);
double normal_log_cdf(double z);   // without underflow, at least down to z = -1e8
double normal_quantile(double p);  // 0 gives −infinity, 1 +infinity

// log E[max(0, z + N)], N standard normal: log(φ(z) + z·Φ(z)). With mean m, deviation s and best
// loss f so far, log EI = log s + log_improvement((f − m) / s).
// Ament et al., "Unexpected improvements to expected improvement", NeurIPS 2023, equation (9).
double log_improvement(double z);
double log_improvement_slope(double z);  // its derivative, Φ(z) / (φ(z) + z·Φ(z))

}  // namespace caviar
