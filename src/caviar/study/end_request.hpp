// The end of a trial that a thread wants stored, and the queue of those that wait meanwhile.
#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>
#include <vector>

#include "caviar/trial/event.hpp"

namespace caviar {

struct EndRequest {
  Ended ended;
  bool by_itself;  // and not because its budget was spent
  bool done = false;
  std::exception_ptr refusal = {};
  std::condition_variable turn = {};  // it is done, or it leads
};

// Group commit: one thread stores its end and waits for the disk; those that come meanwhile queue
// up, and the first of them then stores all of theirs at once.
class EndQueue {
 public:
  // Returns once a call of store(requests) that had this one among them has returned; in this
  // thread or in another one. `store` may not throw.
  template <class Store>
  void pass(EndRequest& request, Store store) {
    std::unique_lock lock(mutex_);
    waiting_.push_back(&request);
    request.turn.wait(lock, [&] { return request.done || !busy_; });
    if (request.done) return;
    busy_ = true;
    const std::vector<EndRequest*> together = std::exchange(waiting_, {});
    lock.unlock();
    store(together);
    lock.lock();
    busy_ = false;
    for (EndRequest* other : together) {
      other->done = true;
      if (other != &request) other->turn.notify_one();  // its thread cannot leave before we unlock
    }
    if (!waiting_.empty()) waiting_.front()->turn.notify_one();
  }

 private:
  std::mutex mutex_;
  std::vector<EndRequest*> waiting_;
  bool busy_ = false;
};

}  // namespace caviar
