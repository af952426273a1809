// The reference numbers of tests/nn/reference: computed in double precision by automatic
// differentiation and, independently, by plain formulas.
#pragma once

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace caviar::test {

// Read once, so that what is returned lives on.
inline const nlohmann::json& reference(const std::string& name) {
  static std::map<std::string, nlohmann::json> read;
  const auto [entry, added] = read.try_emplace(name);
  if (added) {
    std::ifstream file(std::string(CAVIAR_SOURCE_DIR) + "/tests/nn/reference/" + name + ".json");
    entry->second = nlohmann::json::parse(file);
  }
  return entry->second;
}

// A number, a row or a list of rows, one number after the other.
inline void flatten(const nlohmann::json& value, std::vector<double>& out) {
  if (!value.is_array()) return out.push_back(value.get<double>());
  for (const auto& item : value) flatten(item, out);
}

inline std::vector<double> numbers(const nlohmann::json& value) {
  std::vector<double> out;
  flatten(value, out);
  return out;
}

// Within `relative` of what is expected, or within `absolute`.
inline bool near(double seen, double expected, double relative, double absolute) {
  return std::abs(seen - expected) <= std::max(absolute, relative * std::abs(expected));
}

template <class Seen>
void expect_near(const Seen& seen, const std::vector<double>& expected, double relative,
                 double absolute) {
  ASSERT_EQ(seen.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_TRUE(near(static_cast<double>(seen[i]), expected[i], relative, absolute))
        << "at " << i << ": " << seen[i] << " instead of " << expected[i];
  }
}

template <class T>
std::vector<T> as(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

}  // namespace caviar::test
