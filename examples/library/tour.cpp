// What docs/library.md shows, as a program: each function is one of its sections.
#include <cmath>
#include <cstdio>
#include <fstream>
#include <string>

#include <caviar/caviar.hpp>

using namespace caviar;

Space network() {
  return Space({{.name = "rate", .distribution = Float{1e-5, 0.1, Scale::log}, .tier = 1},
                {.name = "layers", .distribution = Int{1, 5}},
                {.name = "optimizer", .distribution = Choice{{"adam", "momentum"}}},
                {.name = "momentum",
                 .distribution = Float{0.8, 0.999, Scale::reverse_log},
                 .when = {{"optimizer", Comparison::one_of, {"momentum"}}}},
                {.name = "units", .distribution = Int{8, 256, Scale::log}},
                {.name = "bottleneck", .distribution = Int{8, 256, Scale::log}}},
               {parse_constraint("bottleneck <= units", "constraints")});
}

// Stands for a training: the loss after an epoch.
double loss_after(int epoch, double rate, std::int64_t layers) {
  return std::pow(std::log10(rate) + 3, 2) + 0.1 * std::abs(double(layers) - 3) + 1.0 / epoch;
}

double train(ActiveTrial& trial) {
  const double rate = std::get<double>(trial.point().at("rate"));
  const auto layers = std::get<std::int64_t>(trial.point().at("layers"));
  double loss = 0;
  for (int epoch = 1; epoch <= 10; ++epoch) {
    loss = loss_after(epoch, rate, layers);
    if (trial.report(epoch, loss) == Flow::stop) return loss;  // counts as pruned
  }
  return loss;
}

void search_with_threads() {
  Study study({.name = "network",
               .space = network(),
               .search = {.sampler = "tpe",
                          .seed = 7,
                          .options = Node::parse_yaml("{startup: 8}", "options")},
               .pruner = Node::parse_yaml("median", "pruner")});
  const OptimizeResult result =
      study.optimize(train, {.trials = 60, .jobs = 4, .patience = 30, .max_failed = 10});
  if (const auto best = study.best()) {
    std::printf("%d trials, the best: %s\n", result.ran, to_text(best->point).c_str());
  }
}

void two_objectives() {
  Study study({.name = "bargain",
               .space = network(),
               .goal = {.metric = "loss",
                        .directions = {Direction::minimize, Direction::minimize},
                        .others = {"size"},
                        .bounds = {*parse_bound("latency_ms", "<= 20")}},
               .search = {.sampler = "gp"}});
  const auto objective = [](ActiveTrial& trial) {
    const auto units = double(std::get<std::int64_t>(trial.point().at("units")));
    trial.set_metric("size", units);                 // the second objective
    trial.set_metric("latency_ms", 2 + units / 10);  // the bound's
    return 1 / std::sqrt(units);                     // the first
  };
  study.optimize(objective, {.trials = 30});
  const History history = study.history();
  for (const int number : pareto_front(history)) {
    const Trial& trial = history.trials()[std::size_t(number)];
    std::printf("loss %.3f size %.0f\n", trial.values[0], trial.values[1]);
  }
}

void ask_and_tell() {
  Study study({.name = "mine", .space = network()}, open_storage("sqlite:mine.db"));
  study.keep_to({.trials = 20, .target = 0.2});
  study.enqueue(Point{{"rate", 0.01}, {"layers", std::int64_t{2}}});  // the rest by the search
  while (const auto trial = study.ask()) {
    const double rate = std::get<double>(trial->point.at("rate"));
    if (rate > 0.09) {
      study.fail(trial->number, "diverged");
    } else {
      study.tell(trial->number, loss_after(10, rate, 3), {{"seconds", 1.5}});
    }
  }
}

void what_was_found() {
  const Study study = Study::open("mine", open_storage("sqlite:mine.db"));
  const History history = study.history();
  if (const auto shares = importance(history)) {
    for (const auto& [parameter, share, spread, above_chance] : shares->parameters) {
      std::printf("%-10s %3.0f %% ± %.0f\n", history.space()[parameter].name.c_str(), 100 * share,
                  100 * spread);
    }
  }
  std::ofstream("mine.html") << report_html(study.spec(), history);
}

int main() {
  try {
    search_with_threads();
    two_objectives();
    ask_and_tell();
    what_was_found();
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
