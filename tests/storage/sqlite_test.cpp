// What only a file can suffer: other processes, kills, damage, and disks that refuse.
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/storage/storage.hpp"

#include "tests/child_process.hpp"
#include "tests/storage/events.hpp"
#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

using testing::HasSubstr;

class SqliteStorage : public testing::Test {
 protected:
  std::shared_ptr<Storage> open() const { return open_storage(path_); }
  // A study with some events in it, closed again.
  StudyId fill(int trials = 50) const {
    const auto storage = open();
    const StudyId id = storage->create("study", "{}").id;
    for (int n = 0; n < trials; ++n) {
      const std::vector<Event> events = {asked(n), reported(n, 1), ended(n)};
      storage->append(id, events);
    }
    return id;
  }
  void sql(const char* statement) const {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &database), SQLITE_OK);
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(database, statement, nullptr, nullptr, &error), SQLITE_OK) << error;
    sqlite3_close(database);
  }

  TempFolder folder_;
  std::string path_ = folder_.file("study.db");
};

template <class Act>
std::string refusal(Act act, Fault fault) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), fault) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was refused";
  return "";
}

TEST_F(SqliteStorage, OutlivesTheProgram) {
  const std::vector<Event> events = difficult_events();
  ChildProcess writer([&] {
    const auto storage = open();
    storage->append(storage->create("größe", "{\"a\":1}").id, events);
    return 0;
  });
  ASSERT_EQ(writer.wait(), 0);
  const auto storage = open_existing_storage(path_);
  const auto info = storage->find("größe");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->spec, "{\"a\":1}");
  EXPECT_EQ(texts_of(storage->read(info->id, 0, 100)), texts_of(events));
}

TEST_F(SqliteStorage, ClosesIntoOneFile) {
  fill();
  EXPECT_FALSE(std::filesystem::exists(path_ + "-wal"));
  EXPECT_FALSE(std::filesystem::exists(path_ + "-shm"));
  open_existing_storage(path_)->list();
  EXPECT_FALSE(std::filesystem::exists(path_ + "-wal"));
}

TEST_F(SqliteStorage, ManyProcessesMakeOneFileAndShareItsNumbers) {
  constexpr int processes = 6, numbers = 25;
  std::vector<ChildProcess> children;
  for (int p = 0; p < processes; ++p) {
    children.emplace_back([&] {
      const auto storage = open();
      try {
        storage->create("study", "{}");
      } catch (const Error& error) {
        if (error.fault() != Fault::conflict) throw;
      }
      const StudyId id = storage->find("study")->id;
      int won = 0;
      for (int n = 0; n < numbers; ++n) {
        const std::vector<Event> events = {asked(n, n), reported(n, 0)};
        won += storage->append(id, events) ? 1 : 0;
      }
      return won;
    });
  }
  int won = 0;
  for (ChildProcess& child : children) won += child.wait();
  EXPECT_EQ(won, numbers);
  const auto events = open()->read(1, 0, 1000);
  ASSERT_EQ(events.size(), 2U * numbers);
  for (std::size_t at = 0; at < events.size(); at += 2) {
    EXPECT_EQ(std::get<Asked>(events[at]).trial, static_cast<int>(at / 2));
    EXPECT_EQ(std::get<Reported>(events[at + 1]).trial, static_cast<int>(at / 2));
  }
}

TEST_F(SqliteStorage, AKilledProgramLosesNothingAcknowledged) {
  for (int round = 0; round < 8; ++round) {
    const std::string path = folder_.file("killed" + std::to_string(round) + ".db");
    int acknowledged[2];
    ASSERT_EQ(pipe(acknowledged), 0);
    ChildProcess writer([&] {
      const auto storage = open_storage(path);
      const StudyId id = storage->create("study", "{}").id;
      for (int n = 0;; ++n) {
        const std::vector<Event> events = {asked(n), ended(n)};
        storage->append(id, events);
        if (write(acknowledged[1], &n, sizeof n) != sizeof n) return 1;
      }
    });
    close(acknowledged[1]);
    int last = -1;
    for (int wanted = 3 + 5 * round; last < wanted;) {
      ASSERT_EQ(read(acknowledged[0], &last, sizeof last), static_cast<ssize_t>(sizeof last));
    }
    writer.kill_hard();
    while (read(acknowledged[0], &last, sizeof last) == sizeof last) {
    }
    close(acknowledged[0]);

    const auto to_read = open_existing_storage(path);
    const std::size_t events = to_read->read(1, 0, 100000).size();
    EXPECT_GE(events, 2 * static_cast<std::size_t>(last + 1));
    EXPECT_EQ(events % 2, 0U) << "half of an append was kept";
    EXPECT_EQ(open_storage(path)->read(1, 0, 100000).size(), events);
  }
}

