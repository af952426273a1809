// What one command takes from the command line: it declares variables, parse() fills them.
// The parser library stays behind this header.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caviar::cli {

class Arguments {
 public:
  // `program` as it was typed ("build/release/caviar"); `examples` stand at the end of --help.
  Arguments(const std::string& program, const std::string& command, const std::string& summary,
            const std::string& examples);
  ~Arguments();

  const std::string& program() const;

  // The variables must outlive parse(). `shown` is the placeholder in --help: "FILE", "N".
  void required(const std::string& shown, std::string& into, const std::string& help);
  void positional(const std::string& shown, std::string& into, const std::string& help);
  void words(const std::string& shown, std::vector<std::string>& into, const std::string& help);
  void flag(const std::string& names, bool& into, const std::string& help);
  void option(const std::string& names, const std::string& shown, std::optional<std::string>& into,
              const std::string& help);
  void option(const std::string& names, const std::string& shown, std::optional<int>& into,
              const std::string& help);
  void option(const std::string& names, const std::string& shown, std::optional<double>& into,
              const std::string& help);
  void option(const std::string& names, const std::string& shown,
              std::optional<std::uint64_t>& into, const std::string& help);

  // Throws Error{input} that names the word that could not be meant, with the nearest known option.
  // Returns false where --help was asked for: print help() and end.
  bool parse(const std::vector<std::string>& words);
  std::string help() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace caviar::cli
