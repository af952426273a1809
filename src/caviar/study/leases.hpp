// Which programs on other machines are still there. Each that runs trials says so every few
// seconds; of one that has said nothing for a while the trials are run again by others. Only what
// this program itself hears counts, on its own steady clock: clocks that differ between machines,
// or that jump, do not matter.
#pragma once

#include <chrono>
#include <map>
#include <string>

namespace caviar {

class Leases {
 public:
  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;

  static constexpr double heartbeats_to_wait = 4;  // before a silent program counts as dead

  void set_heartbeat(Seconds heartbeat) { heartbeat_ = heartbeat; }

  enum class Word {
    unsure,   // not heard of since this program began to listen, which is not long enough ago
    alive,    // heard of
    expired,  // silent for too long
  };
  // `beats`: how often the log has it say that it is there. One that never says so is no party to
  // this, and alive.
  Word judge(const std::string& worker, int beats, Clock::time_point now);

 private:
  struct Heard {
    int beats = 0;
    Clock::time_point since;
    bool again = false;  // more than once since this program listens
  };
  Seconds heartbeat_{10};
  std::map<std::string, Heard> heard_;
};

}  // namespace caviar
