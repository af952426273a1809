#include "caviar/data/hash.hpp"

#include <array>
#include <cstring>

namespace caviar {
namespace {

constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;  // 2⁶⁴ divided by the golden ratio

std::uint64_t mixed(std::uint64_t x) {
  x *= odd;
  return x ^ (x >> 29);
}

std::uint64_t load(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

}  // namespace

// Four lanes that do not wait for one another, folded into one at the end.
std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) {
  const std::uint64_t size = bytes.size();
  std::array<std::uint64_t, 4> lanes = {seed, seed + odd, seed + 2 * odd, seed + 3 * odd};
  for (; bytes.size() >= 32; bytes.remove_prefix(32)) {
    for (std::size_t i = 0; i < 4; ++i) lanes[i] = mixed(lanes[i] ^ load(bytes.data() + 8 * i));
  }
  std::array<char, 32> rest{};
  std::memcpy(rest.data(), bytes.data(), bytes.size());
  std::uint64_t hash = size;
  for (std::size_t i = 0; i < 4; ++i) {
    lanes[i] = mixed(lanes[i] ^ load(rest.data() + 8 * i));
    hash = mixed(hash ^ lanes[i]);
  }
  return mixed(hash);
}

}  // namespace caviar
