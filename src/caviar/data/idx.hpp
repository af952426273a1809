// IDX, the format of MNIST: a magic number, big-endian sizes, then the numbers.
#pragma once

#include <optional>
#include <string>

#include "caviar/data/array.hpp"

namespace caviar {

bool is_idx(std::string_view bytes);
// Throws Error{input} that says how many bytes were expected.
Array parse_idx(const Content& content, const std::string& source);

// The labels of train-images-idx3-ubyte.gz: the file train-labels-idx1-ubyte beside it, with or
// without .gz. Nothing where none lies there.
std::optional<std::string> labels_beside(const std::string& images);

}  // namespace caviar