TEST_F(SqliteStorage, ReadersSeeWhatAWriterAppendsMeanwhile) {
  const auto writer = open();
  const StudyId id = writer->create("study", "{}").id;
  const auto reader = open_existing_storage(path_);
  for (int n = 0; n < 5; ++n) {
    const std::vector<Event> events = {reported(0, n)};
    writer->append(id, events);
    EXPECT_EQ(reader->read(id, static_cast<std::size_t>(n), 10).size(), 1U);
  }
}

TEST_F(SqliteStorage, ReadingOnlyCannotWrite) {
  fill(1);
  const auto reader = open_existing_storage(path_);
  EXPECT_THROW(reader->create("other", "{}"), Error);
}

TEST_F(SqliteStorage, RefusesANewerVersion) {
  fill(1);
  sql("PRAGMA user_version = 2");
  for (auto* how : {open_storage, open_existing_storage}) {
    const std::string text = refusal([&] { how(path_); }, Fault::conflict);
    EXPECT_THAT(text, HasSubstr(path_));
    EXPECT_THAT(text, HasSubstr("newer"));
    EXPECT_THAT(text, HasSubstr("update caviar"));
  }
}

TEST_F(SqliteStorage, RefusesAnotherProgramsDatabaseAndLeavesItAlone) {
  sql("CREATE TABLE photos (id INTEGER PRIMARY KEY)");
  const std::string before = read_file(path_);
  for (auto* how : {open_storage, open_existing_storage}) {
    EXPECT_THAT(refusal([&] { how(path_); }, Fault::io), HasSubstr(path_));
  }
  EXPECT_EQ(read_file(path_), before);
}

TEST_F(SqliteStorage, RefusesAFileThatIsNoDatabase) {
  const std::string garbage(10000, 'g');
  write_file(path_, garbage);
  for (auto* how : {open_storage, open_existing_storage}) {
    EXPECT_THAT(refusal([&] { how(path_); }, Fault::io), HasSubstr(path_));
  }
  EXPECT_EQ(read_file(path_), garbage);
}

TEST_F(SqliteStorage, AnEmptyFileIsANewOneToWriteAndNoneToRead) {
  write_file(path_, "");
  EXPECT_THAT(refusal([&] { open_existing_storage(path_); }, Fault::missing), HasSubstr(path_));
  EXPECT_NO_THROW(open()->create("study", "{}"));
}

TEST_F(SqliteStorage, RefusesATruncatedFile) {
  const StudyId id = fill();
  const std::string whole = read_file(path_);
  for (const std::size_t kept : {2UL, 50UL, 99UL, 512UL, 4096UL, 8192UL, whole.size() - 4096}) {
    write_file(path_, whole.substr(0, kept));
    const std::string text = refusal([&] { open_storage(path_)->read(id, 0, 1000); }, Fault::io);
    EXPECT_THAT(text, HasSubstr(path_)) << kept;
    EXPECT_EQ(read_file(path_).size(), kept);
  }
}

TEST_F(SqliteStorage, NoticesDamageInTheMiddle) {
  const StudyId id = fill();
  const std::string whole = read_file(path_);
  for (std::size_t page = 1; page < whole.size() / 4096; ++page) {
    std::string damaged = whole;
    for (std::size_t at = 0; at < 4096; ++at) damaged[page * 4096 + at] = static_cast<char>(at * 7);
    write_file(path_, damaged);
    // A page of an index or a free one is not read: then every event must be there.
    try {
      EXPECT_EQ(open_storage(path_)->read(id, 0, 1000).size(), 150U) << page;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::io);
      EXPECT_THAT(error.what(), HasSubstr(path_));
    }
  }
}

TEST_F(SqliteStorage, NoticesAnEventThatIsGoneOrUnreadable) {
  const StudyId id = fill(3);
  sql("UPDATE events SET body = '{\"state\":' WHERE seq = 5");
  std::string text = refusal([&] { open_storage(path_)->read(id, 0, 100); }, Fault::io);
  EXPECT_THAT(text, HasSubstr("event 5"));
  EXPECT_EQ(open_storage(path_)->read(id, 6, 100).size(), 3U);
  sql("DELETE FROM events WHERE seq = 4");
  text = refusal([&] { open_storage(path_)->read(id, 0, 100); }, Fault::io);
  EXPECT_THAT(text, HasSubstr("event 4"));
}

