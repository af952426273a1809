#include "bbob_functions.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>
#include <utility>

#include "caviar/base/error.hpp"

#include "bbob_transforms.hpp"
#include "rotation.hpp"

namespace caviar::quality {
namespace {

using namespace bbob;

constexpr double pi = std::numbers::pi;

// What the definitions draw at random: the optimum, and the rotations R and Q.
struct Instance {
  Vector optimum;
  Rotation r, q;

  Instance(int dims, std::uint64_t seed, double low = -4, double high = 4)
      : Instance(dims, Rng(seed), low, high) {}

 private:
  Instance(int dims, Rng rng, double low, double high)
      : optimum(uniform(dims, low, high, rng)), r(dims, rng), q(dims, rng) {}
  static Vector uniform(int dims, double low, double high, Rng& rng) {
    Vector x(static_cast<std::size_t>(dims));
    for (double& value : x) value = rng.uniform(low, high);
    return x;
  }
};

double rastrigin_of(const Vector& z) {
  return sum(z, [](double v, double) { return 10 * (1 - std::cos(2 * pi * v)) + v * v; });
}

double ellipsoid_of(const Vector& z) {
  return sum(z, [](double v, double place) { return std::pow(1e6, place) * v * v; });
}

double rosenbrock_of(const Vector& z) {
  double total = 0;
  for (std::size_t i = 0; i + 1 < z.size(); ++i) {
    total += 100 * square(square(z[i]) - z[i + 1]) + square(z[i] - 1);
  }
  return total;
}

BbobFunction sphere(int dims, std::uint64_t seed) {  // f1
  const Instance at(dims, seed);
  return {[=](const Vector& x) { return norm2(x - at.optimum); }, at.optimum};
}

BbobFunction ellipsoid(int dims, std::uint64_t seed) {  // f2
  const Instance at(dims, seed);
  return {[=](const Vector& x) { return ellipsoid_of(oscillated(x - at.optimum)); }, at.optimum};
}

BbobFunction rastrigin(int dims, std::uint64_t seed) {  // f3
  const Instance at(dims, seed);
  return {[=](const Vector& x) {
            return rastrigin_of(conditioned(skewed(oscillated(x - at.optimum), 0.2), 10));
          },
          at.optimum};
}

BbobFunction linear_slope(int dims, std::uint64_t seed) {  // f5: the optimum is a corner of the box
  Vector corner = Instance(dims, seed).optimum;
  for (double& value : corner) value = std::copysign(5, value);
  const auto f = [corner](const Vector& x) {
    double total = 0;
    const Vector slope = mapped(
        corner, [](double c, double place) { return std::copysign(std::pow(10, place), c); });
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double z = corner[i] * x[i] < 25 ? x[i] : corner[i];
      total += 5 * std::fabs(slope[i]) - slope[i] * z;
    }
    return total;
  };
  return {f, corner};
}

BbobFunction attractive_sector(int dims, std::uint64_t seed) {  // f6
  const Instance at(dims, seed);
  const auto f = [=](const Vector& x) {
    const Vector z = at.q(conditioned(at.r(x - at.optimum), 10));
    double total = 0;
    for (std::size_t i = 0; i < z.size(); ++i) {
      total += square((z[i] * at.optimum[i] > 0 ? 100 : 1) * z[i]);
    }
    return std::pow(oscillated(total), 0.9);
  };
  return {f, at.optimum};
}

BbobFunction step_ellipsoid(int dims, std::uint64_t seed) {  // f7
  const Instance at(dims, seed);
  const auto f = [=](const Vector& x) {
    const Vector hat = conditioned(at.r(x - at.optimum), 10);
    const Vector steps = mapped(hat, [](double v, double) {
      return std::fabs(v) > 0.5 ? std::floor(0.5 + v) : std::floor(0.5 + 10 * v) / 10;
    });
    const double hills =
        sum(at.q(steps), [](double v, double place) { return std::pow(100, place) * v * v; });
    return 0.1 * std::max(std::fabs(hat[0]) / 1e4, hills) + penalty(x);
  };
  return {f, at.optimum};
}

double rosenbrock_scale(int dims) { return std::max(1.0, std::sqrt(dims) / 8); }

BbobFunction rosenbrock(int dims, std::uint64_t seed) {  // f8
  const Instance at(dims, seed, -3, 3);
  const double scale = rosenbrock_scale(dims);
  const auto f = [=](const Vector& x) {
    return rosenbrock_of(mapped(x - at.optimum, [=](double v, double) { return scale * v + 1; }));
  };
  return {f, at.optimum};
}

BbobFunction rotated_rosenbrock(int dims, std::uint64_t seed) {  // f9
  const Instance at(dims, seed);
  const double scale = rosenbrock_scale(dims);
  const auto f = [=](const Vector& x) {
    return rosenbrock_of(mapped(at.r(x), [=](double v, double) { return scale * v + 0.5; }));
  };
  return {f, at.r.back(Vector(static_cast<std::size_t>(dims), 0.5 / scale))};
}

BbobFunction rotated_ellipsoid(int dims, std::uint64_t seed) {  // f10
  const Instance at(dims, seed);
  return {[=](const Vector& x) { return ellipsoid_of(oscillated(at.r(x - at.optimum))); },
          at.optimum};
}

BbobFunction discus(int dims, std::uint64_t seed) {  // f11
  const Instance at(dims, seed);
  return {[=](const Vector& x) {
            const Vector z = oscillated(at.r(x - at.optimum));
            return norm2(z) + (1e6 - 1) * square(z[0]);
          },
          at.optimum};
}

BbobFunction bent_cigar(int dims, std::uint64_t seed) {  // f12
  const Instance at(dims, seed);
  return {[=](const Vector& x) {
            const Vector z = at.r(skewed(at.r(x - at.optimum), 0.5));
            return 1e6 * norm2(z) - (1e6 - 1) * square(z[0]);
          },
          at.optimum};
}

BbobFunction sharp_ridge(int dims, std::uint64_t seed) {  // f13
  const Instance at(dims, seed);
  return {[=](const Vector& x) {
            Vector z = at.q(conditioned(at.r(x - at.optimum), 10));
            const double along = square(std::exchange(z[0], 0.0));
            return along + 100 * std::sqrt(norm2(z));
          },
          at.optimum};
}

BbobFunction different_powers(int dims, std::uint64_t seed) {  // f14
  const Instance at(dims, seed);
  return {[=](const Vector& x) {
            return std::sqrt(sum(at.r(x - at.optimum), [](double v, double place) {
              return std::pow(std::fabs(v), 2 + 4 * place);
            }));
          },
          at.optimum};
}

BbobFunction rotated_rastrigin(int dims, std::uint64_t seed) {  // f15
  const Instance at(dims, seed);
  return {[=](const Vector& x) {
            const Vector bent = skewed(oscillated(at.r(x - at.optimum)), 0.2);
            return rastrigin_of(at.r(conditioned(at.q(bent), 10)));
          },
          at.optimum};
}

// Σ_k 2^−k cos(2π 3^k x)
double weierstrass_sum(double x) {
  double total = 0;
  for (int k = 0; k < 12; ++k) total += std::pow(0.5, k) * std::cos(2 * pi * std::pow(3, k) * x);
  return total;
}

BbobFunction weierstrass(int dims, std::uint64_t seed) {  // f16
  const Instance at(dims, seed);
  const double lowest = weierstrass_sum(0.5);
  const auto f = [=](const Vector& x) {
    const Vector z = at.r(conditioned(at.q(oscillated(at.r(x - at.optimum))), 0.01));
    const double mean = sum(z, [](double v, double) { return weierstrass_sum(v + 0.5); }) / dims;
    return 10 * std::pow(mean - lowest, 3) + 10 * penalty(x) / dims;
  };
  return {f, at.optimum};
}

BbobFunction schaffers(int dims, std::uint64_t seed) {  // f17
  const Instance at(dims, seed);
  const auto f = [=](const Vector& x) {
    const Vector z = conditioned(at.q(skewed(at.r(x - at.optimum), 0.5)), 10);
    double total = 0;
    for (std::size_t i = 0; i + 1 < z.size(); ++i) {
      const double s = std::hypot(z[i], z[i + 1]);
      total += std::sqrt(s) * (1 + square(std::sin(50 * std::pow(s, 0.2))));
    }
    return square(total / (dims - 1)) + 10 * penalty(x);
  };
  return {f, at.optimum};
}

BbobFunction griewank_rosenbrock(int dims, std::uint64_t seed) {  // f19
  const Instance at(dims, seed);
  const double scale = rosenbrock_scale(dims);
  const auto f = [=](const Vector& x) {
    const Vector z = mapped(at.r(x), [=](double v, double) { return scale * v + 0.5; });
    double total = 0;
    for (std::size_t i = 0; i + 1 < z.size(); ++i) {
      const double s = 100 * square(square(z[i]) - z[i + 1]) + square(z[i] - 1);
      total += s / 4000 - std::cos(s);
    }
    return 10 * total / (dims - 1) + 10;
  };
  return {f, at.r.back(Vector(static_cast<std::size_t>(dims), 0.5 / scale))};
}

BbobFunction schwefel(int dims, std::uint64_t seed) {  // f20
  Vector signs = Instance(dims, seed).optimum;
  for (double& value : signs) value = std::copysign(1, value);
  const double place = 4.2096874633 / 2;
  const auto f = [=](const Vector& x) {
    Vector hat = mapped(x, [](double v, double) { return 2 * v; });
    for (std::size_t i = 0; i < hat.size(); ++i) hat[i] *= signs[i];
    Vector z = hat;
    for (std::size_t i = 1; i < z.size(); ++i) z[i] += 0.25 * (hat[i - 1] - 2 * place);
    for (double& value : z) value -= 2 * place;
    z = mapped(conditioned(z, 10), [=](double v, double) { return 100 * (v + 2 * place); });
    const double waves =
        sum(z, [](double v, double) { return v * std::sin(std::sqrt(std::fabs(v))); });
    const Vector small = mapped(z, [](double v, double) { return v / 100; });
    return 4.189828872724339 - waves / (100 * dims) + 100 * penalty(small);
  };
  Vector optimum = signs;
  for (double& value : optimum) value *= place;
  return {f, optimum};
}

struct Peak {
  Vector place;  // rotated
  Vector narrowness;
  double height = 10;
};

BbobFunction gallagher(int dims, std::uint64_t seed) {  // f21: 101 peaks
  constexpr int count = 101;
  const Instance at(dims, seed);
  Rng rng(seed, 1);
  std::vector<double> conditions;
  for (int j = 0; j < count - 1; ++j) conditions.push_back(std::pow(1000, 2.0 * j / (count - 2)));
  rng.shuffle(std::span(conditions));
  std::vector<Peak> peaks;
  for (int i = 0; i < count; ++i) {
    const double condition = i == 0 ? 1000 : conditions[static_cast<std::size_t>(i - 1)];
    Vector place = at.optimum;
    if (i > 0) std::ranges::generate(place, [&] { return rng.uniform(-5, 5); });
    Vector narrowness = mapped(place, [=](double, double along) {
      return std::pow(condition, along / 2) / std::pow(condition, 0.25);
    });
    rng.shuffle(std::span(narrowness));
    peaks.push_back({at.r(place), narrowness, i == 0 ? 10 : 1.1 + 8.0 * (i - 1) / (count - 2)});
  }
  const auto f = [=](const Vector& x) {
    const Vector rotated = at.r(x);
    double highest = 0;
    for (const Peak& peak : peaks) {
      double distance = 0;
      for (std::size_t k = 0; k < rotated.size(); ++k) {
        distance += peak.narrowness[k] * square(rotated[k] - peak.place[k]);
      }
      highest = std::max(highest, peak.height * std::exp(-distance / (2 * dims)));
    }
    return square(oscillated(10 - highest)) + penalty(x);
  };
  return {f, at.optimum};
}

BbobFunction katsuura(int dims, std::uint64_t seed) {  // f23
  const Instance at(dims, seed);
  const auto f = [=](const Vector& x) {
    const Vector z = at.q(conditioned(at.r(x - at.optimum), 100));
    double product = 1;
    for (std::size_t i = 0; i < z.size(); ++i) {
      double rough = 0;
      for (int j = 1; j <= 32; ++j) {
        const double scaled = std::ldexp(z[i], j);
        rough += std::ldexp(std::fabs(scaled - std::nearbyint(scaled)), -j);
      }
      product *= std::pow(1 + static_cast<double>(i + 1) * rough, 10 / std::pow(dims, 1.2));
    }
    return 10.0 / (dims * dims) * (product - 1) + penalty(x);
  };
  return {f, at.optimum};
}

BbobFunction lunacek(int dims, std::uint64_t seed) {  // f24: two funnels
  const Instance at(dims, seed);
  const double mu0 = 2.5, s = 1 - 1 / (2 * std::sqrt(dims + 20.0) - 8.2);
  const double mu1 = -std::sqrt((mu0 * mu0 - 1) / s);
  const auto f = [=](const Vector& x) {
    Vector hat(x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
      hat[i] = 2 * std::copysign(x[i], x[i] * at.optimum[i]);
    const auto from = [&](double middle) {
      return sum(hat, [=](double v, double) { return square(v - middle); });
    };
    const Vector z =
        at.q(conditioned(at.r(mapped(hat, [=](double v, double) { return v - mu0; })), 100));
    const double waves = sum(z, [](double v, double) { return 1 - std::cos(2 * pi * v); });
    return std::min(from(mu0), dims + s * from(mu1)) + 10 * waves + 1e4 * penalty(x);
  };
  Vector optimum = at.optimum;
  for (double& value : optimum) value = std::copysign(mu0 / 2, value);
  return {f, optimum};
}

constexpr BbobDefinition definitions[] = {
    {1, "sphere", sphere},
    {2, "ellipsoid", ellipsoid},
    {3, "rastrigin", rastrigin},
    {5, "linear_slope", linear_slope},
    {6, "attractive_sector", attractive_sector},
    {7, "step_ellipsoid", step_ellipsoid},
    {8, "rosenbrock", rosenbrock},
    {9, "rotated_rosenbrock", rotated_rosenbrock},
    {10, "rotated_ellipsoid", rotated_ellipsoid},
    {11, "discus", discus},
    {12, "bent_cigar", bent_cigar},
    {13, "sharp_ridge", sharp_ridge},
    {14, "different_powers", different_powers},
    {15, "rotated_rastrigin", rotated_rastrigin},
    {16, "weierstrass", weierstrass},
    {17, "schaffers", schaffers},
    {19, "griewank_rosenbrock", griewank_rosenbrock},
    {20, "schwefel", schwefel},
    {21, "gallagher", gallagher},
    {23, "katsuura", katsuura},
    {24, "lunacek", lunacek},
};

}  // namespace

std::span<const BbobDefinition> bbob_definitions() { return definitions; }

const BbobDefinition& bbob_definition(int number) {
  const auto found = std::ranges::find(definitions, number, &BbobDefinition::number);
  if (found != std::end(definitions)) return *found;
  throw Error(Fault::input, "BBOB function " + std::to_string(number) +
                                ": not among those here; see bbob_functions.cpp");
}

}  // namespace caviar::quality
