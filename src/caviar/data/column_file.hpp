// Columns of numbers in a file that is mapped, for tables larger than memory: the system writes
// pages out where memory is short, and reads them again.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace caviar {

// The file has no name and goes away with its last reader.
class ColumnFile {
 public:
  // Room for so many columns of so many rows, in a file in this folder. Throws Error{io} where it
  // cannot be made or there is no space for it.
  ColumnFile(const std::string& folder, std::size_t columns, std::size_t rows);

  std::span<double> column(std::size_t index) const;
  const std::shared_ptr<void>& owner() const { return memory_; }

 private:
  std::shared_ptr<void> memory_;
  std::size_t rows_;
};

}  // namespace caviar
