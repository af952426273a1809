#include "caviar/data/deal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "caviar/base/error.hpp"

namespace caviar {
namespace {

// Rows of one group, and how many of each class they are.
struct Group {
  Rows rows;
  std::vector<double> classes;
};

std::size_t class_count(const RowTraits& traits) {
  const auto most = std::max_element(traits.labels.begin(), traits.labels.end());
  return most == traits.labels.end() ? 1 : static_cast<std::size_t>(*most) + 1;
}

std::size_t class_of(const RowTraits& traits, std::size_t row) {
  return traits.labels.empty() ? 0 : static_cast<std::size_t>(traits.labels[row]);
}

// The groups that these rows make up, the largest first, equal ones in an order drawn by chance:
// what is small and comes last evens out what is large.
std::vector<Group> groups_of(const Rows& rows, const RowTraits& traits, Rng& rng) {
  std::vector<Group> groups;
  for (Rows& members : rows_by(rows, traits.groups)) {
    if (members.empty()) continue;
    Group group{std::move(members), std::vector<double>(class_count(traits))};
    for (const std::size_t row : group.rows) ++group.classes[class_of(traits, row)];
    groups.push_back(std::move(group));
  }
  rng.shuffle(std::span(groups));
  std::stable_sort(groups.begin(), groups.end(),
                   [](const Group& a, const Group& b) { return a.rows.size() > b.rows.size(); });
  return groups;
}

// Gives each group to the part that it brings nearest to its share of every class.
class GroupDealer {
 public:
  GroupDealer(const std::vector<Group>& groups, std::vector<double> shares)
      : shares_(std::move(shares)), all_(groups.front().classes.size()) {
    for (const Group& group : groups) {
      for (std::size_t c = 0; c < all_.size(); ++c) all_[c] += group.classes[c];
    }
    have_.resize(shares_.size(), std::vector<double>(all_.size()));
  }

  std::size_t deal(const Group& group) {
    std::size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t part = 0; part < shares_.size(); ++part) {
      const double cost = change(part, group);
      if (cost < least) {
        least = cost;
        best = part;
      }
    }
    for (std::size_t c = 0; c < all_.size(); ++c) have_[best][c] += group.classes[c];
    return best;
  }

 private:
  // By how much the squared distance from the shares grows, each class counted in its own rows.
  double change(std::size_t part, const Group& group) const {
    double sum = 0;
    for (std::size_t c = 0; c < all_.size(); ++c) {
      if (all_[c] == 0) continue;
      const double before = have_[part][c] / all_[c] - shares_[part];
      const double after = before + group.classes[c] / all_[c];
      sum += after * after - before * before;
    }
    return sum;
  }

  std::vector<double> shares_, all_;
  std::vector<std::vector<double>> have_;  // part, class
};

std::vector<Rows> deal_shares(const Rows& rows, const RowTraits& traits, std::vector<double> shares,
                              Rng& rng) {
  std::vector<Rows> parts(shares.size());
  if (rows.empty()) return parts;
  const std::vector<Group> groups = groups_of(rows, traits, rng);
  GroupDealer dealer(groups, std::move(shares));
  for (const Group& group : groups) {
    Rows& part = parts[dealer.deal(group)];
    part.insert(part.end(), group.rows.begin(), group.rows.end());
  }
  for (Rows& part : parts) std::sort(part.begin(), part.end());
  return parts;
}

Rows by_time(const Rows& rows, std::span<const double> times) {
  Rows order = rows;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return times[a] < times[b]; });
  return order;
}

// The cut nearest before `at` that leaves rows of one time together.
std::size_t cut_before(const Rows& order, std::span<const double> times, std::size_t at) {
  while (at > 0 && at < order.size() && times[order[at]] == times[order[at - 1]]) --at;
  return at;
}

}  // namespace

std::vector<Rows> rows_by(const Rows& rows, std::span<const std::int32_t> numbers) {
  std::vector<Rows> lists(1);
  for (const std::size_t row : rows) {
    const std::size_t number = numbers.empty() ? 0 : static_cast<std::size_t>(numbers[row]);
    if (number >= lists.size()) lists.resize(number + 1);
    lists[number].push_back(row);
  }
  return lists;
}

Rows take_groups(Rows& rows, const RowTraits& traits, double share, Rng& rng) {
  if (share == 0) return {};
  std::vector<Rows> parts = deal_shares(rows, traits, {1 - share, share}, rng);
  rows = std::move(parts[0]);
  return std::move(parts[1]);
}

Rows take_latest(Rows& rows, std::span<const double> times, double share) {
  const Rows order = by_time(rows, times);
  const double kept = std::round((1 - share) * static_cast<double>(rows.size()));
  const std::size_t cut = cut_before(order, times, static_cast<std::size_t>(kept));
  const auto middle = order.begin() + static_cast<std::ptrdiff_t>(cut);
  Rows latest(middle, order.end());
  rows.assign(order.begin(), middle);
  std::sort(rows.begin(), rows.end());
  std::sort(latest.begin(), latest.end());
  return latest;
}

std::vector<Rows> deal_rows(const Rows& rows, std::span<const std::int32_t> labels,
                            std::size_t parts, Rng& rng) {
  std::vector<Rows> dealt(parts);
  std::size_t next = 0;  // goes on from class to class, so that the parts stay of one size
  for (Rows& members : rows_by(rows, labels)) {
    rng.shuffle(std::span(members));
    for (const std::size_t row : members) {
      dealt[next].push_back(row);
      next = (next + 1) % parts;
    }
  }
  for (Rows& part : dealt) std::sort(part.begin(), part.end());
  return dealt;
}

std::vector<Rows> deal_groups(const Rows& rows, const RowTraits& traits, std::size_t parts,
                              Rng& rng) {
  return deal_shares(rows, traits, std::vector<double>(parts, 1.0 / static_cast<double>(parts)),
                     rng);
}

std::vector<Rows> deal_times(const Rows& rows, std::span<const double> times, std::size_t parts) {
  const Rows order = by_time(rows, times);
  std::vector<Rows> stretches;
  std::size_t first = 0;
  for (std::size_t part = 1; part <= parts; ++part) {
    const std::size_t last = cut_before(order, times, order.size() * part / parts);
    Rows& stretch = stretches.emplace_back();
    for (; first < last; ++first) stretch.push_back(order[first]);
    std::sort(stretch.begin(), stretch.end());
  }
  return stretches;
}

}  // namespace caviar
