// Classic test functions that several families build on. Formulas and minima as in Surjanovic and
// Bingham, "Virtual library of simulation experiments: test functions and datasets" (2013).
#pragma once

#include "problem.hpp"

namespace caviar::quality {

double branin(const Vector& x);      // x in [−5, 10] × [0, 15]; minimum 0.397887
double hartmann3(const Vector& x);   // x in [0, 1]^3; minimum −3.86278
double hartmann6(const Vector& x);   // x in [0, 1]^6; minimum −3.32237
double ackley(const Vector& x);      // minimum 0 at 0
double levy(const Vector& x);        // minimum 0 at 1
double rosenbrock(const Vector& x);  // minimum 0 at 1
double rastrigin(const Vector& x);   // minimum 0 at 0
double sphere(const Vector& x);      // minimum 0 at 0

inline constexpr double branin_minimum = 0.39788735772973816;
inline constexpr double hartmann3_minimum = -3.862782147820756;
inline constexpr double hartmann6_minimum = -3.322368011415515;

Vector minus(Vector a, const Vector& b);

}  // namespace caviar::quality
