// Files of every format, made in memory, for the tests of this folder.
#pragma once

#include <bit>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "caviar/base/error.hpp"
#include "caviar/data/content.hpp"

namespace caviar::testing_files {

// A folder of its own that goes away with it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "caviar_data_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the test");
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

inline Content content_of(const std::string& bytes) {
  const auto kept = std::make_shared<const std::string>(bytes);
  return {kept, *kept};
}

// window_bits 15 + 16: gzip; −15: raw deflate.
inline std::string deflated(const std::string& content, int window_bits) {
  std::string out(compressBound(content.size()) + 64, '\0'), in = content;
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}
inline std::string gzip(const std::string& content) { return deflated(content, 15 + 16); }

inline std::string zstd(const std::string& content) {
  std::string out(ZSTD_compressBound(content.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), content.data(), content.size(), 3));
  return out;
}

// `size` bytes of a number, the lowest first.
inline std::string little(std::size_t value, std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i, value >>= 8) out += static_cast<char>(value & 255);
  return out;
}
inline std::string big(std::size_t value, std::size_t size) {
  const std::string out = little(value, size);
  return {out.rbegin(), out.rend()};
}

template <class T>
std::string bytes_of(const std::vector<T>& values) {
  std::string out(values.size() * sizeof(T), '\0');
  if (!out.empty()) std::memcpy(out.data(), values.data(), out.size());
  return out;
}

inline std::string idx(int type, const std::vector<std::size_t>& shape, const std::string& data) {
  std::string out =
      std::string("\0\0", 2) + static_cast<char>(type) + static_cast<char>(shape.size());
  for (const std::size_t size : shape) out += big(size, 4);
  return out + data;
}

inline std::string npy(const std::string& descr, const std::string& shape, const std::string& data,
                       bool by_columns = false) {
  std::string header = "{'descr': '" + descr +
                       "', 'fortran_order': " + (by_columns ? "True" : "False") + ", 'shape': (" +
                       shape + "), }";
  header.append(64 - (10 + header.size() + 1) % 64, ' ');
  header += '\n';
  return "\x93NUMPY" + std::string("\x01\x00", 2) + little(header.size(), 2) + header + data;
}

// A zip of named files as numpy.savez (stored) or numpy.savez_compressed writes it.
inline std::string npz(const std::vector<std::pair<std::string, std::string>>& arrays,
                       bool packed) {
  std::string file, directory;
  for (const auto& [name, content] : arrays) {
    const std::string entry = name + ".npy", data = packed ? deflated(content, -15) : content;
    const auto sum =
        crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size()));
    const std::string common = little(20, 2) + little(0, 2) + little(packed ? 8 : 0, 2) +
                               little(0, 4) + little(sum, 4) + little(data.size(), 4) +
                               little(content.size(), 4) + little(entry.size(), 2);
    directory += "PK\x01\x02" + little(20, 2) + common + little(0, 2) + little(0, 2) +
                 little(0, 2) + little(0, 2) + little(0, 4) + little(file.size(), 4) + entry;
    file += "PK\x03\x04" + common + little(0, 2) + entry + data;
  }
  const std::size_t at = file.size();
  return file + directory + "PK\x05\x06" + little(0, 4) + little(arrays.size(), 2) +
         little(arrays.size(), 2) + little(directory.size(), 4) + little(at, 4) + little(0, 2);
}

// The text of the Error that `action` throws, "" if none, with its fault checked.
template <class Action>
std::string error_of(const Action& action, Fault fault = Fault::input) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), fault) << error.what();
    return error.what();
  }
  return "";
}

}  // namespace caviar::testing_files
