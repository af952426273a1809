// A person's own list of configurations, in its order.
#include <unordered_set>

#include "caviar/base/error.hpp"
#include "caviar/sampler/drawing.hpp"
#include "caviar/sampler/entry.hpp"
#include "caviar/space/space_text.hpp"

namespace caviar {
namespace {

struct Manual {
  Node configurations;
  std::vector<Point> points;
};

void fields(Manual& o, auto&& field) {
  field("configurations", o.configurations, "the list: [{learning_rate: 0.1, units: 64}, …]");
}

void prepare(Manual& o, const Setup& setup) {
  if (o.configurations.is_null()) {
    throw Error(Fault::input,
                "search.configurations: missing; the manual sampler needs a list of "
                "configurations, for example [{learning_rate: 0.1, units: 64}]");
  }
  std::unordered_set<std::string> keys;
  for (const Node& item : o.configurations.items()) {
    Point point = checked(setup.space, parse_point(item), item.where());
    if (keys.insert(point.key()).second) o.points.push_back(std::move(point));
  }
}

std::optional<std::uint64_t> planned(const Manual& o, const Space&) { return o.points.size(); }

std::optional<Proposal> propose(const Manual& o, const History& history, Rng&) {
  auto index = static_cast<std::size_t>(last_note(history, "manual", "index").value_or(0));
  for (; index < o.points.size(); ++index) {
    if (history.seen(o.points[index]) > 0) continue;  // enqueued before its turn
    return Proposal{o.points[index], "", {{"index", static_cast<double>(index + 1)}}};
  }
  return std::nullopt;
}

}  // namespace

Entry manual_sampler() {
  return sampler_entry<Manual>("manual", "runs a list of configurations that you wrote");
}

}  // namespace caviar
