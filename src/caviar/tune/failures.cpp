#include "caviar/tune/failures.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "caviar/base/text.hpp"
#include "caviar/tune/progress.hpp"

namespace caviar {
namespace {

using Trials = std::vector<const Trial*>;

// One or two have something to themselves by mere chance.
constexpr std::size_t least_with_something_in_common = 3;

// The same mistake comes with other numbers each time.
std::string kind_of(const std::string& why) {
  std::string kind;
  for (const char c : why) {
    const bool digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
    if (digit && kind.ends_with('#')) continue;
    kind += digit ? '#' : c;
  }
  return kind;
}

std::string reason_line(const Trials& failed) {
  std::map<std::string, Trials> kinds;
  for (const Trial* trial : failed) kinds[kind_of(trial->why)].push_back(trial);
  const auto most =
      std::ranges::max_element(kinds, {}, [](const auto& kind) { return kind.second.size(); });
  if (failed.size() == 1) {
    return fmt::format("failed: trial {}: {}\n", failed.front()->number, failed.front()->why);
  }
  return fmt::format("{} of {} failed trials: {}\n", most->second.size(), failed.size(),
                     most->second.back()->why);
}

// A value that all the failed trials have, and no other trial.
std::string shared_line(const std::string& name, const Trials& failed, const Trials& others) {
  const Value* value = failed.front()->point.find(name);
  if (value == nullptr || others.empty()) return "";
  const auto has = [&](const Trial* trial) {
    const Value* own = trial->point.find(name);
    return own != nullptr && same(*own, *value);
  };
  if (!std::ranges::all_of(failed, has) || std::ranges::any_of(others, has)) return "";
  return fmt::format("all of them, and no other, have {}={}\n", name, short_text(*value));
}

// All the failed trials lie above, or below, every other one.
std::string range_line(const std::string& name, const Trials& failed, const Trials& others) {
  const auto numbers = [&](const Trials& trials) {
    std::vector<double> all;
    for (const Trial* trial : trials) {
      const Value* value = trial->point.find(name);
      if (value == nullptr || std::holds_alternative<std::string>(*value)) continue;
      if (const auto number = as_number(*value)) all.push_back(*number);
    }
    return all;
  };
  const std::vector<double> bad = numbers(failed), good = numbers(others);
  if (bad.size() != failed.size() || good.size() < 3 || good.size() != others.size()) return "";
  const auto [low_bad, high_bad] = std::ranges::minmax(bad);
  const auto [low_good, high_good] = std::ranges::minmax(good);
  if (low_bad > high_good) {
    return fmt::format("all of them, and no other, have {} ≥ {}\n", name, rounded_text(low_bad));
  }
  if (high_bad < low_good) {
    return fmt::format("all of them, and no other, have {} ≤ {}\n", name, rounded_text(high_bad));
  }
  return "";
}

}  // namespace

bool all_failed(const History& history) {
  return history.count(TrialState::failed) > 0 && history.count(TrialState::complete) == 0 &&
         history.count(TrialState::pruned) == 0;
}

std::string failures_text(const History& history) {
  Trials failed, others;
  for (const Trial& trial : history.trials()) {
    if (trial.state == TrialState::failed) failed.push_back(&trial);
    if (trial.state == TrialState::complete || trial.state == TrialState::pruned) {
      others.push_back(&trial);
    }
  }
  if (failed.empty()) return "";
  std::string text = reason_line(failed);
  if (failed.size() < least_with_something_in_common) return text;
  for (const Parameter& parameter : history.space().parameters()) {
    const std::string shared = shared_line(parameter.name, failed, others);
    text += shared.empty() ? range_line(parameter.name, failed, others) : shared;
  }
  return text;
}

}  // namespace caviar
