// Which values a hyperparameter may take: the public functions, one case a kind.
#include "caviar/space/distribution.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "caviar/base/error.hpp"
#include "caviar/base/match.hpp"
#include "caviar/space/axis.hpp"
#include "caviar/space/problem.hpp"

namespace caviar {
namespace {

// A whole number that fits; 3.0 counts, "3" and true do not.
std::optional<std::int64_t> as_integer(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
  const auto* number = std::get_if<double>(&value);
  if (!number || !(*number >= -0x1p63 && *number < 0x1p63)) return std::nullopt;
  const auto integer = static_cast<std::int64_t>(*number);
  return static_cast<double>(integer) == *number ? std::optional(integer) : std::nullopt;
}

std::optional<double> as_float(const Value& value) {
  return std::holds_alternative<bool>(value) ? std::nullopt : as_number(value);
}

std::optional<std::uint64_t> index_of(const Choice& choice, const Value& value) {
  const auto at =
      std::ranges::find_if(choice.values, [&](const Value& known) { return same(known, value); });
  if (at == choice.values.end()) return std::nullopt;
  return static_cast<std::uint64_t>(at - choice.values.begin());
}

// The distribution's own value that is meant, or nullopt where it has none.
std::optional<Value> canonical(const Distribution& distribution, const Value& value) {
  using Found = std::optional<Value>;
  return std::visit(match{[&](const Float& axis) -> Found {
                            const auto x = as_float(value);
                            if (!x) return std::nullopt;
                            if (!is_continuous(distribution)) {
                              const auto index = index_of(axis, *x);
                              return index ? Found(value_at(axis, *index)) : std::nullopt;
                            }
                            return *x >= axis.low && *x <= axis.high ? Found(*x) : std::nullopt;
                          },
                          [&](const Int& axis) -> Found {
                            const auto x = as_integer(value);
                            return x && index_of(axis, *x) ? Found(*x) : std::nullopt;
                          },
                          [&](const Choice& choice) -> Found {
                            const auto index = index_of(choice, value);
                            return index ? Found(choice.values[*index]) : std::nullopt;
                          }},
                    distribution);
}

// Every value of 0 … points − 1 once, although low cells of the log axis are wider than 1/points.
std::vector<Value> spread_integers(const Int& axis, std::uint64_t points) {
  std::vector<Value> values;
  const std::uint64_t last = count(axis) - 1;
  std::uint64_t next = 0;  // the first index not yet used
  for (std::uint64_t i = 0; i < points; ++i) {
    const double unit = static_cast<double>(i) / static_cast<double>(points - 1);
    const std::uint64_t wanted = index_of(axis, decode_axis(axis, unit)).value();
    const std::uint64_t index = std::clamp(wanted, next, last - (points - 1 - i));
    values.emplace_back(value_at(axis, index));
    next = index + 1;
  }
  return values;
}

}  // namespace

void validate(const Distribution& distribution, const std::string& where) {
  if (const auto problem = find_problem(distribution)) {
    throw Error(Fault::input,
                where + (problem->key.empty() ? "" : "." + problem->key) + ": " + problem->text);
  }
}

std::optional<std::uint64_t> cardinality(const Distribution& distribution) {
  using Count = std::optional<std::uint64_t>;
  return std::visit(match{[](const Float& axis) { return count(axis); },
                          [](const Int& axis) { return Count(count(axis)); },
                          [](const Choice& choice) { return Count(choice.values.size()); }},
                    distribution);
}

Value decode(const Distribution& distribution, double unit) {
  assert(!std::isnan(unit));
  return std::visit(match{[&](const Choice& choice) {
                            return choice.values[cell_at(unit, choice.values.size())];
                          },
                          [&](const auto& axis) { return Value(decode_axis(axis, unit)); }},
                    distribution);
}

double encode(const Distribution& distribution, const Value& value) {
  return std::visit(
      match{[&](const Float& axis) { return encode_axis(axis, as_float(value).value()); },
            [&](const Int& axis) { return encode_axis(axis, as_integer(value).value()); },
            [&](const Choice& choice) {
              return middle_of_cell(index_of(choice, value).value(), choice.values.size());
            }},
      distribution);
}

bool contains(const Distribution& distribution, const Value& value) {
  return canonical(distribution, value).has_value();
}

Value normalised(const Distribution& distribution, const Value& value) {
  return canonical(distribution, value).value();
}

Value value_at(const Distribution& distribution, std::uint64_t index) {
  return std::visit(match{[&](const Choice& choice) { return choice.values.at(index); },
                          [&](const auto& axis) { return Value(value_at(axis, index)); }},
                    distribution);
}

std::vector<Value> spread(const Distribution& distribution, std::uint64_t points) {
  std::vector<Value> values;
  if (const auto all = cardinality(distribution); all && *all <= points) {
    for (std::uint64_t i = 0; i < *all; ++i) values.push_back(value_at(distribution, i));
    return values;
  }
  if (points == 1) return {decode(distribution, 0.5)};
  if (const auto* axis = std::get_if<Int>(&distribution)) return spread_integers(*axis, points);
  for (std::uint64_t i = 0; i < points; ++i) {
    Value value = decode(distribution, static_cast<double>(i) / static_cast<double>(points - 1));
    if (values.empty() || !same(values.back(), value)) values.push_back(std::move(value));
  }
  return values;
}

bool is_continuous(const Distribution& distribution) {
  const auto* axis = std::get_if<Float>(&distribution);
  return axis != nullptr && !count(*axis);
}

bool is_categorical(const Distribution& distribution) {
  const auto* choice = std::get_if<Choice>(&distribution);
  return choice && !choice->ordered;
}

}  // namespace caviar
