// A log file that cannot fill the disk: of a program that writes without end it keeps the beginning
// and the last part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "caviar/process/descriptor.hpp"

namespace caviar {

class BoundedLog {
 public:
  static constexpr std::size_t beginning = 1 << 20;    // bytes that are always kept
  static constexpr std::size_t most = 16 * beginning;  // of the file, for a moment

  // Appends to the file, made where there is none. Where it cannot be written (a full disk), the
  // log goes without: it is not worth a trial.
  explicit BoundedLog(std::string path);

  void write(std::string_view bytes);
  // Writes a note, and forgets what came before it: another run of the program begins.
  void begin_again(std::string_view note);
  // The last lines that were written since and are not empty, at most `count` of them, cut to
  // `width` characters each, control characters taken out.
  std::vector<std::string> last_lines(std::size_t count, std::size_t width) const;

 private:
  void append(std::string_view bytes);
  void shorten();

  std::string path_;
  Descriptor file_;
  std::size_t size_ = 0;
  std::uint64_t left_out_ = 0;
  std::string tail_;  // the last bytes, for last_lines
};

// Of any log in a file; none where it cannot be read.
std::vector<std::string> last_lines(const std::string& log, std::size_t count, std::size_t width);

}  // namespace caviar
