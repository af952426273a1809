// What an objective sees: values by name, and the way to say how it is going.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

#include "caviar/base/clock.hpp"
#include "caviar/base/error.hpp"
#include "caviar/study/study_state.hpp"

namespace caviar {

// The complement of the seed: the sampler has drawn from the seed itself.
ActiveTrial::ActiveTrial(Study& study, Trial trial)
    : study_(study),
      trial_(std::move(trial)),
      rng_(~study.spec().search.seed, static_cast<std::uint64_t>(trial_.number)) {}

double ActiveTrial::suggest_float(const std::string& name, double low, double high, Scale scale,
                                  double step) {
  return std::get<double>(suggest(name, Float{low, high, scale, step}));
}

std::int64_t ActiveTrial::suggest_int(const std::string& name, std::int64_t low, std::int64_t high,
                                      Scale scale, std::int64_t step) {
  return std::get<std::int64_t>(suggest(name, Int{low, high, scale, step}));
}

std::string ActiveTrial::suggest_categorical(const std::string& name,
                                             const std::vector<std::string>& choices) {
  return std::get<std::string>(suggest(name, Choice{{choices.begin(), choices.end()}, false}));
}

Value ActiveTrial::suggest(const std::string& name, const Distribution& distribution) {
  study_.state_->change([&] { study_.state_->need(name, distribution); });
  const Space& declared = study_.spec().space;
  if (!used_) {
    used_.emplace();
    for (const auto& [known, value] : trial_.point.entries()) {
      if (declared.index(known)) used_->set(known, value);
    }
  }
  if (const Value* value = used_->find(name)) return *value;
  if (declared.index(name)) {
    throw Error(Fault::input, "parameter '" + name + "' asked for in trial " +
                                  std::to_string(number()) + ", where its condition does not hold");
  }
  const Value* proposed = trial_.point.find(name);
  if (proposed != nullptr && !contains(distribution, *proposed)) {
    throw Error(Fault::input, "parameter '" + name + "': " + to_text(*proposed) +
                                  " was enqueued, but the objective asked for " +
                                  describe(distribution));
  }
  const Value value = proposed != nullptr ? normalised(distribution, *proposed)
                                          : decode(distribution, rng_.uniform());
  used_->set(name, value);
  return value;
}

const Goal& ActiveTrial::goal() const { return study_.spec().goal; }

Flow ActiveTrial::report(std::int64_t step, double value) {
  std::vector<double> values = {value};
  for (std::size_t k = 1; k < goal().objectives(); ++k) {
    const auto found = metrics_.find(goal().name(k));
    values.push_back(found == metrics_.end() ? std::nan("") : found->second);
  }
  try {
    if (study_.report(number(), step, values) == Flow::stop) halted_ = true;
  } catch (const Error& error) {
    if (error.fault() != Fault::conflict) throw;
    lost_ = true;
  }
  return should_prune() ? Flow::stop : Flow::go;
}

Flow ActiveTrial::look() {
  study_.inspect([this](const History& history) {
    const Trial& now = history.trials()[static_cast<std::size_t>(number())];
    halted_ = halted_ || (now.stop_wanted && !now.finished());
    lost_ = now.finished();
  });
  return should_prune() ? Flow::stop : Flow::go;
}

std::vector<Trial> ActiveTrial::ancestors() const {
  std::vector<Trial> found;
  study_.inspect([&](const History& history) {
    const Trial& own = history.trials()[static_cast<std::size_t>(number())];
    for (const Trial* trial : history.line_of(own)) found.push_back(*trial);
  });
  found.pop_back();  // itself
  return found;
}

std::vector<Steering> ActiveTrial::steering() {
  std::vector<Steering> fresh;
  study_.inspect([&](const History& history) {
    const std::vector<Steering>& all =
        history.trials()[static_cast<std::size_t>(number())].steering;
    std::copy_if(all.begin() + static_cast<std::ptrdiff_t>(steered_), all.end(),
                 std::back_inserter(fresh),
                 [](const Steering& steering) { return steering.text.empty(); });
    steered_ = all.size();
  });
  return fresh;
}

void ActiveTrial::touched(const Point& change, const std::string& text) {
  study_.state_->change([&] {
    study_.state_->add(Steered{number(), {Steering::Kind::change, change, text}, unix_time()});
  });
}

void ActiveTrial::nursed(const Point& change, const std::string& text) {
  study_.state_->change([&] {
    study_.state_->add(Steered{number(), {Steering::Kind::nurse, change, text}, unix_time()});
  });
}

void ActiveTrial::answer(Steering::Kind kind, const std::string& text) {
  study_.state_->change(
      [&] { study_.state_->add(Steered{number(), {kind, {}, text}, unix_time()}); });
}

bool ActiveTrial::interrupted() const {
  if (interrupt_ && interrupt_()) cut_short_ = true;
  return cut_short_;
}

}  // namespace caviar
