#include "caviar/data/split.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/rng.hpp"
#include "caviar/base/text.hpp"

namespace caviar {
namespace {

void check_share(const char* name, double share) {
  if (share >= 0 && share < 1) return;
  throw Error(Fault::input,
              fmt::format("{}: {} is not a share of the rows; 0 ≤ {} < 1 was expected", name,
                          number_text(share), name));
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

std::vector<std::vector<std::size_t>> groups_of(std::size_t rows,
                                                std::span<const std::int32_t> labels) {
  std::vector<std::vector<std::size_t>> groups(1);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t group = labels.empty() ? 0 : static_cast<std::size_t>(labels[row]);
    if (group >= groups.size()) groups.resize(group + 1);
    groups[group].push_back(row);
  }
  return groups;
}

void check_part(const char* name, double share, std::size_t part, std::size_t rows) {
  if (share == 0 || part > 0) return;
  throw Error(Fault::input,
              fmt::format("{} rows are too few for a {} part of {} of them: take more "
                          "data or set `{}: 0`",
                          rows, name, number_text(share), name));
}

}  // namespace

Split split_rows(std::size_t rows, std::span<const std::int32_t> labels,
                 const SplitShares& shares) {
  check_share("validation", shares.validation);
  check_share("test", shares.test);
  if (shares.validation + shares.test >= 1) {
    throw Error(
        Fault::input,
        fmt::format("validation {} and test {} leave no rows to train on; together they must "
                    "stay below 1",
                    number_text(shares.validation), number_text(shares.test)));
  }
  Rng rng(shares.seed);
  Split split;
  Dealer test(shares.test), validation(shares.validation);
  for (auto& group : groups_of(rows, labels)) {
    if (group.empty()) continue;
    rng.shuffle(std::span(group));
    const std::size_t free = group.size() - 1;  // one row stays for training
    const std::size_t for_test = std::min(test.deal(group.size()), free);
    const std::size_t held = std::min(for_test + validation.deal(group.size()), free);
    const auto at = [&](std::size_t i) { return group.begin() + static_cast<std::ptrdiff_t>(i); };
    split.test.insert(split.test.end(), at(0), at(for_test));
    split.validation.insert(split.validation.end(), at(for_test), at(held));
    split.training.insert(split.training.end(), at(held), group.end());
  }
  for (auto* part : {&split.training, &split.validation, &split.test}) {
    std::sort(part->begin(), part->end());
  }
  check_part("test", shares.test, split.test.size(), rows);
  check_part("validation", shares.validation, split.validation.size(), rows);
  return split;
}

}  // namespace caviar
