// Coarse to fine: Sobol points over the whole space, then again in a box around the best trial that
// shrinks from round to round.
//
// A box must not close in on the wrong place. Where a round finds its best at the edge of the box,
// what is looked for may lie beyond: the box moves there without shrinking, and grows again where
// the next round finds the same. After three rounds that found nothing better, or one in the
// smallest box, it begins anew: a descent of its own over the whole space, which knows no earlier
// trial, so that it may end elsewhere.
//
// The notes of a trial say which round it belongs to and show its box in the unit cube; the next
// trial of the round reads the box back from there. On a categorical parameter the box is the cell
// of the favoured choice: a share of the draws, the box's side, still goes to all choices.
#include <algorithm>
#include <cmath>
#include <ranges>

#include "caviar/sampler/drawing.hpp"
#include "caviar/sampler/entry.hpp"
#include "caviar/sampler/hunches.hpp"
#include "caviar/trial/front.hpp"

namespace caviar {
namespace {

struct Zoom {
  int per_round = 10;
  double shrink = 0.5;
  double smallest = 0.001;
  std::uint64_t seed = 0;
};

void fields(Zoom& o, auto&& field) {
  field("per_round", o.per_round, "trials of a round, before the box shrinks", 1, 1e6);
  field("shrink", o.shrink, "side of the next round's box, as a share of this one's", 0.01, 1);
  field("smallest", o.smallest, "side of the last box, after which it begins anew", 1e-9, 1);
}

void prepare(Zoom& o, const Setup& setup) { o.seed = setup.seed; }

struct Interval {
  double low = 0, high = 1;
};
struct Round {
  int number = 0;
  int draw = 0;   // place within the round
  int level = 0;  // how often the box has shrunk
  int descent = 0;
  int since = 0;   // the first trial of the descent
  int missed = 0;  // rounds in a row, before this one, that found nothing better
  int edges = 0;   // and that found their best at the edge of their box
  std::vector<Interval> box;
};

constexpr int most_missed = 3;
constexpr double by_chance = 0.2;  // how often a place drawn from the box counts as at its edge

double side(const Zoom& o, int level) { return std::max(o.smallest, std::pow(o.shrink, level)); }

// An interval of this side around the centre, moved to lie inside [0, 1].
Interval around(double centre, double side) {
  const double low = std::clamp(centre - side / 2, 0.0, std::max(0.0, 1 - side));
  return {low, std::min(1.0, low + side)};
}

Interval interval(const Distribution& distribution, double centre, double side) {
  if (std::isnan(centre) || side >= 1) return {};  // inactive in the best trial
  const std::optional<std::uint64_t> values = cardinality(distribution);
  const double cell = values ? 1 / static_cast<double>(*values) : 0;
  if (is_categorical(distribution)) return around(centre, cell);
  return around(centre, std::min(1.0, std::max(side, 3 * cell)));  // both neighbours in reach
}

std::vector<Interval> box_around(const Zoom& o, const Space& space, const Trial& best, int level) {
  std::vector<Interval> box(space.size());
  for (std::size_t i = 0; i < box.size(); ++i) {
    box[i] = interval(space[i].distribution, best.unit[i], side(o, level));
  }
  return box;
}

// The best trial from this number on; nullptr where there is none.
const Trial* leader_since(const History& history, int since) {
  const Trial* best = history.best();
  if (best != nullptr && best->number >= since) return best;
  best = nullptr;
  const auto from = std::min(static_cast<std::size_t>(since), history.trials().size());
  for (const Trial& trial : history.trials().subspan(from)) {
    if (!is_solution(history.goal(), trial)) continue;
    if (best == nullptr || better(history.goal(), trial, *best)) best = &trial;
  }
  return best;
}

// The number of the round's first trial.
int begin_of(const History& history, int round) {
  int first = static_cast<int>(history.trials().size());
  for (const Trial& trial : history.trials() | std::views::reverse) {
    if (trial.by != "zoom" || trial.ticket) continue;
    const std::optional<double> own = number_in(trial.note, "round");
    if (!own || *own != round) break;
    first = trial.number;
  }
  return first;
}

bool at_edge(const Space& space, const std::vector<Interval>& box, const Trial& trial) {
  const auto axes = static_cast<double>(std::max<std::size_t>(box.size(), 1));
  const double edge = (1 - std::pow(1 - by_chance, 1 / axes)) / 2;  // of the box's side
  for (std::size_t i = 0; i < box.size(); ++i) {
    if (is_categorical(space[i].distribution) || std::isnan(trial.unit[i])) continue;
    const double margin = edge * (box[i].high - box[i].low);
    if (box[i].low > 0 && trial.unit[i] < box[i].low + margin) return true;
    if (box[i].high < 1 && trial.unit[i] > box[i].high - margin) return true;
  }
  return false;
}

std::string box_key(const Parameter& parameter, const char* end) {
  return "box." + parameter.name + "." + end;
}

Round noted_round(const Space& space, const Note& note) {
  const auto number = [&](const std::string& key, double otherwise) {
    const auto found = note.find(key);
    return found == note.end() ? otherwise : found->second;
  };
  const auto whole = [&](const char* key) { return static_cast<int>(number(key, 0)); };
  Round round{whole("round"), whole("draw"),   whole("level"), whole("descent"),
              whole("since"), whole("missed"), whole("edges"), {}};
  for (const Parameter& parameter : space.parameters()) {
    round.box.push_back(
        {number(box_key(parameter, "low"), 0), number(box_key(parameter, "high"), 1)});
  }
  return round;
}

Round after(const Zoom& o, const History& history, Round round) {
  const Space& space = history.space();
  const Trial* leader = leader_since(history, round.since);
  round.draw = 0;
  // Without any result yet there is nothing to zoom into.
  if (leader == nullptr) return round;
  const bool improved = leader->number >= begin_of(history, round.number);
  round.missed = improved ? 0 : round.missed + 1;
  ++round.number;
  if (round.missed >= most_missed || side(o, round.level) <= o.smallest) {
    const auto asked = static_cast<int>(history.trials().size());
    return {round.number, 0, 0, round.descent + 1,
            asked,        0, 0, std::vector<Interval>(space.size())};
  }
  if (improved && at_edge(space, round.box, *leader)) {
    if (++round.edges > 1) round.level = std::max(0, round.level - 1);
  } else {
    round.edges = 0;
    ++round.level;
  }
  round.box = box_around(o, space, *leader, round.level);
  return round;
}

Round next_round(const Zoom& o, const History& history) {
  const Trial* latest = last_trial(history, "zoom");
  if (latest == nullptr) {
    Round round;
    round.box.resize(history.space().size());
    return round;
  }
  Round round = noted_round(history.space(), latest->note);
  return ++round.draw < o.per_round ? round : after(o, history, std::move(round));
}

Note note_of(const Space& space, const Round& round, std::uint64_t index) {
  Note note = {{"round", round.number},    {"draw", round.draw},
               {"level", round.level},     {"index", static_cast<double>(index)},
               {"descent", round.descent}, {"since", round.since},
               {"missed", round.missed},   {"edges", round.edges}};
  for (std::size_t i = 0; i < space.size(); ++i) {
    note[box_key(space[i], "low")] = round.box[i].low;
    note[box_key(space[i], "high")] = round.box[i].high;
  }
  return note;
}

std::optional<Proposal> propose(const Zoom& o, const History& history, Rng& rng) {
  const Space& space = history.space();
  const Round round = next_round(o, history);
  const double free_share = side(o, round.level);
  auto index = static_cast<std::uint64_t>(last_note(history, "zoom", "index").value_or(0));
  const double believed = hunch_share(history.trials().size());
  std::optional<Point> point = next_sobol(history, o.seed, index, [&](std::span<double> unit) {
    // A round over the whole space goes by what a person believes; boxes are around what was found.
    if (round.level == 0) place_by_hunches(space, believed, unit);
    for (std::size_t i = 0; i < unit.size(); ++i) {
      const Interval in = round.box[i];
      const bool anywhere = is_categorical(space[i].distribution) && unit[i] < free_share;
      unit[i] = anywhere ? unit[i] / free_share : in.low + unit[i] * (in.high - in.low);
    }
  });
  Note note = note_of(space, round, index);
  if (!point) {
    point = uniform_point(space, rng);
    note["fallback"] = 1;
  }
  return Proposal{std::move(*point), "", std::move(note)};
}

}  // namespace

Entry zoom_sampler() {
  return sampler_entry<Zoom>("zoom", "coarse to fine: a box around the best trial that shrinks");
}

}  // namespace caviar
