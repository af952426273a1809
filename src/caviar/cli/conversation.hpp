// What caviar ask-tell answers: requests of another program, one at a time. docs/cli.md has them
// all.
#pragma once

#include <optional>
#include <string>

#include "caviar/base/json_fwd.hpp"
#include "caviar/base/node.hpp"
#include "caviar/study/run_limits.hpp"
#include "caviar/study/study.hpp"

namespace caviar::cli {

class Conversation {
 public:
  // The study ends where these limits are met, `time` and `max_failed` as this program sees them.
  Conversation(Study study, const Limits& limits);

  // Throws Error where a request cannot be meant.
  Json answer(const Node& request);

 private:
  Json ask(Fields& fields);
  std::optional<Trial> next(const Point& fixed);
  std::optional<Ending> finished() const;  // why no further trial will be proposed
  Json tell(Fields& fields);
  Json report(Fields& fields);
  Json enqueue(Fields& fields);
  Json best(Fields& fields);
  Json trials(Fields& fields);
  void end_trial(Fields& fields, int trial, const std::string& state);

  Study study_;
  RunLimits limits_;
};

}  // namespace caviar::cli
