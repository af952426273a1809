// Prepared rows in a mapped file: the same when found again, and not found once anything differs.
#include "caviar/data/cache_file.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>

#include <gtest/gtest.h>

#include "caviar/base/json.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/data/csv.hpp"
#include "caviar/data/hash.hpp"
#include "caviar/data/preprocess.hpp"

#include "tests/data/files.hpp"

namespace caviar {
namespace {

using namespace testing_files;

std::string read(const std::string& path) { return std::string(map_file(path).bytes); }

void fill(const CacheFile::Parts& parts) {
  std::iota(parts.x.begin(), parts.x.end(), 0.5F);
  std::iota(parts.labels.begin(), parts.labels.end(), 7);
  std::iota(parts.targets.begin(), parts.targets.end(), -3.F);
}

TEST(CacheFile, HoldsWhatWasPutIn) {
  const Folder folder;
  const std::string path = folder.path("rows.cache");
  for (const CacheFile::Shape& shape :
       {CacheFile::Shape{5, 3, true, 0}, CacheFile::Shape{5, 3, false, 2},
        CacheFile::Shape{100, 7, true, 1}, CacheFile::Shape{0, 3, true, 0}}) {
    const CacheFile made = CacheFile::make(path, 42, shape, "a note", fill);
    const auto found = CacheFile::open(path, 42);
    ASSERT_TRUE(found);
    for (const CacheFile& file : {made, *found}) {
      EXPECT_EQ(file.shape(), shape);
      EXPECT_EQ(file.note(), "a note");
      ASSERT_EQ(file.x().size(), shape.rows * shape.features);
      ASSERT_EQ(file.labels().size(), shape.labels ? shape.rows : 0);
      ASSERT_EQ(file.targets().size(), shape.rows * shape.targets);
      for (std::size_t i = 0; i < file.x().size(); ++i) EXPECT_EQ(file.x()[i], 0.5F + float(i));
      for (std::size_t i = 0; i < file.labels().size(); ++i)
        EXPECT_EQ(file.labels()[i], 7 + int(i));
      for (std::size_t i = 0; i < file.targets().size(); ++i) {
        EXPECT_EQ(file.targets()[i], -3.F + float(i));
      }
    }
  }
}

TEST(CacheFile, IsNotFoundOnceAnythingDiffers) {
  const Folder folder;
  const std::string path = folder.path("rows.cache");
  EXPECT_FALSE(CacheFile::open(path, 42));
  CacheFile::make(path, 42, {5, 3, true, 0}, "note", fill);
  EXPECT_FALSE(CacheFile::open(path, 43));
  const std::string good = read(path);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = char(bad[at] ^ 4);
    folder.write("rows.cache", bad);
    ASSERT_FALSE(CacheFile::open(path, 42)) << "byte " << at;
  }
  for (std::size_t size = 0; size < good.size(); size += 7) {
    folder.write("rows.cache", good.substr(0, size));
    ASSERT_FALSE(CacheFile::open(path, 42)) << size << " bytes";
  }
  folder.write("rows.cache", good + "x");
  EXPECT_FALSE(CacheFile::open(path, 42));
  folder.write("rows.cache", good);
  EXPECT_TRUE(CacheFile::open(path, 42));
}

TEST(CacheFile, LeavesNothingBehindWhereFillingFails) {
  const Folder folder;
  const std::string path = folder.path("rows.cache");
  CacheFile::make(path, 1, {2, 2, false, 0}, "", fill);
  EXPECT_THROW(CacheFile::make(path, 2, {2, 2, false, 0}, "",
                               [](const auto&) { throw std::runtime_error("no"); }),
               std::runtime_error);
  EXPECT_TRUE(CacheFile::open(path, 1));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path("")),
                          std::filesystem::directory_iterator()),
            1);
  const std::string nowhere = folder.path("none/rows.cache");
  EXPECT_EQ(error_of([&] { CacheFile::make(nowhere, 1, {2, 2, false, 0}, "", fill); }, Fault::io),
            nowhere + ": cannot write the cache of prepared data: No such file or directory");
  EXPECT_NE(error_of([&] {
              CacheFile::make(path, 1, {std::size_t{1} << 40, 1 << 20, false, 0}, "", fill);
            }).find("too many for any disk"),
            std::string::npos);
}

TEST(CacheFile, KeyChangesWithFilesAndRecipe) {
  const Folder folder;
  const std::vector<std::string> files = {folder.write("a.csv", "a,b\n1,2\n")};
  const std::uint64_t key = cache_key(files, "standard");
  EXPECT_EQ(cache_key(files, "standard"), key);
  EXPECT_NE(cache_key(files, "range"), key);
  const auto time = std::filesystem::last_write_time(files[0]);
  folder.write("a.csv", "a,b\n1,3\n");  // as long, and soon as old
  std::filesystem::last_write_time(files[0], time);
  EXPECT_NE(cache_key(files, "standard"), key);
  folder.write("a.csv", "a,b\n1,2\n");
  std::filesystem::last_write_time(files[0], time);
  EXPECT_EQ(cache_key(files, "standard"), key);
  std::filesystem::last_write_time(files[0], time + std::chrono::seconds(1));
  EXPECT_NE(cache_key(files, "standard"), key);
  EXPECT_NE(cache_key({}, "standard"), key);
}

TEST(CacheFile, KeepsAPreparedTable) {
  const Folder folder;
  const Table table = parse_csv("s,n\nb,1\na,2\n,3\nb,4\n", "t.csv");
  const std::vector<std::size_t> columns = {0, 1}, rows = {3, 0, 2, 1};
  const Preprocessor learnt = Preprocessor::learn(table, columns, rows);
  const CacheFile file =
      CacheFile::make(folder.path("c"), 1, {4, learnt.width(), false, 0}, to_json(learnt).dump(),
                      [&](const CacheFile::Parts& parts) { learnt.apply(table, rows, parts.x); });
  const std::vector<float> expected = learnt.apply(table, rows);
  EXPECT_TRUE(std::equal(file.x().begin(), file.x().end(), expected.begin(), expected.end()));
  EXPECT_EQ(preprocessor_from_json(Node::parse_json(file.note(), "cache")), learnt);
}

TEST(Hash, SeesEveryBit) {
  Rng rng(3);
  std::string bytes;
  for (int size = 0; size < 130; ++size) {
    const std::uint64_t hash = hash_bytes(bytes);
    EXPECT_NE(hash_bytes(bytes, 1), hash);
    EXPECT_NE(hash_bytes(bytes + '\0'), hash);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      std::string other = bytes;
      other[bit / 8] = char(other[bit / 8] ^ (1 << bit % 8));
      ASSERT_NE(hash_bytes(other), hash) << size << " " << bit;
    }
    bytes += char(rng.below(256));
  }
}

}  // namespace
}  // namespace caviar
