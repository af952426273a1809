// Texts that name something.
#include "caviar/base/names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"

namespace caviar {
namespace {

TEST(NameIn, IsATextThatIsNotEmpty) {
  const Node node = Node::parse_yaml("{a: t.csv, b: \"\", c: [3]}", "study.yaml");
  Fields fields(node);
  EXPECT_EQ(name_in(fields, "a"), "t.csv");
  EXPECT_EQ(name_in(fields, "z"), "");
  EXPECT_EQ(name_in(fields, "z", "other"), "other");
  for (const char* key : {"b", "c"}) {
    EXPECT_THROW(name_in(fields, key), Error) << key;
    EXPECT_THROW(name_in(*node.find(key)), Error) << key;
  }
  try {
    name_in(fields, "b");
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("study.yaml:1:15: b: an empty name"));
  }
}

}  // namespace
}  // namespace caviar
