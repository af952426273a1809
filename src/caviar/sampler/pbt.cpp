// Population based training: members train side by side; at each rung the worst take over the
// checkpoint and the parameters of one of the best, and go on with these changed. What comes out is
// a model and the schedule of parameters that made it.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "caviar/sampler/budget.hpp"
#include "caviar/sampler/gains.hpp"
#include "caviar/sampler/reason.hpp"
#include "caviar/space/unit.hpp"
#include "caviar/trial/reports.hpp"

namespace caviar {
namespace {

struct Breeding {
  Budget budget;
  std::vector<double> rungs;
  Sampler fresh;
};

// The trial of each member at a rung; nullptr where there is none.
using Generation = std::vector<const Trial*>;

Generation generation(const Breeding& o, const History& history, double rung) {
  Generation members(static_cast<std::size_t>(o.budget.population), nullptr);
  for (const Trial& trial : history.trials()) {
    const std::optional<double> member = number_in(trial.note, member_note);
    if (trial.state == TrialState::interrupted || !member) continue;
    if (number_in(trial.note, budget_note) != rung) continue;
    const auto index = static_cast<std::size_t>(*member);
    if (index < members.size()) members[index] = &trial;
  }
  return members;
}

bool is_queued(const History& history, std::size_t member, double rung) {
  return std::ranges::any_of(history.queue(), [&](const History::Ticket& ticket) {
    return number_in(ticket.note, member_note) == static_cast<double>(member) &&
           number_in(ticket.note, budget_note) == rung;
  });
}

// What it came to by itself since it was last judged: the best of its own reports, where what it
// told is only what it took over. Without this no copy would ever be told from what it is a copy
// of, as the best weights of a training are those of all its legs.
double own_loss(const History& history, const Trial& trial) {
  const std::optional<int> parent = parent_of(trial.note);
  const bool inherited = parent && !trial.reports.empty() &&
                         history.trials()[static_cast<std::size_t>(*parent)].values == trial.values;
  if (!inherited) return standing_of(history, trial).loss;
  double best = std::numeric_limits<double>::infinity();
  for (const Report& report : trial.reports) {
    best = std::fmin(best, loss_of(history.goal(), report));
  }
  return best;
}

// Members from the best to the worst.
std::vector<std::size_t> ranked(const History& history, const Generation& members) {
  std::vector<std::size_t> order(members.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t member) {
    const Trial& trial = *members[member];
    return std::pair(standing_of(history, trial), own_loss(history, trial));
  });
  return order;
}

bool is_kept(const Breeding& o, const std::string& name) {
  return std::ranges::find(o.budget.keep, name) != o.budget.keep.end();
}

// Up or down by a fifth (of its distance to 1, on a scale towards 1); whole numbers by at least
// one; among choices that have no order another one, now and then.
double changed_unit(const Distribution& distribution, const Value& value, Rng& rng) {
  const bool up = rng.below(2) == 0;
  const double unit = encode(distribution, value);
  if (const auto* choice = std::get_if<Choice>(&distribution)) {
    const double cell = 1 / static_cast<double>(choice->values.size());
    if (choice->ordered) return std::clamp(unit + (up ? cell : -cell), 0.0, 1.0);
    return rng.uniform() < 0.25 ? rng.uniform() : unit;
  }
  const double times = up ? 1.2 : 0.8;
  if (const auto* range = std::get_if<Int>(&distribution)) {
    const auto now = std::get<std::int64_t>(value);
    auto next = static_cast<std::int64_t>(std::llround(static_cast<double>(now) * times));
    if (next == now) next += up ? 1 : -1;
    next = std::clamp(next, range->low, range->high);
    if (contains(distribution, next)) return encode(distribution, next);
    const double step = 1 / static_cast<double>(cardinality(distribution).value_or(1));
    return std::clamp(unit + (up ? step : -step), 0.0, 1.0);  // to the next one that there is
  }
  const auto& range = std::get<Float>(distribution);
  if (range.step > 0) {
    const double step = 1 / static_cast<double>(cardinality(distribution).value_or(1));
    return std::clamp(unit + (up ? step : -step), 0.0, 1.0);
  }
  const double now = std::get<double>(value);
  const double next = range.scale == Scale::reverse_log ? 1 - (1 - now) * times : now * times;
  return encode(distribution, Value(std::clamp(next, range.low, range.high)));
}

// Jaderberg et al. 2017: each parameter is changed a little, or sometimes drawn anew.
std::vector<double> perturbed(const Breeding& o, const Space& space, const Point& from, Rng& rng) {
  std::vector<double> unit = encode(space, from);
  for (std::size_t i = 0; i < space.size(); ++i) {
    const Parameter& parameter = space[i];
    if (is_kept(o, parameter.name)) {
      if (std::isnan(unit[i])) unit[i] = 0.5;
      continue;
    }
    const Value* value = from.find(parameter.name);
    const bool anew = value == nullptr || std::isnan(unit[i]) || rng.uniform() < 0.25;
    unit[i] = anew ? rng.uniform() : changed_unit(parameter.distribution, *value, rng);
  }
  return unit;
}

// Of the pb2 kind: what a model of the gains that parameters brought so far expects most of.
std::vector<double> by_model(const Breeding& o, const History& history, const Trial& parent,
                             double rung, Rng& rng) {
  const Space& space = history.space();
  const std::vector<double> own = encode(space, parent.point);
  std::vector<char> free(space.size(), 0);
  for (std::size_t i = 0; i < space.size(); ++i) {
    const bool numeric = !is_categorical(space[i].distribution);
    free[i] = numeric && !is_kept(o, space[i].name) && !std::isnan(own[i]) ? 1 : 0;
  }
  const double full = o.rungs.back();
  return most_promising(gains_of(history, full), own, free, rung / full, rng);
}

// What goes on from that checkpoint already: the same parameters would be the same training again.
std::vector<Point> taken(const History& history, const Trial& parent) {
  std::vector<Point> points = {parent.point};
  for (const Trial& trial : history.trials()) {
    if (parent_of(trial.note) == parent.number) points.push_back(trial.point);
  }
  return points;
}

Point explored(const Breeding& o, const History& history, const Trial& parent, double rung,
               Rng& rng) {
  const Space& space = history.space();
  const std::vector<Point> known = taken(history, parent);
  std::optional<Point> allowed;  // a small space may have nothing else
  for (int attempt = 0; attempt < 20; ++attempt) {
    std::vector<double> unit = perturbed(o, space, parent.point, rng);
    if (o.budget.method == "pb2") {
      // The model has no idea of choices without an order: these are changed by chance.
      const std::vector<double> model = by_model(o, history, parent, rung, rng);
      for (std::size_t i = 0; i < model.size(); ++i) {
        if (!std::isnan(model[i])) unit[i] = model[i];
      }
    }
    Point point = decode(space, unit);
    if (!feasible(space, point)) continue;
    if (std::ranges::find(known, point) == known.end()) return point;
    if (!allowed) allowed = std::move(point);
  }
  return allowed.value_or(parent.point);
}

// How the member goes on from the generation before.
Proposal next_leg(const Breeding& o, const History& history, const Generation& before,
                  std::size_t member, double rung, Rng& rng) {
  const std::vector<std::size_t> order = ranked(history, before);
  const auto tail = std::max<std::size_t>(
      1, static_cast<std::size_t>(o.budget.share * static_cast<double>(order.size())));
  const auto place = static_cast<std::size_t>(std::ranges::find(order, member) - order.begin());
  const Trial& own = *before[member];
  const Note common = {
      {budget_note, rung},
      {full_budget_note, o.rungs.back()},
      {member_note, static_cast<double>(member)},
  };
  const bool failed = own.values.empty();
  if (place + tail < order.size() && !failed) {
    Proposal same{own.point, own.by, common};
    same.note[continues_note] = own.number;
    return same;
  }
  const Trial* parent = before[order[rng.below(tail)]];
  if (parent->values.empty()) parent = before[order.front()];  // few are left
  Proposal proposal{explored(o, history, *parent, rung, rng), o.budget.method, common};
  proposal.note[continues_note] = parent->number;
  proposal.note[replaced_note] = own.number;
  return proposal;
}

std::optional<Proposal> newborn(const Breeding& o, const History& history, std::size_t member,
                                Rng& rng) {
  std::optional<Proposal> proposal = o.fresh(history, rng);
  if (!proposal) return std::nullopt;
  proposal->note[budget_note] = o.rungs.front();
  proposal->note[full_budget_note] = o.rungs.back();
  proposal->note[member_note] = static_cast<double>(member);
  return proposal;
}

}  // namespace

Sampler population(const Budget& budget, Sampler fresh) {
  const Breeding o{budget, rungs_of(budget), std::move(fresh)};
  return [o](const History& history, Rng& rng) -> std::optional<Proposal> {
    Generation before;
    for (std::size_t rung = 0; rung < o.rungs.size(); ++rung) {
      const Generation members = generation(o, history, o.rungs[rung]);
      const auto ready = [](const Trial* t) { return t != nullptr && t->finished(); };
      if (rung > 0) {
        // A generation is judged as a whole, so that the same seed gives the same schedule.
        if (!std::ranges::all_of(before, ready)) return std::nullopt;
        const auto works = [](const Trial* t) { return !t->values.empty(); };
        if (std::ranges::none_of(before, works)) return std::nullopt;
      }
      for (std::size_t member = 0; member < members.size(); ++member) {
        if (members[member] != nullptr || is_queued(history, member, o.rungs[rung])) continue;
        if (rung == 0) return newborn(o, history, member, rng);
        return next_leg(o, history, before, member, o.rungs[rung], rng);
      }
      before = members;
    }
    return std::nullopt;
  };
}

}  // namespace caviar
