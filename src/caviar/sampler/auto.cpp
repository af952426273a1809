// Chooses the method of each trial by rules that depend on the space and on the number of trials;
// docs/samplers.md says what they were measured on. A proposal says in `by` which method made it,
// and in the note "auto" by which of the rules below, which reason.cpp puts into words.
#include <algorithm>
#include <cmath>
#include <vector>

#include "caviar/math/stats.hpp"
#include "caviar/sampler/entry.hpp"
#include "caviar/sampler/ledger.hpp"
#include "caviar/sampler/reason.hpp"

namespace caviar {
namespace {

enum class Rule {
  model = 1,         // gp: learns the whole space from few trials
  second_look = 2,   // tpe among gp: what a model of all parameters at once does not see
  many_trials = 3,   // tpe: at home in thousands of trials, at a hundredth of the cost
  many_numbers = 4,  // cmaes: the same for one objective of continuous parameters, and not few
};

constexpr std::size_t second_looks_begin = 20, second_look_every = 4;
constexpr std::size_t patience = 20;  // trials without a better one until second looks double
constexpr double better = 0.001;      // by at least this share of the median's distance
constexpr std::size_t model_ends = 1000;
constexpr std::size_t many_parameters = 5;

struct Auto {
  Sampler gp, tpe, cmaes;
};

void fields(Auto&, auto&&) {}

void prepare(Auto& o, const Setup& setup) {
  o.gp = make_sampler({"gp", setup.seed, {}}, setup.space);
  o.tpe = make_sampler({"tpe", setup.seed, {}}, setup.space);
  o.cmaes = make_sampler({"cmaes", setup.seed, {}}, setup.space);
}

// Whether none of the last trials is better than all before them by more than a trifle.
bool stalls(const History& history) {
  std::vector<double> losses;
  std::vector<int> numbers;
  for (const Trial& trial : history.trials()) {
    const std::optional<double> loss = outcome(history, trial);
    if (!loss || std::isnan(*loss)) continue;
    losses.push_back(*loss);
    numbers.push_back(trial.number);
  }
  if (losses.size() < 2) return false;
  const double best = *std::ranges::min_element(losses);
  const double enough = std::lerp(best, median(losses), better);
  const auto first = std::ranges::find_if(losses, [&](double loss) { return loss <= enough; });
  const int number = numbers[static_cast<std::size_t>(first - losses.begin())];
  return history.trials().size() >= static_cast<std::size_t>(number) + patience;
}

Rule rule_for(const History& history) {
  const Space& space = history.space();
  const std::size_t asked = history.trials().size();
  const bool continuous =
      !space.has_conditions() && std::ranges::all_of(space.parameters(), [](const Parameter& p) {
        return is_continuous(p.distribution);
      });
  if (asked >= model_ends) {
    // The model goes on looking now and then.
    if (asked % 10 == 0) return Rule::model;
    const bool one_loss = history.goal().objectives() == 1;
    return continuous && one_loss && space.size() >= many_parameters ? Rule::many_numbers
                                                                     : Rule::many_trials;
  }
  if (continuous || asked < second_looks_begin) return Rule::model;
  const std::size_t turn = asked % second_look_every;
  // Every other one of the trials that gp would spend on a close look at the best one, and, where
  // these bring nothing any more, as many of the others.
  return turn == 1 || (turn == 0 && stalls(history)) ? Rule::second_look : Rule::model;
}

std::optional<Proposal> propose(const Auto& o, const History& history, Rng& rng) {
  const Rule rule = rule_for(history);
  const Sampler& method = rule == Rule::model ? o.gp : rule == Rule::many_numbers ? o.cmaes : o.tpe;
  std::optional<Proposal> proposal = method(history, rng);
  if (proposal) proposal->note[auto_note] = static_cast<int>(rule);
  return proposal;
}

}  // namespace

Entry auto_sampler() {
  return sampler_entry<Auto>("auto", "chooses the method by the space and the trials so far");
}

}  // namespace caviar
