// What every storage must do. A new one: one line in `kinds`.
#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/storage/storage.hpp"

#include "tests/storage/events.hpp"
#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

struct Kind {
  std::string name;
  std::string (*url)(const TempFolder& folder);
};

const Kind kinds[] = {
    {"memory", [](const TempFolder&) { return std::string("memory:"); }},
    {"sqlite", [](const TempFolder& folder) { return "sqlite:" + folder.file("studies.db"); }},
};

class StorageContract : public testing::TestWithParam<Kind> {
 protected:
  std::vector<Event> read_all(StudyId study) const { return storage_->read(study, 0, 1'000'000); }
  StudyId study() { return storage_->create("study", "{}").id; }
  bool append(StudyId study, const std::vector<Event>& events) {
    return storage_->append(study, events).has_value();
  }

  TempFolder folder_;
  std::shared_ptr<Storage> storage_ = open_storage(GetParam().url(folder_));
};

TEST_P(StorageContract, FindsWhatWasCreated) {
  EXPECT_FALSE(storage_->find("digits"));
  const StudyInfo made = storage_->create("digits", R"({"space":{}})");
  EXPECT_GT(made.created_at, 1.6e9);
  const auto found = storage_->find("digits");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, made.id);
  EXPECT_EQ(found->name, "digits");
  EXPECT_EQ(found->spec, R"({"space":{}})");
  EXPECT_EQ(found->created_at, made.created_at);
}

TEST_P(StorageContract, ListsInTheOrderCreated) {
  for (const char* name : {"b", "a", "Größe 😀", "a ", "A"}) storage_->create(name, "{}");
  std::vector<std::string> names;
  for (const StudyInfo& info : storage_->list()) names.push_back(info.name);
  EXPECT_EQ(names, (std::vector<std::string>{"b", "a", "Größe 😀", "a ", "A"}));
  EXPECT_TRUE(storage_->find("Größe 😀"));
}

TEST_P(StorageContract, ANameIsTakenOnce) {
  storage_->create("digits", "first");
  try {
    storage_->create("digits", "second");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::conflict);
    EXPECT_NE(std::string(error.what()).find("digits"), std::string::npos);
  }
  EXPECT_EQ(storage_->find("digits")->spec, "first");
}

TEST_P(StorageContract, TheSpecCanChange) {
  const StudyId id = study();
  storage_->set_spec(id, R"({"search":"gp"})");
  EXPECT_EQ(storage_->find("study")->spec, R"({"search":"gp"})");
}

TEST_P(StorageContract, EveryEventComesBackInOrder) {
  const StudyId id = study();
  const std::vector<Event> events = difficult_events();
  for (const Event& event : events) ASSERT_TRUE(append(id, {event}));
  EXPECT_EQ(texts_of(read_all(id)), texts_of(events));
}

TEST_P(StorageContract, AppendSaysWhere) {
  const StudyId id = study();
  const std::vector<Event> three = {asked(0), reported(0, 1), ended(0)};
  EXPECT_EQ(storage_->append(id, three), 0U);
  const std::vector<Event> one = {asked(1)};
  EXPECT_EQ(storage_->append(id, one), 3U);
  EXPECT_EQ(storage_->append(id, one), std::nullopt);
}

TEST_P(StorageContract, ReadsFromTheNthUpToTheLimit) {
  const StudyId id = study();
  std::vector<Event> events;
  for (int n = 0; n < 10; ++n) events.push_back(reported(0, n));
  append(id, events);
  const auto texts = texts_of(events);
  EXPECT_EQ(texts_of(storage_->read(id, 3, 4)),
            std::vector<std::string>(texts.begin() + 3, texts.begin() + 7));
  EXPECT_EQ(storage_->read(id, 8, 100).size(), 2U);
  EXPECT_TRUE(storage_->read(id, 10, 100).empty());
  EXPECT_TRUE(storage_->read(id, 99, 100).empty());
}

TEST_P(StorageContract, StudiesDoNotMix) {
  const StudyId a = study();
  const StudyId b = storage_->create("other", "{}").id;
  EXPECT_TRUE(append(a, {asked(0), reported(0, 1)}));
  EXPECT_TRUE(append(b, {asked(0)}));
  EXPECT_TRUE(append(a, {ended(0)}));
  EXPECT_EQ(texts_of(read_all(a)), texts_of({asked(0), reported(0, 1), ended(0)}));
  EXPECT_EQ(texts_of(read_all(b)), texts_of({asked(0)}));
}

