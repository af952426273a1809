#include "caviar/data/date.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>

#include <fmt/format.h>

namespace caviar {
namespace {

// Reads a text from the front; every reader takes something off or fails for good.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool failed() const { return failed_; }
  bool done() const { return text_.empty(); }
  bool takes(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void need(char c) { failed_ = failed_ || !takes(c); }
  // A whole number of exactly `digits` digits, at most `most`.
  int number(std::size_t digits, int most) {
    int value = 0;
    failed_ = failed_ || text_.size() < digits;
    for (std::size_t i = 0; i < digits && !failed_; ++i) {
      failed_ = text_[i] < '0' || text_[i] > '9';
      value = value * 10 + (text_[i] - '0');
    }
    if (failed_ || value > most) {
      failed_ = true;
      return 0;
    }
    text_.remove_prefix(digits);
    return value;
  }
  double fraction() {
    double value = 0, unit = 0.1;
    const std::size_t before = text_.size();
    for (; !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; unit /= 10) {
      value += unit * (text_.front() - '0');
      text_.remove_prefix(1);
    }
    failed_ = failed_ || text_.size() == before;
    return value;
  }

 private:
  std::string_view text_;
  bool failed_ = false;
};

std::optional<double> days_since_1970(int year, int month, int day) {
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count());
}

std::optional<double> read_day(Cursor& cursor, bool day_first) {
  if (day_first) {
    const int day = cursor.number(2, 31);
    cursor.need('.');
    const int month = cursor.number(2, 12);
    cursor.need('.');
    const int year = cursor.number(4, 9999);
    return cursor.failed() ? std::nullopt : days_since_1970(year, month, day);
  }
  const int year = cursor.number(4, 9999);
  const char between = cursor.takes('/') ? '/' : '-';
  if (between == '-') cursor.need('-');
  const int month = cursor.number(2, 12);
  cursor.need(between);
  const int day = cursor.number(2, 31);
  return cursor.failed() ? std::nullopt : days_since_1970(year, month, day);
}

double read_zone(Cursor& cursor) {
  if (cursor.takes('Z')) return 0;
  const bool east = cursor.takes('+');
  if (!east && !cursor.takes('-')) return 0;
  const int hours = cursor.number(2, 14);
  cursor.takes(':');
  const double offset = 3600.0 * hours + 60.0 * cursor.number(2, 59);
  return east ? -offset : offset;
}

double read_time(Cursor& cursor) {
  double time = 3600.0 * cursor.number(2, 23);
  cursor.need(':');
  time += 60.0 * cursor.number(2, 59);
  if (cursor.takes(':')) {
    time += cursor.number(2, 60);
    if (cursor.takes('.')) time += cursor.fraction();
  }
  return time + read_zone(cursor);
}

std::chrono::sys_days day_of(double seconds) {
  // Any number may claim to be a date; the calendar ends somewhere.
  const double days = std::clamp(std::floor(seconds / seconds_a_day), -700000.0, 10000000.0);
  return std::chrono::sys_days{std::chrono::days(static_cast<int>(days))};
}

}  // namespace

std::optional<double> parse_date(std::string_view text) {
  if (text.size() < 10) return std::nullopt;
  Cursor cursor(text);
  const auto days = read_day(cursor, text[2] == '.');
  if (!days) return std::nullopt;
  double seconds = *days * seconds_a_day;
  if (!cursor.done()) {
    if (!cursor.takes('T')) cursor.need(' ');
    seconds += read_time(cursor);
  }
  if (cursor.failed() || !cursor.done()) return std::nullopt;
  return seconds;
}

std::string date_text(double seconds) {
  const std::chrono::year_month_day date(day_of(seconds));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

Moment moment_of(double seconds) {
  const double days = std::floor(seconds / seconds_a_day);
  const std::chrono::sys_days day = day_of(seconds);
  const std::chrono::year year = std::chrono::year_month_day(day).year();
  const std::chrono::sys_days new_year{year / std::chrono::January / 1};
  const double of_day = seconds / seconds_a_day - days;
  const double length = year.is_leap() ? 366 : 365;
  const std::chrono::weekday weekday(day);
  Moment moment;
  moment.of_day = of_day;
  moment.of_week = (static_cast<double>(weekday.iso_encoding() - 1) + of_day) / 7;
  moment.of_year = (static_cast<double>((day - new_year).count()) + of_day) / length;
  return moment;
}

}  // namespace caviar
