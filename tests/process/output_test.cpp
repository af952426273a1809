// What is kept of a program's output: lines, and a log that does not grow without end.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/process/bounded_log.hpp"
#include "caviar/process/lines.hpp"

#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> lines_of(const std::vector<std::string>& pieces) {
  Lines lines;
  std::vector<std::string> found;
  const auto take = [&](std::string_view line) { found.emplace_back(line); };
  for (const std::string& piece : pieces) lines.add(piece, take);
  lines.finish(take);
  return found;
}

TEST(Lines, ComeWholeHoweverTheBytesCome) {
  EXPECT_THAT(lines_of({"a\nb", "c", "\n", "\r\n", "10%\r20%\rd"}),
              ElementsAre("a", "bc", "10%", "20%", "d"));
  EXPECT_THAT(lines_of({std::string("\0\xff\n", 3)}), ElementsAre(std::string("\0\xff", 2)));
}

TEST(Lines, TooLongOnesArePassedOver) {
  const std::string half(Lines::longest / 2 + 1, 'x');
  EXPECT_THAT(lines_of({"a\n" + half, half, half + "\nb\n"}), ElementsAre("a", "b"));
}

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(BoundedLog, KeepsTheBeginningAndTheEnd) {
  TempFolder folder;
  const std::string path = folder.file("log.txt");
  BoundedLog log(path);
  log.write("the first line\n");
  std::string block;
  while (block.size() < 60'000) block += "line " + std::to_string(block.size()) + "\n";
  for (int n = 0; n < 700; ++n) log.write(block);  // 42 MB
  log.write("the last line\n");
  EXPECT_LE(std::filesystem::file_size(path), BoundedLog::most);
  const std::string kept = content(path);
  EXPECT_TRUE(kept.starts_with("the first line\n"));
  EXPECT_TRUE(kept.ends_with("the last line\n"));
  EXPECT_THAT(kept.substr(BoundedLog::beginning, 100), HasSubstr("bytes are left out here"));
}

TEST(BoundedLog, TheLastLinesAreFitForAMessage) {
  TempFolder folder;
  BoundedLog log(folder.file("log.txt"));
  log.write(
      "one\ntwo\n\n\x1b[31mthr\xc3\xa4"
      "e\x07\n" +
      std::string(300, 'x') + "\n\n");
  EXPECT_THAT(log.last_lines(2, 10), ElementsAre("[31mthr\xc3\xa4"
                                                 "e",
                                                 "xxxxxxxxxx"));
  EXPECT_THAT(log.last_lines(9, 3), ElementsAre("one", "two", "[31", "xxx"));
}

TEST(BoundedLog, GoesWithoutAFileWhereThereCanBeNone) {
  BoundedLog log("/does/not/exist/log.txt");
  log.write("heard\n");
  EXPECT_THAT(log.last_lines(1, 10), ElementsAre("heard"));
}

}  // namespace
}  // namespace caviar
