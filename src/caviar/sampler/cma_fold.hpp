// What CMA-ES knows after the trials so far: its own finished trials folded in the order in which
// they ended, a generation whenever enough of them have, whichever draws they were.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "caviar/math/cma_es.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

// The notes of a proposal that start a run or belong to one.
struct CmaRun {
  int number = 0;        // 0, 1, 2 …: restarts
  int population = 0;    // trials of a generation
  std::size_t from = 0;  // endings of the history when it started: where its mean comes from
};

class CmaFold {
 public:
  CmaFold(const Space& space, std::uint64_t seed, double sigma);

  // Takes in what has ended since; starts anew where the history is not a continuation of the one
  // followed before.
  void follow(const History& history);

  // The run that the next proposal belongs to: the present one, or one that starts because there is
  // none or the present one has come to rest. Of those that are asked but not yet ended it is told
  // by their notes.
  CmaRun next_run(const History& history) const;

  // Draws a unit vector, and the coordinates that the values will not show (of cells, of inactive
  // parameters) into the note under "z.NAME".
  std::vector<double> draw(const History& history, const CmaRun& run, Rng& rng, Note& note) const;

 private:
  struct Row {
    double loss;  // NaN: failed
    std::vector<double> latent;
    std::vector<int> choices;  // of the categorical parameters, −1 where inactive
  };
  struct State {
    CmaRun run;
    CmaEs core;
    std::map<std::size_t, std::vector<double>> chances;  // of each choice of categorical parameters
    std::vector<Row> rows;                               // since the last generation
    std::vector<double> bests;                           // of the generations
    bool resting = false;
  };
  void add(const History& history, const Trial& trial, double loss);
  State started(const History& history, const CmaRun& run) const;
  Row row_of(const Space& space, const Trial& trial, double loss) const;
  void advance(State& state) const;
  void learn_choices(State& state) const;
  bool at_rest(const State& state) const;
  void read(const Space& space);
  int usual_population() const;

  std::uint64_t seed_;
  double sigma_;
  std::size_t size_ = 0;
  std::vector<std::size_t> numeric_;        // parameters that the Gaussian spans
  std::vector<std::vector<double>> edges_;  // of the cells, by parameter; empty: continuous
  std::vector<int> choices_;                // by parameter; 0: no categorical one
  std::vector<double> believed_;            // by parameter, where a person has a hunch; else NaN
  std::size_t folded_ = 0;
  std::uint64_t digest_ = 0;
  std::optional<State> state_;
  std::size_t spent_large_ = 0, spent_small_ = 0;  // trials, by kind of restart
};

}  // namespace caviar
