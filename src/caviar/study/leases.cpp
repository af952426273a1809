#include "caviar/study/leases.hpp"

namespace caviar {

Leases::Word Leases::judge(const std::string& worker, int beats, Clock::time_point now) {
  if (beats == 0) return Word::alive;
  const auto [place, first] = heard_.try_emplace(worker, Heard{beats, now});
  Heard& heard = place->second;
  if (!first && heard.beats != beats) heard = {beats, now, true};
  if (now - heard.since > heartbeats_to_wait * heartbeat_) return Word::expired;
  return heard.again ? Word::alive : Word::unsure;
}

}  // namespace caviar
