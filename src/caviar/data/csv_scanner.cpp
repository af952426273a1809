#include "caviar/data/csv_scanner.hpp"

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/data/parse_number.hpp"

namespace caviar {
namespace {

const char* name_of(char delimiter) {
  return delimiter == '\t' ? "tab" : delimiter == ';' ? "semicolon" : "comma";
}

}  // namespace

CsvScanner::CsvScanner(std::string_view text, const std::string& source, char delimiter)
    : text_(text), source_(source), delimiter_(delimiter) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
}

void CsvScanner::end_line() {
  if (at_ >= text_.size()) return;
  const bool pair = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
  at_ += pair ? 2 : 1;
  ++line_;
}

bool CsvScanner::next_row() {
  for (;;) {
    std::size_t first = at_;
    while (first < text_.size() && is_blank(text_[first])) ++first;
    if (first >= text_.size()) return false;
    if (text_[first] != '\n' && text_[first] != '\r') break;
    at_ = first;
    end_line();
  }
  row_line_ = line_;
  in_row_ = true;
  return true;
}

// at_ stands on a delimiter, at the end of a line or of the text.
void CsvScanner::end_cell() {
  if (at_ < text_.size() && text_[at_] == delimiter_) {
    ++at_;
  } else {
    in_row_ = false;
    end_line();
  }
}

bool CsvScanner::next_cell(std::string_view& cell) {
  if (!in_row_) return false;
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  cell = at_ < text_.size() && text_[at_] == '"' ? quoted_cell() : plain_cell();
  end_cell();
  return true;
}

std::size_t CsvScanner::next_numbers(double* values, std::size_t count) {
  const char* const last = text_.data() + text_.size();
  const char* at = text_.data() + at_;  // the beginning of a cell
  std::size_t done = 0;
  while (in_row_ && done < count) {
    while (at != last && is_blank(*at)) ++at;
    const char* end = read_number(at, last, values[done]);
    if (end == nullptr) break;
    while (end != last && is_blank(*end)) ++end;
    if (end != last && *end == delimiter_) {
      at = end + 1;
    } else if (end == last || *end == '\n' || *end == '\r') {
      at_ = static_cast<std::size_t>(end - text_.data());
      end_cell();
      return done + 1;
    } else {
      break;
    }
    ++done;
  }
  at_ = static_cast<std::size_t>(at - text_.data());
  return done;
}

std::string_view CsvScanner::plain_cell() {
  const std::size_t first = at_;
  while (at_ < text_.size() && !ends_cell(text_[at_])) ++at_;
  std::size_t last = at_;
  while (last > first && is_blank(text_[last - 1])) --last;
  return text_.substr(first, last - first);
}

std::string_view CsvScanner::quoted_cell() {
  const std::size_t opened_on = line_;
  unquoted_.clear();
  for (++at_;; ++at_) {
    if (at_ >= text_.size()) {
      throw Error(Fault::input,
                  fmt::format("{}:{}: the quote opened here is never closed", source_, opened_on));
    }
    const char c = text_[at_];
    if (c == '"') {
      ++at_;
      if (at_ >= text_.size() || text_[at_] != '"') break;
    }
    line_ += static_cast<std::size_t>(c == '\n');
    unquoted_ += c;
  }
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  if (at_ < text_.size() && !ends_cell(text_[at_])) {
    throw Error(Fault::input,
                fmt::format("{}:{}: '{}' stands behind the closing quote of a cell; a {} was "
                            "expected (a quote inside a cell is written twice)",
                            source_, line_, text_[at_], name_of(delimiter_)));
  }
  return unquoted_;
}

}  // namespace caviar
