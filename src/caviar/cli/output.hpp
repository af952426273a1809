// What several commands share in reading options and printing.
#pragma once

#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "caviar/base/json_fwd.hpp"

namespace caviar::cli {

inline constexpr int exit_failing = 1;        // trials only fail
inline constexpr int exit_interrupted = 130;  // as a shell says it of Ctrl-C

// The one document of --json: indented, a line's end after it.
void print_json(const Json& json);

// One line each on stderr: "caviar: warning: …".
void print_warnings(std::span<const std::string> warnings);

// The value, where it is at least 1; Error{input} otherwise, naming the option.
int at_least_one(const std::string& option, int value);

// Text that goes to stdout or, piece by piece, to a file, which appears only once it is whole.
class OutputFile {
 public:
  explicit OutputFile(const std::optional<std::string>& path);  // none: stdout
  ~OutputFile();  // takes a file away that was not finished
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // Both throw Error{io}.
  void write(std::string_view text);
  void finish();

 private:
  std::optional<std::string> path_;
  std::string temporary_;
  std::FILE* file_ = nullptr;
};

}  // namespace caviar::cli
