#include "caviar/study/study_state.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "caviar/base/clock.hpp"
#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/sampler/completion.hpp"
#include "caviar/study/objective_edit.hpp"
#include "caviar/study/worker.hpp"

namespace caviar {
namespace {

// So few that each is built, folded and freed within the processor's cache.
constexpr std::size_t events_at_once = 256;

Sampler sampler_of(const StudySpec& spec, const Space& space) {
  return make_search(spec.search, space);
}

// A trial ended by the end of its program, and the same again.
void add_interruption(std::vector<Event>& events, const Trial& trial, const Point& point,
                      const std::string& why) {
  const double now = unix_time();
  Ended ended;
  ended.trial = trial.number;
  ended.state = TrialState::interrupted;
  ended.why = why;
  ended.time = now;
  events.emplace_back(std::move(ended));
  Note note = trial.note;
  note[repeats_note] = trial.number;
  note.try_emplace(first_trial_note, trial.number);
  events.emplace_back(Queued{point, trial.by, now, std::move(note)});
}

}  // namespace

Ended end_with(const Goal& goal, const std::vector<double>& values) {
  Ended ended;
  const auto bad = std::ranges::find_if_not(values, [](double v) { return std::isfinite(v); });
  if (bad == values.end()) {
    ended.values = values;
  } else {
    const auto objective = static_cast<std::size_t>(bad - values.begin());
    ended.state = TrialState::failed;
    ended.why =
        (values.size() == 1 ? "its value" : goal.name(objective)) + " is " + number_text(*bad);
  }
  return ended;
}

Study::State::State(StudySpec wanted, std::shared_ptr<Storage> place, StudyId study)
    : spec(std::move(wanted)),
      storage(std::move(place)),
      id(study),
      history(spec.space, spec.goal),
      sampler(sampler_of(spec, spec.space)),
      pruner(make_pruner(spec.pruner)),
      worker(this_worker()),
      objective(objective_text(spec.objective)) {
  refresh();
}

void Study::State::refresh() {
  std::vector<Event> events;
  do {
    events = storage->read(id, history.events(), events_at_once);
    for (Event& event : events) fold(std::move(event));
  } while (events.size() == events_at_once);
}

void Study::State::fold(Event&& event) {
  const std::size_t known = history.events();
  if (!untouched && is_change(event)) {
    untouched.emplace(spec.space, spec.goal);
    for (std::size_t from = 0; from < known;) {
      for (const Event& earlier : storage->read(id, from, events_at_once)) {
        if (from++ < known) untouched->apply(earlier);
      }
    }
  }
  if (untouched) {
    if (const std::optional<Event> seen = filter.seen(event)) untouched->apply(*seen);
  }
  if (ordered) ordered->take(event);
  history.apply(std::move(event));
}

std::optional<std::size_t> Study::State::commit(std::span<const Event> events) {
  const auto place = storage->append(id, events);
  if (place == history.events()) {  // nobody else has appended anything: no need to read it back
    for (const Event& event : events) fold(Event(event));
  } else {
    refresh();
  }
  if (place && !std::ranges::all_of(events, may_be_lost)) needs_disk = true;
  if (place && observer) outbox.insert(outbox.end(), events.begin(), events.end());
  return place;
}

void Study::State::add(const Event& event) { commit({&event, 1}); }

// Whoever finds nobody delivering does it for all, so that the observer is called one event at a
// time and may call the study itself.
void Study::State::deliver() {
  std::unique_lock lock(mutex);
  if (delivering) return;
  delivering = true;
  while (!outbox.empty()) {
    const auto events = std::exchange(outbox, {});
    const Observer observe = observer;
    lock.unlock();
    if (observe) std::ranges::for_each(events, observe);
    lock.lock();
  }
  delivering = false;
  delivered.notify_all();
}

int Study::State::counted() const {
  return static_cast<int>(history.trials().size() - history.count(TrialState::interrupted));
}

const History* Study::State::known_to_next() {
  return ordered ? ordered->before(static_cast<int>(history.trials().size())) : &learnt();
}

std::optional<Ending> Study::State::finished() {
  if (const History* known = stopping ? known_to_next() : nullptr) {
    if (const std::optional<Ending> ending = stopping->met(*known)) return ending;
  }
  if (most_asked && counted() >= *most_asked) return Ending::trials;
  return used_up ? std::optional(Ending::exhausted) : std::nullopt;
}

std::variant<Trial, NoTrial, Ending> Study::State::ask(std::optional<int> most,
                                                       const Point& fixed) {
  refresh();
  take_over_from_the_dead(between_looks);
  while (true) {
    check_objective();
    if (const History* known = stopping ? known_to_next() : nullptr) {
      if (const std::optional<Ending> ending = stopping->met(*known)) return *ending;
    }
    if (most && counted() >= *most) {
      // What others run is left to them, unless they have died since the last look: nobody may look
      // after this one.
      take_over_from_the_dead({});
      if (counted() >= *most) return NoTrial::limit;
    }
    std::variant<Asked, NoTrial> found = next(fixed);
    const auto* none = std::get_if<NoTrial>(&found);
    used_up = none != nullptr && *none == NoTrial::nothing_left;
    if (none != nullptr) return *none;
    Asked& asked = std::get<Asked>(found);
    const auto number = static_cast<std::size_t>(asked.trial);
    const Event event = std::move(asked);
    if (commit({&event, 1})) return history.trials()[number];
  }
}

// A parameter that this program's command does not name would be proposed in vain.
void Study::State::check_objective() const {
  if (history.objective().empty() || history.objective() == objective) return;
  throw Error(Fault::conflict,
              "study '" + spec.name +
                  "': another program has changed its command together with its space: start this "
                  "one again with the study file as it is now");
}

// What is given, the rest as the search proposes it; where that has nothing more, by chance.
Proposal Study::State::completed_by_search(const Proposal& given, const History& known) {
  if (spec.space.empty() || is_complete(history.space(), given.point)) return given;
  const Proposal rest = proposal(known).value_or(Proposal{});
  Rng rng(spec.search.seed, static_cast<std::uint64_t>(counted()));
  return completed(history.space(), given, rest, rng);
}

std::variant<Asked, NoTrial> Study::State::next(const Point& fixed) {
  const History* known = known_to_next();
  if (known == nullptr) return NoTrial::not_yet;
  Asked asked;
  asked.trial = static_cast<int>(history.trials().size());
  asked.worker = worker;
  if (!fixed.empty()) {
    asked.proposal = completed_by_search({fixed, "enqueued", {}}, *known);
  } else if (!history.queue().empty()) {
    const History::Ticket& ticket = history.queue().front();
    asked.proposal = completed_by_search({ticket.point, ticket.by, ticket.note}, *known);
    asked.ticket = ticket.number;
  } else if (history.space().empty()) {
    asked.proposal.by = "random";  // define by run: the objective will say what there is to draw
  } else {
    std::optional<Proposal> made = proposal(*known);
    if (!made) return NoTrial::nothing_left;
    asked.proposal = std::move(*made);
  }
  asked.time = unix_time();
  if (ordered && !spec.pruner.is_null()) views.insert_or_assign(asked.trial, *known);
  return asked;
}

std::optional<Proposal> Study::State::proposal(const History& known) {
  if (sampler_space != history.space_changes()) {
    sampler = sampler_of(spec, history.space());
    sampler_space = history.space_changes();
  }
  // An interrupted trial runs again under a new number. Not counting it here makes a broken search
  // propose the same as an unbroken one.
  Rng rng(spec.search.seed, static_cast<std::uint64_t>(counted()));
  return sampler(known, rng);
}

const Trial& Study::State::known(int trial) {
  const auto here = [&] {
    return trial >= 0 && static_cast<std::size_t>(trial) < history.trials().size();
  };
  if (!here()) refresh();  // another program may have asked it
  if (here()) return history.trials()[static_cast<std::size_t>(trial)];
  throw Error(Fault::missing,
              "trial " + std::to_string(trial) + ": there is none of that number (" +
                  std::to_string(history.trials().size()) + " were asked, from 0 on)");
}

const Trial& Study::State::running(int trial) {
  const Trial& found = known(trial);
  if (!found.finished()) return found;
  throw Error(Fault::conflict, "trial " + std::to_string(trial) + ": it has ended already, as " +
                                   state_name(found.state));
}

// Which state it counts as, and when.
void Study::State::settle(Ended& ended, bool by_itself) {
  const bool partial = is_partial(running(ended.trial).note) && !by_itself;
  if (partial && ended.state == TrialState::complete) ended.state = TrialState::pruned;
  ended.time = unix_time();
  views.erase(ended.trial);
}

TrialState Study::State::end(Ended ended, bool by_itself) {
  settle(ended, by_itself);
  const int trial = ended.trial;
  const TrialState state = ended.state;
  const Event event = std::move(ended);
  if (!commit({&event, 1})) running(trial);  // says who was faster
  return state;
}

TrialState Study::State::end_with_others(Ended ended, bool by_itself) {
  EndRequest request{std::move(ended), by_itself};
  end_queue_.pass(request, [&](std::span<EndRequest* const> requests) {
    try {
      change_silently([&] { end_together(requests); });
    } catch (...) {  // of the disk: then none of them is known to last
      for (EndRequest* other : requests) {
        if (!other->refusal) other->refusal = std::current_exception();
      }
    }
  });
  deliver();  // not in the queue, as the observer may end a trial itself
  if (request.refusal) std::rethrow_exception(request.refusal);
  return request.ended.state;
}

void Study::State::end_together(std::span<EndRequest* const> requests) {
  std::vector<Event> events;
  std::set<int> trials;
  for (EndRequest* request : requests) {
    try {
      settle(request->ended, request->by_itself);
      if (!trials.insert(request->ended.trial).second) {
        throw Error(Fault::conflict, "trial " + std::to_string(request->ended.trial) +
                                         ": it has ended already, by another thread just now");
      }
      events.emplace_back(request->ended);
    } catch (...) {
      request->refusal = std::current_exception();
    }
  }
  if (events.empty() || commit(events)) return;
  for (EndRequest* request : requests) {
    if (request->refusal) continue;
    try {  // another program was faster with one of them
      end(request->ended, request->by_itself);
    } catch (...) {
      request->refusal = std::current_exception();
    }
  }
}

void Study::State::interrupt(int number, const std::optional<Point>& used) {
  const Trial& trial = running(number);
  std::vector<Event> events;
  add_interruption(events, trial, used ? *used : trial.point, "");
  if (!commit(events)) running(number);
}

Flow Study::State::report(int trial, const Report& report) {
  running(trial);
  add(Reported{trial, report, unix_time()});
  const Trial& now = running(trial);
  if (!now.stop_wanted && judge(now) == Flow::stop) add(Halted{trial, unix_time()});
  return known(trial).stop_wanted ? Flow::stop : Flow::go;
}

// A trial that a person has taken in hand is left to them.
Flow Study::State::judge(const Trial& trial) const {
  if (is_touched(trial)) return Flow::go;
  const auto view = views.find(trial.number);
  return pruner(view == views.end() ? learnt() : view->second, trial);
}

int Study::State::enqueue(const Queued& queued) {
  const std::size_t known = history.events();
  const int given = history.tickets();
  const Event event = queued;
  const std::size_t place = *commit({&event, 1});
  const auto between = storage->read(id, known, place - known);  // by other programs just now
  return given + static_cast<int>(std::ranges::count_if(between, [](const Event& other) {
           return std::holds_alternative<Queued>(other);
         }));
}

void Study::State::take_over_from_the_dead(std::chrono::duration<double> between) {
  const auto now = std::chrono::steady_clock::now();
  if (looked_for_dead && now - *looked_for_dead < between) return;
  looked_for_dead = now;
  std::map<std::string, bool> dead;  // by worker, who may run many trials
  while (true) {
    std::vector<Event> events;
    for (const int number : history.pending()) {
      const Trial& trial = history.trials()[static_cast<std::size_t>(number)];
      const auto [word, fresh] = dead.try_emplace(trial.worker, false);
      if (fresh) word->second = is_dead(trial);
      if (!word->second) continue;
      add_interruption(events, trial, trial.point, "the program that ran it ended");
    }
    // Refused where another program did the same just now; then there is less left, or nothing.
    if (events.empty() || commit(events)) return;
  }
}

bool Study::State::is_dead(const Trial& trial) {
  if (trial.worker == worker) return false;
  const Fate fate = fate_of(trial.worker);
  if (fate != Fate::unknown) return fate == Fate::gone;
  const int beats = history.beats(trial.worker);
  return leases.judge(trial.worker, beats, Leases::Clock::now()) == Leases::Word::expired;
}

bool Study::State::waits_for_a_word() {
  const auto now = Leases::Clock::now();
  return std::ranges::any_of(history.trials(), [&](const Trial& trial) {
    return !trial.finished() && trial.worker != worker && fate_of(trial.worker) == Fate::unknown &&
           leases.judge(trial.worker, history.beats(trial.worker), now) != Leases::Word::alive;
  });
}

// Not for the observer: it says nothing about the study.
void Study::State::say_alive() {
  const Event event = Alive{worker, unix_time()};
  storage->append(id, {&event, 1});
}

void Study::State::keep_order(int window) {
  ordered.reset();
  views.clear();
  if (window == 0) return;
  ordered.emplace(spec.space, spec.goal, window);
  for (std::size_t from = 0; from < history.events();) {
    const std::vector<Event> events = storage->read(id, from, events_at_once);
    for (const Event& event : events) {
      if (from++ < history.events()) ordered->take(event);
    }
  }
}

void Study::State::need(const std::string& name, const Distribution& distribution) {
  if (!history.space().index(name)) {
    refresh();
    if (!history.space().index(name)) {
      validate(distribution, name);
      add(Grown{{name, distribution, {}, 0}, unix_time()});
    }
  }
  const Distribution& known = history.space()[*history.space().index(name)].distribution;
  if (known == distribution) return;
  throw Error(Fault::input, "parameter '" + name + "': " + kind_name(distribution) + " " +
                                describe(distribution) + " asked for, but the study knows it as " +
                                kind_name(known) + " " + describe(known));
}

}  // namespace caviar
