// {name} in the words of a command, its directory and its environment.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caviar {

// What stands for each name; nullopt for a parameter that this configuration has not.
using Placeholders = std::map<std::string, std::optional<std::string>>;

inline constexpr std::string_view args_placeholder = "{args}";

// The names between braces. Other braces (of JSON, say) are left alone; {{name}} is no placeholder
// but the text {name}.
std::set<std::string> placeholders_in(std::string_view text);

// The text with its placeholders filled; nullopt where one of them has no value. Every name must
// stand in `values`.
std::optional<std::string> filled(std::string_view text, const Placeholders& values);

// The words of a command. The word {args} becomes all of `args`. A word whose parameter has no
// value is left out, with the flag before it where it is nothing but that: --beta2 {beta2}.
std::vector<std::string> filled_words(std::span<const std::string> words,
                                      const Placeholders& values,
                                      std::span<const std::string> args);

}  // namespace caviar
