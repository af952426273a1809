// What a run is made of: its folder, its log, its inbox, its snapshots.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/json.hpp"
#include "caviar/run/inbox.hpp"
#include "caviar/run/run_folder.hpp"
#include "caviar/run/run_log.hpp"
#include "caviar/run/snapshots.hpp"

#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string problem(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(RunFolder, HasOneRunOfAName) {
  const TempFolder folder;
  const RunFolder run = create_run(folder.file("runs"), "run1");
  EXPECT_EQ(run.name(), "run1");
  EXPECT_THAT(problem([&] { create_run(folder.file("runs"), "run1"); }),
              HasSubstr("there is a run 'run1'"));
  for (const char* bad : {"", ".", "../x", "a/b", "-x", "a b"}) {
    EXPECT_THAT(problem([&] { create_run(folder.file("runs"), bad); }), HasSubstr("is no name"));
  }
  EXPECT_TRUE(list_runs(folder.file("runs")).empty());  // nothing began
  write_file(run.log(), "");
  EXPECT_EQ(find_run(folder.file("runs"), "run1").path, run.path);
  EXPECT_THAT(problem([&] { find_run(folder.file("runs"), "run2"); }),
              HasSubstr("did you mean 'run1'?"));
}

TEST(RunLog, IsReadLineByLineAsItGrows) {
  const TempFolder folder;
  const std::string path = folder.file("log");
  EXPECT_FALSE(is_running(path));
  {
    RunLog log(path);
    LogReader reader(path);
    EXPECT_TRUE(is_running(path));
    EXPECT_THAT(problem([&] { RunLog second(path); }), HasSubstr("another program runs it"));
    Json line = {{"event", "a"}};
    log.write(line);
    EXPECT_EQ(reader.more().size(), 1U);
    EXPECT_TRUE(reader.more().empty());
    std::ofstream(path, std::ios::app) << R"({"event": "hal)";
    EXPECT_TRUE(reader.more().empty());  // half a line is none yet
    EXPECT_TRUE(is_running(path));       // reading and asking took no lock away
  }
  EXPECT_FALSE(is_running(path));
  RunLog log(path);  // cuts off what a killed program left
  Json line = {{"event", "b"}};
  log.write(line);
  const std::vector<Json> lines = LogReader(path).more();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1].at("event"), "b");
  EXPECT_GT(lines[1].at("time").get<double>(), 0);
}

TEST(RunLog, EndsWhereItsLastWholeLineDoes) {
  const TempFolder folder;
  const std::string path = folder.file("log");
  EXPECT_EQ(end_of_lines(path), 0U);
  const std::string line = "{\"event\": \"a\"}\n";
  write_file(path, line);
  EXPECT_EQ(end_of_lines(path), line.size());
  write_file(path, line + "{\"event\": \"ha");
  EXPECT_EQ(end_of_lines(path), line.size());
  write_file(path, line + std::string(10'000, 'x'));
  EXPECT_EQ(end_of_lines(path), line.size());
  write_file(path, std::string(10'000, 'x'));
  EXPECT_EQ(end_of_lines(path), 0U);
}

TEST(RunLog, NamesTheLineThatIsNone) {
  const TempFolder folder;
  write_file(folder.file("log"), "{\"event\": \"a\"}\nnonsense\n");
  EXPECT_THAT(problem([&] { LogReader(folder.file("log")).more(); }),
              HasSubstr("byte 15 is no JSON object"));
}

TEST(Inbox, GivesRequestsInTheOrderSent) {
  const TempFolder folder;
  EXPECT_FALSE(has_requests(folder.path()));
  const RunRequest steered{.verb = "steer",
                           .changes = {{"learning_rate", 3e-4}, {"epochs", std::int64_t{9}}},
                           .epoch = 20};
  const std::string first = send(folder.path(), steered);
  send(folder.path(), {.verb = "rollback", .to = "epoch:12"});
  const std::string third = send(folder.path(), {.verb = "stop"});
  std::ofstream(folder.file("x.json.tmp")) << "half written";
  EXPECT_TRUE(has_requests(folder.path()));
  EXPECT_TRUE(withdraw(folder.path(), third));
  EXPECT_FALSE(withdraw(folder.path(), third));
  const std::vector<RunRequest> requests = take_requests(folder.path());
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].id, first);
  EXPECT_EQ(requests[0].changes, steered.changes);
  EXPECT_EQ(requests[0].epoch, 20);
  EXPECT_EQ(requests[1].to, "epoch:12");
  EXPECT_FALSE(has_requests(folder.path()));
}

TEST(Inbox, HandsOnWhatCannotBeRead) {
  const TempFolder folder;
  int number = 0;
  for (const char* text : {"", "[1]", "{\"id\": 3}", "{\"id\":\"a\",\"verb\":\"steer\",\"x\":1}",
                           R"({"id":"a","verb":"steer","changes":{"a":[1]}})"}) {
    write_file(folder.file(std::to_string(number++) + ".json"), text);
  }
  const std::vector<RunRequest> requests = take_requests(folder.path());
  ASSERT_EQ(requests.size(), 5U);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    EXPECT_EQ(requests[i].verb, "");
    EXPECT_EQ(requests[i].id, std::to_string(i));
    EXPECT_NE(requests[i].to, "");
  }
}

TEST(Moment, OrdersAndSpeaks) {
  EXPECT_LT((RunMoment{2, 9}), (RunMoment{3, 0}));
  EXPECT_EQ(to_text(RunMoment{}), "at the start");
  EXPECT_EQ(to_text(RunMoment{13, 0}), "after epoch 12");
  EXPECT_EQ(to_text(RunMoment{13, 4}), "in epoch 13 after iteration 4");
  EXPECT_EQ(parse_epoch("epoch:12", "--at"), 12);
  for (const char* bad : {"12", "epoch:", "epoch:1.5", "epoch:-1", "epoch:x"}) {
    EXPECT_THAT(problem([&] { parse_epoch(bad, "--at"); }), HasSubstr("--at: '"));
  }
}

// As the store would be after so many snapshots were taken one by one.
std::vector<int> kept_of(int taken, const SnapshotRules& rules, const char* why, int needed = -1) {
  std::vector<Snapshot> kept;
  for (int number = 1; number <= taken; ++number) {
    kept.push_back(
        {.number = number, .at = {number + 1, 0}, .bytes = 10, .checksum = 0, .why = why});
    while (const auto index = to_remove(kept, rules, needed)) {
      kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(*index));
    }
  }
  std::vector<int> numbers;
  for (const Snapshot& snapshot : kept) numbers.push_back(snapshot.number);
  return numbers;
}

