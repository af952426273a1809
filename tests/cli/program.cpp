#include "tests/cli/program.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace caviar::test {
namespace {

namespace fs = std::filesystem;

constexpr int patience_ms = 120'000;  // for one reply, with sanitizers on a busy machine

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    read = ends[0];
    write = ends[1];
  }
};

// Appends what is there to read; false at the end of the stream.
bool read_some(int file, std::string& into) {
  std::array<char, 4096> bytes;
  const ssize_t count = ::read(file, bytes.data(), bytes.size());
  if (count < 0 && errno == EINTR) return true;
  if (count <= 0) return false;
  into.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

void close_once(int& file) {
  if (file >= 0) ::close(file);
  file = -1;
}

}  // namespace

Folder::Folder() {
  std::string name = (fs::temp_directory_path() / "caviar_test_XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(path_, ignored)) {
    fs::permissions(entry.path(), fs::perms::owner_all, fs::perm_options::add, ignored);
  }
  fs::remove_all(path_, ignored);
}

std::string Folder::path(const std::string& name) const { return (path_ / name).string(); }

std::string Folder::write(const std::string& name, const std::string& content) const {
  fs::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name, std::ios::binary) << content;
  return path(name);
}

std::string Folder::read(const std::string& name) const {
  std::ostringstream text;
  text << std::ifstream(path_ / name, std::ios::binary).rdbuf();
  return text.str();
}

bool Folder::has(const std::string& name) const { return fs::exists(path_ / name); }

std::vector<std::string> Folder::names() const {
  std::vector<std::string> all;
  for (const auto& entry : fs::directory_iterator(path_)) {
    all.push_back(entry.path().filename().string());
  }
  std::sort(all.begin(), all.end());
  return all;
}

Program::Program(const std::vector<std::string>& words, const std::string& folder) {
  ::signal(SIGPIPE, SIG_IGN);  // a program that ends early must not end the test with it
  Pipe in, out, err;
  std::vector<char*> arguments = {const_cast<char*>(CAVIAR_PROGRAM)};
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  process_ = ::fork();
  if (process_ < 0) throw std::runtime_error("no process");
  if (process_ == 0) {
    ::signal(SIGPIPE, SIG_DFL);
    ::dup2(in.read, STDIN_FILENO);
    ::dup2(out.write, STDOUT_FILENO);
    ::dup2(err.write, STDERR_FILENO);
    if (::chdir(folder.c_str()) == 0) ::execv(CAVIAR_PROGRAM, arguments.data());
    ::_exit(127);
  }
  in_ = in.write;
  out_ = out.read;
  err_ = err.read;
  ::close(in.read);
  ::close(out.write);
  ::close(err.write);
}

Program::~Program() {
  if (!result_) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  close_once(in_);
  close_once(out_);
  close_once(err_);
}

void Program::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(in_, text.data(), text.size());
    if (count <= 0) return;  // it has ended: its streams will tell
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void Program::close_input() { close_once(in_); }

std::string Program::line() {
  while (true) {
    const std::size_t end = buffered_.find('\n');
    if (end != std::string::npos) {
      std::string text = buffered_.substr(0, end);
      buffered_.erase(0, end + 1);
      return text;
    }
    pollfd ready{out_, POLLIN, 0};
    if (::poll(&ready, 1, patience_ms) == 0) throw std::runtime_error("no line came");
    if (!read_some(out_, buffered_)) return std::exchange(buffered_, {});
  }
}

nlohmann::json Program::ask(const std::string& request) {
  write(request + "\n");
  return nlohmann::json::parse(line());
}

void Program::signal(int number) { ::kill(process_, number); }

Result Program::wait() {
  if (result_) return *result_;
  close_input();
  Result result;
  result.out = std::exchange(buffered_, {});
  std::array<pollfd, 2> streams = {pollfd{out_, POLLIN, 0}, pollfd{err_, POLLIN, 0}};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    if (::poll(streams.data(), streams.size(), patience_ms) == 0) {
      throw std::runtime_error("it does not end");
    }
    if (streams[0].revents != 0 && !read_some(out_, result.out)) streams[0].fd = -1;
    if (streams[1].revents != 0 && !read_some(err_, result.err)) streams[1].fd = -1;
  }
  int status = 0;
  ::waitpid(process_, &status, 0);
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result_ = result;
  return result;
}

Result caviar(const std::vector<std::string>& words, const Folder& folder, std::string_view input) {
  Program program(words, folder.path());
  program.write(input);
  return program.wait();
}

void hold_in_the_third_epoch(const std::vector<std::string>& words, const Folder& folder) {
  Program program(words, folder.path());
  while (!program.line().starts_with("epoch 3/")) {
  }
  program.signal(SIGINT);
  const Result held = program.wait();
  EXPECT_EQ(held.code, 130) << held.err;
  EXPECT_THAT(held.err, testing::HasSubstr("train --resume held.checkpoint"));
  EXPECT_FALSE(folder.has("held.json"));
  ASSERT_TRUE(folder.has("held.checkpoint"));
}

std::string tiny_table() {
  std::mt19937 chance(1);
  std::uniform_real_distribution<double> spread(-0.5, 0.5);
  std::string text = "width,height,kind\n";
  const char* kinds[] = {"ant", "bee", "cat"};
  for (int row = 0; row < 60; ++row) {
    const int kind = row % 3;
    text += std::to_string(kind + spread(chance)) + "," +
            std::to_string(kind % 2 + spread(chance)) + "," + kinds[kind] + "\n";
  }
  return text;
}

std::string tiny_study(const std::vector<std::pair<std::string, std::string>>& changes) {
  std::vector<std::pair<std::string, std::string>> lines = {
      {"name", "tiny"},
      {"objective", "{train: {data: tiny.csv, target: kind, epochs: 2}}"},
      {"metric", "validation_loss"},
      {"direction", "minimize"},
      {"space",
       "{learning_rate: {type: float, low: 1e-3, high: 0.5, scale: log},"
       " hidden_units: {type: int, low: 2, high: 8}}"},
      {"search", "{sampler: random, seed: 7}"},
      {"limits", "{trials: 4}"},
      {"storage", "sqlite:tiny.db"}};
  for (const auto& change : changes) {
    const auto found = std::find_if(lines.begin(), lines.end(),
                                    [&](const auto& line) { return line.first == change.first; });
    if (found == lines.end()) {
      lines.push_back(change);
    } else {
      found->second = change.second;
    }
  }
  std::string text;
  for (const auto& [key, value] : lines) {
    if (!value.empty()) text += key + ": " + value + "\n";
  }
  return text;
}

}  // namespace caviar::test
