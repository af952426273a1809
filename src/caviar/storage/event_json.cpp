#include "caviar/storage/event_json.hpp"

#include <array>
#include <utility>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/match.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/storage/json_text.hpp"

namespace caviar {
namespace {

constexpr std::array states = {TrialState::complete, TrialState::pruned, TrialState::failed,
                               TrialState::interrupted};

// Writes an object key by key.
class Object {
 public:
  explicit Object(std::string& out) : out_(out) { out_ += '{'; }
  std::string& key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    write_text(out_, name);
    out_ += ':';
    return out_;
  }
  void close() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};

void write_point(std::string& out, const Point& point) {
  Object object(out);
  for (const auto& [name, value] : point.entries()) write_value(object.key(name), value);
  object.close();
}

void write_numbers(std::string& out, const std::map<std::string, double>& numbers) {
  Object object(out);
  for (const auto& [name, number] : numbers) write_number(object.key(name), number);
  object.close();
}

void write_proposal(Object& object, const Point& point, const std::string& by, const Note& note) {
  write_point(object.key("point"), point);
  write_text(object.key("by"), by);
  if (!note.empty()) write_numbers(object.key("note"), note);
}

void write_list(std::string& out, const std::vector<double>& numbers) {
  char separator = '[';
  for (const double number : numbers) {
    out += separator;
    write_number(out, number);
    separator = ',';
  }
  out += ']';
}

void write_end(Object& object, const Ended& ended) {
  write_text(object.key("state"), state_name(ended.state));
  if (!ended.values.empty()) write_list(object.key("values"), ended.values);
  if (!ended.metrics.empty()) write_numbers(object.key("metrics"), ended.metrics);
  if (!ended.why.empty()) write_text(object.key("why"), ended.why);
  if (ended.point) write_point(object.key("point"), *ended.point);
}

Point read_point(JsonReader& json) {
  // As many as the last one had: most have the same, and a million of them no room to spare.
  thread_local std::size_t usual = 8;
  std::vector<Point::Entry> entries;
  entries.reserve(usual);
  json.object(
      [&](std::string_view name) { entries.emplace_back(name, Value()).second = json.value(); });
  usual = entries.size();
  return Point::from(std::move(entries));
}

std::map<std::string, double> read_numbers(JsonReader& json) {
  std::map<std::string, double> numbers;
  json.object([&](std::string_view name) {  // they were written in this order
    numbers.emplace_hint(numbers.end(), name, 0)->second = json.number();
  });
  return numbers;
}

TrialState read_state(JsonReader& json) {
  const std::string name = json.text();
  for (const TrialState state : states) {
    if (name == state_name(state)) return state;
  }
  json.fail("the state of an ended trial");
}

int trial_of(const EventColumns& columns) {
  if (!columns.trial) {
    throw Error(Fault::io, "an event '" + std::string(columns.kind) + "' without a trial");
  }
  return *columns.trial;
}

Event read_asked(const EventColumns& columns, JsonReader& json) {
  Asked asked{trial_of(columns), {}, {}, columns.ticket, columns.time};
  json.object([&](std::string_view key) {
    if (key == "point")
      asked.proposal.point = read_point(json);
    else if (key == "by")
      asked.proposal.by = json.text();
    else if (key == "note")
      asked.proposal.note = read_numbers(json);
    else if (key == "worker")
      asked.worker = json.text();
    else
      json.fail("a key of 'asked'");
  });
  return asked;
}

Event read_reported(const EventColumns& columns, JsonReader& json) {
  Reported reported{trial_of(columns), {}, columns.time};
  json.object([&](std::string_view key) {
    if (key == "step")
      reported.report.step = json.integer();
    else if (key == "value")
      reported.report.value = json.number();
    else if (key == "others")
      json.list([&] { reported.report.others.push_back(json.number()); });
    else
      json.fail("a key of 'reported'");
  });
  return reported;
}

Event read_halted(const EventColumns& columns, JsonReader& json) {
  json.object([&](std::string_view) { json.fail("no key in 'halted'"); });
  return Halted{trial_of(columns), columns.time};
}

Event read_ended(const EventColumns& columns, JsonReader& json) {
  Ended ended;
  ended.trial = trial_of(columns);
  ended.time = columns.time;
  json.object([&](std::string_view key) {
    if (key == "state")
      ended.state = read_state(json);
    else if (key == "values")
      json.list([&] { ended.values.push_back(json.number()); });
    else if (key == "metrics")
      ended.metrics = read_numbers(json);
    else if (key == "why")
      ended.why = json.text();
    else if (key == "point")
      ended.point = read_point(json);
    else
      json.fail("a key of 'ended'");
  });
  return ended;
}

Event read_queued(const EventColumns& columns, JsonReader& json) {
  Queued queued;
  queued.time = columns.time;
  json.object([&](std::string_view key) {
    if (key == "point")
      queued.point = read_point(json);
    else if (key == "by")
      queued.by = json.text();
    else if (key == "note")
      queued.note = read_numbers(json);
    else
      json.fail("a key of 'queued'");
  });
  return queued;
}

Event read_noted(const EventColumns& columns, JsonReader& json) {
  Noted noted;
  noted.time = columns.time;
  json.object([&](std::string_view key) {
    if (key == "key")
      noted.key = json.text();
    else if (key == "json")
      noted.json = json.text();
    else
      json.fail("a key of 'noted'");
  });
  return noted;
}

Steering::Kind read_kind(JsonReader& json) {
  const std::string name = json.text();
  using enum Steering::Kind;
  for (const auto kind : {change, pause, resume, nurse, stop}) {
    if (name == steering_name(kind)) return kind;
  }
  json.fail("a kind of steering");
}

Event read_steered(const EventColumns& columns, JsonReader& json) {
  Steered steered{trial_of(columns), {}, columns.time};
  json.object([&](std::string_view key) {
    if (key == "kind")
      steered.steering.kind = read_kind(json);
    else if (key == "change")
      steered.steering.change = read_point(json);
    else if (key == "text")
      steered.steering.text = json.text();
    else
      json.fail("a key of 'steered'");
  });
  return steered;
}

Event read_alive(const EventColumns& columns, JsonReader& json) {
  Alive alive{{}, columns.time};
  json.object([&](std::string_view key) {
    if (key != "worker") json.fail("a key of 'alive'");
    alive.worker = json.text();
  });
  return alive;
}

Event read_freed(const EventColumns& columns, JsonReader& json) {
  Freed freed{trial_of(columns), 0, columns.time};
  json.object([&](std::string_view key) {
    if (key != "bytes") json.fail("a key of 'freed'");
    freed.bytes = json.integer();
  });
  return freed;
}

// As long as a space is large, not as a log is long: the general document reader will do.
Event read_grown(const EventColumns& columns, std::string_view body) try {
  const Node node = Node::parse_json(body, "grown");
  Fields fields(node);
  const std::string name = fields.need("name").text();
  Grown grown{parse_parameter(name, fields.need("parameter")), columns.time};
  fields.done();
  return grown;
} catch (const Error& error) {
  throw Error(Fault::io, error.what());
}

Event read_edited(const EventColumns& columns, std::string_view body) try {
  const Node node = Node::parse_json(body, "edited");
  Fields fields(node);
  Edited edited{space_from_json(fields.need("space")), {}, columns.time};
  for (const Node& line : fields.need("changes").items()) edited.changes.push_back(line.text());
  if (const Node* objective = fields.find("objective")) edited.objective = objective->text();
  fields.done();
  return edited;
} catch (const Error& error) {
  throw Error(Fault::io, error.what());
}

Lesson read_lesson(JsonReader& json) {
  Lesson lesson{};
  json.object([&](std::string_view key) {
    if (key == "point")
      lesson.point = read_point(json);
    else if (key == "score")
      lesson.score = json.number();
    else
      json.fail("a key of a lesson");
  });
  return lesson;
}

Event read_taught(const EventColumns& columns, JsonReader& json) {
  Taught taught;
  taught.time = columns.time;
  json.object([&](std::string_view key) {
    if (key == "source")
      taught.source = json.text();
    else if (key == "lessons")
      json.list([&] { taught.lessons.push_back(read_lesson(json)); });
    else
      json.fail("a key of 'taught'");
  });
  return taught;
}

void write_edit(Object& object, const Edited& edited) {
  object.key("space") += to_json(edited.space).dump();
  object.key("changes") += Json(edited.changes).dump();
  if (!edited.objective.empty()) write_text(object.key("objective"), edited.objective);
}

void write_lessons(Object& object, const Taught& taught) {
  write_text(object.key("source"), taught.source);
  std::string& out = object.key("lessons");
  out += '[';
  for (const Lesson& lesson : taught.lessons) {
    if (out.back() != '[') out += ',';
    Object entry(out);
    write_point(entry.key("point"), lesson.point);
    write_number(entry.key("score"), lesson.score);
    entry.close();
  }
  out += ']';
}

}  // namespace

