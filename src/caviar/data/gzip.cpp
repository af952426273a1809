#include "caviar/data/gzip.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <type_traits>

#include <fmt/format.h>
#include <zlib.h>

#include "caviar/base/error.hpp"

namespace caviar {
namespace {

struct Closer {
  void operator()(gzFile file) const { gzclose_r(file); }
};
using File = std::unique_ptr<std::remove_pointer_t<gzFile>, Closer>;

[[noreturn]] void fail(const std::string& path, int system_error) {
  throw Error(system_error == ENOENT ? Fault::missing : Fault::io,
              fmt::format("{}: cannot be read: {}", path, std::strerror(system_error)));
}

// Throws unless all that was read so far is sound.
void check(const File& file, const std::string& path) {
  int code = Z_OK;
  const std::string reason = gzerror(file.get(), &code);
  if (code == Z_OK || code == Z_STREAM_END) return;
  if (code == Z_ERRNO) fail(path, errno);
  const char* what = code == Z_BUF_ERROR ? "cut off" : "corrupt";
  throw Error(Fault::io, fmt::format("{}: the compressed file is {} ({}): fetch or write it again",
                                     path, what, reason));
}

}  // namespace

std::string read_plain_or_gzip(const std::string& path) {
  errno = 0;
  const File file(gzopen(path.c_str(), "rb"));
  if (!file) fail(path, errno == 0 ? ENOMEM : errno);
  gzbuffer(file.get(), 1 << 18);
  std::string content;
  constexpr std::size_t portion = 1 << 20;
  for (;;) {
    const std::size_t have = content.size();
    content.resize(have + portion);
    const int got = gzread(file.get(), content.data() + have, portion);
    content.resize(have + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got < static_cast<int>(portion)) break;
  }
  check(file, path);
  return content;
}

}  // namespace caviar
