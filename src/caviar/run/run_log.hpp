// The log of a run: JSON objects, a line each, written by the one program that runs it and read by
// any. Every line has "event" and "time"; one that answers a request has its "id"; what a person
// should know stands in "text".
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "caviar/base/json_fwd.hpp"

namespace caviar {

class RunLog {
 public:
  // Opens or makes it, and holds it as long as this lives. Half a line at its end, of a program
  // that was killed, is cut off. Throws Error{conflict} where another program holds it, Error{io}.
  explicit RunLog(std::string path);
  ~RunLog();
  RunLog(const RunLog&) = delete;
  RunLog& operator=(const RunLog&) = delete;

  // In one write: a reader sees the whole line or none of it. Adds the time. Throws Error{io}.
  void write(Json& line);
  void sync();  // from now on it survives a power failure, too

 private:
  std::string path_;
  int file_ = -1;
};

// Whether a program runs it now. The lock vanishes with the program, however that ends.
bool is_running(const std::string& log);

class LogReader {
 public:
  // `from`: bytes to pass over.
  explicit LogReader(std::string path, std::size_t from = 0) : path_(std::move(path)), at_(from) {}

  // The whole lines since the last call. Throws Error{missing, io, input}: a line that is no JSON.
  std::vector<Json> more();

 private:
  std::string path_;
  std::size_t at_;
};

// Where its last whole line ends, in bytes: whoever writes it may be in the middle of one. 0 where
// there is none.
std::size_t end_of_lines(const std::string& log);

}  // namespace caviar
