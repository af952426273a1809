// Learned numbers for the codes of categorical columns; the other columns pass through.
//
// The outputs are the other columns in their order, then `width` numbers for each embedded column.
// A number that is none of the codes 0 … levels − 1 stands for nothing known: it gives zeros and
// teaches nothing.
#pragma once

#include <vector>

#include "caviar/nn/layer.hpp"

namespace caviar {

struct EmbeddedColumn;

// Each column at most once. Tables are drawn from N(0, 1 / width), so that a code is about as long
// as a scaled column.
template <class T>
LayerPtr<T> embedding(const std::vector<EmbeddedColumn>& columns);

}  // namespace caviar
