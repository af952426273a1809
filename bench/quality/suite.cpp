#include "suite.hpp"

#include <algorithm>
#include <iterator>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"

namespace caviar::quality {

std::span<const Problem> problems() {
  static const std::vector<Problem> all = [] {
    std::vector<Problem> joined;
    for (const auto family :
         {bbob_problems, classic_problems, mixed_problems, conditional_problems, noisy_problems,
          failing_problems, constrained_problems, table_problems, training_problems}) {
      std::ranges::move(family(), std::back_inserter(joined));
    }
    return joined;
  }();
  return all;
}

const Problem& problem(const std::string& name) {
  const auto found = std::ranges::find(problems(), name, &Problem::name);
  if (found != problems().end()) return *found;
  std::vector<std::string> known;
  for (const Problem& other : problems()) known.push_back(other.name);
  throw Error(Fault::input, "problem: there is no '" + name + "'" + suggestion(name, known));
}

}  // namespace caviar::quality
