// Every combination of some values of each parameter.
//
// A grid keeps no place of its own: the latest trial by the grid says where it stands, and the next
// combination is one step of an odometer from there.
#include <algorithm>
#include <limits>

#include "caviar/base/error.hpp"
#include "caviar/sampler/drawing.hpp"
#include "caviar/sampler/entry.hpp"

namespace caviar {
namespace {

constexpr std::uint64_t most_combinations = 1'000'000;

struct Grid {
  Node points;
  std::vector<std::vector<Value>> values;  // of each parameter of the space
};

void fields(Grid& o, auto&& field) {
  field("points", o.points,
        "values to take of each float and int: a number for all, or {learning_rate: 5, units: 3}");
}

// How many values of this parameter the user wants; nullopt: all there are.
std::optional<std::uint64_t> wanted(const Node& points, const Parameter& parameter) {
  const Node* count = &points;
  if (points.is_map()) count = points.find(parameter.name);
  if (count == nullptr || count->is_null()) return std::nullopt;
  const bool numeric = std::holds_alternative<Float>(parameter.distribution) ||
                       std::holds_alternative<Int>(parameter.distribution);
  if (!points.is_map() && !numeric) return std::nullopt;
  const std::int64_t number = count->integer();
  if (number < 1 || number > 100000) {
    count->fail(count->describe() + " given, expected a number of values from 1 to 100000");
  }
  return static_cast<std::uint64_t>(number);
}

[[noreturn]] void refuse_size(const std::string& size) {
  throw Error(Fault::input, "search: a grid of " + size + " combinations is more than " +
                                std::to_string(most_combinations) +
                                "; give fewer `points`, or take the sampler sobol");
}

std::vector<Value> values_of(const Grid& o, const Parameter& parameter) {
  const Distribution& distribution = parameter.distribution;
  if (const auto count = wanted(o.points, parameter)) return spread(distribution, *count);
  const std::optional<std::uint64_t> all = cardinality(distribution);
  if (!all) {
    throw Error(Fault::input, "search.points: a grid over '" + parameter.name + "' (" +
                                  describe(distribution) +
                                  ") is infinite; write how many values "
                                  "to take, `points: 5` or `points: {" +
                                  parameter.name + ": 5}`");
  }
  if (*all > most_combinations) refuse_size("at least " + std::to_string(*all));
  std::vector<Value> values;
  for (std::uint64_t i = 0; i < *all; ++i) values.push_back(value_at(distribution, i));
  return values;
}

// A place on the grid: for each parameter which of its values, none where it is inactive.
class Odometer {
 public:
  Odometer(const Grid& grid, const Space& space)
      : grid_(grid), space_(space), digits_(space.size(), 0) {
    settle(0);
  }
  // Stands where the point says; false, and at the start, where it is not on the grid.
  bool move_to(const Point& point) {
    for (std::size_t i = 0; i < digits_.size(); ++i) {
      const Value* value = point.find(space_[i].name);
      const auto& values = grid_.values[i];
      const auto found = std::ranges::find_if(
          values, [&](const Value& v) { return value != nullptr && same(v, *value); });
      if (value != nullptr && found == values.end()) {
        settle(0);
        return false;
      }
      digits_[i] = value == nullptr ? inactive : static_cast<std::size_t>(found - values.begin());
    }
    return true;
  }

  // The last parameter turns fastest. False at the end.
  bool advance() {
    for (std::size_t depth = space_.size(); depth-- > 0;) {
      const std::size_t i = space_.order()[depth];
      if (digits_[i] == inactive || digits_[i] + 1 == grid_.values[i].size()) continue;
      ++digits_[i];
      settle(depth + 1);
      return true;
    }
    return false;
  }

  Point point() const {
    Point result;
    for (std::size_t i = 0; i < digits_.size(); ++i) {
      if (digits_[i] != inactive) result.set(space_[i].name, grid_.values[i][digits_[i]]);
    }
    return result;
  }

 private:
  static constexpr std::size_t inactive = std::numeric_limits<std::size_t>::max();

  // Puts the parameters from this depth on to their first values, as far as those before activate
  // them.
  void settle(std::size_t depth) {
    Point before;
    for (std::size_t d = 0; d < space_.size(); ++d) {
      const std::size_t i = space_.order()[d];
      if (d >= depth) digits_[i] = active(space_[i], before) ? 0 : inactive;
      if (space_.has_conditions() && digits_[i] != inactive) {
        before.set(space_[i].name, grid_.values[i][digits_[i]]);
      }
    }
  }

  const Grid& grid_;
  const Space& space_;
  std::vector<std::size_t> digits_;
};

// Every combination that there could be, were all parameters always active.
double upper_bound(const Grid& o) {
  double product = 1;
  for (const auto& values : o.values) product *= static_cast<double>(values.size());
  return product;
}

std::string size_text(double size) {
  return size < 1e15 ? std::to_string(static_cast<std::uint64_t>(size)) : rounded_text(size);
}

std::uint64_t count(const Grid& o, const Space& space) {
  const bool walk = space.has_conditions() || !space.constraints().empty();
  const double bound = upper_bound(o);
  if (!walk && bound > most_combinations) refuse_size(size_text(bound));
  if (!walk) return static_cast<std::uint64_t>(bound);
  Odometer odometer(o, space);
  std::uint64_t steps = 0, found = 0;
  do {
    if (++steps > most_combinations) refuse_size("up to " + size_text(bound));
    if (feasible(space, odometer.point())) ++found;
  } while (odometer.advance());
  return found;
}

void prepare(Grid& o, const Setup& setup) {
  if (o.points.is_map()) {
    std::vector<std::string> known;
    for (const Parameter& parameter : setup.space.parameters()) known.push_back(parameter.name);
    for (const auto& [name, number] : o.points.entries()) {
      if (setup.space.index(name)) continue;
      number.fail("there is no parameter '" + name + "'" + suggestion(name, known));
    }
  }
  for (const Parameter& parameter : setup.space.parameters()) {
    o.values.push_back(values_of(o, parameter));
  }
  if (upper_bound(o) > most_combinations) count(o, setup.space);
}

std::optional<std::uint64_t> planned(const Grid& o, const Space& space) { return count(o, space); }

std::optional<Proposal> propose(const Grid& o, const History& history, Rng&) {
  const Space& space = history.space();
  if (space.size() != o.values.size()) {
    throw Error(Fault::input,
                "search.sampler: a grid needs a space that is declared beforehand, "
                "but the objective added parameters to it as it ran");
  }
  Odometer odometer(o, space);
  const Trial* latest = last_trial(history, "grid");
  if (latest != nullptr && odometer.move_to(latest->point) && !odometer.advance()) {
    return std::nullopt;
  }
  do {
    Point point = odometer.point();
    if (feasible(space, point) && history.seen(point) == 0)
      return Proposal{std::move(point), "", {}};
  } while (odometer.advance());
  return std::nullopt;
}

}  // namespace

Entry grid_sampler() {
  return sampler_entry<Grid>("grid", "runs every combination of some values of each parameter");
}

}  // namespace caviar
