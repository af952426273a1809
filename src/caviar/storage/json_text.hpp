// JSON as the log uses it, written and read in one pass without a tree: opening a study of a
// million trials reads a few hundred megabytes of it.
//
// Numbers read back to the same bits. JSON has no NaN or infinity: as a number they are the texts
// "nan", "inf", "-inf"; as a value, which may be a text as well, {"float":"nan"}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "caviar/space/value.hpp"

namespace caviar {

// Writers: each appends to `out`.
void write_text(std::string& out, std::string_view text);  // quoted; bytes of any encoding are kept
void write_number(std::string& out, double number);
void write_integer(std::string& out, std::int64_t integer);
void write_value(std::string& out,
                 const Value& value);  // a double always shows a point or exponent

// A pull parser: the caller says what comes next. Throws Error{io} where something else does, with
// the place in the text.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  // Calls entry(key) for each key of an object; entry must read its value. The key, a string_view,
  // lasts as long as that call and the text.
  template <class Entry>
  void object(Entry entry) {
    expect('{');
    if (accept('}')) return;
    do {
      std::string unescaped;
      const std::string_view key = text_view(unescaped);
      expect(':');
      entry(key);
    } while (accept(','));
    expect('}');
  }
  // Calls item() at each item of a list; item must read it.
  template <class Item>
  void list(Item item) {
    expect('[');
    if (accept(']')) return;
    do item();
    while (accept(','));
    expect(']');
  }
  std::string text();
  double number();
  std::int64_t integer();
  Value value();
  void end();  // nothing but blanks may be left
  [[noreturn]] void fail(std::string_view wanted) const;

 private:
  char peek() {  // the next character that is not blank; '\0' at the end
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool accept(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }
  void expect(char wanted) {
    if (!accept(wanted)) fail_character(wanted);
  }
  static bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t'; }
  [[noreturn]] void fail_character(char wanted) const;
  // A text as it stands there, or in `unescaped` where something in it is escaped.
  std::string_view text_view(std::string& unescaped);
  bool accept_word(std::string_view word);
  std::string_view number_token();
  template <class Number>
  Number parsed(std::string_view token) const;
  std::uint32_t hex4();
  void append_escape(std::string& out);

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace caviar
