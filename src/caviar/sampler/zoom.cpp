// Coarse to fine: Sobol points over the whole space, then again in a box around the best trial that
// shrinks from round to round.
//
// The notes of a trial say which round it belongs to and show its box in the unit cube; the next
// trial of the round reads the box back from there. On a categorical parameter the box is the cell
// of the favoured choice: a share of the draws, the box's side, still goes to all choices.
#include <algorithm>
#include <cmath>

#include "caviar/sampler/drawing.hpp"
#include "caviar/sampler/entry.hpp"

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
  field("smallest", o.smallest, "side at which the box shrinks no further", 1e-9, 1);
}

void prepare(Zoom& o, const Setup& setup) { o.seed = setup.seed; }

struct Interval {
  double low = 0, high = 1;
};
struct Round {
  int number = 0;
  int draw = 0;  // place within the round
  std::vector<Interval> box;
};

double side(const Zoom& o, int round) { return std::max(o.smallest, std::pow(o.shrink, round)); }

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

std::vector<Interval> new_box(const Zoom& o, const History& history, int round) {
  const Space& space = history.space();
  std::vector<Interval> box(space.size());
  const Trial* best = history.best();
  for (std::size_t i = 0; best != nullptr && i < box.size(); ++i) {
    box[i] = interval(space[i].distribution, best->unit[i], side(o, round));
  }
  return box;
}

std::string box_key(const Parameter& parameter, const char* end) {
  return "box." + parameter.name + "." + end;
}

Round noted_round(const Space& space, const Note& note) {
  const auto number = [&](const std::string& key, double otherwise) {
    const auto found = note.find(key);
    return found == note.end() ? otherwise : found->second;
  };
  Round round{static_cast<int>(number("round", 0)), static_cast<int>(number("draw", 0)), {}};
  for (const Parameter& parameter : space.parameters()) {
    round.box.push_back(
        {number(box_key(parameter, "low"), 0), number(box_key(parameter, "high"), 1)});
  }
  return round;
}

Round next_round(const Zoom& o, const History& history) {
  const Trial* latest = last_trial(history, "zoom");
  if (latest == nullptr) return {0, 0, std::vector<Interval>(history.space().size())};
  Round round = noted_round(history.space(), latest->note);
  if (++round.draw < o.per_round) return round;
  // Without any result yet there is nothing to zoom into.
  const int number = history.best() == nullptr ? round.number : round.number + 1;
  return {number, 0, new_box(o, history, number)};
}

Note note_of(const Space& space, const Round& round, std::uint64_t index) {
  Note note = {
      {"round", round.number}, {"draw", round.draw}, {"index", static_cast<double>(index)}};
  for (std::size_t i = 0; i < space.size(); ++i) {
    note[box_key(space[i], "low")] = round.box[i].low;
    note[box_key(space[i], "high")] = round.box[i].high;
  }
  return note;
}

std::optional<Proposal> propose(const Zoom& o, const History& history, Rng& rng) {
  const Space& space = history.space();
  const Round round = next_round(o, history);
  const double free_share = side(o, round.number);
  auto index = static_cast<std::uint64_t>(last_note(history, "zoom", "index").value_or(0));
  std::optional<Point> point = next_sobol(history, o.seed, index, [&](std::span<double> unit) {
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
