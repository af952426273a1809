// What next? A sampler is a pure function of what has happened so far and of chance.
//
// It reads trials (their unit vectors, losses, states), never a study or a storage, and returns a
// proposal whose point lies in history.space() and satisfies its constraints; nullopt where it has
// nothing (more) to propose: a grid used up, a list at its end. A cache inside (a Cholesky factor)
// is allowed where dropping it changes nothing but time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "caviar/base/node.hpp"
#include "caviar/base/options.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/trial/history.hpp"

namespace caviar {

using Sampler = std::function<std::optional<Proposal>(const History&, Rng&)>;

// The `search:` part of a study: {sampler: auto, seed: 7, …options of that sampler}.
struct SearchSpec {
  std::string sampler = "auto";
  std::uint64_t seed = 0;
  Node options = {};   // a map of the sampler's own keys, or null
  Node budget = {};    // who gets more of it: budget.hpp; null: every trial gets all
  int reevaluate = 1;  // how often the leading configuration runs in all; 1: once
};

struct SamplerInfo {
  std::string name;
  std::string summary;  // one line
  std::vector<OptionInfo> options;
  bool several_objectives = true;  // whether it takes more than one
};
std::vector<SamplerInfo> list_samplers();
std::vector<std::string> samplers_for_several_objectives();

// Throws Error{input} on an unknown name (nearest suggested), unknown or bad options, and where the
// method cannot work on this space: a grid over a continuous parameter without `points`.
Sampler make_sampler(const SearchSpec& spec, const Space& space);

// How many trials the method will propose on this space before it is used up; nullopt: no end.
// (A grid's size, a manual list's length.) Throws as make_sampler does.
std::optional<std::uint64_t> planned_trials(const SearchSpec& spec, const Space& space);

// Wraps a sampler so that no configuration of a finite space is proposed twice: draws again, then
// falls back to one that is left, and gives nullopt once all have been run.
Sampler without_repeats(Sampler sampler);

// Has the configuration that leads run again, until it has run so often: for noisy objectives.
Sampler with_reevaluation(int runs, Sampler sampler);

// What every study uses: the sampler without repeats, with the budgets that the spec gives its
// trials. Throws as make_sampler does.
Sampler make_search(const SearchSpec& spec, const Space& space);
// How many trials it will propose; nullopt: no end.
std::optional<std::uint64_t> planned_search(const SearchSpec& spec, const Space& space);

}  // namespace caviar