TEST_F(SqliteStorage, AMissingTableIsDamage) {
  fill(1);
  sql("DROP TABLE events");
  EXPECT_THAT(refusal([&] { open(); }, Fault::io), HasSubstr("events"));
}

// Runs in a child process that is nobody: root may write everywhere.
template <class Act>
int as_nobody(Act act) {
  return ChildProcess([&] {
           if (geteuid() == 0 && seteuid(65534) != 0) return 98;
           return act();
         })
      .wait();
}

TEST_F(SqliteStorage, RefusesToWriteAReadOnlyFileButReadsIt) {
  fill(2);
  chmod(folder_.path().c_str(), 0777);
  chmod(path_.c_str(), 0444);
  EXPECT_EQ(as_nobody([&] {
              const std::string text = refusal([&] { open_storage(path_); }, Fault::io);
              return text.find("read-only") != std::string::npos ? 0 : 1;
            }),
            0);
  EXPECT_EQ(
      as_nobody([&] { return open_existing_storage(path_)->read(1, 0, 100).size() == 6 ? 0 : 1; }),
      0);
}

TEST_F(SqliteStorage, RefusesToWriteInAReadOnlyFolderButReadsThere) {
  fill(2);
  chmod(path_.c_str(), 0666);
  chmod(folder_.path().c_str(), 0555);
  EXPECT_EQ(as_nobody([&] {
              for (const std::string& path : {path_, folder_.file("new.db")}) {
                const std::string text = refusal([&] { open_storage(path); }, Fault::io);
                if (text.find(path) == std::string::npos) return 1;
              }
              return 0;
            }),
            0);
  EXPECT_EQ(
      as_nobody([&] { return open_existing_storage(path_)->read(1, 0, 100).size() == 6 ? 0 : 1; }),
      0);
  chmod(folder_.path().c_str(), 0755);
}

TEST_F(SqliteStorage, AFolderThatIsNotThereIsNamed) {
  const std::string path = folder_.file("no/such/folder/a.db");
  EXPECT_THAT(refusal([&] { open_storage(path); }, Fault::io), HasSubstr(path));
  EXPECT_THAT(refusal([&] { open_storage("sqlite:" + folder_.path()); }, Fault::io),
              HasSubstr(folder_.path()));
}

// Appends until the disk refuses: the Error must name the file, and what was acknowledged must
// stay.
int append_until_refused(const std::string& path, const std::string& reason) {
  int acknowledged = 0;
  try {
    const auto storage = open_storage(path);
    const StudyId id = storage->create("study", "{}").id;
    for (; acknowledged < 100000; ++acknowledged) {
      const std::vector<Event> events = {asked(acknowledged), Noted{"n", std::string(5000, 'n')}};
      storage->append(id, events);
    }
    return 10;
  } catch (const Error& error) {
    const std::string text = error.what();
    if (error.fault() != Fault::io || text.find(path) == std::string::npos ||
        text.find(reason) == std::string::npos) {
      std::fprintf(stderr, "%s\n", error.what());
      return 11;
    }
  }
  const auto events = open_existing_storage(path)->read(1, 0, 1'000'000);
  if (acknowledged < 3) return 12;
  return events.size() == 2 * static_cast<std::size_t>(acknowledged) ? 0 : 13;
}

TEST_F(SqliteStorage, AFileThatMayNotGrowIsOneClearError) {
  ChildProcess writer([&] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{300'000, 300'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    return append_until_refused(path_, "File too large");
  });
  EXPECT_EQ(writer.wait(), 0);
  EXPECT_GE(open()->read(1, 0, 1'000'000).size(), 6U);
}

// Whether this process may mount from now on, seen by nobody else.
bool own_mounts() {
  const std::string user = std::to_string(getuid()), group = std::to_string(getgid());
  if (unshare(CLONE_NEWNS) == 0) return true;
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << "0 " + user + " 1";
  std::ofstream("/proc/self/gid_map") << "0 " + group + " 1";
  return true;
}

TEST_F(SqliteStorage, AFullDiskIsOneClearError) {
  constexpr int no_mounts = 77;
  ChildProcess writer([&] {
    if (!own_mounts()) return no_mounts;
    if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("none", folder_.path().c_str(), "tmpfs", 0, "size=600k") != 0) {
      return no_mounts;
    }
    return append_until_refused(path_, "disk is full");
  });
  const int status = writer.wait();
  if (status == no_mounts) GTEST_SKIP() << "no small file system can be mounted here";
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace caviar
