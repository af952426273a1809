// What is written for NumPy is what is read of it.
#include "caviar/data/npy_writer.hpp"

#include <gtest/gtest.h>

#include "caviar/data/read_table.hpp"

#include "tests/data/files.hpp"

namespace caviar {
namespace {

using namespace testing_files;

Table parsed(const std::string& bytes) { return parse_table(content_of(bytes), "t.npy"); }

TEST(Npy, IsWrittenAsItIsRead) {
  const std::vector<double> cells = {1, 2.5, -3, 4, 5, 1e-300};
  const std::vector<std::size_t> shape = {2, 3};
  const std::string bytes = npy_header("f8", shape) + bytes_of(cells);
  EXPECT_EQ((bytes.size() - sizeof(double) * cells.size()) % 64, 0U);
  const Table table = parsed(bytes);
  ASSERT_EQ(table.rows, 2U);
  ASSERT_EQ(table.columns.size(), 3U);
  EXPECT_EQ(table.columns[2].numbers.values(), (std::vector<double>{-3, 1e-300}));
  const Table texts =
      parsed(npy_texts({"ant", "São", "東京 𝄞"}, std::vector<std::int32_t>{2, 0, 1, 1}));
  ASSERT_EQ(texts.rows, 4U);
  EXPECT_EQ(texts.columns[0].levels, (std::vector<std::string>{"東京 𝄞", "ant", "São"}));
  EXPECT_EQ(texts.columns[0].codes, (std::vector<std::int32_t>{0, 1, 2, 2}));
}

}  // namespace
}  // namespace caviar
