#include "caviar/cli/conversation.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/measured.hpp"
#include "caviar/base/text.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trial/front.hpp"
#include "caviar/trial/repeats.hpp"
#include "caviar/tune/export.hpp"
#include "caviar/tune/front.hpp"
#include "caviar/tune/run.hpp"

namespace caviar::cli {
namespace {

constexpr std::int64_t most_asked_at_once = 100'000;

Json asked(const Trial& trial) {
  Json json = {{"trial", trial.number}, {"params", to_json(trial.point)}};
  for (const char* key : {budget_note, continues_note}) {
    if (const std::optional<double> number = number_in(trial.note, key)) json[key] = *number;
  }
  return json;
}

int trial_number(Fields& fields) {
  const Node& node = fields.need("trial");
  const std::int64_t number = node.integer();
  if (number < 0 || number > INT32_MAX) node.fail(node.describe() + " is no trial's number");
  return static_cast<int>(number);
}

// JSON has no NaN: a program that got one says "nan", "inf" or "-inf", or what
// with_non_finite_quoted makes these of.
double measured(const Node& node) {
  if (!node.is_text()) return node.number();
  const std::optional<double> value = parse_number(node.text());
  if (!value) node.fail(node.describe() + " given, a number expected");
  return *value;
}

std::vector<double> told(Fields& fields, const Node* value, const Node* values) {
  if (value != nullptr && values != nullptr) values->fail("give either value or values");
  if (values == nullptr) return {measured(value ? *value : fields.need("value"))};
  std::vector<double> result;
  for (const Node& item : values->items()) result.push_back(measured(item));
  return result;
}

Json solution(int trial, const std::vector<double>& values, const Point& point) {
  Json json = {{"trial", trial}};
  if (values.size() == 1) {
    json["value"] = json_number(values.front());
  } else {
    for (const double value : values) json["values"].push_back(json_number(value));
  }
  json["params"] = to_json(point);
  return json;
}

// {"x": 0.5}: values of some of the space's parameters, which the study will check.
Point some_values(const Node& params) {
  Point point = parse_point(params);
  if (point.empty()) params.fail("empty; at least one parameter is expected");
  return point;
}

}  // namespace

Conversation::Conversation(Study study, const Limits& limits)
    : study_(std::move(study)), limits_(limits) {
  study_.keep_to(limits);
}

Json Conversation::answer(const Node& request) {
  Fields fields(request);
  const Node& op = fields.need("op");
  if (op.text() == "ask") return ask(fields);
  if (op.text() == "tell") return tell(fields);
  if (op.text() == "report") return report(fields);
  if (op.text() == "enqueue") return enqueue(fields);
  if (op.text() == "best") return best(fields);
  if (op.text() == "trials") return trials(fields);
  const std::vector<std::string> known = {"ask", "tell", "report", "enqueue", "best", "trials"};
  op.fail(op.describe() + " is no request" + suggestion(op.text(), known));
}

std::string Conversation::finished() {
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin_;
  if (limits_.time_s && passed.count() >= *limits_.time_s) return ending_name(Ending::time);
  if (limits_.max_failed && failed_in_a_row_ >= *limits_.max_failed) {
    return ending_name(Ending::failing);
  }
  const std::optional<Ending> ending = study_.finished();
  return ending ? ending_name(*ending) : "";
}

Json Conversation::ask(Fields& fields) {
  const Node* count = fields.find("count");
  const Node* fix = fields.find("fix");
  fields.done();
  const Point fixed = fix == nullptr ? Point() : some_values(*fix);
  if (count == nullptr) return asked(next(fixed));
  if (count->integer() < 1 || count->integer() > most_asked_at_once) {
    count->fail(count->describe() + " given, 1 to " + std::to_string(most_asked_at_once) +
                " expected");
  }
  Json all = Json::array({asked(next(fixed))});
  for (std::int64_t left = count->integer() - 1; left > 0; --left) {
    const std::optional<Trial> trial = study_.ask(fixed);
    if (!trial) break;  // the rest of a finite space, or of the trials that a limit allows
    all.push_back(asked(*trial));
  }
  return {{"trials", std::move(all)}};
}

Trial Conversation::next(const Point& fixed) {
  std::string why = finished();
  if (why.empty() || why == ending_name(Ending::exhausted)) {
    if (std::optional<Trial> trial = study_.ask(fixed)) return *std::move(trial);
    why = finished();
  }
  if (why.empty() || why == ending_name(Ending::exhausted)) {
    throw Error(Fault::missing, "the search is finished: no configuration is left to try");
  }
  throw Error(Fault::missing, "the search is finished: limits." + why + " is met");
}

Json Conversation::tell(Fields& fields) {
  const int trial = trial_number(fields);
  end_trial(fields, trial, fields.text("state", "complete"));
  Json json = {{"ok", true}};
  if (const std::string why = finished(); !why.empty()) json["finished"] = why;
  return json;
}

void Conversation::end_trial(Fields& fields, int trial, const std::string& state) {
  const Node* value = fields.find("value");
  const Node* values = fields.find("values");
  std::map<std::string, double> metrics;
  if (const Node* others = fields.find("metrics")) {
    for (const auto& [name, node] : others->entries()) metrics[name] = measured(node);
  }
  const std::string why = fields.text("why", "told so");
  fields.done();
  TrialState came_to = TrialState::failed;
  if (state == "failed") {
    study_.fail(trial, why);
  } else if (state == "pruned") {
    study_.prune(trial);
    came_to = TrialState::pruned;
  } else if (state == "complete") {
    came_to = study_.tell(trial, told(fields, value, values), metrics);
  } else {
    fields.need("state").fail("'" + state + "' given, complete, failed or pruned expected");
  }
  failed_in_a_row_ = came_to == TrialState::failed ? failed_in_a_row_ + 1 : 0;
}

Json Conversation::report(Fields& fields) {
  const int trial = trial_number(fields);
  const std::int64_t step = fields.need("step").integer();
  const Node* value = fields.find("value");
  const Node* values = fields.find("values");
  const bool first_alone = values == nullptr;
  const std::vector<double> all = told(fields, value, values);
  fields.done();
  const Flow flow =
      first_alone ? study_.report(trial, step, all.front()) : study_.report(trial, step, all);
  return {{"ok", true}, {"stop", flow == Flow::stop}};
}

Json Conversation::enqueue(Fields& fields) {
  const Point point = some_values(fields.need("params"));
  fields.done();
  return {{"ok", true}, {"ticket", study_.enqueue(point)}};
}

Json Conversation::best(Fields& fields) {
  fields.done();
  const History history = study_.history();
  const std::optional<Recommendation> best = recommendation(history);
  if (!best) throw Error(Fault::missing, no_solution_text(history));
  if (history.goal().objectives() == 1) {
    Json json = solution(best->trial->number, best->values, best->trial->point);
    if (best->runs > 1) json["runs"] = best->runs;
    return json;
  }
  Json front = Json::array();
  for (const int number : pareto_front(history)) {
    const Trial& trial = history.trials()[static_cast<std::size_t>(number)];
    front.push_back(solution(number, trial.values, trial.point));
  }
  return {{"front", std::move(front)}};
}

Json Conversation::trials(Fields& fields) {
  fields.done();
  return {{"trials", all_trials_json(study_.history())}};
}

}  // namespace caviar::cli
