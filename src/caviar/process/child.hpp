// A command that runs: its output, its wire, and its end. Nothing that it started outlives this
// value, nor this program, even one that is killed.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "caviar/process/command.hpp"

namespace caviar {

// How a command ended.
struct Exit {
  enum class Kind { code, signal, not_started } kind = Kind::code;
  int number = 0;  // the exit code, the signal, or the system's error

  std::string text() const;  // "exit code 3", "killed by SIGSEGV (Segmentation fault)"
};

class Child {
 public:
  explicit Child(const Command& command);  // throws Error{io} where no process can be made
  ~Child();                                // kills it, with all that it started
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // What has come; read it before the next call.
  struct News {
    std::string_view output;  // standard output and error, as they came
    std::string_view wire;
  };
  // Waits for something to come or for the end, at most so long.
  News wait(std::chrono::milliseconds patience);
  // Set once it has ended and all that it said has been handed out.
  const std::optional<Exit>& ended() const { return exit_; }

  // Down the wire, without ever waiting. What it does not read is kept for it up to a megabyte;
  // more is dropped, and false the answer.
  bool send(std::string_view bytes);
  void terminate();  // SIGTERM, so that it may end by itself
  void kill();

 private:
  struct Streams;
  void flush();
  void hear_verdict();
  void word(char word);
  void bury();

  std::unique_ptr<Streams> streams_;
  int guardian_ = -1;
  std::string mark_;
  std::string unsent_;
  std::optional<Exit> exit_;
};

}  // namespace caviar
