#include "caviar/storage/event_json.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "caviar/base/error.hpp"
#include "caviar/base/rng.hpp"

#include "tests/storage/events.hpp"

namespace caviar {
namespace {

Event round_trip(const Event& event) {
  const std::string body = event_body(event);
  return make_event(event_columns(event), body);
}

TEST(EventJson, EveryKindComesBackTheSame) {
  for (const Event& event : difficult_events()) {
    const Event back = round_trip(event);
    EXPECT_EQ(back.index(), event.index());
    EXPECT_EQ(text_of(back), text_of(event));
  }
}

TEST(EventJson, EveryPartOfAnAskedComesBack) {
  const Asked asked{
      7, {Point{{"x", 3.0}, {"y", std::int64_t{3}}}, "gp", {{"a", 0.1}}}, "w", 5, 9.5};
  const auto back = std::get<Asked>(round_trip(asked));
  EXPECT_EQ(back.trial, 7);
  EXPECT_EQ(back.proposal.point.at("x"), Value(3.0));
  EXPECT_EQ(back.proposal.point.at("y"), Value(std::int64_t{3}));
  EXPECT_EQ(back.proposal.by, "gp");
  EXPECT_EQ(back.proposal.note, (Note{{"a", 0.1}}));
  EXPECT_EQ(back.worker, "w");
  EXPECT_EQ(back.ticket, 5);
  EXPECT_EQ(back.time, 9.5);
}

TEST(EventJson, EveryPartOfAnEndedComesBack) {
  const Ended ended{3, TrialState::pruned, {1, 2}, {{"m", 4}}, "why", Point{{"x", 1.5}}, 6.25};
  const auto back = std::get<Ended>(round_trip(ended));
  EXPECT_EQ(back.trial, 3);
  EXPECT_EQ(back.state, TrialState::pruned);
  EXPECT_EQ(back.values, (std::vector<double>{1, 2}));
  EXPECT_EQ(back.metrics, (std::map<std::string, double>{{"m", 4}}));
  EXPECT_EQ(back.why, "why");
  EXPECT_EQ(*back.point, (Point{{"x", 1.5}}));
  EXPECT_EQ(back.time, 6.25);
}

TEST(EventJson, BodiesAreJsonWithoutEmptyParts) {
  EXPECT_EQ(event_body(ended(0)), R"({"state":"complete","values":[0.25]})");
  EXPECT_EQ(event_body(asked(0)),
            R"({"point":{"x":0.5,"units":64},"by":"random","worker":"here"})");
  EXPECT_EQ(event_body(Halted{}), "{}");
}

TEST(EventJson, RefusesWhatItCannotHaveWritten) {
  EXPECT_THROW(make_event({"asked", {}, {}, 0}, "{}"), Error);
  EXPECT_THROW(make_event({"unheard", 1, {}, 0}, "{}"), Error);
  EXPECT_THROW(make_event({"ended", 1, {}, 0}, R"({"state":"running"})"), Error);
  EXPECT_THROW(make_event({"ended", 1, {}, 0}, R"({"state":"complete"} x)"), Error);
  EXPECT_THROW(make_event({"asked", 1, {}, 0}, R"({"colour":1})"), Error);
  EXPECT_THROW(make_event({"grown", {}, {}, 0}, R"({"name":"x"})"), Error);
}

// Whatever stands in a damaged body, the answer is an event or an Error.
TEST(EventJson, DamagedBodiesNeverCrash) {
  Rng rng(3);
  for (const Event& event : difficult_events()) {
    const std::string body = event_body(event).substr(0, 300);
    for (int round = 0; round < 300; ++round) {
      std::string damaged = body;
      for (std::uint64_t left = 1 + rng.below(3); left > 0; --left) {
        damaged[rng.below(damaged.size())] = static_cast<char>(rng.below(256));
      }
      damaged.resize(rng.below(damaged.size() + 1));
      try {
        make_event(event_columns(event), damaged);
      } catch (const Error& error) {
        EXPECT_EQ(error.fault(), Fault::io);
      }
    }
  }
}

}  // namespace
}  // namespace caviar