TEST(Snapshots, AreBoundedInNumberAndBytes) {
  EXPECT_THAT(kept_of(5, {.every = {}, .most = 3}, "before steer"), ElementsAre(3, 4, 5));
  EXPECT_THAT(kept_of(5, {.every = {}, .most = 9, .bytes = 25}, "before steer"), ElementsAre(4, 5));
  EXPECT_THAT(kept_of(5, {.every = {}, .most = 3}, "before steer", 1), ElementsAre(1, 4, 5));
  EXPECT_THAT(kept_of(5, {.every = {}, .most = 1}, origin_snapshot), testing::SizeIs(5));
}

TEST(Snapshots, ThatAPersonAskedForStayAndMakeNoRoom) {
  EXPECT_THAT(kept_of(5, {.every = {}, .most = 3}, asked_snapshot), testing::SizeIs(5));
  const std::vector<Snapshot> kept = {
      {.number = 4, .at = {5, 0}, .bytes = 10, .checksum = 0, .why = asked_snapshot},
      {.number = 6, .at = {7, 0}, .bytes = 10, .checksum = 0, .why = "before steer"}};
  check_room(kept, {.every = {}, .most = 2});
  EXPECT_THAT(problem([&] { check_room(kept, {.every = {}, .most = 1}); }),
              HasSubstr("--remove snapshot:4 makes room"));
  EXPECT_THAT(problem([&] { check_room(kept, {.every = {}, .most = 9, .bytes = 10}); }),
              HasSubstr("1 snapshot that was asked for fills the room"));
}

TEST(Snapshots, ThatAreAutomaticLieEverWiderApart) {
  const std::vector<int> kept = kept_of(500, {.every = {}, .most = 12}, automatic_snapshot);
  ASSERT_EQ(kept.size(), 12U);
  EXPECT_EQ(kept.back(), 500);
  EXPECT_GE(kept[10], 497);  // densely now
  EXPECT_LE(kept[0], 250);   // and far back
  for (std::size_t i = 2; i < kept.size(); ++i) {
    EXPECT_LE(kept[i] - kept[i - 1], 2 * (kept[i - 1] - kept[i - 2]) + 1) << i;
  }
}

TEST(Snapshots, KnowTheirBytes) {
  const TempFolder folder;
  TrainSpec spec;
  spec.data = "x.csv";
  TrainingState<float> state;
  state.epoch = 4;
  state.weights = {1, 2, 3};
  const Snapshot snapshot = write_snapshot(
      folder.path(), 7, {.spec = spec, .state = state, .save = "", .epochs = {}}, "why");
  EXPECT_EQ(snapshot.number, 7);
  EXPECT_EQ(snapshot.at, (RunMoment{4, 0}));
  EXPECT_EQ(read_snapshot(folder.path(), snapshot).state.weights, state.weights);
  const std::string path = snapshot_path(folder.path(), 7);
  std::string bytes = read_file(path);
  ASSERT_EQ(bytes.size(), snapshot.bytes);
  bytes[bytes.size() - 1] = static_cast<char>(bytes.back() ^ 1);
  write_file(path, bytes);
  EXPECT_THAT(problem([&] { read_snapshot(folder.path(), snapshot); }), HasSubstr("damaged"));
  write_file(path, bytes.substr(0, bytes.size() / 2));
  EXPECT_THAT(problem([&] { read_snapshot(folder.path(), snapshot); }), HasSubstr("damaged"));
}

}  // namespace
}  // namespace caviar
