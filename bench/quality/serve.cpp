#include "serve.hpp"

#include <cmath>
#include <istream>
#include <ostream>
#include <string>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/node.hpp"
#include "caviar/space/space_text.hpp"

#include "suite.hpp"

namespace caviar::quality {
namespace {

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json list() {
  Json described = Json::array();
  for (const Problem& problem : problems()) {
    described.push_back({{"name", problem.name},
                         {"family", problem.family},
                         {"held_out", problem.held_out},
                         {"best", problem.best},
                         {"space", to_json(problem.space)}});
  }
  return {{"problems", described}};
}

Json judged(Fields& fields) {
  const Problem& asked = problem(fields.need("problem").text());
  const auto seed = static_cast<std::uint64_t>(fields.need("seed").integer());
  const auto trial = static_cast<int>(fields.need("trial").integer());
  const Point point = parse_point(fields.need("point"));
  fields.done();
  if (!feasible(asked.space, point)) return {{"infeasible", true}};
  const double loss = asked.loss(checked(asked.space, point, "point"));
  const double report = observed(asked, loss, seed, trial);
  return {{"report", number_or_null(report)}, {"loss", number_or_null(loss)}};
}

Json answer(const std::string& line) {
  try {
    const Node request = Node::parse_json(line, "request");
    if (request.find("list") != nullptr) return list();
    Fields fields(request);
    return judged(fields);
  } catch (const Error& error) {
    return {{"error", error.what()}};
  }
}

}  // namespace

void serve(std::istream& in, std::ostream& out) {
  for (std::string line; std::getline(in, line);) out << answer(line).dump() << std::endl;
}

}  // namespace caviar::quality
