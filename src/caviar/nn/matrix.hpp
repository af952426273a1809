// A row-major matrix that lies in somebody else's memory.
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>

namespace caviar {

template <class T>
struct Matrix {
  T* data = nullptr;
  std::size_t rows = 0, columns = 0;

  std::size_t size() const { return rows * columns; }
  bool empty() const { return data == nullptr || size() == 0; }
  std::span<T> row(std::size_t index) const { return {data + index * columns, columns}; }
  std::span<T> all() const { return {data, size()}; }
  // The rows first … first + count − 1.
  Matrix slice(std::size_t first, std::size_t count) const {
    return {data + first * columns, count, columns};
  }
  operator Matrix<const T>() const
    requires(!std::is_const_v<T>)
  {
    return {data, rows, columns};
  }
};

template <class T>
using ConstMatrix = Matrix<const T>;

}  // namespace caviar
