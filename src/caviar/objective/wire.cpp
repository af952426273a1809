#include "caviar/objective/wire.hpp"

#include "caviar/base/json.hpp"
#include "caviar/base/measured.hpp"
#include "caviar/base/text.hpp"
#include "caviar/space/space_text.hpp"

namespace caviar {
namespace {

// Bytes that are no UTF-8 (of a path, say) must not throw.
std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// A number, or the text nan, inf or -inf.
std::optional<double> number_at(const Json& json, const std::string& key) {
  const auto found = json.find(key);
  if (found == json.end()) return std::nullopt;
  if (found->is_number()) return found->get<double>();
  if (found->is_string()) return parse_measured(found->get_ref<const std::string&>());
  return std::nullopt;
}

std::map<std::string, double> metrics_of_line(const Json& json) {
  std::map<std::string, double> metrics;
  const auto found = json.find("metrics");
  if (found == json.end() || !found->is_object()) return metrics;
  for (const auto& [name, value] : found->items()) {
    if (const auto number = number_at(*found, name)) metrics[name] = *number;
  }
  return metrics;
}

WireMessage read_report(const Json& json) {
  const auto step = json.find("step");
  const std::optional<double> value = number_at(json, "value");
  if (step == json.end() || !step->is_number_integer()) {
    return WireNonsense{"a report needs a step, a whole number"};
  }
  if (!value) return WireNonsense{"a report needs a value, a number"};
  return WireReport{step->get<std::int64_t>(), *value, metrics_of_line(json)};
}

WireMessage read_result(const Json& json) {
  const std::optional<double> value = number_at(json, "value");
  if (!value && json.contains("value")) return WireNonsense{"the value must be a number"};
  return WireResult{value, metrics_of_line(json)};
}

WireMessage read_took(const Json& json) {
  const auto what = json.find("what"), step = json.find("step");
  for (const char* known : {"change", "pause", "resume"}) {
    if (what == json.end() || *what != known) continue;
    const bool whole = step != json.end() && step->is_number_integer();
    return WireTook{known, whole ? step->get<std::int64_t>() : 0};
  }
  return WireNonsense{"what was taken must be change, pause or resume"};
}

}  // namespace

std::string wire_start(const WireStart& start) {
  Json json = {{"op", "start"},
               {"version", 1},
               {"study", start.study},
               {"trial", start.trial},
               {"metric", start.metric},
               {"seed", start.seed},
               {"directory", start.directory},
               {"checkpoint", start.checkpoint},
               {"parameters", to_json(start.parameters)}};
  if (start.budget) json["budget"] = json_whole_or_number(*start.budget);
  return line_of(json);
}

std::string wire_answer(std::int64_t step, Flow flow) {
  return line_of({{"op", "answer"}, {"step", step}, {"stop", flow == Flow::stop}});
}

std::string wire_stop(const std::string& why) { return line_of({{"op", "stop"}, {"why", why}}); }
std::string wire_pause() { return line_of({{"op", "pause"}}); }
std::string wire_resume() { return line_of({{"op", "resume"}}); }

std::string wire_change(const Point& parameters) {
  return line_of({{"op", "change"}, {"parameters", to_json(parameters)}});
}

WireMessage read_wire_line(std::string_view line) {
  const Json json = parse_json_line(line);
  if (!json.is_object()) return WireNonsense{"it is no JSON object"};
  const auto op = json.find("op");
  if (op == json.end() || !op->is_string()) return WireNonsense{"it has no \"op\""};
  const auto& name = op->get_ref<const std::string&>();
  if (name == "report") return read_report(json);
  if (name == "result") return read_result(json);
  if (name == "fail") {
    const auto why = json.find("why");
    const bool said = why != json.end() && why->is_string();
    return WireFailure{said ? why->get<std::string>() : "it says that it failed"};
  }
  if (name == "took") return read_took(json);
  return WireNonsense{"\"op\" must be report, result, fail or took"};
}

}  // namespace caviar
