#include "caviar/tune/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/error.hpp"

namespace caviar {
namespace {

using testing::HasSubstr;

const Space space({{.name = "rate", .distribution = Float{1e-4, 1, Scale::log}},
                   {.name = "units", .distribution = Int{1, 64}},
                   {.name = "kind",
                    .distribution = Choice{{Value("adam"), Value(std::int64_t{2})}}},
                   {.name = "beta",
                    .distribution = Float{0, 0.9},
                    .when = {{.parameter = "kind", .values = {Value("adam")}}}}});

std::string refusal(const std::vector<std::string>& words) {
  try {
    parse_settings(space, words);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::input);
    return error.what();
  }
  return "";
}

TEST(Settings, ReadsEachValueInItsType) {
  const std::vector<std::string> words = {"units=8", "rate=1e-3", "kind=adam", "beta=0.5"};
  const Point point = parse_settings(space, words);
  EXPECT_EQ(point, (Point{{"rate", 1e-3},
                          {"units", std::int64_t{8}},
                          {"kind", std::string("adam")},
                          {"beta", 0.5}}));
}

TEST(Settings, AChoiceMayBeANumber) {
  const std::vector<std::string> words = {"units=8", "rate=1e-3", "kind=2"};
  EXPECT_EQ(parse_settings(space, words).at("kind"), Value(std::int64_t{2}));
}

TEST(Settings, RefusesWhatCannotBeMeant) {
  EXPECT_THAT(refusal({"units"}), HasSubstr("NAME=VALUE"));
  EXPECT_THAT(refusal({"unit=8"}), HasSubstr("'units'"));
  EXPECT_THAT(refusal({"units=8", "units=9"}), HasSubstr("twice"));
  EXPECT_THAT(refusal({"units=65"}), HasSubstr("65"));
  EXPECT_THAT(refusal({"units=8.5"}), HasSubstr("8.5"));
  EXPECT_THAT(refusal({"units="}), HasSubstr("units"));
  EXPECT_THAT(refusal({"kind=sgd"}), HasSubstr("sgd"));
  EXPECT_THAT(refusal({"units=8", "rate=1e-3", "kind=adam"}), HasSubstr("beta"));
  EXPECT_THAT(refusal({"units=8", "rate=1e-3", "kind=2", "beta=0.5"}), HasSubstr("beta"));
}

}  // namespace
}  // namespace caviar
