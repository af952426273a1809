#include "caviar/study/study.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "caviar/base/clock.hpp"
#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/sampler/completion.hpp"
#include "caviar/sampler/lessons.hpp"
#include "caviar/study/open_study.hpp"
#include "caviar/study/study_state.hpp"
#include "caviar/trial/repeats.hpp"

namespace caviar {
namespace {

// As an error shows it: the text "5" is not the number 5.
std::string as_given(const Value& value) {
  return std::holds_alternative<std::string>(value) ? "'" + to_text(value) + "'" : to_text(value);
}

// A person's point, in the space's types; not all of its parameters. A study that is defined by run
// takes those that it has not met yet as well. `where` begins what an error says.
Point acceptable(const Space& space, bool define_by_run, const Point& point,
                 const std::string& where) {
  Point accepted;
  for (const auto& [name, value] : point.entries()) {
    const auto index = space.index(name);
    if (!index && define_by_run) {
      accepted.set(name, value);
      continue;
    }
    if (!index) checked(space, point, where);  // says which one is not known
    const Distribution& distribution = space[*index].distribution;
    if (!contains(distribution, value)) {
      std::string text = where;
      text += ": " + name + ": " + as_given(value) + " given, ";
      throw Error(Fault::input, text + describe(distribution) + " wanted");
    }
    accepted.set(name, normalised(distribution, value));
  }
  if (define_by_run) return accepted;
  if (const auto text = contradiction(space, accepted)) {
    throw Error(Fault::input, where + ": " + *text);
  }
  if (!is_complete(space, accepted)) return accepted;
  return checked(space, accepted, where);
}

// Whatever range is searched, a logarithm has its own.
void check_on_scale(Scale scale, double number, const std::string& where) {
  if (scale == Scale::linear || (scale == Scale::log ? number > 0 : number < 1)) return;
  throw Error(Fault::input, where + number_text(number) + " given, but its scale is " +
                                (scale == Scale::log ? "log: a number above 0 wanted"
                                                     : "reverse_log: a number below 1 wanted"));
}

// A running trial may be given a value outside its range, as long as the program can read it and it
// lies on the parameter's scale.
Value acceptable_change(const Space& space, const Trial& trial, const std::string& name,
                        const Value& value) {
  const std::string where = "steer: " + name + ": ";
  const auto index = space.index(name);
  if (!index || trial.point.find(name) == nullptr) {
    std::vector<std::string> known;
    for (const auto& [own, ignored] : trial.point.entries()) known.push_back(own);
    throw Error(Fault::input, where + "trial " + std::to_string(trial.number) +
                                  " has no such parameter" + suggestion(name, known));
  }
  const Distribution& distribution = space[*index].distribution;
  const std::optional<double> number = as_number(value);
  const bool finite = number && std::isfinite(*number) && !std::holds_alternative<bool>(value);
  if (const auto* range = std::get_if<Float>(&distribution); range != nullptr && finite) {
    check_on_scale(range->scale, *number, where);
    return *number;
  }
  if (const auto* range = std::get_if<Int>(&distribution);
      range != nullptr && finite && *number == std::floor(*number) && std::abs(*number) < 9e15) {
    check_on_scale(range->scale, *number, where);
    return static_cast<std::int64_t>(*number);
  }
  if (std::holds_alternative<Choice>(distribution) && contains(distribution, value)) {
    return normalised(distribution, value);
  }
  throw Error(Fault::input, where + as_given(value) + " given, " + kind_name(distribution) + " " +
                                describe(distribution) + " wanted");
}

void check_count(const std::vector<double>& values, const Goal& goal, int trial) {
  if (values.size() == goal.objectives()) return;
  throw Error(Fault::input, "trial " + std::to_string(trial) + ": " +
                                std::to_string(values.size()) + " values given, " +
                                std::to_string(goal.objectives()) + " wanted");
}

}  // namespace

Study::Study(StudySpec spec, std::shared_ptr<Storage> storage) {
  check_spec(spec);  // refused before anything is stored
  const OpenedStudy opened = open_or_create(spec, *storage);
  state_ = std::make_unique<State>(std::move(spec), std::move(storage), opened.id);
  state_->edits = opened.edits;
  state_->change([&] { state_->take_over_from_the_dead({}); });
}

Study::Study(std::unique_ptr<State> state) : state_(std::move(state)) {}
Study::~Study() = default;
Study::Study(Study&&) noexcept = default;

Study Study::open(const std::string& name, std::shared_ptr<Storage> storage) {
  const StudyInfo info = find_study(name, *storage);
  return Study(std::make_unique<State>(spec_from_json(info.spec), std::move(storage), info.id));
}

const StudySpec& Study::spec() const { return state_->spec; }
const std::vector<std::string>& Study::edits() const { return state_->edits; }

History Study::history() const {
  return state_->read([&] { return state_->history; });
}

void Study::inspect(const std::function<void(const History&)>& read) const {
  state_->read([&] { read(state_->history); });
}

std::optional<Trial> Study::best() const {
  return state_->read([&]() -> std::optional<Trial> {
    const Trial* best = recommended(state_->history);
    return best == nullptr ? std::nullopt : std::optional(*best);
  });
}

Trial Study::trial(int number) const {
  return state_->read([&] { return state_->known(number); });
}

std::optional<Trial> Study::ask(const Point& fixed) {
  return state_->change([&]() -> std::optional<Trial> {
    Point accepted;
    if (!fixed.empty()) {
      state_->refresh();  // the space may have grown
      accepted = acceptable(state_->history.space(), state_->spec.space.empty(), fixed, "ask");
    }
    auto asked = state_->ask(state_->most_asked, accepted);
    if (auto* trial = std::get_if<Trial>(&asked)) return std::move(*trial);
    return std::nullopt;
  });
}

void Study::keep_to(const Limits& limits) {
  state_->change([&] {
    state_->most_asked = limits.trials;
    state_->stopping.emplace(limits, state_->spec.search);
  });
}

std::optional<Ending> Study::finished() const {
  return state_->read([&] { return state_->finished(); });
}

TrialState Study::tell(int trial, double value, const std::map<std::string, double>& metrics) {
  return tell(trial, std::vector{value}, metrics);
}

TrialState Study::tell(int trial, const std::vector<double>& values,
                       const std::map<std::string, double>& metrics) {
  check_count(values, state_->spec.goal, trial);
  Ended ended = end_with(state_->spec.goal, values);
  ended.trial = trial;
  ended.metrics = metrics;
  return state_->end_with_others(std::move(ended));
}

void Study::fail(int trial, const std::string& why) {
  Ended ended;
  ended.trial = trial;
  ended.state = TrialState::failed;
  ended.why = why;
  state_->end_with_others(std::move(ended));
}

void Study::prune(int trial) {
  Ended ended;
  ended.trial = trial;
  ended.state = TrialState::pruned;
  state_->end_with_others(std::move(ended));
}

void Study::interrupt(int trial) {
  state_->change([&] { state_->interrupt(trial); });
}

Flow Study::report(int trial, std::int64_t step, double value) {
  return state_->change([&] { return state_->report(trial, {step, value}); });
}

Flow Study::report(int trial, std::int64_t step, const std::vector<double>& values) {
  check_count(values, state_->spec.goal, trial);
  return state_->change([&] {
    return state_->report(trial, {step, values.front(), {values.begin() + 1, values.end()}});
  });
}

void Study::stop_trial(int trial) {
  state_->change([&] {
    state_->running(trial);
    state_->add(Halted{trial, unix_time()});
  });
}

void Study::steer(int trial, Steering steering) {
  state_->change([&] {
    state_->refresh();
    const Trial& running = state_->running(trial);
    for (const auto& [name, value] : steering.change.entries()) {
      steering.change.set(name, acceptable_change(state_->history.space(), running, name, value));
    }
    state_->add(Steered{trial, steering, unix_time()});
  });
}

int Study::enqueue(const Point& point, const std::string& by) {
  return state_->change([&] {
    state_->refresh();
    const bool define_by_run = state_->spec.space.empty();
    const Point accepted = acceptable(state_->history.space(), define_by_run, point, "enqueue");
    return state_->enqueue({accepted, by, unix_time(), {}});
  });
}

bool Study::learn_from(const History& other, const std::string& source) {
  return state_->change([&] {
    state_->refresh();
    const auto known = state_->history.lessons();
    const bool before =
        std::ranges::any_of(known, [&](const auto& taught) { return taught->source == source; });
    if (!before) state_->add(Taught{source, lessons_of(other), unix_time()});
    return !before;
  });
}

void Study::free(int trial, std::int64_t bytes) {
  state_->change([&] {
    state_->known(trial);
    state_->add(Freed{trial, bytes, unix_time()});
  });
}

void Study::note(const std::string& key, const std::string& json) {
  state_->change([&] { state_->add(Noted{key, json, unix_time()}); });
}

}  // namespace caviar
