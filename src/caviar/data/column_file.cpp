#include "caviar/data/column_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "caviar/base/error.hpp"

namespace caviar {
namespace {

[[noreturn]] void fail_making(const std::string& folder) {
  throw Error(Fault::io, folder + ": cannot make a file here for the columns of the table: " +
                             std::strerror(errno));
}

}  // namespace

ColumnFile::ColumnFile(const std::string& folder, std::size_t columns, std::size_t rows)
    : rows_(rows) {
  std::string path = (folder.empty() ? "." : folder) + "/.caviar_columns_XXXXXX";
  const int file = ::mkostemp(path.data(), O_CLOEXEC);
  if (file < 0) fail_making(folder);
  ::unlink(path.c_str());
  const std::size_t bytes = std::max<std::size_t>(columns * rows, 1) * sizeof(double);
  // Asks for the space now: a full disk would otherwise show as a fault while the memory is filled.
  errno = ::posix_fallocate(file, 0, static_cast<off_t>(bytes));
  void* memory = MAP_FAILED;
  if (errno == 0) memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  const int error = errno;
  ::close(file);
  errno = error;
  if (memory == MAP_FAILED) fail_making(folder);
  memory_ = std::shared_ptr<void>(memory, [bytes](void* mapped) { ::munmap(mapped, bytes); });
}

std::span<double> ColumnFile::column(std::size_t index) const {
  return {static_cast<double*>(memory_.get()) + index * rows_, rows_};
}

}  // namespace caviar
