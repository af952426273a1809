// A trial of caviar, seen from a C++ program. One header, C++17, no dependencies: copy it beside
// yours.
//
//   caviar_trial::Trial trial({{"learning_rate", "0.1"}, {"epochs", "20"}});  // without caviar
//   for (int epoch = 1; epoch <= trial.integer("epochs"); ++epoch) {
//     const double loss = train_one_epoch(trial.number("learning_rate"));
//     if (!trial.report(epoch, loss)) break;  // pruned, or interrupted
//   }
//
// The study file says `objective: {command: [./train], results: wire}`. Without caviar the same
// program runs with the defaults and prints what it would have reported. The lines themselves are
// described in docs/wire.md.
#pragma once

#include <algorithm>
#include <cctype>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include <poll.h>
#include <unistd.h>

namespace caviar_trial {

// A line of the wire: its values as texts by their path, as in "parameters.units" → "64".
class Message {
 public:
  explicit Message(std::string line) : text_(std::move(line)) { value(""); }

  std::string get(const std::string& path, const std::string& otherwise = "") const {
    const auto found = values_.find(path);
    return found == values_.end() ? otherwise : found->second;
  }
  const std::map<std::string, std::string>& values() const { return values_; }

 private:
  char peek() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool accept(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }
  void value(const std::string& path) {
    const char next = peek();
    if (next == '{' || next == '[') {
      const char end = next == '{' ? '}' : ']';
      ++at_;
      for (int index = 0; !accept(end) && at_ < text_.size(); ++index) {
        std::string key = std::to_string(index);
        if (next == '{') key = quoted(), accept(':');
        value(path.empty() ? key : path + "." + key);
        accept(',');
      }
    } else if (next == '"') {
      values_[path] = quoted();
    } else {
      const std::size_t from = at_;
      at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
      values_[path] = text_.substr(from, at_ - from);
    }
  }
  std::string quoted() {
    std::string result;
    if (!accept('"')) return result;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] != '\\' || at_ + 1 == text_.size()) {
        result += text_[at_++];
        continue;
      }
      const char escape = text_[++at_];
      ++at_;
      if (escape == 'u') {
        unicode(result);
      } else {
        const std::string from = "nrtbf", to = "\n\r\t\b\f";
        const std::size_t known = from.find(escape);
        result += known == std::string::npos ? escape : to[known];
      }
    }
    accept('"');
    return result;
  }
  // caviar escapes control characters only: everything else comes as UTF-8.
  void unicode(std::string& result) {
    result += static_cast<char>(std::strtol(text_.substr(at_, 4).c_str(), nullptr, 16));
    at_ = std::min(at_ + 4, text_.size());
  }

  std::string text_;
  std::size_t at_ = 0;
  std::map<std::string, std::string> values_;
};

// Used by one thread.
class Trial {
 public:
  using Texts = std::map<std::string, std::string>;

  // The defaults are the parameters of a run without caviar.
  explicit Trial(Texts defaults = {}) : parameters_(std::move(defaults)) {
    const char* wire = std::getenv("CAVIAR_WIRE");
    if (wire == nullptr || *wire == '\0') return;
    std::signal(SIGPIPE, SIG_IGN);
    if (std::string(wire) == "stdio") {
      writer_ = ::dup(1);
      reader_ = ::dup(0);
      ::dup2(2, 1);  // what is printed from now on is for people
    } else if (std::sscanf(wire, "%d,%d", &writer_, &reader_) != 2) {
      throw std::runtime_error("CAVIAR_WIRE: two descriptors or stdio expected");
    }
    std::string line;
    if (!read_line(line)) throw std::runtime_error("the wire ended before the trial began");
    const Message start(line);
    take_parameters(start);
    number_ = std::atoi(start.get("trial").c_str());
    seed_ = std::atol(start.get("seed").c_str());
    budget_ = std::atof(start.get("budget", "0").c_str());
    metric_ = start.get("metric");
    directory_ = start.get("directory");
    checkpoint_ = start.get("checkpoint");
  }

  // Parameters, which change when a person changes them. They throw where there is none.
  const std::string& text(const std::string& name) const { return parameters_.at(name); }
  double number(const std::string& name) const { return std::stod(text(name)); }
  long integer(const std::string& name) const { return std::lround(number(name)); }
  bool boolean(const std::string& name) const { return text(name) == "true"; }
  const Texts& parameters() const { return parameters_; }

  int trial() const { return number_; }
  long seed() const { return seed_; }
  double budget() const { return budget_; }  // 0: none
  const std::string& directory() const { return directory_; }
  const std::string& checkpoint() const { return checkpoint_; }  // a folder to resume from

