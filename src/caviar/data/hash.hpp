// A checksum of bytes: quick, the same on every machine of one byte order, and no protection
// against anybody who means harm.
#pragma once

#include <cstdint>
#include <string_view>

namespace caviar {

std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace caviar
