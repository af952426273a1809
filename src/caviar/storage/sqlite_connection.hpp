// One SQLite connection and its statements as C++ values: errors become one clear Error each.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace caviar {

class SqliteStatement;

// Used by one thread at a time.
class SqliteConnection {
 public:
  enum class Access {
    create,     // read and write, made where it is missing
    existing,   // the file must be there
    immutable,  // nothing writes to it, not even the lock that readers share
  };
  // Waits up to a minute for other programs' locks, here and in every statement.
  SqliteConnection(const std::string& path, Access access);
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  const std::string& path() const { return path_; }
  bool writable() const;  // as far as the system's permissions go
  void run(const char* sql);
  SqliteStatement prepare(const char* sql);
  std::int64_t number(const char* sql);  // the one number that a query answers
  std::int64_t last_id() const;
  bool in_transaction() const;
  // Tells nobody where it fails: then the file is beyond help, and what led here is on its way up.
  void roll_back() noexcept;
  // Switches to the write-ahead log; false where the file system cannot have one.
  bool use_write_ahead_log();

  // Throws the Error for what SQLite has just refused, with the system's reason where there is one.
  [[noreturn]] void fail(int system_error = 0) const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  static int wait(void* since, int attempt);  // SQLite's busy handler

  std::string path_;
  std::chrono::steady_clock::time_point busy_since_;
  std::unique_ptr<sqlite3, Close> database_;
};

enum class Step {
  row,    // columns can be read
  done,   // no (more) rows
  taken,  // a UNIQUE column has that value already
};

class SqliteStatement {
 public:
  SqliteStatement(const SqliteConnection& connection, sqlite3_stmt* statement)
      : connection_(&connection), statement_(statement) {}

  // Parameters in order: bind(1, "a") for ?1, ?2. A text must live until the step is done.
  template <class... Values>
  SqliteStatement& bind(const Values&... values) {
    reset();
    int index = 0;
    (bind_at(++index, values), ...);
    return *this;
  }
  Step step();
  void reset();  // ends the query and its hold on the database

  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;  // until the next step
  std::optional<int> optional_int(int column) const;

 private:
  void bind_at(int index, std::int64_t value);
  void bind_at(int index, int value) { bind_at(index, std::int64_t{value}); }
  void bind_at(int index, double value);
  void bind_at(int index, std::string_view value);
  void bind_at(int index, std::optional<int> value);

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  const SqliteConnection* connection_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// Reads see the file as it is at the first of them; with `write`, nobody else writes until the end.
// Rolled back unless committed.
class SqliteTransaction {
 public:
  enum class Aim { read, write };
  explicit SqliteTransaction(SqliteConnection& connection, Aim aim = Aim::write);
  ~SqliteTransaction();
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;
  void commit();

 private:
  SqliteConnection& connection_;
};

}  // namespace caviar
