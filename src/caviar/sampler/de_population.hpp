// The population of differential evolution, kept up as trials end.
//
// JADE (Zhang and Sanderson, "JADE: Adaptive Differential Evolution with Optional External
// Archive", 2009) step by step: a child that ends better than the member whose place it aims at
// takes it at once, so that nothing waits for running trials; how far children step (F) and how
// much they take over from their mutant (CR) learns from those that did.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "caviar/base/rng.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

class DePopulation {
 public:
  explicit DePopulation(std::size_t size) : size_(size) {}

  // Takes in what has ended since; starts anew where the history is not a continuation of the one
  // that it followed before. Depends on nothing but the history.
  void follow(const History& history);

  struct Member {
    std::vector<double> unit;  // NaN where inactive
    double loss = 0;           // infinite: failed
  };
  std::span<const Member> members() const { return members_; }
  bool full() const { return members_.size() >= size_; }
  std::vector<std::size_t> order() const;  // of the members, from the best on

  // Drawn as the successful ones were: F in (0, 1], CR in [0, 1].
  double draw_step(Rng& rng) const;
  double draw_share(Rng& rng) const;

  // Coordinates of a member other than those of the first two, or of one that lost its place.
  const Member& other(std::size_t target, std::size_t first, bool archived, Rng& rng) const;

 private:
  void take(const Trial& trial, double loss);
  void replace(std::size_t place, Member member);

  std::size_t size_, axes_ = 0, folded_ = 0, lost_ = 0;
  std::uint64_t digest_ = 0;
  std::vector<Member> members_, archive_;
  double step_ = 0.5, share_ = 0.5;  // μ of F and of CR
};

// What a child's trial notes.
inline constexpr const char* de_place = "place";
inline constexpr const char* de_step = "F";
inline constexpr const char* de_share = "CR";

}  // namespace caviar
