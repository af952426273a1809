#include "caviar/tune/compare.hpp"

#include <gtest/gtest.h>

#include "caviar/base/error.hpp"
#include "caviar/sampler/sampler.hpp"

namespace caviar {
namespace {

StudyFile file_of(Space space, int trials) {
  StudyFile file;
  file.spec.space = std::move(space);
  file.spec.search.sampler = "random";
  file.spec.search.seed = 3;
  file.limits.trials = trials;
  return file;
}

const Space tiered({{.name = "dropout", .distribution = Float{0, 0.5}, .tier = 3},
                    {.name = "rate", .distribution = Float{1e-4, 1, Scale::log}, .tier = 1},
                    {.name = "layers", .distribution = Int{1, 3}, .tier = 3}});

std::int64_t points(const SearchSpec& search, const std::string& name) {
  return search.options.find("points")->find(name)->integer();
}

TEST(Compare, AGridFitsTheBudgetAndSpendsItOnWhatMatters) {
  for (const int trials : {1, 2, 7, 12, 30, 100}) {
    const StudyFile file = file_of(tiered, trials);
    const SearchSpec search = search_for(file, "grid");
    EXPECT_LE(planned_trials(search, tiered).value(), static_cast<std::uint64_t>(trials));
    EXPECT_GE(points(search, "rate"), points(search, "dropout"));
    EXPECT_LE(points(search, "layers"), 3);
  }
  const SearchSpec search = search_for(file_of(tiered, 12), "grid");
  EXPECT_EQ(planned_trials(search, tiered), 12U);  // 3 × 2 × 2
  EXPECT_EQ(points(search, "rate"), 3);
}

TEST(Compare, AMethodIsNotComparedWithItself) {
  CompareOptions options;
  options.samplers = {"gp", "random", "gp"};
  try {
    compare(file_of(tiered, 10), options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "'gp' is to be compared with itself: name it once");
  }
}

TEST(Compare, OtherMethodsKeepTheSeed) {
  const StudyFile file = file_of(tiered, 10);
  EXPECT_EQ(search_for(file, "gp").seed, 3U);
  EXPECT_THROW(search_for(file, "gpp"), Error);
}

}  // namespace
}  // namespace caviar
