// What caviar ask-tell answers: requests of another program, one at a time. docs/cli.md has them
// all.
#pragma once

#include <chrono>

#include "caviar/base/json_fwd.hpp"
#include "caviar/base/node.hpp"
#include "caviar/study/study.hpp"

namespace caviar::cli {

class Conversation {
 public:
  // The study ends where these limits are met, `time` and `max_failed` as this program sees them.
  Conversation(Study study, const Limits& limits);

  // Throws Error where a request cannot be meant, or the search is finished and more is asked for:
  // then finished() says why.
  Json answer(const Node& request);
  // Why no further trial will be proposed, in the words of limits ("trials", "target", …); "":
  // there may be one.
  std::string finished();

 private:
  Json ask(Fields& fields);
  Trial next(const Point& fixed);
  Json tell(Fields& fields);
  Json report(Fields& fields);
  Json enqueue(Fields& fields);
  Json best(Fields& fields);
  Json trials(Fields& fields);
  void end_trial(Fields& fields, int trial, const std::string& state);

  Study study_;
  Limits limits_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  int failed_in_a_row_ = 0;
};

}  // namespace caviar::cli
