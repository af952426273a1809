#include "caviar/data/split.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/deal.hpp"

namespace caviar {
namespace {

[[noreturn]] void fail(const std::string& problem) { throw Error(Fault::input, problem); }

void check_share(const char* name, double share) {
  if (share >= 0 && share < 1) return;
  fail(fmt::format("{}: {} is not a share of the rows; 0 ≤ {} < 1 was expected", name,
                   number_text(share), name));
}

void check_shares(const SplitShares& shares) {
  check_share("validation", shares.validation);
  check_share("test", shares.test);
  if (shares.validation + shares.test < 1) return;
  fail(
      fmt::format("validation {} and test {} leave no rows to train on; together they must stay "
                  "below 1",
                  number_text(shares.validation), number_text(shares.test)));
}

Rows all_rows(std::size_t count) {
  Rows rows(count);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

std::size_t groups_among(const Rows& rows, const RowTraits& traits) {
  std::set<std::int32_t> groups;
  for (const std::size_t row : rows) groups.insert(traits.groups[row]);
  return groups.size();
}

void check_part(const char* name, double share, std::size_t part, const RowTraits& traits) {
  if (share == 0 || part > 0) return;
  const std::string why =
      !traits.groups.empty()
          ? fmt::format(" in {} whole groups", groups_among(all_rows(traits.rows), traits))
      : !traits.times.empty() ? " of different times"
                              : "";
  fail(
      fmt::format("{} rows{} are too few for a {} part of {} of them: take more data or set "
                  "`{}: 0`",
                  traits.rows, why, name, number_text(share), name));
}

void check_parts(const Split& split, const RowTraits& traits, const SplitShares& shares) {
  check_part("test", shares.test, split.test.size(), traits);
  check_part("validation", shares.validation, split.validation.size(), traits);
  if (!split.training.empty()) return;
  fail(fmt::format("{} rows leave none to train on once test {} and validation {} are taken{}",
                   traits.rows, number_text(shares.test), number_text(shares.validation),
                   traits.groups.empty() ? "" : " in whole groups"));
}

// Deals out a share of group after group so that the sums stay right: each group gets its exact
// share rounded down or up.
class Dealer {
 public:
  explicit Dealer(double share) : share_(share) {}

  std::size_t deal(std::size_t group) {
    seen_ += static_cast<double>(group);
    const double due = std::floor(seen_ * share_ + 0.5) - dealt_;
    dealt_ += due;
    return static_cast<std::size_t>(due);
  }

 private:
  double share_, seen_ = 0, dealt_ = 0;
};

Split draw_rows(const RowTraits& traits, const SplitShares& shares) {
  Rng rng(shares.seed);
  Split split;
  Dealer test(shares.test), validation(shares.validation);
  for (Rows& members : rows_by(all_rows(traits.rows), traits.labels)) {
    if (members.empty()) continue;
    rng.shuffle(std::span(members));
    const std::size_t free = members.size() - 1;  // one row stays for training
    const std::size_t for_test = std::min(test.deal(members.size()), free);
    const std::size_t held = std::min(for_test + validation.deal(members.size()), free);
    const auto at = [&](std::size_t i) { return members.begin() + static_cast<std::ptrdiff_t>(i); };
    split.test.insert(split.test.end(), at(0), at(for_test));
    split.validation.insert(split.validation.end(), at(for_test), at(held));
    split.training.insert(split.training.end(), at(held), members.end());
  }
  for (Rows* part : {&split.training, &split.validation, &split.test}) {
    std::sort(part->begin(), part->end());
  }
  return split;
}

// Whole groups, or the latest rows.
Rows take(Rows& rows, const RowTraits& traits, double share, Rng& rng) {
  return traits.times.empty() ? take_groups(rows, traits, share, rng)
                              : take_latest(rows, traits.times, share);
}

// What of the whole is which share of the rest.
double share_of_rest(const SplitShares& shares) { return shares.validation / (1 - shares.test); }

// The parts that take turns in choosing; by time one more, from which the first fold learns.
std::vector<Rows> deal(const Rows& rows, const RowTraits& traits, std::size_t folds, Rng& rng) {
  if (!traits.times.empty()) return deal_times(rows, traits.times, folds + 1);
  if (!traits.groups.empty()) return deal_groups(rows, traits, folds, rng);
  return deal_rows(rows, traits.labels, folds, rng);
}

std::vector<Split> fold(const Rows& rows, const Rows& test, const RowTraits& traits,
                        std::size_t folds, Rng& rng) {
  if (folds < 2) fail(fmt::format("{} folds were asked for; at least 2 were expected", folds));
  const std::vector<Rows> parts = deal(rows, traits, folds, rng);
  for (const Rows& part : parts) {
    if (!part.empty()) continue;
    const std::string what =
        traits.groups.empty() ? "rows"
                              : fmt::format("rows in {} whole groups", groups_among(rows, traits));
    fail(fmt::format("{} {} are too few for {} folds: take fewer folds or more data", rows.size(),
                     what, folds));
  }
  const bool by_time = !traits.times.empty();
  std::vector<Split> splits;
  for (std::size_t chosen = by_time ? 1 : 0; chosen < parts.size(); ++chosen) {
    Split& split = splits.emplace_back();
    split.validation = parts[chosen];
    split.test = test;
    for (std::size_t part = 0; part < (by_time ? chosen : parts.size()); ++part) {
      if (part == chosen) continue;
      split.training.insert(split.training.end(), parts[part].begin(), parts[part].end());
    }
    std::sort(split.training.begin(), split.training.end());
  }
  return splits;
}

void check_present(const Table& table, const Column& column, const char* role) {
  for (std::size_t row = 0; row < table.rows; ++row) {
    if (!column.is_missing(row)) continue;
    fail(fmt::format(
        "{}: column '{}' tells the {}, but is missing in row {} below the header; every "
        "row needs one",
        table.source, column.name, role, row + 1));
  }
}

std::vector<std::int32_t> groups_in(const Column& column) {
  if (column.has_levels()) return column.codes;
  std::unordered_map<double, std::int32_t> numbers;
  std::vector<std::int32_t> groups;
  for (std::size_t row = 0; row < column.numbers.size(); ++row) {
    const auto next = static_cast<std::int32_t>(numbers.size());
    groups.push_back(numbers.emplace(column.numbers[row], next).first->second);
  }
  return groups;
}

}  // namespace

RowTraits row_traits(const Table& table, std::vector<std::int32_t> labels,
                     const std::string& group_column, const std::string& time_column) {
  RowTraits traits;
  traits.rows = table.rows;
  traits.labels = std::move(labels);
  if (!group_column.empty() && !time_column.empty()) {
    fail(fmt::format("{}: rows are split by groups ('{}') or by time ('{}'), not by both",
                     table.source, group_column, time_column));
  }
  if (!group_column.empty()) {
    const Column& column = table.columns[table.need(group_column, "groups")];
    check_present(table, column, "groups");
    traits.groups = groups_in(column);
  }
  if (!time_column.empty()) {
    const Column& column = table.columns[table.need(time_column, "time")];
    if (column.has_levels()) {
      fail(
          fmt::format("{}: column '{}' tells the time, but is of type {}; a date or a number was "
                      "expected",
                      table.source, column.name, name_of(column.type)));
    }
    check_present(table, column, "time");
    traits.times = column.numbers.values();
  }
  return traits;
}

Split split_rows(const RowTraits& traits, const SplitShares& shares) {
  check_shares(shares);
  Split split;
  if (traits.groups.empty() && traits.times.empty()) {
    split = draw_rows(traits, shares);
  } else {
    Rng for_test(shares.seed), for_validation(shares.seed, 1);
    split.training = all_rows(traits.rows);
    split.test = take(split.training, traits, shares.test, for_test);
    split.validation = take(split.training, traits, share_of_rest(shares), for_validation);
  }
  check_parts(split, traits, shares);
  return split;
}

Split split_rows(std::size_t rows, std::span<const std::int32_t> labels,
                 const SplitShares& shares) {
  return split_rows({rows, {labels.begin(), labels.end()}, {}, {}}, shares);
}

std::vector<Split> fold_rows(const RowTraits& traits, const FoldPlan& plan) {
  if (plan.repeats < 1) fail("0 repeats were asked for; at least 1 was expected");
  if (plan.repeats > 1 && !traits.times.empty()) {
    fail("folds by time come out the same in every repeat; 1 repeat was expected");
  }
  const Split apart = split_rows(traits, {.validation = 0, .test = plan.test, .seed = plan.seed});
  std::vector<Split> splits;
  for (std::size_t repeat = 0; repeat < plan.repeats; ++repeat) {
    Rng rng(plan.seed, 2 + repeat);
    for (Split& split : fold(apart.training, apart.test, traits, plan.folds, rng)) {
      splits.push_back(std::move(split));
    }
  }
  return splits;
}

std::vector<std::vector<Split>> nested_folds(const RowTraits& traits, std::size_t outer,
                                             std::size_t inner, std::uint64_t seed) {
  const FoldPlan plan{.folds = outer, .repeats = 1, .test = 0, .seed = seed};
  std::vector<std::vector<Split>> nested;
  for (const Split& split : fold_rows(traits, plan)) {
    Rng rng(seed, 1000 + nested.size());
    nested.push_back(fold(split.training, split.validation, traits, inner, rng));
  }
  return nested;
}

}  // namespace caviar
