#include "caviar/storage/sqlite.hpp"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "caviar/base/clock.hpp"
#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/storage/event_json.hpp"
#include "caviar/storage/group_sync.hpp"
#include "caviar/storage/sqlite_connection.hpp"

namespace caviar {
namespace {

constexpr std::int64_t application =
    1129730609;                     // "CVR1" in ASCII: marks a file as one of caviar's
constexpr std::int64_t format = 1;  // the version of what follows

// The three indices are the locks of the log: each of these happens once, whoever is first.
constexpr const char* schema = R"(
CREATE TABLE studies (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  spec       TEXT NOT NULL,
  created_at REAL NOT NULL
) STRICT;
CREATE TABLE events (
  study  INTEGER NOT NULL REFERENCES studies (id),
  seq    INTEGER NOT NULL,
  time   REAL NOT NULL,
  kind   TEXT NOT NULL,
  trial  INTEGER,
  ticket INTEGER,
  body   TEXT NOT NULL,
  PRIMARY KEY (study, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX asked_once ON events (study, trial) WHERE kind = 'asked';
CREATE UNIQUE INDEX ended_once ON events (study, trial) WHERE kind = 'ended';
CREATE UNIQUE INDEX ticket_once ON events (study, ticket) WHERE ticket IS NOT NULL;
PRAGMA application_id = 1129730609;
PRAGMA user_version = 1;
)";

// Whether the file holds the schema; false where it is new. Throws where it holds anything else.
// Within a transaction, as another program may be making the file.
bool has_schema(SqliteConnection& connection) {
  const std::int64_t mark = connection.number("PRAGMA application_id");
  if (mark == 0 && connection.number("SELECT count(*) FROM sqlite_schema") == 0) return false;
  if (mark != application) {
    throw Error(Fault::io, connection.path() +
                               ": this is a database, but not one of caviar: give another path");
  }
  const std::int64_t version = connection.number("PRAGMA user_version");
  if (version > format) {
    throw Error(Fault::conflict, connection.path() + ": written by a newer caviar (format " +
                                     std::to_string(version) + "; this one knows up to " +
                                     std::to_string(format) +
                                     "): update caviar, or give another path");
  }
  return true;
}

bool has_schema_now(SqliteConnection& connection) {
  const SqliteTransaction look(connection, SqliteTransaction::Aim::read);
  return has_schema(connection);
}

void make_schema(SqliteConnection& connection) {
  SqliteTransaction transaction(connection);
  if (has_schema(connection)) return;  // another program was faster
  connection.run(schema);
  transaction.commit();
}

constexpr const char* find_study = "SELECT id, name, spec, created_at FROM studies WHERE name = ?";
constexpr const char* list_studies = "SELECT id, name, spec, created_at FROM studies ORDER BY id";
constexpr const char* insert_study =
    "INSERT INTO studies (name, spec, created_at) VALUES (?, ?, ?)";
constexpr const char* update_spec = "UPDATE studies SET spec = ? WHERE id = ? RETURNING id";
constexpr const char* next_seq =
    "SELECT (SELECT coalesce(max(seq) + 1, 0) FROM events WHERE study = studies.id) "
    "FROM studies WHERE id = ?";
constexpr const char* insert_event =
    "INSERT INTO events (study, seq, kind, trial, ticket, time, body) VALUES (?, ?, ?, ?, ?, ?, ?)";
constexpr const char* read_events =
    "SELECT seq, kind, trial, ticket, time, body FROM events "
    "WHERE study = ? AND seq >= ? ORDER BY seq LIMIT ?";

StudyInfo study_info(const SqliteStatement& row) {
  return {row.integer(0), std::string(row.text(1)), std::string(row.text(2)), row.real(3)};
}

class SqliteStorage final : public Storage {
 public:
  // `connection` has the schema. `wal`: it uses the write-ahead log.
  SqliteStorage(std::unique_ptr<SqliteConnection> connection, bool wal)
      : connection_(std::move(connection)),
        wal_(wal),
        log_(connection_->path() + "-wal"),
        next_(connection_->prepare(next_seq)),
        insert_(connection_->prepare(insert_event)),
        read_(connection_->prepare(read_events)) {
    connection_->run("PRAGMA synchronous = FULL");
  }

  std::optional<StudyInfo> find(const std::string& name) const override {
    const std::scoped_lock lock(mutex_);
    auto query = connection_->prepare(find_study);
    if (query.bind(name).step() != Step::row) return std::nullopt;
    return study_info(query);
  }

  std::vector<StudyInfo> list() const override {
    const std::scoped_lock lock(mutex_);
    auto query = connection_->prepare(list_studies);
    std::vector<StudyInfo> studies;
    while (query.step() == Step::row) studies.push_back(study_info(query));
    return studies;
  }

  StudyInfo create(const std::string& name, const std::string& spec) override {
    const std::scoped_lock lock(mutex_);
    sync_each_commit(true);
    StudyInfo made{0, name, spec, unix_time()};
    auto insert = connection_->prepare(insert_study);
    if (insert.bind(name, spec, made.created_at).step() == Step::taken) {
      throw Error(Fault::conflict, connection_->path() + ": a study '" + name + "' exists already");
    }
    made.id = connection_->last_id();
    return made;
  }

  void set_spec(StudyId study, const std::string& spec) override {
    const std::scoped_lock lock(mutex_);
    sync_each_commit(true);
    auto update = connection_->prepare(update_spec);
    if (update.bind(spec, study).step() != Step::row) fail_missing(study);
    update.step();  // commits
  }

  std::optional<std::size_t> append(StudyId study, std::span<const Event> events) override {
    const std::scoped_lock lock(mutex_);
    sync_each_commit(false);
    SqliteTransaction transaction(*connection_);
    if (next_.bind(study).step() != Step::row) fail_missing(study);
    const std::int64_t first = next_.integer(0);
    next_.reset();
    std::int64_t seq = first;
    for (const Event& event : events) {
      const EventColumns columns = event_columns(event);
      const std::string body = event_body(event);
      insert_.bind(study, seq++, columns.kind, columns.trial, columns.ticket, columns.time, body);
      if (insert_.step() == Step::taken) return std::nullopt;
    }
    transaction.commit();
    log_.written();
    return static_cast<std::size_t>(first);
  }

  // Of the write-ahead log alone: SQLite itself syncs it before it moves what it holds into the
  // database. Not under the lock, so that others append in the meantime.
  void sync() override {
    if (wal_) log_.wait();
  }

  std::vector<Event> read(StudyId study, std::size_t from, std::size_t limit) const override {
    const std::scoped_lock lock(mutex_);
    std::vector<Event> events;
    auto seq = static_cast<std::int64_t>(from);
    read_.bind(study, seq, static_cast<std::int64_t>(limit));
    try {
      for (; read_.step() == Step::row; ++seq) events.push_back(event_at(seq));
    } catch (const Error& error) {
      read_.reset();
      throw;
    }
    return events;
  }

 private:
  // The event in the current row, which must be the seq-th of its study.
  Event event_at(std::int64_t seq) const try {
    if (read_.integer(0) != seq) throw Error(Fault::io, "it is not there");
    const EventColumns columns{read_.text(1), read_.optional_int(2), read_.optional_int(3),
                               read_.real(4)};
    return make_event(columns, read_.text(5));
  } catch (const Error& error) {
    throw Error(Fault::io, connection_->path() + ": the database is damaged at event " +
                               std::to_string(seq) + " of a study: " + error.what());
  }

  // Without it a commit outlives the program, but until sync() perhaps not a power cut.
  void sync_each_commit(bool wanted) {
    if (!wal_ || wanted == syncing_) return;
    connection_->run(wanted ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    syncing_ = wanted;
  }

  [[noreturn]] void fail_missing(StudyId study) const {
    throw Error(Fault::missing,
                connection_->path() + ": there is no study of id " + std::to_string(study));
  }

  mutable std::mutex mutex_;
  std::unique_ptr<SqliteConnection> connection_;
  bool wal_;
  GroupSync log_;
  bool syncing_ = true;
  SqliteStatement next_, insert_;
  mutable SqliteStatement read_;
};

std::shared_ptr<Storage> open_to_read(const std::string& path, SqliteConnection::Access access) {
  auto connection = std::make_unique<SqliteConnection>(path, access);
  if (!has_schema_now(*connection)) {
    throw Error(Fault::missing, path + ": this file is empty: there is no study in it");
  }
  connection->run("PRAGMA query_only = 1");
  return std::make_shared<SqliteStorage>(std::move(connection), false);
}

bool has_content(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return !error && size > 0;
}

}  // namespace

std::shared_ptr<Storage> sqlite_storage(const std::string& path) {
  if (path.empty()) throw Error(Fault::input, "storage 'sqlite:': a path expected, as sqlite:a.db");
  auto connection = std::make_unique<SqliteConnection>(path, SqliteConnection::Access::create);
  const bool made = has_schema_now(*connection);
  if (!connection->writable()) throw Error(Fault::io, path + ": the file is read-only");
  const bool wal = connection->use_write_ahead_log();
  if (!made) make_schema(*connection);
  return std::make_shared<SqliteStorage>(std::move(connection), wal);
}

std::shared_ptr<Storage> sqlite_storage_to_read(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    throw Error(Fault::missing, path + ": there is no such database");
  }
  try {
    return open_to_read(path, SqliteConnection::Access::existing);
  } catch (const Error& refusal) {
    // Even a reader shares a lock file with writers. In a folder where it cannot be made there are
    // no writers, unless one of them left its log behind.
    const bool folder_writable =
        ::faccessat(AT_FDCWD, folder_of(path).c_str(), W_OK, AT_EACCESS) == 0;
    if (refusal.fault() != Fault::io || folder_writable || has_content(path + "-wal")) throw;
    return open_to_read(path, SqliteConnection::Access::immutable);
  }
}

}  // namespace caviar
