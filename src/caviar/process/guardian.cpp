#include "caviar/process/guardian.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <ctime>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

// Everything here runs after a fork of a program with threads: only what POSIX calls
// async-signal-safe may be used, so no memory is allocated and nothing throws.
namespace caviar {
namespace {

// Where the guardian keeps its descriptors.
enum Kept : int { input = 3, output, error, wire_up, wire_down, lifeline, verdict, after_kept };

void nap_a_millisecond() {
  const timespec time{0, 1'000'000};
  nanosleep(&time, nullptr);
}

// A full or closed pipe means that nobody is there to tell.
void tell(const Verdict& what) {
  [[maybe_unused]] const ssize_t told = ::write(verdict, &what, sizeof what);
}

void close_from(int first) {
  if (close_range(static_cast<unsigned>(first), ~0U, 0) == 0) return;
  rlimit most{};  // an old kernel
  const bool known = getrlimit(RLIMIT_NOFILE, &most) == 0 && most.rlim_cur < 1'000'000;
  const int end = known ? static_cast<int>(most.rlim_cur) : 65536;
  for (int number = first; number < end; ++number) ::close(number);
}

// Keeps the descriptors that the command names, in their places, and no other: not the lifelines of
// other commands, which would never close.
void keep_descriptors(const GuardedCommand& command) {
  std::array<int, after_kept - input> kept = {command.input,   command.output,    command.error,
                                              command.wire_up, command.wire_down, command.lifeline,
                                              command.verdict};
  for (int& number : kept) {
    if (number >= 0) number = fcntl(number, F_DUPFD_CLOEXEC, static_cast<int>(after_kept));
  }
  for (std::size_t place = 0; place < kept.size(); ++place) {
    const int target = static_cast<int>(place) + input;
    if (kept[place] >= 0) {
      dup3(kept[place], target, O_CLOEXEC);
    } else {
      ::close(target);
    }
  }
  close_from(after_kept);
}

void set_signals(void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  for (int number = 1; number < NSIG; ++number) sigaction(number, &action, nullptr);
}

void limit_memory(std::uint64_t bytes) {
  if (bytes == 0) return;
  const rlimit limit{bytes, bytes};
  setrlimit(RLIMIT_DATA, &limit);
}

// Where memory runs out, the system shall end a trial rather than the program that runs the study.
void offer_to_the_memory_killer() {
  const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  [[maybe_unused]] const ssize_t written = ::write(file, "500", 3);
  ::close(file);
}

[[noreturn]] void become(const GuardedCommand& command, pid_t guardian) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != guardian) _exit(127);  // it died before it could be watched
  set_signals(SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int number = 0; number < 3; ++number) dup2(input + number, number);
  if (command.wire_up >= 0) dup2(wire_up, 3);
  if (command.wire_down >= 0) dup2(wire_down, 4);
  offer_to_the_memory_killer();
  limit_memory(command.memory);
  if (command.directory == nullptr || chdir(command.directory) == 0) {
    execve(command.program, command.words, command.environment);
  }
  tell({Verdict::not_started, errno});
  _exit(127);
}

// Kills all whose parent is this process.
void kill_children() {
  const int file = ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  std::array<char, 4096> text;
  const ssize_t size = ::read(file, text.data(), text.size());
  ::close(file);
  pid_t process = 0;
  for (ssize_t at = 0; at < size; ++at) {
    const char c = text[static_cast<std::size_t>(at)];
    if (c >= '0' && c <= '9') {
      process = process * 10 + (c - '0');
    } else if (process > 0) {
      kill(process, SIGKILL);
      process = 0;
    }
  }
}

// Nothing of the command lives on afterwards. Gives up after five seconds on what cannot be killed
// (it waits inside the kernel).
void end_all(pid_t group) {
  kill(-group, SIGKILL);
  for (int attempt = 0; attempt < 5000; ++attempt) {
    pid_t ended = 0;
    while ((ended = waitpid(-1, nullptr, WNOHANG)) > 0) {
    }
    if (ended < 0 && errno == ECHILD) return;
    kill_children();
    nap_a_millisecond();
  }
}

void do_nothing(int) {}

// The command and its group, which it may have left.
void signal_command(pid_t command, int number) {
  kill(-command, number);
  kill(command, number);
}

// Waits for a child's end or a word from the lifeline.
void wait_for_something(bool& alive, pid_t command) {
  sigset_t none;
  sigemptyset(&none);
  pollfd line{lifeline, POLLIN, 0};
  if (ppoll(&line, alive ? 1 : 0, nullptr, &none) <= 0) return;  // a signal: a child has ended
  char word = 0;
  const ssize_t size = ::read(lifeline, &word, 1);
  if (size < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (size > 0 && word == static_cast<char>(LifelineWord::terminate)) {
    signal_command(command, SIGTERM);
    return;
  }
  alive = alive && size > 0;
  signal_command(command, SIGKILL);
}

// Until the command itself ends; other processes that it left behind are buried on the way.
Verdict watch(pid_t command) {
  bool alive = true;
  while (true) {
    siginfo_t child{};
    // Not yet waited for, its number cannot be given to another process, nor its group's.
    if (waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD) {
      return {Verdict::signalled, SIGKILL};
    }
    if (child.si_pid == command) {
      return {child.si_code == CLD_EXITED ? Verdict::exited : Verdict::signalled, child.si_status};
    }
    if (child.si_pid != 0) {
      waitpid(child.si_pid, nullptr, 0);
    } else {
      wait_for_something(alive, command);
    }
  }
}

}  // namespace

void guard(const GuardedCommand& command) {
  keep_descriptors(command);
  setsid();  // Ctrl-C at the terminal is for the program that runs the study
  set_signals(SIG_IGN);
  struct sigaction action{};
  action.sa_handler = do_nothing;
  sigaction(SIGCHLD, &action, nullptr);
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigprocmask(SIG_SETMASK, &children, nullptr);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t guardian = getpid();
  const pid_t child = fork();
  if (child == 0) become(command, guardian);
  if (child < 0) {
    tell({Verdict::not_started, errno});
    _exit(1);
  }
  setpgid(child, child);
  for (int number = input; number < lifeline; ++number) ::close(number);
  const Verdict how = watch(child);
  end_all(child);
  tell(how);
  _exit(0);
}

}  // namespace caviar
