// One wait for the disk for all that ask for it at the same time ("group commit").
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>

namespace caviar {

class GroupSync {
 public:
  explicit GroupSync(std::string path) : path_(std::move(path)) {}
  ~GroupSync();
  GroupSync(const GroupSync&) = delete;
  GroupSync& operator=(const GroupSync&) = delete;

  void written();  // something new is in the file, as far as the system knows
  // Waits until all that was written before survives a power cut. Whoever finds nobody waiting for
  // the disk does so for all that have written by then. Throws Error{io} where the disk refuses.
  void wait();

 private:
  void sync_file();

  std::string path_;
  int file_ = -1;
  std::mutex mutex_;
  std::condition_variable synced_more_;
  std::uint64_t written_ = 0, synced_ = 0;
  bool syncing_ = false;
};

}  // namespace caviar
