#include "caviar/run/run_log.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "caviar/base/clock.hpp"
#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"

namespace caviar {
namespace {

[[noreturn]] void fail(const std::string& path, const char* doing) {
  const int error = errno;
  throw Error(error == ENOENT ? Fault::missing : Fault::io,
              path + ": cannot " + doing + ": " + std::strerror(error));
}

struct flock whole_file(short kind) {
  struct flock lock{};
  lock.l_type = kind;
  lock.l_whence = SEEK_SET;
  return lock;
}

// Everything from `from` on.
std::string rest_of(const std::string& path, int file, std::size_t from) {
  std::string text;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t got =
        ::pread(file, buffer.data(), buffer.size(), static_cast<off_t>(from + text.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(path, "read");
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

RunLog::RunLog(std::string path) : path_(std::move(path)) {
  file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) fail(path_, "write");
  try {
    // Of this open file, not of the process: it stays when another one of ours is closed.
    struct flock lock = whole_file(F_WRLCK);
    if (::fcntl(file_, F_OFD_SETLK, &lock) != 0) {
      if (errno != EAGAIN && errno != EACCES) fail(path_, "lock");
      throw Error(Fault::conflict, path_ + ": another program runs it");
    }
    const std::string text = rest_of(path_, file_, 0);
    const std::size_t whole = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
    if (whole < text.size() && ::ftruncate(file_, static_cast<off_t>(whole)) != 0) {
      fail(path_, "write");
    }
  } catch (...) {
    ::close(file_);
    throw;
  }
}

RunLog::~RunLog() { ::close(file_); }

void RunLog::write(Json& line) {
  line["time"] = unix_time();
  const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  const ssize_t written = ::write(file_, text.data(), text.size());
  if (written == static_cast<ssize_t>(text.size())) return;
  if (written > 0) {  // the disk is full: half a line helps nobody
    struct stat found{};
    if (::fstat(file_, &found) == 0 && ::ftruncate(file_, found.st_size - written) != 0) {
      fail(path_, "write");
    }
    errno = ENOSPC;
  }
  fail(path_, "write");
}

void RunLog::sync() { ::fdatasync(file_); }

bool is_running(const std::string& log) {
  const int file = ::open(log.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  struct flock lock = whole_file(F_WRLCK);
  // Asks only: taking it for a moment could turn away a program that begins.
  const bool asked = ::fcntl(file, F_OFD_GETLK, &lock) == 0;
  ::close(file);
  return asked && lock.l_type != F_UNLCK;
}

std::vector<Json> LogReader::more() {
  const int file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail(path_, "read");
  std::string text;
  try {
    text = rest_of(path_, file, at_);
  } catch (...) {
    ::close(file);
    throw;
  }
  ::close(file);
  std::vector<Json> lines;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    try {
      lines.push_back(Json::parse(text.substr(begin, end - begin)));
    } catch (const Json::exception&) {
      throw Error(Fault::input, path_ + ": the line at byte " + std::to_string(at_ + begin) +
                                    " is no JSON object");
    }
    begin = end + 1;
  }
  at_ += begin;
  return lines;
}

std::size_t end_of_lines(const std::string& log) {
  constexpr std::size_t piece = 4096;
  const int file = ::open(log.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  struct stat found{};
  std::size_t end = ::fstat(file, &found) == 0 ? static_cast<std::size_t>(found.st_size) : 0;
  std::array<char, piece> buffer;
  while (end > 0) {
    const std::size_t from = end - std::min(end, piece);
    const ssize_t got = ::pread(file, buffer.data(), end - from, static_cast<off_t>(from));
    const std::string_view text(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    const std::size_t newline = text.rfind('\n');
    end = newline == std::string_view::npos ? from : from + newline + 1;
    if (newline != std::string_view::npos) break;
  }
  ::close(file);
  return end;
}

}  // namespace caviar
