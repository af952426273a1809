// Runs the real program `caviar` in a folder of its own: whole, or as a process to talk with.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/types.h>

namespace caviar::test {

// A fresh folder, removed with all that is in it at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name = "") const;
  std::string write(const std::string& name, const std::string& content) const;  // its path
  std::string read(const std::string& name) const;
  bool has(const std::string& name) const;
  std::vector<std::string> names() const;  // of everything in it, sorted

 private:
  std::filesystem::path path_;
};

struct Result {
  int code = -1;  // exit code; 128 + signal where one ended it
  std::string out, err;
};

// A running `caviar`, its three streams in our hands.
class Program {
 public:
  Program(const std::vector<std::string>& words, const std::string& folder);
  ~Program();  // kills it if it still runs
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void write(std::string_view text);
  void close_input();
  std::string line();  // the next line of stdout, without its end; "" at the end of the stream
  nlohmann::json ask(const std::string& request);  // writes a line, reads the reply
  void signal(int number);
  Result wait();  // closes its input, reads everything, waits for its end

 private:
  pid_t process_ = -1;
  int in_ = -1, out_ = -1, err_ = -1;
  std::string buffered_;  // read from stdout, not yet handed out
  std::optional<Result> result_;
};

// The whole run at once.
Result caviar(const std::vector<std::string>& words, const Folder& folder,
              std::string_view input = "");

// A training with `--save held` that is interrupted in its third epoch: it leaves its checkpoint,
// says how to go on, and has saved no model.
void hold_in_the_third_epoch(const std::vector<std::string>& words, const Folder& folder);

// Three classes in two numbers, 60 rows: enough for the trainer, small enough for a test.
std::string tiny_table();
// A study of four quick trials over tiny.csv; `changes` replace whole lines by their key, as in
// {"limits", "{trials: 9}"}; an empty text leaves the key out.
std::string tiny_study(const std::vector<std::pair<std::string, std::string>>& changes = {});

}  // namespace caviar::test
