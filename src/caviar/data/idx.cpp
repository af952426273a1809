#include "caviar/data/idx.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"

namespace caviar {
namespace {

constexpr std::size_t most_dimensions = 4;

std::optional<NumberType> type_of(unsigned char code) {
  switch (code) {
    case 0x08:
      return NumberType::u8;
    case 0x09:
      return NumberType::i8;
    case 0x0B:
      return NumberType::i16;
    case 0x0C:
      return NumberType::i32;
    case 0x0D:
      return NumberType::f32;
    case 0x0E:
      return NumberType::f64;
    default:
      return std::nullopt;
  }
}

std::size_t big_endian(std::string_view four) {
  std::size_t value = 0;
  for (const char c : four) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

}  // namespace

bool is_idx(std::string_view bytes) {
  return bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == 0 &&
         type_of(static_cast<unsigned char>(bytes[2])) && bytes[3] >= 1 &&
         std::size_t{static_cast<unsigned char>(bytes[3])} <= most_dimensions;
}

Array parse_idx(const Content& content, const std::string& source) {
  const std::string_view bytes = content.bytes;
  if (!is_idx(bytes)) {
    throw Error(Fault::input,
                source +
                    ": this is no IDX file; it should begin with two zeros, a type and the "
                    "number of dimensions (1 to 4)");
  }
  Array array;
  array.owner = content.owner;
  array.type = *type_of(static_cast<unsigned char>(bytes[2]));
  const auto dimensions = std::size_t{static_cast<unsigned char>(bytes[3])};
  const std::size_t header = 4 + 4 * dimensions;
  if (bytes.size() < header) {
    throw Error(Fault::input, source + ": the file is cut off within its sizes");
  }
  std::string shape;
  for (std::size_t i = 0; i < dimensions; ++i) {
    array.shape.push_back(big_endian(bytes.substr(4 + 4 * i, 4)));
    shape += (i == 0 ? "" : " × ") + std::to_string(array.shape[i]);
  }
  const auto count = product(array.shape);
  const std::size_t width = size_of(array.type), rest = bytes.size() - header;
  if (!count || *count > rest / width || *count * width != rest) {
    throw Error(Fault::input,
                fmt::format("{}: {} bytes of data for {} numbers of {} byte{}: the file is cut off "
                            "or no IDX file",
                            source, rest, shape, width, width == 1 ? "" : "s"));
  }
  array.data = content.data() + header;
  return width == 1 ? array : swapped(array);
}

std::optional<std::string> labels_beside(const std::string& images) {
  std::string name = file_name(images);
  const auto turn = [&name](std::string_view from, std::string_view to) {
    const std::size_t at = name.rfind(from);
    if (at != std::string::npos) name.replace(at, from.size(), to);
    return at != std::string::npos;
  };
  if (!turn("images", "labels")) return std::nullopt;
  turn("idx3", "idx1");
  turn("idx4", "idx1");
  std::string path = (std::filesystem::path(images).parent_path() / name).string();
  if (std::filesystem::exists(path)) return path;
  if (path.ends_with(".gz")) {
    path.resize(path.size() - 3);
  } else {
    path += ".gz";
  }
  return std::filesystem::exists(path) ? std::optional(path) : std::nullopt;
}

}  // namespace caviar
