// Studies that live as long as the program.
#include <deque>
#include <mutex>
#include <set>
#include <utility>

#include "caviar/base/clock.hpp"
#include "caviar/base/error.hpp"
#include "caviar/storage/storage.hpp"

namespace caviar {
namespace {

// What may happen once only: that a number is asked, that a ticket is used, that a trial ends.
enum class Once { number, ticket, end };
using Claims = std::set<std::pair<Once, int>>;

Claims claims_of(const Event& event) {
  if (const auto* asked = std::get_if<Asked>(&event)) {
    Claims claims = {{Once::number, asked->trial}};
    if (asked->ticket) claims.emplace(Once::ticket, *asked->ticket);
    return claims;
  }
  if (const auto* ended = std::get_if<Ended>(&event)) return {{Once::end, ended->trial}};
  return {};
}

class MemoryStorage final : public Storage {
 public:
  bool is_shared() const override { return false; }

  std::optional<StudyInfo> find(const std::string& name) const override {
    const std::scoped_lock lock(mutex_);
    for (const Log& log : logs_) {
      if (log.info.name == name) return log.info;
    }
    return std::nullopt;
  }

  std::vector<StudyInfo> list() const override {
    const std::scoped_lock lock(mutex_);
    std::vector<StudyInfo> studies;
    for (const Log& log : logs_) studies.push_back(log.info);
    return studies;
  }

  StudyInfo create(const std::string& name, const std::string& spec) override {
    const std::scoped_lock lock(mutex_);
    for (const Log& log : logs_) {
      if (log.info.name == name) {
        throw Error(Fault::conflict, "memory: a study '" + name + "' exists already");
      }
    }
    const auto id = static_cast<StudyId>(logs_.size()) + 1;
    return logs_.emplace_back(Log{{id, name, spec, unix_time()}, {}, {}}).info;
  }

  void set_spec(StudyId study, const std::string& spec) override {
    const std::scoped_lock lock(mutex_);
    log_of(study).info.spec = spec;
  }

  std::optional<std::size_t> append(StudyId study, std::span<const Event> events) override {
    const std::scoped_lock lock(mutex_);
    Log& log = log_of(study);
    Claims fresh;
    for (const Event& event : events) {
      for (const auto& claim : claims_of(event)) {
        if (log.claims.contains(claim) || !fresh.insert(claim).second) return std::nullopt;
      }
    }
    log.claims.merge(fresh);
    const std::size_t place = log.events.size();
    log.events.insert(log.events.end(), events.begin(), events.end());
    return place;
  }

  std::vector<Event> read(StudyId study, std::size_t from, std::size_t limit) const override {
    const std::scoped_lock lock(mutex_);
    const std::deque<Event>& events = log_of(study).events;
    const std::size_t begin = std::min(from, events.size());
    const std::size_t end = begin + std::min(limit, events.size() - begin);
    return {events.begin() + static_cast<std::ptrdiff_t>(begin),
            events.begin() + static_cast<std::ptrdiff_t>(end)};
  }

 private:
  struct Log {
    StudyInfo info;
    std::deque<Event> events;
    Claims claims;
  };

  const Log& log_of(StudyId study) const {
    if (study < 1 || study > static_cast<StudyId>(logs_.size())) {
      throw Error(Fault::missing, "memory: there is no study of id " + std::to_string(study));
    }
    return logs_[static_cast<std::size_t>(study - 1)];
  }
  Log& log_of(StudyId study) {
    return const_cast<Log&>(std::as_const(*this).log_of(study));  // NOLINT: logs_ is not const here
  }

  mutable std::mutex mutex_;
  std::deque<Log> logs_;
};

}  // namespace

std::shared_ptr<Storage> memory_storage() { return std::make_shared<MemoryStorage>(); }

}  // namespace caviar
