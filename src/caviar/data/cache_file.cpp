#include "caviar/data/cache_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "caviar/base/error.hpp"
#include "caviar/data/array.hpp"
#include "caviar/data/hash.hpp"

namespace caviar {
namespace {

struct Header {
  std::array<char, 8> magic = {'c', 'a', 'v', 'i', 'a', 'r', 'R', '1'};
  std::uint64_t key = 0, checksum = 0;  // the checksum: of everything else
  std::uint64_t rows = 0, features = 0, labels = 0, targets = 0, note = 0;
};
static_assert(sizeof(Header) == 64);  // so that the numbers behind it are aligned

std::uint64_t checksum_of(Header header, std::string_view behind) {
  header.checksum = 0;
  const std::string_view bytes(reinterpret_cast<const char*>(&header), sizeof header);
  return hash_bytes(behind, hash_bytes(bytes));
}

// Bytes before each section and behind the last.
struct Layout {
  std::size_t x = sizeof(Header), labels = 0, targets = 0, note = 0, end = 0;
};

std::optional<Layout> layout_of(const CacheFile::Shape& shape, std::size_t note) {
  const auto x = product({shape.rows, shape.features, sizeof(float)});
  const auto targets = product({shape.rows, shape.targets, sizeof(float)});
  const auto labels = product({shape.rows, shape.labels ? sizeof(std::int32_t) : 0U});
  constexpr std::size_t most = std::size_t{1} << 48;
  if (!x || !targets || !labels || *x > most || *targets > most || *labels > most || note > most) {
    return std::nullopt;
  }
  Layout layout;
  layout.labels = layout.x + *x;
  layout.targets = layout.labels + *labels;
  layout.note = layout.targets + *targets;
  layout.end = layout.note + note;
  return layout;
}

// Nothing there, nothing in it, or a cache.
bool replaceable(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 8> magic{};
  if (!file.read(magic.data(), 1)) return true;
  return file.read(magic.data() + 1, magic.size() - 1) && magic == Header().magic;
}

[[noreturn]] void fail(const std::string& path, const char* doing) {
  throw Error(Fault::io,
              path + ": cannot " + doing + " the cache of prepared data: " + std::strerror(errno));
}

// A new file mapped for writing. It goes away unless it is kept.
class Draft {
 public:
  Draft(const std::string& path, std::size_t size)
      : path_(path), temporary_(path + ".tmp" + std::to_string(::getpid())), size_(size) {
    file_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file_ < 0) fail(path_, "write");
    // Asks for the space now: a full disk would otherwise show as a fault while the memory is
    // filled.
    errno = ::posix_fallocate(file_, 0, static_cast<off_t>(size));
    if (errno == 0) {
      void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0);
      if (memory != MAP_FAILED) memory_ = static_cast<char*>(memory);
    }
    if (memory_ != nullptr) return;
    clean_up();
    fail(path_, "write");
  }
  ~Draft() { clean_up(); }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  char* memory() const { return memory_; }
  void keep() {
    if (::msync(memory_, size_, MS_SYNC) != 0 || ::fsync(file_) != 0 ||
        std::rename(temporary_.c_str(), path_.c_str()) != 0) {
      fail(path_, "write");
    }
    temporary_.clear();
  }

 private:
  void clean_up() {
    const int error = errno;
    if (memory_ != nullptr) ::munmap(memory_, size_);
    if (file_ >= 0) ::close(file_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
    errno = error;
  }

  std::string path_, temporary_;
  std::size_t size_;
  int file_ = -1;
  char* memory_ = nullptr;
};

template <class T>
std::span<T> part_of(char* memory, std::size_t from, std::size_t to) {
  return {reinterpret_cast<T*>(memory + from), (to - from) / sizeof(T)};
}

template <class T>
std::span<const T> part_of(std::string_view bytes, std::size_t from, std::size_t to) {
  return {reinterpret_cast<const T*>(bytes.data() + from), (to - from) / sizeof(T)};
}

}  // namespace

std::uint64_t cache_key(std::span<const std::string> files, std::string_view recipe) {
  constexpr std::size_t looked_at = 1 << 16;
  std::uint64_t key = hash_bytes(recipe);
  for (const std::string& path : files) {
    const Content content = map_file(path);
    const std::string_view bytes = content.bytes;
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) fail(path, "make");
    const std::array<std::int64_t, 3> facts = {static_cast<std::int64_t>(bytes.size()),
                                               status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
    key = hash_bytes(std::filesystem::absolute(path).lexically_normal().string(), key);
    key = hash_bytes({reinterpret_cast<const char*>(facts.data()), sizeof facts}, key);
    key = hash_bytes(bytes.substr(0, looked_at), key);
    key = hash_bytes(bytes.substr(bytes.size() - std::min(bytes.size(), looked_at)), key);
  }
  return key;
}

std::optional<CacheFile> CacheFile::open(const std::string& path, std::uint64_t key) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  Content content = map_file(path);
  Header header;
  if (content.bytes.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, content.bytes.data(), sizeof header);
  if (header.magic != Header{}.magic || header.key != key) return std::nullopt;
  const Shape shape{header.rows, header.features, header.labels != 0, header.targets};
  const auto layout = layout_of(shape, header.note);
  if (!layout || layout->end != content.bytes.size()) return std::nullopt;
  if (checksum_of(header, content.bytes.substr(sizeof header)) != header.checksum) {
    return std::nullopt;
  }
  return CacheFile(std::move(content), shape);
}

CacheFile CacheFile::make(const std::string& path, std::uint64_t key, const Shape& shape,
                          std::string_view note, const std::function<void(const Parts&)>& fill) {
  if (!replaceable(path)) {
    throw Error(Fault::input, path +
                                  ": a file of this name is no cache of prepared data, and would "
                                  "be replaced by one; give `cache` another name");
  }
  const auto layout = layout_of(shape, note.size());
  if (!layout) {
    throw Error(Fault::input, path + ": " + std::to_string(shape.rows) + " rows of " +
                                  std::to_string(shape.features) +
                                  " features are too many for any disk");
  }
  {
    Draft draft(path, layout->end);
    char* const memory = draft.memory();
    fill({part_of<float>(memory, layout->x, layout->labels),
          part_of<std::int32_t>(memory, layout->labels, layout->targets),
          part_of<float>(memory, layout->targets, layout->note)});
    std::copy(note.begin(), note.end(), memory + layout->note);
    Header header;
    header.key = key;
    header.rows = shape.rows;
    header.features = shape.features;
    header.labels = shape.labels ? 1 : 0;
    header.targets = shape.targets;
    header.note = note.size();
    const std::string_view all(memory, layout->end);
    header.checksum = checksum_of(header, all.substr(sizeof header));
    std::memcpy(memory, &header, sizeof header);
    draft.keep();
  }
  return CacheFile(map_file(path), shape);
}

std::span<const float> CacheFile::x() const {
  const Layout layout = *layout_of(shape_, 0);
  return part_of<float>(content_.bytes, layout.x, layout.labels);
}

std::span<const std::int32_t> CacheFile::labels() const {
  const Layout layout = *layout_of(shape_, 0);
  return part_of<std::int32_t>(content_.bytes, layout.labels, layout.targets);
}

std::span<const float> CacheFile::targets() const {
  const Layout layout = *layout_of(shape_, 0);
  return part_of<float>(content_.bytes, layout.targets, layout.note);
}

std::string_view CacheFile::note() const {
  return content_.bytes.substr(layout_of(shape_, 0)->note);
}

}  // namespace caviar
