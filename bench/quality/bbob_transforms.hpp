// What the BBOB functions are put together from (RR-6829, "symbols and definitions"): maps of
// vectors, each of which breaks one regularity that a method might live on.
#pragma once

#include <numeric>

#include "problem.hpp"

namespace caviar::quality::bbob {

// f of every element and its place from 0 to 1: (i − 1) / (D − 1).
template <class F>
Vector mapped(const Vector& x, F f) {
  Vector y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double place =
        x.size() == 1 ? 0 : static_cast<double>(i) / static_cast<double>(x.size() - 1);
    y[i] = f(x[i], place);
  }
  return y;
}

template <class F>
double sum(const Vector& x, F f) {
  const Vector y = mapped(x, f);
  return std::accumulate(y.begin(), y.end(), 0.0);
}

Vector operator-(const Vector& a, const Vector& b);
double square(double x);
double norm2(const Vector& x);  // squared

double oscillated(double x);                            // T_osz: small smooth oscillations
Vector oscillated(const Vector& x);                     // the same of every element
Vector skewed(const Vector& x, double beta);            // T_asy: no symmetry
Vector conditioned(const Vector& x, double condition);  // Λ: roots of the condition number
double penalty(const Vector& x);                        // f_pen: outside of [−5, 5]

}  // namespace caviar::quality::bbob
