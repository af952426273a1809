#include "caviar/base/measured.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"

namespace caviar {
namespace {

bool is_part_of_a_token(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '+' || c == '.';
}

std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

std::string quoted_where_not_finite(std::string_view token) {
  const std::optional<double> value = parse_measured(token);
  if (!value || std::isfinite(*value)) return std::string(token);
  return '"' + (std::isnan(*value) ? "nan" : number_text(*value)) + '"';
}

}  // namespace

std::optional<double> parse_measured(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::invalid_argument || end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range)
    return std::strtod(std::string(text).c_str(), nullptr);
  return value;
}

std::string with_non_finite_quoted(std::string_view text) {
  std::string result;
  for (std::size_t at = 0, end = 0; at < text.size(); at = end) {
    end = at + 1;
    if (text[at] == '"') end = end_of_string(text, at);
    const bool token = is_part_of_a_token(text[at]);
    while (token && end < text.size() && is_part_of_a_token(text[end])) ++end;
    const std::string_view part = text.substr(at, end - at);
    result += token ? quoted_where_not_finite(part) : std::string(part);
  }
  return result;
}

Json parse_json_line(std::string_view line) {
  Json json = Json::parse(line, nullptr, false);
  if (json.is_discarded()) json = Json::parse(with_non_finite_quoted(line), nullptr, false);
  return json;
}

}  // namespace caviar
