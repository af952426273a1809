#include "caviar/data/npy_writer.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

namespace caviar {
namespace {

// NumPy's texts have four bytes a letter.
std::u32string utf32_of(const std::string& utf8) {
  std::u32string letters;
  for (const char byte : utf8) {
    const auto bits = static_cast<unsigned char>(byte);
    if ((bits & 0xC0U) == 0x80U) {  // goes on with a letter
      letters.back() = letters.back() << 6U | (bits & 0x3FU);
    } else {
      const std::uint32_t first = bits < 0x80U   ? bits
                                  : bits < 0xE0U ? bits & 0x1FU
                                  : bits < 0xF0U ? bits & 0x0FU
                                                 : bits & 0x07U;
      letters.push_back(static_cast<char32_t>(first));
    }
  }
  return letters;
}

}  // namespace

std::string npy_header(const std::string& type, std::span<const std::size_t> shape) {
  constexpr std::size_t aligned = 64;  // where the cells begin
  constexpr std::string_view magic("\x93NUMPY\x01\0", 8);
  const char order = type == "b1" ? '|' : std::endian::native == std::endian::little ? '<' : '>';
  std::string sizes;
  for (const std::size_t size : shape) sizes += fmt::format("{}, ", size);
  std::string text = fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': ({}), }}",
                                 order, type, sizes);
  const std::size_t before = magic.size() + 2 + text.size() + 1;
  text.append((aligned - before % aligned) % aligned, ' ');
  text += '\n';
  const std::array<char, 2> length = {static_cast<char>(text.size() & 0xFFU),
                                      static_cast<char>(text.size() >> 8U)};
  return std::string(magic) + std::string(length.data(), length.size()) + text;
}

std::string npy_texts(const std::vector<std::string>& names,
                      std::span<const std::int32_t> indices) {
  std::vector<std::u32string> texts;
  std::size_t width = 1;
  for (const std::string& name : names) {
    texts.push_back(utf32_of(name));
    width = std::max(width, texts.back().size());
  }
  for (std::u32string& text : texts) text.resize(width, U'\0');
  const std::array<std::size_t, 1> shape = {indices.size()};
  std::string bytes = npy_header(fmt::format("U{}", width), shape);
  bytes.reserve(bytes.size() + indices.size() * width * sizeof(char32_t));
  for (const std::int32_t index : indices) {
    const std::u32string& text = texts[static_cast<std::size_t>(index)];
    bytes.append(reinterpret_cast<const char*>(text.data()), width * sizeof(char32_t));
  }
  return bytes;
}

}  // namespace caviar
