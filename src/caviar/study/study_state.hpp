// The inside of a Study: its log folded into a history, what proposes and judges, and the one lock.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "caviar/pruner/pruner.hpp"
#include "caviar/sampler/sampler.hpp"
#include "caviar/study/end_request.hpp"
#include "caviar/study/leases.hpp"
#include "caviar/study/ordered_history.hpp"
#include "caviar/study/stopping.hpp"
#include "caviar/study/study.hpp"
#include "caviar/trial/untouched.hpp"

namespace caviar {

// The end that told values mean: failed where one of them is NaN or infinite. Without a trial yet.
Ended end_with(const Goal& goal, const std::vector<double>& values);

// Why there is no next trial: enough of them, none left, or an earlier one must end first.
enum class NoTrial { limit, nothing_left, not_yet };

// Everything here but change(), read() and deliver() is called with the mutex held.
struct Study::State {
  // `id` is the study of that spec in the storage.
  State(StudySpec spec, std::shared_ptr<Storage> storage, StudyId id);

  // Act on the study as it stands in the log; what was appended is then shown to the observer.
  template <class Act>
  auto change(Act act) {
    struct Delivery {
      State* state;
      ~Delivery() { state->deliver(); }
    } delivery{this};
    return change_silently(act);
  }
  template <class Act>
  auto change_silently(Act act) {
    bool lasting = false;
    const auto locked = [&] {
      const std::scoped_lock lock(mutex);
      needs_disk = false;
      struct Mark {
        State* state;
        bool& lasting;
        ~Mark() { lasting = state->needs_disk; }
      } const mark{this, lasting};
      return act();
    };
    // Outside the lock, so that others go on in the meantime.
    if constexpr (std::is_void_v<decltype(act())>) {
      locked();
      if (lasting) storage->sync();
    } else {
      auto answer = locked();
      if (lasting) storage->sync();
      return answer;
    }
  }
  template <class Read>
  auto read(Read read) {
    const std::scoped_lock lock(mutex);
    refresh();
    return read();
  }
  void deliver();
  void refresh();  // folds what any program has appended since
  void fold(Event&& event);
  // Appends all or none and folds; where in the log, nullopt where one of them is taken.
  std::optional<std::size_t> commit(std::span<const Event> events);
  void add(const Event& event);  // commits one that cannot be taken

  const Trial& known(int trial);    // throws Error{missing}
  const Trial& running(int trial);  // throws Error{missing, conflict}

  // At most `most` trials may count, this one included. With `fixed` it comes before the queue.
  std::variant<Trial, NoTrial, Ending> ask(std::optional<int> most, const Point& fixed = {});
  std::optional<Ending> finished();  // as far as that is known without asking
  // One that spent a partial budget counts as pruned, unless it ended by itself.
  TrialState end(Ended ended, bool by_itself = false);
  // The same without the lock, in one transaction with those of other threads that wait for it.
  TrialState end_with_others(Ended ended, bool by_itself = false);
  // To run again with these values: those that its objective used, or else its own.
  void interrupt(int trial, const std::optional<Point>& used = {});
  Flow report(int trial, const Report& report);
  int enqueue(const Queued& queued);  // its ticket
  // Ends what dead programs left running, to run again; looks no more often than that.
  void take_over_from_the_dead(std::chrono::duration<double> between);
  // Whether trials run in programs of which it is not known yet if they are still there.
  bool waits_for_a_word();
  void say_alive();
  // From now on as if trials ended in the order of their numbers, so many at once; 0: as they do.
  void keep_order(int window);
  // Define by run: the space has this parameter afterwards. Throws Error{input} where it differs.
  void need(const std::string& name, const Distribution& distribution);

  std::mutex mutex;
  StudySpec spec;
  std::shared_ptr<Storage> storage;
  StudyId id;
  History history;
  // What the search may learn from, once some trial was changed while it ran; before, all of it.
  std::optional<History> untouched;
  Untouched filter;
  Sampler sampler;
  std::size_t sampler_space = 0;  // how often the space had changed when it was made
  std::vector<std::string> edits;
  Pruner pruner;
  std::string worker;
  std::string objective;  // its text, as History::objective() has it
  std::optional<std::chrono::steady_clock::time_point> looked_for_dead;
  Leases leases;
  std::chrono::duration<double> between_looks{10};
  std::optional<OrderedHistory> ordered;
  std::map<int, History> views;  // by running trial: what its pruner knows, where that is ordered
  std::optional<Stopping> stopping;  // while it is optimized, or once limits are to be kept
  std::optional<int> most_asked;     // by Study::ask
  bool used_up = false;              // the last ask() found nothing left
  Observer observer;                 // may not throw
  std::vector<Event> outbox;         // appended, not yet shown to the observer
  std::condition_variable delivered;
  bool delivering = false, optimizing = false;
  bool needs_disk = false;  // what this change has appended is to survive a power cut

 private:
  void end_together(std::span<EndRequest* const> requests);
  void settle(Ended& ended, bool by_itself);

  EndQueue end_queue_;
  void check_objective() const;  // throws Error{conflict}
  std::variant<Asked, NoTrial> next(const Point& fixed);
  Proposal completed_by_search(const Proposal& given, const History& known);
  std::optional<Proposal> proposal(const History& known);  // nullopt where nothing is left
  const History* known_to_next();                          // nullptr where that is not settled yet
  const History& learnt() const { return untouched ? *untouched : history; }
  bool is_dead(const Trial& trial);
  Flow judge(const Trial& trial) const;
  int counted() const;  // trials that count towards a limit
};

}  // namespace caviar
