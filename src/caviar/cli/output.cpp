#include "caviar/cli/output.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/core.h>
#include <unistd.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"

namespace caviar::cli {

void print_json(const Json& json) {
  fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
}

void print_warnings(std::span<const std::string> warnings) {
  for (const std::string& warning : warnings) fmt::print(stderr, "caviar: warning: {}\n", warning);
}

int at_least_one(const std::string& option, int value) {
  if (value >= 1) return value;
  throw Error(Fault::input, option + ": " + std::to_string(value) + " given, 1 or more expected");
}

namespace {

[[noreturn]] void fail_writing(const std::string& path) {
  throw Error(Fault::io, path + ": cannot write: " + std::strerror(errno));
}

}  // namespace

OutputFile::OutputFile(const std::optional<std::string>& path) : path_(path), file_(stdout) {
  if (!path_) return;
  temporary_ = *path_ + ".tmp" + std::to_string(::getpid());
  file_ = std::fopen(temporary_.c_str(), "we");
  if (file_ == nullptr) fail_writing(*path_);
}

OutputFile::~OutputFile() {
  if (!path_ || file_ == nullptr) return;
  std::fclose(file_);
  std::remove(temporary_.c_str());
}

void OutputFile::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_) == text.size()) return;
  fail_writing(path_.value_or("standard output"));
}

void OutputFile::finish() {
  if (!path_) return;
  std::FILE* file = std::exchange(file_, nullptr);
  const bool good = std::fflush(file) == 0 && ::fsync(fileno(file)) == 0;
  if (std::fclose(file) != 0 || !good || std::rename(temporary_.c_str(), path_->c_str()) != 0) {
    const int error = errno;
    std::remove(temporary_.c_str());
    errno = error;
    fail_writing(*path_);
  }
}

}  // namespace caviar::cli
