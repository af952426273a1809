#include "caviar/storage/sqlite_connection.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>

#include <sqlite3.h>
#include <unistd.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"

namespace caviar {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto patience = 60s;

// file:PATH?immutable=1, with the characters escaped that mean something in it.
std::string immutable_uri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%')
      uri += "%25";
    else if (c == '?')
      uri += "%3f";
    else if (c == '#')
      uri += "%23";
    else
      uri += c;
  }
  return uri + "?immutable=1";
}

// ":memory:" and the like are names of files here, not words of SQLite.
std::string plain_path(const std::string& path) {
  return path.starts_with(':') ? "./" + path : path;
}

std::string with_reason(const char* what, int reason) {
  return reason == 0 ? what : std::string(what) + " (" + std::strerror(reason) + ")";
}

// SQLite only knows that it could not: this says why. 0 where nothing stands in the way (any more).
int obstacle(const std::string& path) {
  const bool there = ::access(path.c_str(), F_OK) == 0;
  const std::string wanted = there ? path : folder_of(path);
  return ::access(wanted.c_str(), there ? R_OK | W_OK : W_OK | X_OK) == 0 ? 0 : errno;
}

// What a user can make of a primary result code.
std::string explanation(int code, sqlite3* database, int reason, const std::string& path) {
  switch (code) {
    case SQLITE_NOTADB:
      return "this is not a database of caviar: give another path, or move the file away";
    case SQLITE_CORRUPT:
      return "the database is damaged or cut short: take a copy from before, or save what can be "
             "read with `sqlite3 FILE .recover`";
    case SQLITE_FULL:
      return "the disk is full, so this was not written: free some space and run again; everything "
             "acknowledged before is kept";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return "the database cannot be written: the file or its folder is read-only";
    case SQLITE_CANTOPEN:
      return with_reason("the database cannot be opened, nor made here", obstacle(path)) +
             ": check that its folder exists and may be written to";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return "another program has kept the database locked for a minute: end it, or try again";
    case SQLITE_ERROR:  // a table or column is not there
      return std::string("the database is damaged: ") + sqlite3_errmsg(database);
    default:
      return with_reason("the disk refused", reason) + ": " + sqlite3_errmsg(database);
  }
}

}  // namespace

SqliteConnection::SqliteConnection(const std::string& path, Access access) : path_(path) {
  const bool immutable = access == Access::immutable;
  const int flags = (immutable ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE) |
                    (access == Access::create ? SQLITE_OPEN_CREATE : 0) | SQLITE_OPEN_NOMUTEX |
                    SQLITE_OPEN_EXRESCODE;
  const std::string name = immutable ? immutable_uri(path) : plain_path(path);
  sqlite3* database = nullptr;
  const int result = sqlite3_open_v2(name.c_str(), &database, flags, nullptr);
  database_.reset(database);
  if (result != SQLITE_OK) fail();
  sqlite3_busy_handler(database, wait, &busy_since_);
}

void SqliteConnection::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

// SQLite's own handler sleeps in fixed steps up to a tenth of a second, with which two busy
// programs starve a third for seconds. Short random waits take turns.
int SqliteConnection::wait(void* since, int attempt) {
  auto& begin = *static_cast<Clock::time_point*>(since);
  const auto now = Clock::now();
  if (attempt == 0) begin = now;
  if (now - begin > patience) return 0;
  const auto longest = std::min(attempt + 1, 20) * 250us;
  std::this_thread::sleep_for(100us + now.time_since_epoch() % longest);
  return 1;
}

bool SqliteConnection::writable() const {
  return sqlite3_db_readonly(database_.get(), "main") == 0;
}

void SqliteConnection::run(const char* sql) {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(errno);
}

SqliteStatement SqliteConnection::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement,
                         nullptr) != SQLITE_OK) {
    fail();
  }
  return {*this, statement};
}

std::int64_t SqliteConnection::number(const char* sql) {
  SqliteStatement query = prepare(sql);
  if (query.step() != Step::row) throw Error(Fault::internal, std::string(sql) + ": no answer");
  return query.integer(0);
}

std::int64_t SqliteConnection::last_id() const {
  return sqlite3_last_insert_rowid(database_.get());
}

void SqliteConnection::roll_back() noexcept {
  sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

bool SqliteConnection::in_transaction() const {
  return sqlite3_get_autocommit(database_.get()) == 0;
}

bool SqliteConnection::use_write_ahead_log() {
  // Where two programs make one file at the same time, this is refused without a call of the busy
  // handler.
  int result = SQLITE_OK;
  int attempt = 0;
  do result = sqlite3_exec(database_.get(), "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
  while ((result & 0xff) == SQLITE_BUSY && wait(&busy_since_, attempt++) != 0);
  if (result != SQLITE_OK) fail();
  SqliteStatement mode = prepare("PRAGMA journal_mode");
  return mode.step() == Step::row && mode.text(0) == "wal";
}

void SqliteConnection::fail(int system_error) const {
  sqlite3* database = database_.get();
  const int noted = sqlite3_system_errno(database);  // 0 where a COMMIT failed
  const int code = sqlite3_errcode(database) & 0xff;
  if (code == SQLITE_MISUSE || code == SQLITE_CONSTRAINT) {
    throw Error(Fault::internal, path_ + ": SQLite: " + sqlite3_errmsg(database));
  }
  throw Error(Fault::io,
              path_ + ": " + explanation(code, database, noted != 0 ? noted : system_error, path_));
}

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Step SqliteStatement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return Step::row;
  const int reason = errno;
  reset();
  if (result == SQLITE_DONE) return Step::done;
  if (result == SQLITE_CONSTRAINT_UNIQUE || result == SQLITE_CONSTRAINT_PRIMARYKEY) {
    return Step::taken;
  }
  connection_->fail(reason);
}

void SqliteStatement::reset() { sqlite3_reset(statement_.get()); }

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double SqliteStatement::real(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}

std::string_view SqliteStatement::text(int column) const {
  const auto* text = sqlite3_column_text(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)};
}

std::optional<int> SqliteStatement::optional_int(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::nullopt;
  return sqlite3_column_int(statement_.get(), column);
}

void SqliteStatement::bind_at(int index, std::int64_t value) {
  if (sqlite3_bind_int64(statement_.get(), index, value) != SQLITE_OK) connection_->fail();
}

void SqliteStatement::bind_at(int index, double value) {
  if (sqlite3_bind_double(statement_.get(), index, value) != SQLITE_OK) connection_->fail();
}

void SqliteStatement::bind_at(int index, std::string_view value) {
  // An empty text, not NULL, where the view points nowhere.
  const char* begin = value.data() == nullptr ? "" : value.data();
  if (sqlite3_bind_text64(statement_.get(), index, begin, value.size(), SQLITE_STATIC,
                          SQLITE_UTF8) != SQLITE_OK) {
    connection_->fail();
  }
}

void SqliteStatement::bind_at(int index, std::optional<int> value) {
  if (value) return bind_at(index, *value);
  if (sqlite3_bind_null(statement_.get(), index) != SQLITE_OK) connection_->fail();
}

SqliteTransaction::SqliteTransaction(SqliteConnection& connection, Aim aim)
    : connection_(connection) {
  connection_.run(aim == Aim::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

SqliteTransaction::~SqliteTransaction() {
  // A failed COMMIT or a full disk may have rolled it back already.
  if (connection_.in_transaction()) connection_.roll_back();
}

void SqliteTransaction::commit() { connection_.run("COMMIT"); }

}  // namespace caviar
