// The bytes of a file, unpacked where it is compressed.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace caviar {

struct Content {
  std::shared_ptr<const void> owner;  // keeps the bytes; a plain file is mapped, not read
  std::string_view bytes;

  const std::byte* data() const { return reinterpret_cast<const std::byte*>(bytes.data()); }
};

// gzip and zstd are recognised by their first bytes, whatever the name is. A plain file must not be
// cut while it is in use.
// Throws Error{missing} or Error{io}, naming the path and the reason (also: corrupt, cut off).
Content read_content(const std::string& path);

// A file mapped into memory, read-only.
Content map_file(const std::string& path);

}  // namespace caviar
