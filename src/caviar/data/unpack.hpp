// Compressed bytes unpacked. All throw Error{io} that names `source` where they are damaged.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "caviar/data/content.hpp"

namespace caviar {

Content unpack_gzip(std::string_view packed, const std::string& source);
Content unpack_zstd(std::string_view packed, const std::string& source);
// A raw deflate stream that must give exactly `size` bytes (an entry of a zip file).
Content unpack_deflate(std::string_view packed, std::size_t size, const std::string& source);

}  // namespace caviar
