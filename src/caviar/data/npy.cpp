#include <algorithm>
#include <bit>
#include <cctype>
#include <optional>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/data/numpy.hpp"

namespace caviar {
namespace {

constexpr std::string_view magic = "\x93NUMPY";

[[noreturn]] void fail(const std::string& source, const std::string& problem) {
  throw Error(Fault::input, source + ": " + problem);
}

struct Header {
  std::string_view text;  // {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
  std::size_t size = 0;   // bytes before the numbers
};

std::size_t little_endian(std::string_view bytes) {
  std::size_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

Header header_of(std::string_view bytes, const std::string& source) {
  const std::size_t wide = bytes.size() > 6 && bytes[6] >= 2 ? 4 : 2;
  const std::size_t start = magic.size() + 2 + wide;
  if (bytes.size() < start) fail(source, "the file is cut off within its header");
  const std::size_t length = little_endian(bytes.substr(magic.size() + 2, wide));
  if (length > bytes.size() - start) fail(source, "the file is cut off within its header");
  return {bytes.substr(start, length), start + length};
}

// What stands behind 'key': in the header, without blanks before it.
std::string_view value_of(std::string_view header, const std::string& key,
                          const std::string& source) {
  const std::size_t at = header.find("'" + key + "'");
  const std::size_t colon = header.find(':', at == std::string_view::npos ? 0 : at);
  if (at == std::string_view::npos || colon == std::string_view::npos) {
    fail(source, "its header has no '" + key + "', which an .npy file needs");
  }
  std::string_view value = header.substr(colon + 1);
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return value;
}

struct Type {
  NumberType type = NumberType::f64;
  bool swapped = false;
  std::size_t letters = 0;  // of a text
  bool bytes = false;
};

// "<U12", "|S3": so many letters.
std::optional<std::size_t> letters_of(std::string_view text) {
  constexpr std::size_t most_digits = 6;
  if (text.size() < 3 || text.size() > 2 + most_digits || (text[1] != 'U' && text[1] != 'S')) {
    return std::nullopt;
  }
  std::size_t letters = 0;
  for (const char digit : text.substr(2)) {
    if (std::isdigit(static_cast<unsigned char>(digit)) == 0) return std::nullopt;
    letters = letters * 10 + static_cast<std::size_t>(digit - '0');
  }
  return letters > 0 ? std::optional(letters) : std::nullopt;
}

// What else NumPy keeps, and what can be done about it.
[[noreturn]] void refuse_type(std::string_view text, const std::string& source) {
  if (text.empty()) {
    fail(source,
         "its cells are records of several fields; save each field as an array of its own, all of "
         "them in one .npz");
  }
  const char kind = text.size() > 1 ? text[1] : text[0];
  if (kind == 'O') {
    fail(source,
         "its cells are Python objects, which only Python can unpack; save them as numbers, or as "
         "texts by .astype(str)");
  }
  if (kind == 'M' || kind == 'm') {
    fail(source, fmt::format("its cells are of NumPy's type '{}'; save dates as texts by "
                             ".astype(str), durations as numbers",
                             text));
  }
  fail(source, fmt::format("its cells are of NumPy's type '{}'; f2, f4, f8, i1 to i8, u1 to u8, "
                           "booleans, or texts (U, S) were expected",
                           text));
}

Type type_of(std::string_view value, const std::string& source) {
  const std::size_t end = value.find('\'', 1);
  const std::string_view text =
      value.starts_with('\'') && end != std::string_view::npos ? value.substr(1, end - 1) : "";
  static const std::vector<std::pair<std::string_view, NumberType>> types = {
      {"f8", NumberType::f64}, {"f4", NumberType::f32}, {"f2", NumberType::f16},
      {"i8", NumberType::i64}, {"i4", NumberType::i32}, {"i2", NumberType::i16},
      {"i1", NumberType::i8},  {"u8", NumberType::u64}, {"u4", NumberType::u32},
      {"u2", NumberType::u16}, {"u1", NumberType::u8},  {"b1", NumberType::u8}};
  constexpr char foreign = std::endian::native == std::endian::little ? '>' : '<';
  for (const auto& [name, type] : types) {
    if (text.size() == 3 && text.substr(1) == name) {
      return {type, text[0] == foreign && size_of(type) > 1};
    }
  }
  if (const auto letters = letters_of(text)) {
    const bool bytes = text[1] == 'S';
    return {NumberType::u8, !bytes && text[0] == foreign, *letters, bytes};
  }
  refuse_type(text, source);
}

std::vector<std::size_t> shape_of(std::string_view value, const std::string& source) {
  std::vector<std::size_t> shape;
  if (!value.starts_with('(')) fail(source, "its header has no sound shape");
  std::size_t at = 1;
  constexpr std::size_t most_digits = 18, most_dimensions = 8;
  while (at < value.size() && value[at] != ')') {
    if (value[at] == ' ' || value[at] == ',') {
      ++at;
      continue;
    }
    std::size_t size = 0, digits = 0;
    for (; at < value.size() && std::isdigit(static_cast<unsigned char>(value[at])) != 0; ++at) {
      size = size * 10 + static_cast<std::size_t>(value[at] - '0');
      if (++digits > most_digits) fail(source, "its header has no sound shape");
    }
    if (digits == 0) fail(source, "its header has no sound shape");
    shape.push_back(size);
  }
  if (at == value.size() || shape.size() > most_dimensions) {
    fail(source, "its header has no sound shape");
  }
  return shape;
}

}  // namespace

bool is_npy(std::string_view bytes) { return bytes.starts_with(magic); }

Array parse_npy(const Content& content, const std::string& source) {
  if (!is_npy(content.bytes)) fail(source, "this is no .npy file, which begins with \\x93NUMPY");
  const Header header = header_of(content.bytes, source);
  const Type type = type_of(value_of(header.text, "descr", source), source);
  Array array;
  array.owner = content.owner;
  array.type = type.type;
  array.letters = type.letters;
  array.bytes = type.bytes;
  array.by_columns = value_of(header.text, "fortran_order", source).starts_with("True");
  array.shape = shape_of(value_of(header.text, "shape", source), source);
  array.data = content.data() + header.size;
  const auto count = product(array.shape);
  const std::size_t width = array.width(), rest = content.bytes.size() - header.size;
  if (!count || *count > rest / width) {
    fail(source,
         fmt::format("{} bytes of data are too few for its shape: the file is cut off", rest));
  }
  return type.swapped ? swapped(array) : array;
}

}  // namespace caviar
