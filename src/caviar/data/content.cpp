#include "caviar/data/content.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "caviar/base/error.hpp"
#include "caviar/data/unpack.hpp"

namespace caviar {
namespace {

[[noreturn]] void fail(const std::string& path, int system_error) {
  throw Error(system_error == ENOENT ? Fault::missing : Fault::io,
              fmt::format("{}: cannot be read: {}", path, std::strerror(system_error)));
}

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

// What cannot be mapped and has no size beforehand: a pipe, a terminal.
Content read_to_end(const Descriptor& file, const std::string& path) {
  constexpr std::size_t at_once = 1 << 20;
  const auto bytes = std::make_shared<std::string>();
  for (;;) {
    const std::size_t size = bytes->size();
    bytes->resize(size + at_once);
    const ssize_t count = ::read(file.number, bytes->data() + size, at_once);
    bytes->resize(size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path, errno);
    if (count == 0) break;
  }
  if (!bytes->empty()) return {bytes, *bytes};
  throw Error(Fault::input, path +
                                ": nothing came through this pipe; what reads its data more than "
                                "once, as folds do, needs a file");
}

}  // namespace

Content map_file(const std::string& path) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat status{};
  if (file.number < 0 || ::fstat(file.number, &status) != 0) fail(path, errno);
  if (S_ISDIR(status.st_mode)) fail(path, EISDIR);
  if (!S_ISREG(status.st_mode)) return read_to_end(file, path);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return {};
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number, 0);
  if (memory == MAP_FAILED) fail(path, errno);
  const std::shared_ptr<const void> owner(memory, [size](void* at) { ::munmap(at, size); });
  return {owner, {static_cast<const char*>(memory), size}};
}

Content read_content(const std::string& path) {
  Content file = map_file(path);
  if (file.bytes.starts_with("\x1F\x8B")) return unpack_gzip(file.bytes, path);
  if (file.bytes.starts_with("\x28\xB5\x2F\xFD")) return unpack_zstd(file.bytes, path);
  return file;
}

}  // namespace caviar
