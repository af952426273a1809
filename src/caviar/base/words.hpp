// Words for people and for shells.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace caviar {

// What a program wrote as its words alone: what ends lines and tabs become spaces; other control
// characters, and what a terminal would take for an order (ESC [ … letter), are left out.
std::string without_controls(std::string_view text);
// The same as one line for a message: at most `width` bytes of whole characters, without spaces
// around.
std::string one_line(std::string_view text, std::size_t width);

// As one word of a shell's command line: in quotes where it needs them.
std::string shell_word(const std::string& text);

// "1 trial", "12 trials".
std::string counted(std::size_t count, std::string_view what);

}  // namespace caviar
