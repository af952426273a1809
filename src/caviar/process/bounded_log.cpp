#include "caviar/process/bounded_log.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "caviar/base/text.hpp"

namespace caviar {
namespace {

constexpr std::size_t tail_kept = 8192;

bool write_whole(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::write(file, bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

std::string read_at(int file, std::size_t from, std::size_t count) {
  std::string bytes(count, '\0');
  const ssize_t size = ::pread(file, bytes.data(), count, static_cast<off_t>(from));
  bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return bytes;
}

// For one line of a message: printable characters, whole ones.
std::string cleaned(std::string_view line, std::size_t width) {
  std::string text;
  for (const char c : line) {
    if (static_cast<unsigned char>(c) >= 32 && c != 127) text += c;
  }
  text.resize(std::min(text.size(), width));
  text.resize(valid_utf8(text));
  return text;
}

std::vector<std::string> lines_at_end(std::string_view rest, std::size_t count, std::size_t width) {
  std::vector<std::string> lines;
  while (!rest.empty() && lines.size() < count) {
    const std::size_t start = rest.find_last_of("\n\r");
    const std::size_t from = start == std::string_view::npos ? 0 : start + 1;
    std::string line = cleaned(rest.substr(from), width);
    if (!line.empty()) lines.push_back(std::move(line));
    rest = rest.substr(0, start == std::string_view::npos ? 0 : start);
  }
  std::ranges::reverse(lines);
  return lines;
}

}  // namespace

BoundedLog::BoundedLog(std::string path)
    : path_(std::move(path)),
      file_(::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
  struct stat found{};
  if (file_.is_open() && ::fstat(file_.get(), &found) == 0) {
    size_ = static_cast<std::size_t>(found.st_size);
  }
}

void BoundedLog::write(std::string_view bytes) {
  append(bytes);
  tail_ += bytes.substr(bytes.size() - std::min(bytes.size(), tail_kept));
  if (tail_.size() > 2 * tail_kept) tail_.erase(0, tail_.size() - tail_kept);
  if (size_ > most) shorten();
}

void BoundedLog::begin_again(std::string_view note) {
  write(note);
  tail_.clear();
}

void BoundedLog::append(std::string_view bytes) {
  if (!file_.is_open()) return;
  if (write_whole(file_.get(), bytes)) {
    size_ += bytes.size();
  } else {
    file_.close();
  }
}

// The middle goes; readers see the old file or the new one.
void BoundedLog::shorten() {
  constexpr std::size_t end = most / 2;
  const std::string first = read_at(file_.get(), 0, beginning);
  const std::string last = read_at(file_.get(), size_ - end, end);
  left_out_ += size_ - first.size() - last.size();
  const std::string note = "\n… " + std::to_string(left_out_) + " bytes are left out here …\n";
  const std::string temporary = path_ + ".tmp";
  Descriptor file(
      ::open(temporary.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644));
  const bool whole = file.is_open() && write_whole(file.get(), first) &&
                     write_whole(file.get(), note) && write_whole(file.get(), last) &&
                     std::rename(temporary.c_str(), path_.c_str()) == 0;
  if (!whole) ::unlink(temporary.c_str());
  file_ = whole ? std::move(file) : Descriptor();
  size_ = first.size() + note.size() + last.size();
}

std::vector<std::string> BoundedLog::last_lines(std::size_t count, std::size_t width) const {
  return lines_at_end(tail_, count, width);
}

std::vector<std::string> last_lines(const std::string& log, std::size_t count, std::size_t width) {
  const Descriptor file(::open(log.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat found{};
  if (!file.is_open() || ::fstat(file.get(), &found) != 0) return {};
  std::string tail(tail_kept, '\0');
  const auto from = std::max<off_t>(0, found.st_size - static_cast<off_t>(tail_kept));
  const ssize_t size = ::pread(file.get(), tail.data(), tail.size(), from);
  tail.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return lines_at_end(tail, count, width);
}

}  // namespace caviar
