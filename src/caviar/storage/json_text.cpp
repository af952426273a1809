#include "caviar/storage/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "caviar/base/error.hpp"
#include "caviar/base/match.hpp"

namespace caviar {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

const char* non_finite_name(double number) {
  if (std::isnan(number)) return "nan";
  return number > 0 ? "inf" : "-inf";
}

// The shortest text that reads back to the same double.
std::string_view shortest(double number, std::array<char, 32>& buffer) {
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80U | ((code >> shift) & 0x3fU)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0U | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0U | (code >> 12));
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xf0U | (code >> 18));
    tail(12), tail(6), tail(0);
  }
}

}  // namespace

void write_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      out += "\\u00";
      out += hex_digits[byte >> 4];
      out += hex_digits[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void write_number(std::string& out, double number) {
  if (!std::isfinite(number)) return write_text(out, non_finite_name(number));
  std::array<char, 32> buffer;
  out += shortest(number, buffer);
}

void write_integer(std::string& out, std::int64_t integer) { out += std::to_string(integer); }

void write_value(std::string& out, const Value& value) {
  std::visit(match{
                 [&](bool truth) { out += truth ? "true" : "false"; },
                 [&](std::int64_t integer) { write_integer(out, integer); },
                 [&](double number) {
                   if (!std::isfinite(number)) {
                     out += "{\"float\":";
                     write_text(out, non_finite_name(number));
                     out += '}';
                     return;
                   }
                   std::array<char, 32> buffer;
                   const std::string_view text = shortest(number, buffer);
                   out += text;
                   if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
                 },
                 [&](const std::string& text) { write_text(out, text); },
             },
             value);
}

void JsonReader::fail(std::string_view wanted) const {
  throw Error(Fault::io, std::string(wanted) + " expected at character " + std::to_string(at_ + 1) +
                             " of " + std::string(text_.substr(0, 200)));
}

void JsonReader::fail_character(char wanted) const { fail(std::string{'\'', wanted, '\''}); }

bool JsonReader::accept_word(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) return false;
  at_ += word.size();
  return true;
}

std::string_view JsonReader::text_view(std::string& unescaped) {
  expect('"');
  while (true) {
    std::size_t stop = at_;  // find_first_of is many times slower than this loop
    while (stop < text_.size() && text_[stop] != '"' && text_[stop] != '\\') ++stop;
    if (stop == text_.size()) fail("the end of a text");
    const std::string_view piece = text_.substr(at_, stop - at_);
    at_ = stop + 1;
    if (text_[stop] == '"' && unescaped.empty()) return piece;
    unescaped.append(piece);
    if (text_[stop] == '"') return unescaped;
    append_escape(unescaped);
  }
}

std::string JsonReader::text() {
  std::string unescaped;
  const std::string_view view = text_view(unescaped);
  return view.data() == unescaped.data() ? std::move(unescaped) : std::string(view);
}

void JsonReader::append_escape(std::string& out) {
  const char c = at_ < text_.size() ? text_[at_++] : '\0';
  switch (c) {
    case '"':
    case '\\':
    case '/':
      out += c;
      return;
    case 'n':
      out += '\n';
      return;
    case 't':
      out += '\t';
      return;
    case 'r':
      out += '\r';
      return;
    case 'b':
      out += '\b';
      return;
    case 'f':
      out += '\f';
      return;
    case 'u':
      break;
    default:
      fail("an escape");
  }
  std::uint32_t code = hex4();
  if (code >= 0xd800 && code < 0xdc00) {  // half of a surrogate pair
    if (!accept_word("\\u")) fail("the second half of a surrogate pair");
    code = 0x10000 + ((code - 0xd800) << 10) + (hex4() - 0xdc00);
  }
  append_utf8(out, code);
}

std::uint32_t JsonReader::hex4() {
  std::uint32_t code = 0;
  const char* begin = text_.data() + at_;
  if (at_ + 4 > text_.size()) fail("four hexadecimal digits");
  const auto [end, error] = std::from_chars(begin, begin + 4, code, 16);
  if (error != std::errc() || end != begin + 4) fail("four hexadecimal digits");
  at_ += 4;
  return code;
}

std::string_view JsonReader::number_token() {
  const char first = peek();
  if (first != '-' && (first < '0' || first > '9')) fail("a number");
  const auto belongs = [](char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '-' || c == '+';
  };
  const std::size_t begin = at_;
  while (at_ < text_.size() && belongs(text_[at_])) ++at_;
  return text_.substr(begin, at_ - begin);
}

template <class Number>
Number JsonReader::parsed(std::string_view token) const {
  Number number = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number);
  if (error != std::errc() || end != token.data() + token.size()) fail("a number");
  return number;
}

double JsonReader::number() {
  if (peek() == '"') {
    const std::string name = text();
    if (name == "nan") return std::numeric_limits<double>::quiet_NaN();
    if (name == "inf") return std::numeric_limits<double>::infinity();
    if (name == "-inf") return -std::numeric_limits<double>::infinity();
    fail("a number, \"nan\", \"inf\" or \"-inf\"");
  }
  return parsed<double>(number_token());
}

std::int64_t JsonReader::integer() { return parsed<std::int64_t>(number_token()); }

Value JsonReader::value() {
  const char first = peek();
  if (first == '"') return text();
  if (accept_word("true")) return true;
  if (accept_word("false")) return false;
  if (first == '{') {
    Value value;
    object([&](std::string_view key) {
      if (key != "float") fail("the key \"float\"");
      value = number();
    });
    return value;
  }
  const std::string_view token = number_token();
  const bool whole =
      std::ranges::none_of(token, [](char c) { return c == '.' || (c | 0x20) == 'e'; });
  if (whole) return parsed<std::int64_t>(token);
  return parsed<double>(token);
}

void JsonReader::end() {
  peek();
  if (at_ != text_.size()) fail("the end");
}

}  // namespace caviar
