// Open file descriptors that close themselves, and pairs of them.
#pragma once

#include <utility>

namespace caviar {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  void close();

 private:
  int number_ = -1;
};

// All of these close when another program is executed. They throw Error{io}.
struct Ends {
  Descriptor ours, theirs;
};
Ends pipe_to_us();      // theirs is for writing; ours does not block
Ends socket_pair();     // both ways; ours does not block, and a peer that is gone raises no signal
Descriptor no_input();  // /dev/null, for reading

}  // namespace caviar
