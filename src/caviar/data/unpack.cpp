#include "caviar/data/unpack.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include "caviar/base/error.hpp"

namespace caviar {
namespace {

[[noreturn]] void fail(const std::string& source, const std::string& reason) {
  throw Error(Fault::io, fmt::format("{}: the compressed file is {}: fetch or write it again",
                                     source, reason));
}

// Bytes that grow without being cleared first.
class Buffer {
 public:
  explicit Buffer(std::size_t guess) { grow(std::max<std::size_t>(guess, 4096)); }

  char* end() const { return memory_.get() + size_; }
  std::size_t room() const { return capacity_ - size_; }
  void add(std::size_t bytes) { size_ += bytes; }
  void make_room() {
    if (room() == 0) grow(2 * capacity_);
  }
  Content content() && {
    const char* first = memory_.get();
    return {std::shared_ptr<const void>(memory_.release(), std::free), {first, size_}};
  }

 private:
  struct Free {
    void operator()(char* memory) const { std::free(memory); }
  };
  void grow(std::size_t capacity) {
    char* larger = static_cast<char*>(std::realloc(memory_.get(), capacity));
    if (larger == nullptr) throw std::bad_alloc();
    char* const moved_from = memory_.release();  // realloc has freed it, or it is the same
    static_cast<void>(moved_from);
    memory_.reset(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<char, Free> memory_;
  std::size_t size_ = 0, capacity_ = 0;
};

class Inflater {
 public:
  // zlib's window bits: 15 + 16 for gzip, −15 for raw deflate.
  explicit Inflater(int window_bits) {
    if (inflateInit2(&stream_, window_bits) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Takes from `packed` and adds to `out` until a stream ends; throws where it does not.
  void run(std::string_view& packed, Buffer& out, const std::string& source) {
    constexpr std::size_t most = std::numeric_limits<uInt>::max();
    for (;;) {
      out.make_room();
      const std::size_t in = std::min(packed.size(), most), room = std::min(out.room(), most);
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
      stream_.avail_in = static_cast<uInt>(in);
      stream_.next_out = reinterpret_cast<Bytef*>(out.end());
      stream_.avail_out = static_cast<uInt>(room);
      const int code = inflate(&stream_, Z_NO_FLUSH);
      const std::size_t taken = in - stream_.avail_in, made = room - stream_.avail_out;
      packed.remove_prefix(taken);
      out.add(made);
      if (code == Z_STREAM_END) break;
      if (code == Z_MEM_ERROR) throw std::bad_alloc();
      if (code != Z_OK && code != Z_BUF_ERROR) {
        fail(source,
             fmt::format("corrupt ({})", stream_.msg == nullptr ? "wrong sums" : stream_.msg));
      }
      if (packed.empty() && stream_.avail_out > 0) fail(source, "cut off");
    }
    inflateReset(&stream_);
  }

 private:
  z_stream stream_{};
};

// How large a gzip file says that it will be, where that can be.
std::size_t gzip_size(std::string_view packed) {
  constexpr std::size_t best_ratio = 1032;
  std::uint32_t size = 0;
  if (packed.size() < 18) return 0;
  std::memcpy(&size, packed.data() + packed.size() - 4, 4);
  return std::min<std::size_t>(size, best_ratio * packed.size());
}

}  // namespace

Content unpack_gzip(std::string_view packed, const std::string& source) {
  Buffer out(gzip_size(packed) + 1);
  Inflater inflater(15 + 16);
  // Several files packed one behind the other are one file.
  do {
    inflater.run(packed, out, source);
  } while (packed.starts_with("\x1F\x8B"));
  return std::move(out).content();
}

Content unpack_deflate(std::string_view packed, std::size_t size, const std::string& source) {
  constexpr std::size_t best_ratio = 1032;
  if (size / best_ratio > packed.size()) fail(source, "corrupt (its size cannot be)");
  Buffer out(size + 1);
  Inflater(-15).run(packed, out, source);
  Content content = std::move(out).content();
  if (content.bytes.size() != size) fail(source, "corrupt (of another size than it says)");
  return content;
}

Content unpack_zstd(std::string_view packed, const std::string& source) {
  const std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream*)> stream(ZSTD_createDStream(),
                                                                             ZSTD_freeDStream);
  if (!stream) throw std::bad_alloc();
  Buffer out(8 * packed.size());
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  std::size_t left = 1;  // bytes that the frame still wants; 0 where it ends
  while (in.pos < in.size || left != 0) {
    out.make_room();
    ZSTD_outBuffer space{out.end(), out.room(), 0};
    const std::size_t before = in.pos;
    left = ZSTD_decompressStream(stream.get(), &space, &in);
    if (ZSTD_isError(left) != 0) {
      fail(source, fmt::format("corrupt ({})", ZSTD_getErrorName(left)));
    }
    out.add(space.pos);
    if (left != 0 && in.pos == in.size && in.pos == before && space.pos == 0) {
      fail(source, "cut off");
    }
  }
  return std::move(out).content();
}

}  // namespace caviar
