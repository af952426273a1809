// Random numbers that are the same on every machine: xoshiro256++ (Blackman and Vigna, 2021),
// seeded through SplitMix64. Chance comes in by the door: whatever draws takes an Rng.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace caviar {

class Rng {
 public:
  // A stream of its own for every (seed, stream) pair, for example (study seed, trial number).
  explicit Rng(std::uint64_t seed, std::uint64_t stream = 0);

  std::uint64_t next();                      // uniform over all 64-bit words
  double uniform();                          // [0, 1), 53 random bits
  double uniform(double low, double high);   // [low, high)
  double normal();                           // mean 0, variance 1 (polar method)
  std::uint64_t below(std::uint64_t bound);  // 0 … bound − 1, without bias; bound > 0

  template <class T>
  void shuffle(std::span<T> items) {  // Fisher–Yates
    for (std::size_t left = items.size(); left > 1; --left) {
      std::swap(items[left - 1], items[below(left)]);
    }
  }

  // The whole state, so that a generator can be stored and taken up again to the same bits.
  struct State {
    std::array<std::uint64_t, 4> words{};
    double spare = 0;
    bool has_spare = false;
    bool operator==(const State&) const = default;
  };
  State state() const { return state_; }
  void restore(const State& state) { state_ = state; }

 private:
  State state_;
};

}  // namespace caviar
