#include "caviar/base/words.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "caviar/base/text.hpp"

namespace caviar {

std::string without_controls(std::string_view text) {
  std::string line;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c == 27 && at + 1 < text.size() && text[at + 1] == '[') {
      const auto letter = std::ranges::find_if(
          text.substr(at + 2), [](unsigned char x) { return std::isalpha(x) != 0; });
      at = static_cast<std::size_t>(letter - text.begin());  // the loop goes on behind it
    } else if (c == '\n' || c == '\r' || c == '\t') {
      line += ' ';
    } else if (c >= 32 && c != 127) {
      line += text[at];
    }
  }
  return line;
}

std::string one_line(std::string_view text, std::size_t width) {
  std::string line = without_controls(text);
  line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
  line.resize(std::min(line.size(), width));
  line.resize(valid_utf8(line));
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string shell_word(const std::string& text) {
  const bool plain = std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c >= 128 ||
           std::string_view("_@%+=:,./-#").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (plain && !text.empty() && text.front() != '#') return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace caviar
