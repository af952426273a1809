// A point in a training: what has been done when something happens to it.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace caviar {

struct RunMoment {
  int epoch = 1;               // that runs or comes next, from 1
  std::int64_t iteration = 0;  // of it that are done

  auto operator<=>(const RunMoment&) const = default;
};

std::string to_text(
    const RunMoment& at);  // "at the start", "after epoch 12", "in epoch 13 after …"

// "epoch:12" → 12. Throws Error{input} that begins with `where`.
int parse_epoch(const std::string& text, const std::string& where);

}  // namespace caviar
