// What asking costs: one ask and one tell, by sampler and length of history, on five parameters of
// different kinds. Medians of processor time, so that a busy machine does not disturb them.
//
//   ask_bench [SAMPLER…]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "caviar/base/node.hpp"
#include "caviar/math/stats.hpp"
#include "caviar/sampler/sampler.hpp"
#include "caviar/space/unit.hpp"

namespace {

using namespace caviar;

Space mixed_space() {
  return Space({{"learning_rate", Float{1e-5, 1, Scale::log}, {}, 0},
                {"dropout", Float{0, 0.8}, {}, 0},
                {"layers", Int{1, 16}, {}, 0},
                {"units", Int{8, 1024, Scale::log}, {}, 0},
                {"optimizer",
                 Choice{{std::string("sgd"), std::string("momentum"), std::string("adam"),
                         std::string("rmsprop")}},
                 {},
                 0}});
}

double loss(const std::vector<double>& unit, Rng& rng) {
  double sum = 0;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    sum += std::pow(unit[i] - 0.2 - 0.1 * static_cast<double>(i), 2);
  }
  return sum + 0.01 * rng.normal();
}

SearchSpec spec_of(const std::string& sampler, const Space& space) {
  SearchSpec spec{sampler, 1, {}};
  if (sampler == "grid") spec.options = Node::parse_yaml("{points: 10}", "bench");
  if (sampler == "manual") {
    std::string list = "{configurations: [";
    Rng rng(3);
    for (int i = 0; i < 12500; ++i) {
      const Point point = *draw(space, rng);
      list += i == 0 ? "{" : ", {";
      for (const auto& [name, value] : point.entries()) list += name + ": " + to_text(value) + ", ";
      list += "}";
    }
    spec.options = Node::parse_yaml(list + "]}", "bench");
  }
  return spec;
}

void append(History& history, Proposal proposal, Rng& rng) {
  Asked asked;
  asked.trial = static_cast<int>(history.trials().size());
  asked.proposal = std::move(proposal);
  history.apply(asked);
  Ended ended;
  ended.trial = asked.trial;
  ended.values = {loss(history.trials().back().unit, rng)};
  history.apply(ended);
}

double processor_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e6 * static_cast<double>(now.tv_sec) + 1e-3 * static_cast<double>(now.tv_nsec);
}

// Microseconds of one ask and tell after `trials` of them.
double microseconds(const std::string& name, int trials) {
  const Space space = mixed_space();
  const Sampler sampler = without_repeats(make_sampler(spec_of(name, space), space));
  History history(space, {});
  Rng noise(7);
  const bool model = name == "gp" || name == "auto" || name == "forest";
  // Not so many that the history would be another one at the end.
  const int repeats = model ? 21 : std::clamp(trials / 4, 25, 2001);
  while (static_cast<int>(history.trials().size()) < trials) {
    Rng rng(1, history.trials().size());
    append(history, model ? Proposal{*draw(space, rng), "random", {}} : *sampler(history, rng),
           noise);
  }
  std::vector<double> times;
  for (int k = 0; k < repeats; ++k) {
    Rng rng(1, history.trials().size());
    const double start = processor_microseconds();
    append(history, *sampler(history, rng), noise);
    times.push_back(processor_microseconds() - start);
  }
  return median(times);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> names(argv + 1, argv + argc);
  if (names.empty()) {
    for (const SamplerInfo& info : list_samplers()) names.push_back(info.name);
  }
  std::printf("ask and tell, microseconds a trial (median)\n%-10s%12s%12s%12s\n", "sampler",
              "n=100", "n=1000", "n=10000");
  for (const std::string& name : names) {
    std::printf("%-10s", name.c_str());
    for (const int trials : {100, 1000, 10000}) {
      std::printf("%12.1f", microseconds(name, trials));
      std::fflush(stdout);
    }
    std::printf("\n");
  }
}
