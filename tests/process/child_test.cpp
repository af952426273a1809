// Commands as child processes: what they say, how they end, and that nothing of them is left.
#include "caviar/process/child.hpp"

#include <algorithm>
#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "caviar/base/error.hpp"
#include "caviar/process/strays.hpp"

#include "tests/child_process.hpp"
#include "tests/temp_folder.hpp"

namespace caviar {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

Command shell(const std::string& script) {
  Command command;
  command.program = "/bin/sh";
  command.words = {"sh", "-c", script};
  return command;
}

struct Heard {
  std::string output, wire;
  std::size_t bytes = 0;
  Exit exit;
};

Heard hear_out(Child& child) {
  Heard heard;
  while (!child.ended()) {
    const Child::News news = child.wait(10s);
    heard.bytes += news.output.size();
    if (heard.bytes < 100'000) heard.output += news.output;
    heard.wire += news.wire;
  }
  heard.exit = *child.ended();
  return heard;
}

Heard run(const Command& command) {
  Child child(command);
  return hear_out(child);
}

TEST(Child, SaysWhatItWritesAndHowItEnds) {
  const Heard heard = run(shell("echo out; echo err >&2; exit 3"));
  EXPECT_EQ(heard.output, "out\nerr\n");
  EXPECT_EQ(heard.exit.kind, Exit::Kind::code);
  EXPECT_EQ(heard.exit.text(), "exit code 3");
  EXPECT_THAT(run(shell("kill -SEGV $$")).exit.text(), HasSubstr("SIGSEGV (Segmentation fault)"));
  EXPECT_THAT(run(shell("kill -9 $$")).exit.text(), HasSubstr("SIGKILL"));
}

TEST(Child, GetsItsFolderEnvironmentAndMemoryLimit) {
  TempFolder folder;
  Command command = shell("pwd; echo \"$GIVEN\"; ulimit -d; cat; ls /proc/self/fd | wc -l");
  command.directory = folder.path();
  command.environment = {{"GIVEN", "a b=c"}};
  command.memory = 1 << 30;
  // Standard input is empty, and nothing but the first three descriptors is open (and ls's own).
  EXPECT_EQ(run(command).output, folder.path() + "\na b=c\n1048576\n4\n");
}

TEST(Child, ThatCannotBeStartedSaysWhy) {
  Command command = shell("true");
  command.directory = "/does/not/exist";
  const Heard heard = run(command);
  EXPECT_EQ(heard.exit.kind, Exit::Kind::not_started);
  EXPECT_THAT(heard.exit.text(), HasSubstr("No such file"));
}

TEST(Child, TalksOnTheWire) {
  Command command = shell("read line <&4; echo \"got $line\" >&3; echo out; exit 0");
  command.wire = WirePlace::descriptors;
  Child child(command);
  EXPECT_TRUE(child.send("hello\n"));
  const Heard heard = hear_out(child);
  EXPECT_EQ(heard.wire, "got hello\n");
  EXPECT_EQ(heard.output, "out\n");

  Command standard = shell("read line; echo \"got $line\"; echo log >&2");
  standard.wire = WirePlace::standard;
  Child other(standard);
  other.send("hello\n");
  const Heard said = hear_out(other);
  EXPECT_EQ(said.wire, "got hello\n");
  EXPECT_EQ(said.output, "log\n");
}

TEST(Child, WhoDoesNotReadIsNotWaitedFor) {
  Command command = shell("exec 3>&- 4<&-; exit 0");
  command.wire = WirePlace::descriptors;
  Child child(command);
  const std::string line(1000, 'x');
  int sent = 0;
  while (sent < 5000 && child.send(line)) ++sent;
  EXPECT_EQ(hear_out(child).exit.text(), "exit code 0");
}

TEST(Child, IsTerminatedOrKilled) {
  Child polite(shell("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 1; done"));
  while (polite.wait(10s).output.empty()) {
  }
  polite.terminate();
  const Heard heard = hear_out(polite);
  EXPECT_THAT(heard.output, HasSubstr("bye"));
  EXPECT_EQ(heard.exit.text(), "exit code 7");

  Child deaf(shell("trap '' TERM; echo ready; while :; do sleep 1; done"));
  while (deaf.wait(10s).output.empty()) {
  }
  deaf.terminate();
  deaf.kill();
  EXPECT_THAT(hear_out(deaf).exit.text(), HasSubstr("SIGKILL"));
}

TEST(Child, FloodsAreReadToTheEnd) {
  const Heard heard = run(shell("head -c 30000000 /dev/zero"));
  EXPECT_EQ(heard.bytes, 30'000'000U);
}

// Every process of a tree keeps a FIFO open for writing: the reader sees its end when, and only
// when, the last of them is gone. No process number is trusted, and nothing is waited for by time.
class Traces : public testing::Test {
 protected:
  Traces() {
    EXPECT_EQ(mkfifo(fifo_.c_str(), 0600), 0);
    reader_ = open(fifo_.c_str(), O_RDONLY | O_NONBLOCK);
  }
  ~Traces() override { close(reader_); }
  // A tree: a child in the background, one in a session of its own, one that lost its parent.
  std::string tree() const {
    return "exec 9>" + fifo_ +
           "; sleep 1000 & setsid sleep 1000 & (setsid sh -c 'sleep 1000 & sleep 1000' &) ; "
           "echo ready; ";
  }
  void expect_all_gone() {
    pollfd ready{reader_, POLLIN, 0};
    EXPECT_GT(poll(&ready, 1, 60'000), 0) << "some process lives on";
    char byte = 0;
    EXPECT_EQ(read(reader_, &byte, 1), 0);
  }
  TempFolder folder_;
  std::string fifo_ = folder_.file("fifo");
  int reader_ = -1;
};

TEST_F(Traces, NothingOutlivesTheCommand) {
  EXPECT_EQ(run(shell(tree() + "exit 0")).output, "ready\n");
  expect_all_gone();
}

TEST_F(Traces, NothingOutlivesTheValue) {
  {
    Child child(shell(tree() + "wait"));
    while (child.wait(10s).output.empty()) {
    }
  }
  expect_all_gone();
}

TEST_F(Traces, NothingOutlivesTheProgramEvenKilled) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ChildProcess program([&] {
    Child child(shell(tree() + "wait"));
    Child other(
        shell("exec 9>" + fifo_ + "; sleep 1000"));  // it must not keep the other's lifeline
    while (child.wait(10s).output.empty()) {
    }
    if (write(ends[1], "x", 1) != 1) return 1;
    while (true) pause();
  });
  char byte = 0;
  ASSERT_EQ(read(ends[0], &byte, 1), 1);
  program.kill_hard();
  expect_all_gone();
  close(ends[0]);
  close(ends[1]);
}

TEST_F(Traces, NothingOutlivesTheGuardianEither) {
  Child child(shell(tree() + "echo $PPID; wait"));
  std::string output;
  while (std::ranges::count(output, '\n') < 2) output += child.wait(10s).output;
  kill(std::stoi(output.substr(output.find('\n'))), SIGKILL);
  EXPECT_THAT(hear_out(child).exit.text(), HasSubstr("SIGKILL"));
  expect_all_gone();
}

// Guardian and program at once: nobody is left who could end what had left its parents.
TEST_F(Traces, WhatOutlivesBothIsFoundByTheNextProgram) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ChildProcess program([&] {
    Child child(shell(tree() + "echo $PPID; wait"));
    std::string output;
    while (std::ranges::count(output, '\n') < 2) output += child.wait(10s).output;
    const int guardian = std::stoi(output.substr(output.find('\n')));
    if (write(ends[1], &guardian, sizeof guardian) != sizeof guardian) return 1;
    while (true) pause();
  });
  int guardian = 0;
  ASSERT_EQ(read(ends[0], &guardian, sizeof guardian), static_cast<ssize_t>(sizeof guardian));
  kill(guardian, SIGSTOP);  // it does not act on the program's end
  program.kill_hard();
  kill(guardian, SIGKILL);
  kill_orphans();
  expect_all_gone();
  EXPECT_EQ(kill_orphans(), 0);
  close(ends[0]);
  close(ends[1]);
}

TEST(FindProgram, LooksWhereAShellWould) {
  TempFolder folder;
  const std::string script = folder.file("run.sh");
  std::ofstream(script) << "#!/bin/sh\n";
  EXPECT_THAT(find_program("sh", "", "here"), testing::EndsWith("/sh"));
  const auto message = [&](const std::string& name) -> std::string {
    try {
      return "found " + find_program(name, folder.path(), "here");
    } catch (const Error& error) {
      return error.what();
    }
  };
  EXPECT_THAT(message("./run.sh"), HasSubstr("chmod +x"));
  ASSERT_EQ(chmod(script.c_str(), 0755), 0);
  EXPECT_EQ(message("./run.sh"), "found " + folder.path() + "/./run.sh");
  EXPECT_THAT(message("run.sh"), HasSubstr("'./run.sh'"));
  EXPECT_THAT(message("no-such-program"), HasSubstr("here: there is no program"));
  EXPECT_THAT(message(folder.path()), HasSubstr("cannot be executed"));
}

}  // namespace
}  // namespace caviar
