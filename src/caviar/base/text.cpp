#include "caviar/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

namespace caviar {
namespace {

// Edit distance where swapping two neighbours counts as one slip (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t swap_cost = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + swap_cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '-' || c == ' ') c = '_';
  }
  return result;
}

}  // namespace

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

std::string rounded_text(double value, int digits) {
  if (!std::isfinite(value)) return number_text(value);
  // 2510 reads better than 2.51e+03, and is no less true.
  const double size = std::abs(value);
  if (size >= std::pow(10.0, digits) && size < 999999.5) return fmt::format("{:.0f}", value);
  return fmt::format("{:.{}g}", value, digits);
}

std::optional<std::string> nearest(std::string_view written, std::span<const std::string> known) {
  const std::string wanted = lower(written);
  std::size_t best = std::numeric_limits<std::size_t>::max();
  const std::string* found = nullptr;
  for (const std::string& word : known) {
    const std::size_t distance = edit_distance(wanted, lower(word));
    if (distance < best) {
      best = distance;
      found = &word;
    }
  }
  // A third of the letters may be wrong; a word that merely begins the same also counts as a slip.
  const bool near = found != nullptr && best <= std::max<std::size_t>(1, wanted.size() / 3);
  if (near) return *found;
  for (const std::string& word : known) {
    if (wanted.size() >= 2 && lower(word).starts_with(wanted)) return word;
  }
  return std::nullopt;
}

std::string suggestion(std::string_view written, std::span<const std::string> known) {
  if (const auto word = nearest(written, known)) return fmt::format(" (did you mean '{}'?)", *word);
  if (known.empty()) return "";
  return fmt::format(" (known: {})", fmt::join(known, ", "));
}

std::optional<double> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::optional<double> parse_duration(std::string_view text) {
  if (const auto seconds = parse_number(text)) {
    return std::isfinite(*seconds) && *seconds >= 0 ? seconds : std::nullopt;
  }
  double total = 0;
  bool any = false;
  while (!text.empty()) {
    if (text.front() == ' ') {
      text.remove_prefix(1);
      continue;
    }
    const std::size_t digits = text.find_first_not_of("0123456789.");
    if (digits == std::string_view::npos || digits == 0) return std::nullopt;
    const auto amount = parse_number(text.substr(0, digits));
    text.remove_prefix(digits);
    while (text.starts_with(' ')) text.remove_prefix(1);
    const std::size_t letters = std::min(text.find_first_of("0123456789. "), text.size());
    const std::string_view unit = text.substr(0, letters);
    double seconds = 0;
    if (unit == "ms") seconds = 1e-3;
    if (unit == "s" || unit == "sec") seconds = 1;
    if (unit == "m" || unit == "min") seconds = 60;
    if (unit == "h") seconds = 3600;
    if (unit == "d") seconds = 86400;
    if (!amount || seconds == 0) return std::nullopt;
    total += *amount * seconds;
    any = true;
    text.remove_prefix(letters);
  }
  return any ? std::optional(total) : std::nullopt;
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds)) return "?";
  if (seconds < 5e-7) return "0 ms";
  if (seconds < 0.00095) return fmt::format("{:.0f} µs", seconds * 1e6);
  if (seconds < 0.00995) return fmt::format("{:.1f} ms", seconds * 1000);
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1000);
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const long long whole = std::llround(seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
  return fmt::format("{} d {} h", whole / 86400, whole % 86400 / 3600);
}

std::size_t valid_utf8(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  std::size_t at = 0;
  while (at < text.size()) {
    const unsigned first = byte(at), second = byte(at + 1);
    const std::size_t length = first < 0x80                    ? 1
                               : first >= 0xc2 && first < 0xe0 ? 2
                               : first >= 0xe0 && first < 0xf0 ? 3
                               : first >= 0xf0 && first < 0xf5 ? 4
                                                               : 0;
    if (length == 0) return at;
    for (std::size_t i = 1; i < length; ++i) {
      if ((byte(at + i) & 0xc0) != 0x80) return at;
    }
    const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    const bool surrogate = first == 0xed && second >= 0xa0;
    if (overlong || surrogate || (first == 0xf4 && second >= 0x90)) return at;
    at += length;
  }
  return at;
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t most = 60;
  const std::string_view line = text.substr(0, text.find('\n'));
  const std::string_view start = line.substr(0, most);
  std::string result(start.substr(0, valid_utf8(start)));
  if (result.size() < text.size()) result += "…";
  return result;
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

}  // namespace caviar
