// The safetensors format: named arrays that every framework reads.
//
// Eight bytes, the length of the header (little-endian); the header, a JSON object from each name
// to
// {"dtype", "shape", "data_offsets"}, and texts under "__metadata__"; then the arrays' bytes,
// little-endian, row-major, one behind the other without gaps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caviar {

enum class Dtype { f32, f64, i32, i64, u32, u64 };

template <class T>
inline constexpr Dtype dtype_of = Dtype::f32;
template <>
inline constexpr Dtype dtype_of<double> = Dtype::f64;
template <>
inline constexpr Dtype dtype_of<std::int32_t> = Dtype::i32;
template <>
inline constexpr Dtype dtype_of<std::int64_t> = Dtype::i64;
template <>
inline constexpr Dtype dtype_of<std::uint32_t> = Dtype::u32;
template <>
inline constexpr Dtype dtype_of<std::uint64_t> = Dtype::u64;

struct StoredTensor {
  std::string name;
  Dtype dtype = Dtype::f32;
  std::vector<std::size_t> shape;
  std::string bytes;  // as many as the shape says

  std::size_t size() const {  // numbers
    return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
  }
};

template <class T>
StoredTensor stored(std::string name, std::vector<std::size_t> shape, std::span<const T> values) {
  StoredTensor made{std::move(name), dtype_of<T>, std::move(shape),
                    std::string(values.size_bytes(), 0)};
  if (!values.empty()) std::memcpy(made.bytes.data(), values.data(), values.size_bytes());
  return made;
}

class StoredTensors {
 public:
  // `source`: the file, for errors.
  StoredTensors(std::vector<StoredTensor> all, std::map<std::string, std::string> metadata,
                std::string source);

  const std::vector<StoredTensor>& all() const { return all_; }
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  const std::string& source() const { return source_; }
  bool has(const std::string& name) const;

  // Copies the numbers of the tensor with that name. Throws Error{input} where it is not there, is
  // of another type or has another shape.
  template <class T>
  void copy(const std::string& name, const std::vector<std::size_t>& shape,
            std::span<T> into) const {
    const StoredTensor& found = need(name, dtype_of<T>, shape);
    if (!into.empty()) std::memcpy(into.data(), found.bytes.data(), into.size_bytes());
  }

 private:
  const StoredTensor& need(const std::string& name, Dtype dtype,
                           const std::vector<std::size_t>& shape) const;

  std::vector<StoredTensor> all_;
  std::map<std::string, std::string> metadata_;
  std::string source_;
};

// The whole file. Names are distinct.
std::string safetensors_bytes(std::span<const StoredTensor> tensors,
                              const std::map<std::string, std::string>& metadata);

// Throws Error{input} that begins with `source`: a file that is cut off, a header that is no such
// thing, arrays that overlap, leave gaps or lie outside the file, a type that is not known here.
StoredTensors parse_safetensors(std::string_view bytes, const std::string& source);

}  // namespace caviar
