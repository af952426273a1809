#include "caviar/data/csv_scanner.hpp"

#include <fmt/format.h>

#include "caviar/base/error.hpp"

namespace caviar {
namespace {

bool ends_line(char c) { return c == '\n' || c == '\r'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

}  // namespace

CsvScanner::CsvScanner(std::string_view text, const std::string& source)
    : text_(text), source_(source) {
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
    if (!ends_line(text_[first])) break;
    at_ = first;
    end_line();
  }
  row_line_ = line_;
  in_row_ = true;
  return true;
}

bool CsvScanner::next_cell(std::string_view& cell) {
  if (!in_row_) return false;
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  cell = at_ < text_.size() && text_[at_] == '"' ? quoted_cell() : plain_cell();
  if (at_ < text_.size() && text_[at_] == ',') {
    ++at_;
  } else {
    in_row_ = false;
    end_line();
  }
  return true;
}

std::string_view CsvScanner::plain_cell() {
  const std::size_t first = at_;
  while (at_ < text_.size() && text_[at_] != ',' && !ends_line(text_[at_])) ++at_;
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
  if (at_ < text_.size() && text_[at_] != ',' && !ends_line(text_[at_])) {
    throw Error(Fault::input,
                fmt::format("{}:{}: '{}' stands behind the closing quote of a cell; a comma was "
                            "expected (a quote inside a cell is written twice)",
                            source_, line_, text_[at_]));
  }
  return unquoted_;
}

}  // namespace caviar