EventColumns event_columns(const Event& event) {
  return std::visit(
      match{
          [](const Asked& e) { return EventColumns{"asked", e.trial, e.ticket, e.time}; },
          [](const Reported& e) { return EventColumns{"reported", e.trial, {}, e.time}; },
          [](const Halted& e) { return EventColumns{"halted", e.trial, {}, e.time}; },
          [](const Ended& e) { return EventColumns{"ended", e.trial, {}, e.time}; },
          [](const Queued& e) { return EventColumns{"queued", {}, {}, e.time}; },
          [](const Grown& e) { return EventColumns{"grown", {}, {}, e.time}; },
          [](const Noted& e) { return EventColumns{"noted", {}, {}, e.time}; },
          [](const Steered& e) { return EventColumns{"steered", e.trial, {}, e.time}; },
          [](const Alive& e) { return EventColumns{"alive", {}, {}, e.time}; },
          [](const Freed& e) { return EventColumns{"freed", e.trial, {}, e.time}; },
          [](const Edited& e) { return EventColumns{"edited", {}, {}, e.time}; },
          [](const Taught& e) { return EventColumns{"taught", {}, {}, e.time}; },
      },
      event);
}

std::string event_body(const Event& event) {
  std::string body;
  Object object(body);
  std::visit(match{
                 [&](const Asked& e) {
                   write_proposal(object, e.proposal.point, e.proposal.by, e.proposal.note);
                   if (!e.worker.empty()) write_text(object.key("worker"), e.worker);
                 },
                 [&](const Reported& e) {
                   write_integer(object.key("step"), e.report.step);
                   write_number(object.key("value"), e.report.value);
                   if (!e.report.others.empty()) {
                     write_list(object.key("others"), e.report.others);
                   }
                 },
                 [&](const Halted&) {},
                 [&](const Ended& e) { write_end(object, e); },
                 [&](const Queued& e) { write_proposal(object, e.point, e.by, e.note); },
                 [&](const Grown& e) {
                   write_text(object.key("name"), e.parameter.name);
                   object.key("parameter") += to_json(e.parameter).dump();
                 },
                 [&](const Noted& e) {
                   write_text(object.key("key"), e.key);
                   write_text(object.key("json"), e.json);
                 },
                 [&](const Steered& e) {
                   write_text(object.key("kind"), steering_name(e.steering.kind));
                   if (!e.steering.change.empty()) {
                     write_point(object.key("change"), e.steering.change);
                   }
                   if (!e.steering.text.empty()) {
                     write_text(object.key("text"), e.steering.text);
                   }
                 },
                 [&](const Alive& e) { write_text(object.key("worker"), e.worker); },
                 [&](const Freed& e) { write_integer(object.key("bytes"), e.bytes); },
                 [&](const Edited& e) { write_edit(object, e); },
                 [&](const Taught& e) { write_lessons(object, e); },
             },
             event);
  object.close();
  return body;
}

Event make_event(const EventColumns& columns, std::string_view body) {
  const std::string_view kind = columns.kind;
  if (kind == "grown") return read_grown(columns, body);
  if (kind == "edited") return read_edited(columns, body);
  using Read = Event (*)(const EventColumns&, JsonReader&);
  const Read read = kind == "asked"      ? read_asked
                    : kind == "reported" ? read_reported
                    : kind == "ended"    ? read_ended
                    : kind == "halted"   ? read_halted
                    : kind == "queued"   ? read_queued
                    : kind == "noted"    ? read_noted
                    : kind == "steered"  ? read_steered
                    : kind == "alive"    ? read_alive
                    : kind == "freed"    ? read_freed
                    : kind == "taught"   ? read_taught
                                         : nullptr;
  if (read == nullptr) {
    throw Error(Fault::io, "an event of unknown kind '" + std::string(kind) + "'");
  }
  JsonReader json(body);
  Event event = read(columns, json);
  json.end();
  return event;
}

}  // namespace caviar
