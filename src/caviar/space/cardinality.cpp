// How many configurations a space has: a walk over the values that conditions can tell apart.
//
// Only parameters that conditions name are branched on, values between which no condition
// distinguishes count as one branch, and parts of the condition graph that no longer touch each
// other are counted apart and multiplied. On a tree of conditions that takes time linear in its
// size.
#include <algorithm>
#include <limits>

#include "caviar/space/space.hpp"

namespace caviar {
namespace {

using Count = std::optional<std::uint64_t>;  // nullopt: infinite or beyond 2^63
using Indices = std::vector<std::size_t>;

constexpr std::uint64_t most = std::uint64_t{1} << 63;

Count times(Count a, Count b) {
  if (!a || !b || *a > most || *b > most) return std::nullopt;
  if (*b != 0 && *a > most / *b) return std::nullopt;
  return *a * *b;
}

Count plus(Count a, Count b) {
  if (!a || !b || *a > most - *b) return std::nullopt;
  return *a + *b;
}

struct Segment {
  Value value;          // one of them
  std::uint64_t count;  // so many values make every condition answer alike
};

class Counter {
 public:
  explicit Counter(const Space& space)
      : space_(space), children_(space.size()), conditions_(space.size()) {
    for (std::size_t i = 0; i < space.size(); ++i) {
      for (const Condition& condition : space[i].when) {
        const std::size_t parent = *space.index(condition.parameter);
        conditions_[parent].push_back(&condition);
        if (children_[parent].empty() || children_[parent].back() != i) {
          children_[parent].push_back(i);
        }
      }
    }
  }

  // Configurations of the parameters in `open`, given the values of those decided in `point`.
  Count count(const Indices& open, const Point& point) const {
    Count product = 1;
    for (const Indices& part : parts(open)) {
      product = times(product, count_part(part, point));
      if (!product) return std::nullopt;
    }
    return product;
  }

 private:
  // One connected part; its first parameter waits for no other one in it.
  Count count_part(const Indices& part, const Point& point) const {
    const Parameter& first = space_[part.front()];
    const Indices rest(part.begin() + 1, part.end());
    if (!active(first, point)) return count(rest, point);
    const Count values = cardinality(first.distribution);
    if (rest.empty()) return times(values, 1);
    if (!values) return std::nullopt;
    Count sum = 0;
    for (const Segment& segment : segments(part.front(), *values)) {
      Point next = point;
      next.set(first.name, segment.value);
      sum = plus(sum, times(segment.count, count(rest, next)));
      if (!sum) return std::nullopt;
    }
    return sum;
  }

  std::vector<Segment> segments(std::size_t parent, std::uint64_t values) const;
  std::vector<Indices> parts(const Indices& open) const;

  const Space& space_;
  std::vector<Indices> children_;                          // by parameter, once each
  std::vector<std::vector<const Condition*>> conditions_;  // on each parameter
};

// The first index whose value is not below (or, past equal, above) the limit; values rise.
std::uint64_t first_from(const Distribution& distribution, std::uint64_t values, double limit,
                         bool past_equal) {
  std::uint64_t low = 0, high = values;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const double value = *as_number(value_at(distribution, middle));
    if (value < limit || (past_equal && value == limit)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::vector<Segment> Counter::segments(std::size_t parent, std::uint64_t values) const {
  const Distribution& distribution = space_[parent].distribution;
  std::vector<Segment> segments;
  if (const auto* choice = std::get_if<Choice>(&distribution)) {
    for (const Value& value : choice->values) segments.push_back({value, 1});
    return segments;
  }
  std::vector<std::uint64_t> starts = {0, values};
  for (const Condition* condition : conditions_[parent]) {
    for (const Value& value : condition->values) {
      const double limit = as_number(value).value_or(0);
      starts.push_back(first_from(distribution, values, limit, false));
      starts.push_back(first_from(distribution, values, limit, true));
    }
  }
  std::ranges::sort(starts);
  for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
    if (starts[i] == starts[i + 1]) continue;
    segments.push_back({value_at(distribution, starts[i]), starts[i + 1] - starts[i]});
  }
  return segments;
}

// The connected parts of the condition graph over `open`, each in topological order.
std::vector<Indices> Counter::parts(const Indices& open) const {
  std::vector<std::size_t> label(space_.size(), space_.size());
  for (const std::size_t i : open) label[i] = i;
  for (const std::size_t parent : open) {
    for (const std::size_t child : children_[parent]) {
      if (label[child] == space_.size()) continue;
      const std::size_t from = label[child], to = label[parent];
      for (const std::size_t i : open) {
        if (label[i] == from) label[i] = to;
      }
    }
  }
  std::vector<Indices> parts;
  std::vector<std::size_t> place(space_.size(), space_.size());
  for (const std::size_t i : open) {
    if (place[label[i]] == space_.size()) {
      place[label[i]] = parts.size();
      parts.emplace_back();
    }
    parts[place[label[i]]].push_back(i);
  }
  return parts;
}

}  // namespace

std::optional<std::uint64_t> Space::cardinality() const {
  return Counter(*this).count(order_, Point());
}

}  // namespace caviar
