#include "caviar/run/snapshots.hpp"

#include <limits>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/data/hash.hpp"

namespace caviar {

std::string snapshot_path(const std::string& folder, int number) {
  return fmt::format("{}/{:06}.checkpoint", folder, number);
}

Snapshot write_snapshot(const std::string& folder, int number, const Checkpoint& checkpoint,
                        const std::string& why) {
  const std::string path = snapshot_path(folder, number);
  save_checkpoint(path, checkpoint);
  const std::string bytes = read_file(path);
  return {.number = number,
          .at = {checkpoint.state.epoch, checkpoint.state.iteration},
          .bytes = bytes.size(),
          .checksum = hash_bytes(bytes),
          .why = why};
}

Checkpoint read_snapshot(const std::string& folder, const Snapshot& snapshot) {
  const std::string path = snapshot_path(folder, snapshot.number);
  const std::string bytes = read_file(path);
  if (bytes.size() != snapshot.bytes || hash_bytes(bytes) != snapshot.checksum) {
    throw Error(Fault::input, fmt::format("{}: damaged: {} bytes with another checksum than the {} "
                                          "that were written",
                                          path, bytes.size(), snapshot.bytes));
  }
  return load_checkpoint(path);
}

std::optional<std::size_t> to_remove(const std::vector<Snapshot>& kept, const SnapshotRules& rules,
                                     int needed) {
  std::uint64_t bytes = 0;
  for (const Snapshot& snapshot : kept) bytes += snapshot.bytes;
  if (kept.size() <= static_cast<std::size_t>(rules.most) && bytes <= rules.bytes) return {};
  std::optional<std::size_t> chosen, oldest;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i + 1 < kept.size(); ++i) {
    if (kept[i].why == origin_snapshot || kept[i].why == asked_snapshot) continue;
    if (kept[i].number == needed) continue;
    if (!oldest) oldest = i;
    if (kept[i].why != automatic_snapshot) continue;
    const int before = i == 0 ? 0 : kept[i - 1].number;
    const double gap = kept[i + 1].number - before;
    const double share = gap / (kept.back().number - before);
    if (share >= least) continue;
    least = share;
    chosen = i;
  }
  return chosen ? chosen : oldest;
}

void check_room(const std::vector<Snapshot>& kept, const SnapshotRules& rules) {
  int asked = 0, oldest = 0;
  std::uint64_t bytes = 0;
  for (const Snapshot& snapshot : kept) {
    if (snapshot.why != asked_snapshot) continue;
    if (asked++ == 0) oldest = snapshot.number;
    bytes += snapshot.bytes;
  }
  if (asked < rules.most && bytes < rules.bytes) return;
  throw Error(
      Fault::input,
      fmt::format("{} snapshot{} that {} asked for fill{} the room for them ({} in {} MiB); "
                  "--remove snapshot:{} makes room",
                  asked, asked == 1 ? "" : "s", asked == 1 ? "was" : "were", asked == 1 ? "s" : "",
                  rules.most, rules.bytes >> 20U, oldest));
}

}  // namespace caviar
