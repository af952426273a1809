// An event as a storage keeps it: a few columns to search by, and the rest as JSON text.
//
//   kind      trial  ticket  body
//   asked     3      0       {"point":{"lr":0.01,"units":64},"by":"gp","note":{…},"worker":"…"}
//   reported  3              {"step":1,"value":0.42}
//   halted    3              {}
//   ended     3 {"state":"complete","values":[0.4],"metrics":{…},"why":"…","point":{…}} queued
//   {"point":{…},"by":"enqueued","note":{…}} grown {"name":"lr","parameter":{"type":"float",…}}
//   noted                    {"key":"test","json":"…"}
//   steered   3              {"kind":"change","change":{"lr":0.001}}
//   alive                    {"worker":"…"}
//   edited                   {"space":{…},"changes":["…"],"objective":"…"}
//   taught                   {"source":"…","lessons":[{"point":{…},"score":-1.2}]}
// Empty parts of a body are left out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "caviar/trial/event.hpp"

namespace caviar {

struct EventColumns {
  std::string_view kind;
  std::optional<int> trial, ticket;
  double time = 0;
};

EventColumns event_columns(const Event& event);  // kind is a literal
std::string event_body(const Event& event);
// The reverse of both. Throws Error{io} on what they cannot have written.
Event make_event(const EventColumns& columns, std::string_view body);

}  // namespace caviar
