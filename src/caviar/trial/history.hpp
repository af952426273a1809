// The fold of events into trials: the only input of all thinking.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "caviar/base/counts.hpp"
#include "caviar/trial/event.hpp"
#include "caviar/trial/goal.hpp"

namespace caviar {

class History {
 public:
  History() = default;
  History(Space space, Goal goal) : space_(std::move(space)), goal_(std::move(goal)) {}

  // Events of a log in their order. An event that contradicts the log (an unknown trial, a second
  // end) is ignored: whoever appended it lost a race, and the storage kept the first.
  void apply(Event&& event);
  void apply(const Event& event) { apply(Event(event)); }

  const Space& space() const { return space_; }
  const Goal& goal() const { return goal_; }
  std::span<const Trial> trials() const { return trials_; }  // by number: trials()[n].number == n
  std::size_t events() const { return events_; }             // applied so far

  // Which trial ended, in the order in which they did. The digest sums up that trial and all that
  // ended before it, with their unit vectors: who folded the first k may go on from there as long
  // as the k-th digest is the same.
  struct Ending {
    int trial;
    std::uint64_t digest;
  };
  std::span<const Ending> endings() const { return endings_; }
  std::span<const int> pending() const { return pending_; }  // running trials, in the order asked

  std::size_t count(TrialState state) const { return counts_[static_cast<std::size_t>(state)]; }
  // Complete and within the goal's bounds, the first of the best; nullptr where none. Of several
  // objectives the first decides, and the next ones where it is equal.
  const Trial* best() const;
  // loss of a complete trial: goal().loss(values[0])
  double loss(const Trial& trial) const { return goal_.loss(trial.values.front()); }

  // The trials that it continues, the first one first, and itself at the end.
  std::vector<const Trial*> line_of(const Trial& trial) const;

  struct Ticket {
    int number;
    Point point;
    std::string by;
    Note note;
  };
  const std::deque<Ticket>& queue() const { return queue_; }  // enqueued, not yet asked
  int tickets() const { return tickets_; }                    // given out so far

  // How many trials that were not interrupted have exactly this point (running ones included).
  int seen(const Point& point) const;
  // How many different points have been seen that way.
  std::size_t distinct() const { return seen_.distinct(); }

  // How often the space has changed, by growing or by a person.
  std::size_t space_changes() const { return space_changes_; }
  struct Edit {
    std::vector<std::string> changes;
    std::size_t trials;  // that were asked before
    double time;
  };
  std::span<const Edit> edits() const { return edits_; }
  // The objective as JSON text since an edit changed it; empty: none has.
  const std::string& objective() const { return objective_; }
  // What it was taught by other studies, one a source.
  std::span<const std::shared_ptr<const Taught>> lessons() const { return lessons_; }

  // How often a program has said that it is there; 0 for one that never did.
  int beats(const std::string& worker) const;

  const std::map<std::string, std::string>& notes() const { return notes_; }  // key → JSON text

  // The same trials under one objective, the complete ones with these losses (one a trial; those of
  // others are not looked at). With `reports` pruned ones keep what they reported. With `bounds`
  // the goal keeps its bounds, each on how far within it a trial is, in parts of its limit, under a
  // metric of its own that its text names; else it has none.
  struct Kept {
    bool reports = false, bounds = false;
  };
  History with_losses(std::span<const double> losses, Kept kept) const;

 private:
  Trial* running(int number);  // nullptr unless there is one and it runs
  void start(Asked&& asked);
  void report(Reported&& reported);
  void end(Ended&& ended);
  void grow(const Parameter& parameter);
  void edit(Edited&& edited);
  void teach(Taught&& taught);
  void take_space(Space space);
  void digest(const Trial& trial);
  void note_best(const Trial& trial);

  Space space_;
  Goal goal_;
  std::vector<Trial> trials_;
  std::size_t counts_[5] = {};
  std::deque<Ticket> queue_;
  int tickets_ = 0;
  std::optional<int> best_;
  std::vector<Ending> endings_;
  std::vector<int> pending_;
  std::uint64_t digest_ = 0;
  Counts seen_;  // by fingerprint
  std::map<std::string, std::string> notes_;
  std::map<std::string, int> beats_;
  std::vector<Edit> edits_;
  std::string objective_;
  std::vector<std::shared_ptr<const Taught>> lessons_;
  std::size_t space_changes_ = 0, events_ = 0;
};

}  // namespace caviar
