// NumPy's files: .npy holds one array, .npz a zip of them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "caviar/data/array.hpp"

namespace caviar {

bool is_npy(std::string_view bytes);
bool is_npz(std::string_view bytes);

// Numbers and booleans (f2, f4, f8, i1 … i8, u1 … u8, b1) and texts (U, S), either byte order, C or
// Fortran order.
// Throws Error{input, io} naming the source and what is wrong with it.
Array parse_npy(const Content& content, const std::string& source);

// By their names, in the file's order. Entries are stored or deflated.
std::vector<std::pair<std::string, Array>> parse_npz(const Content& content,
                                                     const std::string& source);

}  // namespace caviar
