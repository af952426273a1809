// Lines out of bytes that come in pieces. Whatever a program writes, no more than the longest line
// is kept: the rest of a longer one is passed over.
#pragma once

#include <string>
#include <string_view>

namespace caviar {

class Lines {
 public:
  static constexpr std::size_t longest = 65536;

  // Calls use(line) for each line that is whole now, without its end. A carriage return ends one as
  // well: progress bars are redrawn with it.
  template <class Use>
  void add(std::string_view bytes, Use use) {
    while (true) {
      const std::size_t end = bytes.find_first_of("\n\r");
      keep(bytes.substr(0, end));
      if (end == std::string_view::npos) return;
      if (!kept_.empty() && !too_long_) use(std::string_view(kept_));
      kept_.clear();
      too_long_ = false;
      bytes.remove_prefix(end + 1);
    }
  }
  // The last line, which had no end.
  template <class Use>
  void finish(Use use) {
    add("\n", use);
  }

 private:
  void keep(std::string_view piece) {
    too_long_ = too_long_ || kept_.size() + piece.size() > longest;
    if (!too_long_) kept_ += piece;
  }

  std::string kept_;
  bool too_long_ = false;
};

}  // namespace caviar
