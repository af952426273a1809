// Dates as people write them in tables, as seconds since the beginning of 1970.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace caviar {

inline constexpr double seconds_a_day = 86400;

// 2024-02-29, 2024/02/29, 29.02.2024, each alone or followed by a blank or T and 13:45, 13:45:10 or
// 13:45:10.25, and that by nothing, Z or +01:00. Without a zone the time counts as UTC. Nothing
// else is taken for a date: 03/04/2024 is April here and March there.
std::optional<double> parse_date(std::string_view text);

std::string date_text(double seconds);  // the day: 2024-02-29

// What a date says beside its place in time.
struct Moment {
  double of_year = 0, of_week = 0, of_day = 0;  // how much of it has passed, [0, 1)
};
Moment moment_of(double seconds);  // weeks begin on Monday

}  // namespace caviar
