#include "caviar/tune/terminal.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include <sys/ioctl.h>
#include <unistd.h>

namespace caviar {
namespace {

bool set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool dumb() {
  const char* kind = std::getenv("TERM");
  return kind == nullptr || std::string_view(kind) == "dumb";
}

// The bytes that one shown character takes from `at` on; `escape` where they move nothing.
struct Glyph {
  std::size_t bytes;
  bool escape;
};

Glyph glyph(std::string_view text, std::size_t at) {
  if (text[at] == '\x1b') {  // ESC [ … letter
    std::size_t end = at + 1;
    while (end < text.size() && !std::isalpha(static_cast<unsigned char>(text[end]))) ++end;
    return {std::min(end + 1, text.size()) - at, true};
  }
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
  return {end - at, false};
}

}  // namespace

Terminal terminal_of(std::FILE* stream) {
  Terminal terminal;
  const int file = fileno(stream);
  if (isatty(file) == 0 || dumb()) return terminal;
  terminal.live = true;
  terminal.colour = !set("NO_COLOR");
  winsize size{};
  if (ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    terminal.width = size.ws_col;
    terminal.height = size.ws_row;
  }
  return terminal;
}

std::string styled(const Terminal& terminal, Style style, std::string_view text) {
  if (!terminal.colour || style == Style::plain) return std::string(text);
  const char* codes[] = {"0", "1", "2", "32", "31"};
  return std::string("\x1b[") + codes[static_cast<std::size_t>(style)] + "m" + std::string(text) +
         "\x1b[0m";
}

std::size_t shown_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Glyph next = glyph(text, at);
    if (!next.escape) ++width;
    at += next.bytes;
  }
  return width;
}

std::string clipped(std::string_view text, std::size_t width) {
  if (shown_width(text) <= width) return std::string(text);
  std::string result;
  std::size_t shown = 0;
  bool styles = false;
  for (std::size_t at = 0; at < text.size() && shown + 1 < width;) {
    const Glyph next = glyph(text, at);
    result.append(text.substr(at, next.bytes));
    styles = styles || next.escape;
    if (!next.escape) ++shown;
    at += next.bytes;
  }
  if (width > 0) result += "…";
  return styles ? result + "\x1b[0m" : result;
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t shown = shown_width(text);
  return std::string(text) + std::string(width > shown ? width - shown : 0, ' ');
}

std::string padded_left(std::string_view text, std::size_t width) {
  const std::size_t shown = shown_width(text);
  return std::string(width > shown ? width - shown : 0, ' ') + std::string(text);
}

std::string bar(double share, std::size_t width) {
  static constexpr const char* eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double clamped = std::clamp(std::isnan(share) ? 0.0 : share, 0.0, 1.0);
  const auto filled =
      static_cast<std::size_t>(std::lround(clamped * static_cast<double>(width) * 8));
  std::string result;
  for (std::size_t full = 0; full < filled / 8; ++full) result += "█";
  return result + eighths[filled % 8];
}

TextTable::TextTable(std::vector<std::string> headers) : headers_(std::move(headers)) {
  for (std::string& header : headers_) {
    right_.push_back(header.rfind('>', 0) == 0);
    if (right_.back()) header.erase(0, 1);
  }
}

void TextTable::add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

std::string TextTable::text(const Terminal& terminal) const {
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < headers_.size(); ++column) {
    widths.push_back(shown_width(headers_[column]));
    for (const auto& row : rows_)
      widths[column] = std::max(widths[column], shown_width(row[column]));
  }
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string result;
    for (std::size_t column = 0; column < cells.size(); ++column) {
      if (column > 0) result += "  ";
      result += right_[column] ? padded_left(cells[column], widths[column])
                               : padded(cells[column], widths[column]);
    }
    result.erase(result.find_last_not_of(' ') + 1);
    return terminal.live ? clipped(result, static_cast<std::size_t>(terminal.width)) : result;
  };
  std::string result = styled(terminal, Style::faint, line(headers_)) + "\n";
  for (const auto& row : rows_) result += line(row) + "\n";
  return result;
}

}  // namespace caviar
