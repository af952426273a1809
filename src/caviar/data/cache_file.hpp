// Prepared rows in a file that is mapped, not read: made once, found again by every later run and
// every process, and larger than memory if need be, since pages come and go as batches touch them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "caviar/data/content.hpp"

namespace caviar {

// A number that changes when one of the files does (its path, size, time of change, or the bytes at
// its beginning and end), or the recipe, which says what was made of them. Throws Error{missing,
// io}.
std::uint64_t cache_key(std::span<const std::string> files, std::string_view recipe);

class CacheFile {
 public:
  // What is kept: rows × features numbers; a label or some targets a row; and a note, for example
  // the preprocessor as a document.
  struct Shape {
    std::size_t rows = 0, features = 0;
    bool labels = false;      // one for each row
    std::size_t targets = 0;  // numbers for each row
    bool operator==(const Shape&) const = default;
  };
  // The memory to fill; zeros at first.
  struct Parts {
    std::span<float> x;
    std::span<std::int32_t> labels;
    std::span<float> targets;
  };

  // Nothing where there is no such file, where it was made from something else, or where its size
  // or its checksum is wrong. Reads it once, for the checksum. Throws Error{io} where it cannot be
  // read.
  static std::optional<CacheFile> open(const std::string& path, std::uint64_t key);
  // Fills a file beside it, syncs it and puts it in its place, so that nobody ever sees half of it.
  // Throws Error{input} where a file of this name is something else, Error{io} (no space, no
  // right); what `fill` throws leaves nothing behind.
  static CacheFile make(const std::string& path, std::uint64_t key, const Shape& shape,
                        std::string_view note, const std::function<void(const Parts&)>& fill);

  const Shape& shape() const { return shape_; }
  std::span<const float> x() const;
  std::span<const std::int32_t> labels() const;
  std::span<const float> targets() const;
  std::string_view note() const;

 private:
  CacheFile(Content content, const Shape& shape) : content_(std::move(content)), shape_(shape) {}

  Content content_;
  Shape shape_;
};

}  // namespace caviar
