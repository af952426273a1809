// Runs the leaders of a noisy objective again: the configuration of the lowest mean, until it has
// run so often; by then another one may lead. At most one trial in three is spent on that.
#include <algorithm>
#include <utility>

#include "caviar/sampler/sampler.hpp"
#include "caviar/trial/front.hpp"
#include "caviar/trial/repeats.hpp"

namespace caviar {
namespace {

constexpr std::size_t most_share = 3;            // one trial in so many
constexpr std::size_t configurations_first = 5;  // before any runs again

std::optional<Proposal> leader_again(const History& history, int runs) {
  if (history.goal().objectives() != 1) return std::nullopt;
  const auto repeats =
      static_cast<std::size_t>(std::ranges::count_if(history.trials(), [](const Trial& trial) {
        return trial.note.contains(again_note) && trial.state != TrialState::interrupted;
      }));
  if (most_share * (repeats + 1) > history.trials().size()) return std::nullopt;
  const std::vector<Repeated> all = configurations(history);
  if (all.size() < configurations_first) return std::nullopt;
  const auto leader = std::ranges::min_element(all, {}, &Repeated::mean);
  const Trial& first = history.trials()[static_cast<std::size_t>(leader->trials.front())];
  if (history.seen(first.point) >= runs) return std::nullopt;  // running ones included
  return Proposal{first.point, "again", {{again_note, static_cast<double>(first.number)}}};
}

}  // namespace

Sampler with_reevaluation(int runs, Sampler sampler) {
  return [runs, sampler = std::move(sampler)](const History& history, Rng& rng) {
    std::optional<Proposal> again = leader_again(history, runs);
    return again ? again : sampler(history, rng);
  };
}

}  // namespace caviar
