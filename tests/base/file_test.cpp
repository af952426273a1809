#include "caviar/base/file.hpp"

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "caviar/base/error.hpp"

namespace caviar {
namespace {

class FileTest : public ::testing::Test {
 protected:
  FileTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "caviar-file-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~FileTest() override { std::filesystem::remove_all(folder_); }
  std::string folder_;
};

TEST_F(FileTest, WritesWholeAndReadsBack) {
  const std::string path = folder_ + "/a.bin";
  const std::string content("\0half\nä", 8);
  write_file(path, content);
  EXPECT_EQ(read_file(path), content);
  write_file(path, "second");
  EXPECT_EQ(read_file(path), "second");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(FileTest, AMissingFileIsNamed) {
  try {
    read_file(folder_ + "/none.yaml");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::missing);
    EXPECT_EQ(error.what(), folder_ + "/none.yaml: cannot read: No such file or directory");
  }
}

TEST_F(FileTest, AFolderIsNoFile) { EXPECT_THROW(read_file(folder_), Error); }

TEST_F(FileTest, AFailedWriteLeavesNothingBehind) {
  const std::string path = folder_ + "/target";
  std::filesystem::create_directory(path);
  EXPECT_THROW(write_file(path, "x"), Error);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(FileTest, WhetherOneMayBeWrittenIsKnownBefore) {
  EXPECT_NO_THROW(check_writable(folder_ + "/page.html"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 0);
  EXPECT_THROW(check_writable(folder_ + "/none/page.html"), Error);
  EXPECT_THROW(check_writable(folder_), Error);
}

TEST(FileNames, SplitPaths) {
  EXPECT_EQ(file_name("a/b.csv"), "b.csv");
  EXPECT_EQ(folder_of("a/b.csv"), "a");
  EXPECT_EQ(folder_of("b.csv"), ".");
  EXPECT_EQ(folder_of("/b.csv"), "/");
}

}  // namespace
}  // namespace caviar
