// Snapshots: a training at a moment, with the settings that held then, in a file each. They are
// bounded in number and bytes; their checksums stand in the run's log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "caviar/model/checkpoint.hpp"
#include "caviar/run/moment.hpp"

namespace caviar {

struct Snapshot {
  int number = 0;
  RunMoment at;
  std::uint64_t bytes = 0, checksum = 0;
  std::string
      why;  // "automatic", "before steer", "asked for", …; "origin": what a branch began with
};

struct SnapshotRules {
  std::optional<int>
      every;  // epochs; none: as often as it costs no more than a hundredth of the time
  int most = 20;
  std::uint64_t bytes = std::uint64_t{1} << 30;
};

inline constexpr const char* automatic_snapshot = "automatic";
inline constexpr const char* origin_snapshot = "origin";
inline constexpr const char* asked_snapshot = "asked for";  // by a person, who alone removes it

std::string snapshot_path(const std::string& folder, int number);

// Number, bytes and checksum are filled in. Throws Error{io}: then nothing is there.
Snapshot write_snapshot(const std::string& folder, int number, const Checkpoint& checkpoint,
                        const std::string& why);

// Throws Error{missing, io, input}: also where the bytes are not those that were written.
Checkpoint read_snapshot(const std::string& folder, const Snapshot& snapshot);

// Which of them has to go first, as an index; none where the rules are kept. `kept` is in the order
// taken. Automatic ones go first, that one whose going leaves the smallest gap compared with its
// age, so that they lie densely now and ever wider apart before; then the oldest of the others. The
// last one, the origin, that of number `needed` and those that a person asked for stay.
std::optional<std::size_t> to_remove(const std::vector<Snapshot>& kept, const SnapshotRules& rules,
                                     int needed);

// Throws Error{input} where those that a person asked for fill what the rules allow already.
void check_room(const std::vector<Snapshot>& kept, const SnapshotRules& rules);

}  // namespace caviar