TEST_P(StorageContract, ANumberIsAskedOnce) {
  const StudyId id = study();
  EXPECT_TRUE(append(id, {asked(0)}));
  EXPECT_FALSE(append(id, {asked(0)}));
  EXPECT_TRUE(append(id, {asked(1)}));
  EXPECT_EQ(read_all(id).size(), 2U);
}

TEST_P(StorageContract, ATicketIsUsedOnce) {
  const StudyId id = study();
  EXPECT_TRUE(append(id, {asked(0, 4)}));
  EXPECT_FALSE(append(id, {asked(1, 4)}));
  EXPECT_TRUE(append(id, {asked(1, 5)}));
}

TEST_P(StorageContract, ATrialEndsOnce) {
  const StudyId id = study();
  EXPECT_TRUE(append(id, {asked(0), asked(1)}));
  EXPECT_TRUE(append(id, {ended(0, 1)}));
  EXPECT_FALSE(append(id, {ended(0, 2)}));
  EXPECT_TRUE(append(id, {ended(1, 2)}));
}

TEST_P(StorageContract, AppendsAllOrNothing) {
  const StudyId id = study();
  append(id, {asked(0), ended(0)});
  EXPECT_FALSE(append(id, {Noted{"a", "1"}, asked(1), Queued{}, ended(0)}));
  EXPECT_FALSE(append(id, {asked(1), asked(1)}));
  EXPECT_EQ(read_all(id).size(), 2U);
  EXPECT_TRUE(append(id, {asked(1)})) << "a refused event took the number";
}

TEST_P(StorageContract, AnUnknownStudyIsMissing) {
  try {
    append(77, {asked(0)});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::missing);
  }
  EXPECT_THROW(storage_->set_spec(77, "{}"), Error);
}

TEST_P(StorageContract, ManyThreadsAskEveryNumberOnce) {
  const StudyId id = study();
  constexpr int threads = 8, numbers = 40;
  std::atomic<int> won = 0;
  std::vector<std::jthread> pool;
  for (int t = 0; t < threads; ++t) {
    pool.emplace_back([&] {
      for (int n = 0; n < numbers; ++n) {
        if (append(id, {asked(n, n), reported(n, 0)})) ++won;
      }
    });
  }
  pool.clear();
  EXPECT_EQ(won, numbers);
  std::set<int> seen;
  const auto events = read_all(id);
  ASSERT_EQ(events.size(), 2U * numbers);
  for (std::size_t at = 0; at < events.size(); at += 2) {
    const int number = std::get<Asked>(events[at]).trial;
    EXPECT_TRUE(seen.insert(number).second);
    EXPECT_EQ(std::get<Reported>(events[at + 1]).trial, number) << "an append was torn apart";
  }
}

INSTANTIATE_TEST_SUITE_P(All, StorageContract, testing::ValuesIn(kinds),
                         [](const auto& kind) { return kind.param.name; });

TEST(StorageCatalog, RefusesUnknownSchemes) {
  for (const char* url : {"", "postgres:x", "study", "sqlite:", "memory:x", "sqlit:a.db2"}) {
    try {
      open_storage(url);
      FAIL() << url;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::input) << url;
    }
  }
}

TEST(StorageCatalog, APathOfADatabaseNeedsNoScheme) {
  const TempFolder folder;
  open_storage(folder.file("a.db"))->create("study", "{}");
  EXPECT_TRUE(open_storage("sqlite:" + folder.file("a.db"))->find("study"));
  EXPECT_TRUE(open_existing_storage(folder.file("a.db"))->find("study"));
}

TEST(StorageCatalog, ReadingCreatesNothing) {
  const TempFolder folder;
  for (const std::string& url : {folder.file("a.db"), std::string("memory:")}) {
    try {
      open_existing_storage(url);
      FAIL() << url;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::missing) << url;
    }
  }
  EXPECT_FALSE(std::filesystem::exists(folder.file("a.db")));
}

}  // namespace
}  // namespace caviar
