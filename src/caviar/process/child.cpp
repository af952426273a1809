#include "caviar/process/child.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "caviar/base/error.hpp"
#include "caviar/process/descriptor.hpp"
#include "caviar/process/guardian.hpp"
#include "caviar/process/strays.hpp"

namespace caviar {
namespace {

constexpr std::size_t most_unsent = 1 << 20;

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

// This program's environment with the command's own on top.
std::vector<std::string> whole_environment(const std::map<std::string, std::string>& own) {
  std::vector<std::string> all;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!own.contains(text.substr(0, text.find('=')))) all.push_back(text);
  }
  for (const auto& [name, value] : own) all.emplace_back(name).append("=").append(value);
  return all;
}

// Reads what is there; closes at the end of the stream.
std::string_view read_some(Descriptor& from, std::array<char, 65536>& buffer) {
  const ssize_t size = ::read(from.get(), buffer.data(), buffer.size());
  if (size > 0) return {buffer.data(), static_cast<std::size_t>(size)};
  if (size == 0 || (errno != EAGAIN && errno != EINTR)) from.close();
  return {};
}

}  // namespace

std::string Exit::text() const {
  switch (kind) {
    case Kind::code:
      return "exit code " + std::to_string(number);
    case Kind::not_started:
      return std::string("cannot be started: ") + std::strerror(number);
    case Kind::signal:
      break;
  }
  const char* name = sigabbrev_np(number);
  const char* meaning = sigdescr_np(number);
  std::string text = "killed by " + (name == nullptr ? "signal " + std::to_string(number)
                                                     : std::string("SIG") + name);
  if (number == SIGKILL) return text + " (by a person, or because memory ran out)";
  return meaning == nullptr ? text : text + " (" + meaning + ")";
}

struct Child::Streams {
  Descriptor output, wire_up, wire_down, lifeline, verdict;
  std::array<char, 65536> output_buffer, wire_buffer;
  std::optional<Verdict> said;
};

Child::Child(const Command& command) : streams_(std::make_unique<Streams>()), mark_(new_mark()) {
  std::vector<std::string> words = command.words;
  std::map<std::string, std::string> own = command.environment;
  own[mark_variable] = mark_;
  std::vector<std::string> environment = whole_environment(own);
  const std::vector<char*> word_pointers = pointers(words);
  const std::vector<char*> environment_pointers = pointers(environment);
  Descriptor input = no_input();
  Ends output = pipe_to_us(), verdict = pipe_to_us(), lifeline = socket_pair();
  Ends up, down;
  if (command.wire != WirePlace::none) {
    up = pipe_to_us();
    down = socket_pair();
  }
  const bool standard = command.wire == WirePlace::standard;
  GuardedCommand start;
  start.program = command.program.c_str();
  start.words = word_pointers.data();
  start.environment = environment_pointers.data();
  start.directory = command.directory.empty() ? nullptr : command.directory.c_str();
  start.memory = command.memory;
  start.input = standard ? down.theirs.get() : input.get();
  start.output = standard ? up.theirs.get() : output.theirs.get();
  start.error = output.theirs.get();
  start.wire_up = standard ? -1 : up.theirs.get();
  start.wire_down = standard ? -1 : down.theirs.get();
  start.lifeline = lifeline.theirs.get();
  start.verdict = verdict.theirs.get();
  guardian_ = ::fork();
  if (guardian_ == 0) guard(start);
  if (guardian_ < 0) {
    throw Error(Fault::io, std::string("cannot start a process: ") + std::strerror(errno));
  }
  streams_->output = std::move(output.ours);
  streams_->wire_up = std::move(up.ours);
  streams_->wire_down = std::move(down.ours);
  streams_->lifeline = std::move(lifeline.ours);
  streams_->verdict = std::move(verdict.ours);
}

Child::~Child() {
  streams_.reset();  // the lifeline closes
  bury();
}

void Child::bury() {
  if (guardian_ > 0) {
    while (::waitpid(guardian_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  guardian_ = -1;
}

Child::News Child::wait(std::chrono::milliseconds patience) {
  News news;
  if (exit_) return news;
  Streams& streams = *streams_;
  const short down = unsent_.empty() ? 0 : POLLOUT;
  std::array<pollfd, 4> wanted = {pollfd{streams.output.get(), POLLIN, 0},
                                  pollfd{streams.wire_up.get(), POLLIN, 0},
                                  pollfd{streams.verdict.get(), POLLIN, 0},
                                  pollfd{down == 0 ? -1 : streams.wire_down.get(), down, 0}};
  if (!streams.said) {
    if (::poll(wanted.data(), wanted.size(), static_cast<int>(patience.count())) <= 0) return news;
  }
  if (wanted[3].revents != 0) flush();
  if (wanted[2].revents != 0) hear_verdict();
  // After the verdict nobody is left to write: what is there now is all there will be.
  if (streams.output.is_open()) news.output = read_some(streams.output, streams.output_buffer);
  if (streams.wire_up.is_open()) news.wire = read_some(streams.wire_up, streams.wire_buffer);
  if (streams.said && news.output.empty() && news.wire.empty()) {
    const Verdict& said = *streams.said;
    const Exit::Kind kind = said.kind == Verdict::exited      ? Exit::Kind::code
                            : said.kind == Verdict::signalled ? Exit::Kind::signal
                                                              : Exit::Kind::not_started;
    streams.lifeline.close();
    bury();
    exit_ = Exit{kind, said.number};
  }
  return news;
}

void Child::hear_verdict() {
  Verdict verdict{Verdict::signalled, SIGKILL};
  const ssize_t size = ::read(streams_->verdict.get(), &verdict, sizeof verdict);
  if (size < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (size != sizeof verdict) kill_marked(mark_);  // somebody killed the guardian itself
  streams_->said = verdict;
  streams_->verdict.close();
}

bool Child::send(std::string_view bytes) {
  if (unsent_.size() + bytes.size() > most_unsent) return false;
  unsent_ += bytes;
  flush();
  return true;
}

void Child::flush() {
  Descriptor& down = streams_->wire_down;
  while (!unsent_.empty() && down.is_open()) {
    const ssize_t size = ::send(down.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return;
    if (size < 0)
      down.close();
    else
      unsent_.erase(0, static_cast<std::size_t>(size));
  }
  if (!down.is_open()) unsent_.clear();  // it does not listen any more
}

void Child::terminate() { word(static_cast<char>(LifelineWord::terminate)); }
void Child::kill() { word(static_cast<char>(LifelineWord::kill)); }

void Child::word(char word) { ::send(streams_->lifeline.get(), &word, 1, MSG_NOSIGNAL); }

}  // namespace caviar
