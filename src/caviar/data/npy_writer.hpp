// Writing NumPy's .npy: one array, in C order, in this machine's byte order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caviar {

// Everything in front of the cells. `type` as NumPy names it without its byte order: "f4", "f8",
// "b1", "U12"; of each dimension its size.
std::string npy_header(const std::string& type, std::span<const std::size_t> shape);

// A whole one-dimensional array of texts (valid UTF-8): names[i] for each index i, in their order.
std::string npy_texts(const std::vector<std::string>& names, std::span<const std::int32_t> indices);

}  // namespace caviar
