// Runs a sampler against an objective without a study: ask, tell, and so on.
#pragma once

#include <cmath>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "caviar/base/json.hpp"
#include "caviar/sampler/sampler.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/space/unit.hpp"

namespace caviar::test {

inline Node yaml(const std::string& text) { return Node::parse_yaml(text, "test"); }

inline Space space_of(const std::string& parameters, const std::string& constraints = "[]") {
  const Node list = yaml(constraints);
  return parse_space(yaml(parameters), &list);
}

using Function = std::function<double(const Point&)>;  // NaN: the trial fails

inline double number(const Point& point, const std::string& name) {
  return *as_number(point.at(name));
}

inline void ask(History& history, const Proposal& proposal) {
  Asked asked;
  asked.trial = static_cast<int>(history.trials().size());
  asked.proposal = proposal;
  history.apply(asked);
}

inline void tell(History& history, int trial, double value) {
  Ended ended;
  ended.trial = trial;
  ended.state = std::isnan(value) ? TrialState::failed : TrialState::complete;
  if (!std::isnan(value)) ended.values = {value};
  history.apply(ended);
}

// At most `trials` trials, the oldest of `pending` running ones told before the next is asked;
// fewer where the sampler has nothing more.
inline History run_telling(const Sampler& sampler, History history, int trials,
                           const std::function<void(History&, int trial)>& tell, std::uint64_t seed,
                           std::size_t pending) {
  std::deque<int> running;
  const auto finish = [&] {
    tell(history, running.front());
    running.pop_front();
  };
  for (int n = 0; n < trials; ++n) {
    Rng rng(seed, static_cast<std::uint64_t>(n));
    const std::optional<Proposal> proposal = sampler(history, rng);
    if (!proposal) break;
    ask(history, *proposal);
    running.push_back(n);
    if (running.size() >= pending) finish();
  }
  while (!running.empty()) finish();
  return history;
}

inline History run(const Sampler& sampler, const Space& space, int trials, const Function& f,
                   std::uint64_t seed = 1, std::size_t pending = 1, Goal goal = {}) {
  const auto tell_value = [&](History& history, int trial) {
    tell(history, trial, f(history.trials()[static_cast<std::size_t>(trial)].point));
  };
  return run_telling(sampler, History(space, std::move(goal)), trials, tell_value, seed, pending);
}

// A spec of this method with the options that it cannot do without on this space: a grid's points,
// a list of forty different configurations.
inline SearchSpec spec_for(const std::string& sampler, const Space& space, std::uint64_t seed = 1) {
  SearchSpec spec{sampler, seed, {}};
  if (sampler == "grid") {
    Json points = Json::object();
    for (const Parameter& parameter : space.parameters()) {
      if (is_continuous(parameter.distribution)) points[parameter.name] = space.size() > 20 ? 1 : 3;
    }
    if (!points.empty()) spec.options = yaml(Json{{"points", points}}.dump());
  }
  if (sampler == "manual") {
    Json list = Json::array();
    Rng rng(99);
    for (int i = 0; i < 40; ++i) list.push_back(to_json(*draw(space, rng)));
    spec.options = yaml(Json{{"configurations", list}}.dump());
  }
  return spec;
}

inline std::vector<std::string> sampler_names() {
  std::vector<std::string> names;
  for (const SamplerInfo& info : list_samplers()) names.push_back(info.name);
  return names;
}

}  // namespace caviar::test
