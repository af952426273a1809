// Where the log of a study lives: append facts, read facts from n. Two verbs, and finding the
// study.
//
// Every method may be called from any thread, and several programs may use one storage at once.
// Errors: Error{io} for a disk that is full or read-only or a damaged file, Error{conflict} for a
// file of a newer version, Error{missing} for a study that is not there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "caviar/trial/event.hpp"

namespace caviar {

using StudyId = std::int64_t;

struct StudyInfo {
  StudyId id = 0;
  std::string name;
  std::string spec;       // the study as JSON text: space, goal, search … (study/study_spec.hpp)
  double created_at = 0;  // seconds since 1970
};

class Storage {
 public:
  virtual ~Storage() = default;

  // nullopt where there is no study of that name.
  virtual std::optional<StudyInfo> find(const std::string& name) const = 0;
  virtual std::vector<StudyInfo> list() const = 0;
  // Throws Error{conflict} if the name is taken.
  virtual StudyInfo create(const std::string& name, const std::string& spec) = 0;
  virtual void set_spec(StudyId study, const std::string& spec) = 0;

  // Appends all of the events in one durable transaction, or none. Returns the place of the first
  // in the log; nullopt where one of them is taken, so that the caller reads what others wrote and
  // tries again. Taken is an Asked whose number or ticket has been asked, and an Ended whose trial
  // has ended: each happens once, whoever is first.
  // When it returns, the events survive a crash of the program; that of the machine once sync()
  // has returned.
  virtual std::optional<std::size_t> append(StudyId study, std::span<const Event> events) = 0;
  // Waits until all that was appended before survives a crash of the machine. Calls at the same
  // time share one wait for the disk.
  virtual void sync() {}
  // Up to `limit` events from the from-th on, in the order appended; fewer only at the log's end.
  virtual std::vector<Event> read(StudyId study, std::size_t from, std::size_t limit) const = 0;
  // Whether other programs may use it as well.
  virtual bool is_shared() const { return true; }
};

// Whether a power cut may take the event, until the next other one is made durable: a report, a
// sign of life, and that a trial was asked, which is then asked again.
bool may_be_lost(const Event& event);

// "memory:", "sqlite:PATH", or a PATH ending in .db or .sqlite.
// Throws Error{input} on an unknown scheme (known ones listed).
std::shared_ptr<Storage> open_storage(const std::string& url);
// The same for reading only: never creates a file; Error{missing} where there is none.
std::shared_ptr<Storage> open_existing_storage(const std::string& url);

// The file that such a URL names, as it is written there; "" in memory.
std::string database_file(const std::string& url);

std::shared_ptr<Storage> memory_storage();

}  // namespace caviar
