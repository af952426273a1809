// Side work beside a training: it may take only so much of the time.
#pragma once

#include <algorithm>
#include <chrono>

namespace caviar {

class Allowance {
 public:
  using Clock = std::chrono::steady_clock;

  // At most `share` of the time. The pause before the first piece of work is `least`, that after
  // each piece at least `least` and, even if the share gives way to it, at most `most`.
  explicit Allowance(double share, Clock::duration least = Clock::duration::zero(),
                     Clock::duration most = Clock::duration::max())
      : share_(share), least_(least), most_(most) {}

  bool open() const { return Clock::now() >= next_; }

  template <class Work>
  void spend(const Work& work) {
    const auto begin = Clock::now();
    work();
    const auto end = Clock::now();
    const auto pause = std::chrono::duration_cast<Clock::duration>((end - begin) / share_);
    next_ = end + std::min(std::max(pause, least_), most_);
  }

 private:
  double share_;
  Clock::duration least_, most_;
  Clock::time_point next_ = Clock::now() + least_;
};

}  // namespace caviar
