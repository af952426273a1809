#include "caviar/objective/placeholders.hpp"

#include <cctype>

namespace caviar {
namespace {

bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// One piece of a text: as it stands, or the name of a placeholder.
struct Piece {
  std::string_view text;
  bool is_name = false;
};

// The length of "{name}" at the start of the text; 0 where there is none.
std::size_t braced(std::string_view text) {
  std::size_t end = 1;
  while (end < text.size() && (is_letter(text[end]) || text[end] == '.' || text[end] == '-')) ++end;
  const bool whole = text.starts_with('{') && end > 1 && end < text.size() && text[end] == '}';
  return whole ? end + 1 : 0;
}

std::vector<Piece> pieces(std::string_view text) {
  std::vector<Piece> found;
  std::size_t from = 0, at = 0;
  const auto take_text = [&] {
    if (at > from) found.push_back({text.substr(from, at - from)});
  };
  while (at < text.size()) {
    const std::size_t escaped = text.substr(at).starts_with("{{") ? braced(text.substr(at + 1)) : 0;
    const std::size_t length = braced(text.substr(at));
    if (escaped > 0 && text.substr(at + 1 + escaped).starts_with('}')) {
      take_text();
      found.push_back({text.substr(at + 1, escaped)});
      from = at += escaped + 2;
    } else if (length > 0) {
      take_text();
      found.push_back({text.substr(at + 1, length - 2), true});
      from = at += length;
    } else {
      ++at;
    }
  }
  take_text();
  return found;
}

bool is_only_a_placeholder(std::string_view word) {
  const std::vector<Piece> found = pieces(word);
  return found.size() == 1 && found.front().is_name;
}

}  // namespace

std::set<std::string> placeholders_in(std::string_view text) {
  std::set<std::string> names;
  for (const Piece& piece : pieces(text)) {
    if (piece.is_name) names.emplace(piece.text);
  }
  return names;
}

std::optional<std::string> filled(std::string_view text, const Placeholders& values) {
  std::string result;
  for (const Piece& piece : pieces(text)) {
    if (!piece.is_name) {
      result += piece.text;
      continue;
    }
    const std::optional<std::string>& value = values.at(std::string(piece.text));
    if (!value) return std::nullopt;
    result += *value;
  }
  return result;
}

std::vector<std::string> filled_words(std::span<const std::string> words,
                                      const Placeholders& values,
                                      std::span<const std::string> args) {
  std::vector<std::string> result;
  bool after_flag = false;
  for (const std::string& word : words) {
    if (word == args_placeholder) {
      result.insert(result.end(), args.begin(), args.end());
      after_flag = false;
      continue;
    }
    if (std::optional<std::string> text = filled(word, values)) {
      result.push_back(*std::move(text));
      after_flag = word.starts_with('-') && placeholders_in(word).empty();
    } else {
      if (after_flag && is_only_a_placeholder(word)) result.pop_back();
      after_flag = false;
    }
  }
  return result;
}

}  // namespace caviar
