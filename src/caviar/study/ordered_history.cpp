#include "caviar/study/ordered_history.hpp"

#include <algorithm>

#include "caviar/base/match.hpp"

namespace caviar {

void OrderedHistory::take(const Event& event) {
  const auto tell = [&](int trial) {
    if (trial < 0 || static_cast<std::size_t>(trial) >= told_.size()) return;
    Told& told = told_[static_cast<std::size_t>(trial)];
    if (told.ended) return;  // who came too late
    told.events.push_back(event);
    told.ended = std::holds_alternative<Ended>(event);
  };
  std::visit(match{[&](const Asked& asked) {
                     if (asked.trial != static_cast<int>(asked_.size())) return;
                     asked_.push_back(event);
                     told_.emplace_back();
                   },
                   [&](const Reported& reported) { tell(reported.trial); },
                   [&](const Halted& halted) { tell(halted.trial); },
                   [&](const Steered& steered) { tell(steered.trial); },
                   [&](const Ended& ended) { tell(ended.trial); },
                   // Of a trial that may not have begun there; nothing is proposed from it.
                   [&](const Freed&) {}, [&](const auto&) { history_.apply(event); }},
             event);
}

void OrderedHistory::tell(const Event& event) {
  if (const std::optional<Event> seen = untouched_.seen(event)) history_.apply(*seen);
}

const History* OrderedHistory::before(int next) {
  next = std::min(next, static_cast<int>(asked_.size()));
  while (true) {
    // Before trial m is asked, trial m − window has ended: the same order for every run.
    const int due = applied_ - window_ + 1;
    for (; settled_ < due; ++settled_) {
      const Told& told = told_[static_cast<std::size_t>(settled_)];
      if (!told.ended) return nullptr;
      for (const Event& event : told.events) tell(event);
    }
    if (applied_ == next) return &history_;
    history_.apply(asked_[static_cast<std::size_t>(applied_)]);
    ++applied_;
  }
}

}  // namespace caviar