  // Tells the metric after a step (an epoch, from 1). False: end now. Waits for the answer and,
  // while a person has the trial paused, until it goes on.
  bool report(long step, double value, const std::map<std::string, double>& metrics = {}) {
    if (reader_ < 0) {
      std::printf("step=%ld %s=%.17g%s\n", step, metric_.c_str(), value, words(metrics).c_str());
      return true;
    }
    step_ = step;
    write_line("{\"op\":\"report\",\"step\":" + std::to_string(step) + ",\"value\":" + json(value) +
               ",\"metrics\":" + json(metrics) + "}");
    const std::string wanted = std::to_string(step);
    for (bool answered = false; !answered && !stop_;) {
      const Message message = next();
      answered = message.get("op") == "answer" && message.get("step") == wanted;
    }
    if (paused_ && !stop_) {
      took("pause");
      while (paused_ && !stop_) next();
      took("resume");
    }
    return !should_stop();
  }
  // Whether the trial is to end now. Never waits.
  bool should_stop() {
    while (reader_ >= 0 && !stop_ && (pending_.find('\n') != std::string::npos || readable()))
      next();
    return stop_;
  }
  // The final value, where it is not the last one reported.
  void result(double value, const std::map<std::string, double>& metrics = {}) {
    if (reader_ < 0) {
      std::printf("%s=%.17g%s\n", metric_.c_str(), value, words(metrics).c_str());
      return;
    }
    write_line("{\"op\":\"result\",\"value\":" + json(value) + ",\"metrics\":" + json(metrics) +
               "}");
  }
  void fail(const std::string& why) {
    if (reader_ < 0) throw std::runtime_error(why);
    write_line("{\"op\":\"fail\",\"why\":" + quoted(why) + "}");
  }

 private:
  static std::string json(double value) {
    if (!std::isfinite(value))
      return std::isnan(value) ? "\"nan\"" : value > 0 ? "\"inf\"" : "\"-inf\"";
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", value);
    return text;
  }
  static std::string json(const std::map<std::string, double>& metrics) {
    std::string text;
    for (const auto& [name, value] : metrics) {
      text += (text.empty() ? "" : ",") + quoted(name) + ":" + json(value);
    }
    return "{" + text + "}";
  }
  static std::string quoted(const std::string& plain) {
    std::string text = "\"";
    for (const char c : plain) {
      if (c == '"' || c == '\\') text += '\\';
      text += static_cast<unsigned char>(c) < 32 ? ' ' : c;
    }
    return text + "\"";
  }
  static std::string words(const std::map<std::string, double>& metrics) {
    std::string text;
    for (const auto& [name, value] : metrics) text += " " + name + "=" + json(value);
    return text;
  }

  bool readable() const {
    pollfd ready{reader_, POLLIN, 0};
    return ::poll(&ready, 1, 0) > 0;
  }
  bool read_line(std::string& line) {
    std::size_t end;
    while ((end = pending_.find('\n')) == std::string::npos) {
      char bytes[4096];
      const ssize_t size = ::read(reader_, bytes, sizeof bytes);
      if (size <= 0) return false;
      pending_.append(bytes, static_cast<std::size_t>(size));
    }
    line = pending_.substr(0, end);
    pending_.erase(0, end + 1);
    return true;
  }
  Message next() {
    std::string line;
    if (!read_line(line)) stop_ = true;  // caviar has gone
    Message message(line);
    const std::string op = message.get("op");
    if (op == "stop" || (op == "answer" && message.get("stop") == "true")) stop_ = true;
    if (op == "pause" || op == "resume") paused_ = op == "pause";
    if (op == "change") {
      take_parameters(message);
      took("change");
    }
    return message;
  }
  // Answers the person who wanted it.
  void took(const std::string& what) {
    write_line("{\"op\":\"took\",\"what\":\"" + what + "\",\"step\":" + std::to_string(step_) +
               "}");
  }
  void take_parameters(const Message& message) {
    const std::string prefix = "parameters.";
    for (const auto& [path, value] : message.values()) {
      if (path.compare(0, prefix.size(), prefix) == 0)
        parameters_[path.substr(prefix.size())] = value;
    }
  }
  void write_line(std::string line) {
    line += '\n';
    while (!line.empty()) {
      const ssize_t size = ::write(writer_, line.data(), line.size());
      if (size <= 0) {
        stop_ = true;
        return;
      }
      line.erase(0, static_cast<std::size_t>(size));
    }
  }

  Texts parameters_;
  int reader_ = -1, writer_ = -1;
  std::string pending_;
  bool stop_ = false, paused_ = false;
  int number_ = 0;
  long seed_ = 0, step_ = 0;
  double budget_ = 0;
  std::string metric_ = "value", directory_ = ".", checkpoint_ = "checkpoint";
};

}  // namespace caviar_trial
