// Words for people and for shells.
#include "caviar/base/words.hpp"

#include <gtest/gtest.h>

namespace caviar {
namespace {

TEST(WithoutControls, LeavesTheWords) {
  EXPECT_EQ(without_controls("\x1b[32mloss=0.5\x1b[0m\tacc=1"), "loss=0.5 acc=1");
  EXPECT_EQ(without_controls(std::string_view("\0a\xff b", 5)), "a\xff b");
}

TEST(OneLine, LeavesOutWhatATerminalWouldObey) {
  EXPECT_EQ(one_line("\n the data\nare \x1b[1;31mempty\a\x1b[0m \n", 100), "the data are empty");
  EXPECT_EQ(one_line("abc\xc3\xa4", 4), "abc");
  EXPECT_EQ(one_line("\x1b[", 4), "");
  EXPECT_EQ(one_line("", 4), "");
}

TEST(ShellWord, IsQuotedWhereItMustBe) {
  EXPECT_EQ(shell_word("a/b-1.yaml:12"), "a/b-1.yaml:12");
  EXPECT_EQ(shell_word("my study.yaml"), "'my study.yaml'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(Counted, KnowsOne) {
  EXPECT_EQ(counted(0, "trial"), "0 trials");
  EXPECT_EQ(counted(1, "trial"), "1 trial");
}

}  // namespace
}  // namespace caviar
