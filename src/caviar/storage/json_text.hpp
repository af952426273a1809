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

  // Calls entry(key) for each key of an object; entry must read its value, and may take the key.
  template <class Entry>
  void object(Entry entry) {
    expect('{');
    if (accept('}')) return;
    do {
      std::string key = text();
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
  char peek();  // the next character that is not blank; '\0' at the end
  bool accept(char wanted);
  void expect(char wanted);
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
