// A copy of the test program that does one thing and exits without unwinding, for races between
// processes and for kills.
#pragma once

#include <cstdio>
#include <exception>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

class ChildProcess {
 public:
  // `act` returns the exit status. What it throws is printed, with exit status 99.
  template <class Act>
  explicit ChildProcess(Act act) : pid_(fork()) {
    if (pid_ != 0) return;
    int status = 99;
    try {
      status = act();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "in the child process: %s\n", error.what());
    }
    std::fflush(nullptr);
    _exit(status);
  }
  ~ChildProcess() {
    if (pid_ > 0) kill_hard();
  }
  ChildProcess(ChildProcess&& other) noexcept : pid_(other.pid_) { other.pid_ = -1; }
  ChildProcess& operator=(ChildProcess&&) = delete;

  // The exit status; −1 where a signal ended it.
  int wait() {
    int status = 0;
    const pid_t ended = waitpid(pid_, &status, 0);
    pid_ = -1;
    return ended > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  void kill_hard() {
    kill(pid_, SIGKILL);
    wait();
  }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};
