#include "caviar/process/descriptor.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "caviar/base/error.hpp"

namespace caviar {
namespace {

[[noreturn]] void fail(const char* what) {
  throw Error(Fault::io, std::string("cannot open ") + what + ": " + std::strerror(errno));
}

Ends ends(const std::array<int, 2>& numbers) {
  Ends made{Descriptor(numbers[0]), Descriptor(numbers[1])};
  if (::fcntl(made.ours.get(), F_SETFL, O_NONBLOCK) != 0) fail("a pipe");
  return made;
}

}  // namespace

void Descriptor::close() {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

Ends pipe_to_us() {
  std::array<int, 2> numbers{};
  if (::pipe2(numbers.data(), O_CLOEXEC) != 0) fail("a pipe");
  return ends(numbers);
}

Ends socket_pair() {
  std::array<int, 2> numbers{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, numbers.data()) != 0) fail("a socket");
  return ends(numbers);
}

Descriptor no_input() {
  Descriptor file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) fail("/dev/null");
  return file;
}

}  // namespace caviar
