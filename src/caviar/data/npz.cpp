#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <zlib.h>

#include "caviar/base/error.hpp"
#include "caviar/data/numpy.hpp"
#include "caviar/data/unpack.hpp"

namespace caviar {
namespace {

// The little that is needed of zip's records (PKWARE APPNOTE 6.3): their marks, lengths and fields.
constexpr std::string_view local_mark = "PK\x03\x04", central_mark = "PK\x01\x02",
                           end_mark = "PK\x05\x06";
constexpr std::size_t local_size = 30, central_size = 46, end_size = 22, longest_comment = 65535;

// Reads little-endian fields of a record that lies wholly within the file.
class Record {
 public:
  Record(std::string_view file, std::size_t at, std::size_t size, std::string_view mark,
         const std::string& source)
      : bytes_(file.substr(std::min(at, file.size()), size)) {
    if (bytes_.size() == size && bytes_.starts_with(mark)) return;
    throw Error(Fault::input, source + ": the zip file is damaged or cut off");
  }
  std::size_t two(std::size_t at) const { return field(at, 2); }
  std::size_t four(std::size_t at) const { return field(at, 4); }

 private:
  std::size_t field(std::size_t at, std::size_t size) const {
    std::size_t value = 0;
    for (std::size_t i = size; i-- > 0;) {
      value = value << 8 | static_cast<unsigned char>(bytes_[at + i]);
    }
    return value;
  }
  std::string_view bytes_;
};

struct Entry {
  std::string name;
  std::size_t method = 0, checksum = 0, packed = 0, size = 0, offset = 0;
};

std::vector<Entry> entries_of(std::string_view file, const std::string& source) {
  const std::size_t tail = std::min(file.size(), end_size + longest_comment);
  const std::size_t found = file.substr(file.size() - tail).rfind(end_mark);
  if (found == std::string_view::npos) {
    throw Error(Fault::input, source + ": the zip file has no end: it is cut off");
  }
  const Record end(file, file.size() - tail + found, end_size, end_mark, source);
  std::vector<Entry> entries;
  std::size_t at = end.four(16);
  for (std::size_t left = end.two(10); left > 0; --left) {
    const Record record(file, at, central_size, central_mark, source);
    Entry entry;
    entry.method = record.two(10);
    entry.checksum = record.four(16);
    entry.packed = record.four(20);
    entry.size = record.four(24);
    entry.offset = record.four(42);
    entry.name = file.substr(std::min(at + central_size, file.size()), record.two(28));
    if (entry.size == 0xFFFFFFFF || entry.packed == 0xFFFFFFFF || entry.offset == 0xFFFFFFFF) {
      throw Error(Fault::input, fmt::format("{}: '{}' is larger than 4 GB; save it as .npy, which "
                                            "is mapped and never copied",
                                            source, entry.name));
    }
    at += central_size + record.two(28) + record.two(30) + record.two(32);
    entries.push_back(std::move(entry));
  }
  return entries;
}

Content content_of(const Entry& entry, const Content& file, const std::string& source) {
  const Record local(file.bytes, entry.offset, local_size, local_mark, source);
  const std::size_t start = entry.offset + local_size + local.two(26) + local.two(28);
  if (start > file.bytes.size() || entry.packed > file.bytes.size() - start) {
    throw Error(Fault::input, source + ": the zip file is damaged or cut off");
  }
  Content content{file.owner, file.bytes.substr(start, entry.packed)};
  constexpr std::size_t stored = 0, deflated = 8;
  if (entry.method == deflated) {
    content = unpack_deflate(content.bytes, entry.size, source);
  } else if (entry.method != stored) {
    throw Error(Fault::input,
                fmt::format("{}: packed by method {}; numpy.savez or numpy.savez_compressed were "
                            "expected to have written it",
                            source, entry.method));
  }
  const auto* bytes = reinterpret_cast<const Bytef*>(content.bytes.data());
  if (crc32_z(crc32_z(0, nullptr, 0), bytes, content.bytes.size()) != entry.checksum) {
    throw Error(Fault::io, source + ": its checksum is wrong: fetch or write it again");
  }
  return content;
}

}  // namespace

bool is_npz(std::string_view bytes) {
  return bytes.starts_with(local_mark) || bytes.starts_with(end_mark);
}

std::vector<std::pair<std::string, Array>> parse_npz(const Content& content,
                                                     const std::string& source) {
  std::vector<std::pair<std::string, Array>> arrays;
  for (const Entry& entry : entries_of(content.bytes, source)) {
    const std::string where = source + "[" + entry.name + "]";
    std::string name = entry.name;
    if (name.ends_with(".npy")) name.resize(name.size() - 4);
    arrays.emplace_back(name, parse_npy(content_of(entry, content, where), where));
  }
  if (arrays.empty()) throw Error(Fault::input, source + ": the zip file holds no arrays");
  return arrays;
}

}  // namespace caviar
