// Days become years by whole numbers (H. Hinnant, chrono-compatible low-level date algorithms,
// civil_from_days): years begin in March, so that the leap day is the last one, and repeat after
// 400 years of 146,097 days.
#include "caviar/model/onnx_date.hpp"

#include <chrono>
#include <cstdint>
#include <numbers>
#include <vector>

#include "caviar/data/date.hpp"

namespace caviar {
namespace {

constexpr int years_a_cycle = 400;

class Writer {
 public:
  explicit Writer(OnnxGraph& graph) : graph_(graph) {}

  std::string write(const ColumnCode& code, const std::string& seconds) {
    const std::string missing = graph_.node("IsNaN", {seconds});
    const std::string at = graph_.node("Where", {missing, number(code.fill), seconds});
    const std::string place = of("Mul", of("Sub", at, number(code.shift)), number(code.factor));
    const std::string in_days = of("Div", at, number(seconds_a_day));
    const std::string day = graph_.node("Floor", {in_days});
    const std::string of_day = of("Sub", in_days, day);
    // As far as the calendar goes: date.cpp.
    const std::string held = graph_.node("Clip", {day, number(-700000), number(10000000)});
    const std::string days = cast(held, OnnxType::whole);
    std::vector<std::string> circles = {of_year(days, of_day), of_week(days, of_day)};
    if (code.clock) circles.push_back(of_day);
    const std::string present = cast(graph_.node("Not", {missing}), OnnxType::real);
    std::vector<std::string> features = {cast(place, OnnxType::real)};
    for (const std::string& part : circles) {
      const std::string angle = of("Mul", part, number(2 * std::numbers::pi));
      // The cosine by a sine: fewer engines have it in double precision.
      const std::string ahead = of("Add", angle, number(std::numbers::pi / 2));
      for (const std::string& x : {angle, ahead}) {
        const std::string sine = cast(graph_.node("Sin", {x}), OnnxType::real);
        features.push_back(of("Mul", sine, present));
      }
    }
    if (code.missing) features.push_back(cast(missing, OnnxType::real));
    return graph_.node("Concat", features, {OnnxAttribute::whole("axis", 1)});
  }

 private:
  // How much of the week has passed; 1970 began on a Thursday.
  std::string of_week(const std::string& days, const std::string& of_day) {
    const std::string weekday = of("Mod", of("Add", days, whole(3)), whole(7));
    return of("Div", of("Add", cast(weekday, OnnxType::exact), of_day), number(7));
  }

  // And of the year.
  std::string of_year(const std::string& days, const std::string& of_day) {
    const std::string in_cycle = of("Mod", of("Add", days, whole(719468)), whole(146097));
    const auto every = [&](const std::string& x, std::int64_t n) { return of("Div", x, whole(n)); };
    const std::string without_leap_days =
        of("Sub", of("Add", of("Sub", in_cycle, every(in_cycle, 1460)), every(in_cycle, 36524)),
           every(in_cycle, 146096));
    const std::string year = every(without_leap_days, 365);  // of the cycle, from March
    const std::string leap_days = of("Sub", every(year, 4), every(year, 100));
    const std::string since_march =
        of("Sub", in_cycle, of("Add", of("Mul", year, whole(365)), leap_days));
    // January and February belong to the next year.
    const std::string next =
        cast(graph_.node("GreaterOrEqual", {since_march, whole(306)}), OnnxType::whole);
    const std::string calendar_year = of("Mod", of("Add", year, next), whole(years_a_cycle));
    const std::string length = year_table(calendar_year, 365);
    const std::string march = year_table(year, 59);  // days before it
    const std::string day =
        of("Sub", of("Add", since_march, of("Mul", march, of("Sub", whole(1), next))),
           of("Mul", whole(306), next));
    return of("Div", of("Add", cast(day, OnnxType::exact), of_day), cast(length, OnnxType::exact));
  }

  // `usual`, and one more in leap years.
  std::string year_table(const std::string& year, std::int64_t usual) {
    std::vector<std::int64_t> values;
    for (int i = 0; i < years_a_cycle; ++i) {
      values.push_back(usual + (std::chrono::year(i).is_leap() ? 1 : 0));
    }
    const std::string table =
        graph_.constant({values.size()}, std::span<const std::int64_t>(values));
    return graph_.node("Gather", {table, year}, {OnnxAttribute::whole("axis", 0)});
  }

  std::string of(const char* operation, const std::string& a, const std::string& b) {
    return graph_.node(operation, {a, b});
  }
  std::string number(double value) {
    return graph_.constant({}, std::span<const double>(&value, 1));
  }
  std::string whole(std::int64_t value) {
    return graph_.constant({}, std::span<const std::int64_t>(&value, 1));
  }
  std::string cast(const std::string& x, OnnxType type) {
    return graph_.node("Cast", {x}, {OnnxAttribute::whole("to", static_cast<std::int64_t>(type))});
  }

  OnnxGraph& graph_;
};

}  // namespace

std::string add_date(OnnxGraph& graph, const ColumnCode& code, const std::string& seconds) {
  return Writer(graph).write(code, seconds);
}

}  // namespace caviar
