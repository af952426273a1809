#include "caviar/storage/group_sync.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "caviar/base/error.hpp"

namespace caviar {

GroupSync::~GroupSync() {
  if (file_ >= 0) ::close(file_);
}

void GroupSync::written() {
  const std::scoped_lock lock(mutex_);
  ++written_;
}

void GroupSync::wait() {
  std::unique_lock lock(mutex_);
  const std::uint64_t wanted = written_;
  while (synced_ < wanted) {
    if (syncing_) {
      synced_more_.wait(lock);
      continue;
    }
    syncing_ = true;
    const std::uint64_t upto = written_;
    lock.unlock();
    try {
      sync_file();
    } catch (...) {
      lock.lock();
      syncing_ = false;
      synced_more_.notify_all();
      throw;
    }
    lock.lock();
    syncing_ = false;
    synced_ = upto;
    synced_more_.notify_all();
  }
}

// By the one thread that syncs.
void GroupSync::sync_file() {
  if (file_ < 0) file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ >= 0 && ::fdatasync(file_) == 0) return;
  const std::string reason = std::generic_category().message(errno);
  throw Error(Fault::io, path_ + ": the disk refused to keep what was written: " + reason);
}

}  // namespace caviar
