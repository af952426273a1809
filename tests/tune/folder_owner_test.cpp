#include "caviar/tune/folder_owner.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"

#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

namespace fs = std::filesystem;

TEST(FolderOwner, IsTheStudyThatCameFirstWhileItsStorageIsThere) {
  const TempFolder folder;
  const std::string trials = folder.file("x.trials");
  const StudyPlace a{"sqlite:" + folder.file("a.db"), "x"}, b{folder.file("b.db"), "x"};
  claim_folder(trials, a, false);
  EXPECT_FALSE(fs::exists(trials));
  claim_folder(trials, a, true);
  claim_folder(trials, a, true);
  claim_folder(trials, {folder.file("a.db"), "x"}, true);  // spelt in another way
  write_file(folder.file("a.db"), "");
  try {
    claim_folder(trials, b, false);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::conflict);
    EXPECT_THAT(error.what(), testing::HasSubstr("a.db, which those of 'x' would replace"));
  }
  EXPECT_THROW(claim_folder(trials, {"memory:", "x"}, true), Error);
  fs::remove(folder.file("a.db"));
  claim_folder(trials, {"memory:", "x"}, true);
  claim_folder(trials, b, true);
  claim_folder(trials, b, true);
}

TEST(FolderOwner, MovesWithItsStorage) {
  const TempFolder folder;
  fs::create_directories(folder.file("old"));
  write_file(folder.file("old/a.db"), "");
  claim_folder(folder.file("old/x.trials"), {folder.file("old/a.db"), "x"}, true);
  fs::rename(folder.file("old"), folder.file("new"));
  claim_folder(folder.file("new/x.trials"), {folder.file("new/a.db"), "x"}, true);
}

}  // namespace
}  // namespace caviar
