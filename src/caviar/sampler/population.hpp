// The population of NSGA-II, kept up as trials end: the survivors of all that have ended so far.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "caviar/trial/history.hpp"

namespace caviar {

class Population {
 public:
  explicit Population(std::size_t most) : most_(most) {}

  // Takes in what has ended since; starts anew where the history is not a continuation of the one
  // that it followed before. Members depend on nothing but the history.
  //
  // Each complete trial joins; where there are more than `most`, the last by rank and crowding
  // leaves: selection at each step, not in generations (Durillo et al., "On the Effect of the
  // Steady-State Selection Scheme in Multi-Objective Genetic Algorithms", 2009), so that running
  // trials hold nothing up.
  void follow(const History& history);

  struct Member {
    int trial;
    std::vector<double> unit, losses;
    double violation;  // of the bounds; 0: none
    std::size_t rank;  // 0: the front; members beyond the bounds rank behind all others
    double crowding;   // within the rank
  };
  std::span<const Member> members() const { return members_; }
  // Whether a comes before b: by rank, then by how much room it has.
  static bool fitter(const Member& a, const Member& b);

 private:
  void rank();

  std::size_t most_, axes_ = 0, folded_ = 0;
  std::uint64_t digest_ = 0;
  std::vector<Member> members_;
};

}  // namespace caviar
