// Small pieces of text work that several layers need.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caviar {

// The shortest decimal text that reads back as the same double; "nan", "inf", "-inf".
std::string number_text(double value);

// The same rounded to some significant digits, for people: 0.00123, 12.5, 2510, 1.2e-07.
std::string rounded_text(double value, int digits = 4);

// The known word nearest to what was written, if it is near enough to be a slip.
std::optional<std::string> nearest(std::string_view written, std::span<const std::string> known);

// " (did you mean 'x'?)" or, without a near word, " (known: a, b, c)".
std::string suggestion(std::string_view written, std::span<const std::string> known);

// "90s", "10m", "1h30m", "2d", or a plain number of seconds; nullopt if it is none of these.
std::optional<double> parse_duration(std::string_view text);

// 75.2 → "1 min 15 s"; for people.
std::string duration_text(double seconds);

// The whole text as one number, in any way that C writes one; nullopt if anything is left over.
std::optional<double> parse_number(std::string_view text);

// How many bytes from the start are whole characters of UTF-8: text.size() where all of it is.
std::size_t valid_utf8(std::string_view text);

// The first line, cut to 60 bytes of whole characters, with "…" where anything is left out: for
// errors that repeat what was given.
std::string excerpt(std::string_view text);

std::string join(std::span<const std::string> parts, std::string_view separator);

}  // namespace caviar
