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
  json.update(budget_json(trial));
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

Json solution(const Space& space, int trial, const std::vector<double>& values,
              const Point& point) {
  Json json = {{"trial", trial}};
  if (values.size() == 1) {
    json["value"] = json_number(values.front());
  } else {
    for (const double value : values) json["values"].push_back(json_number(value));
  }
  json.update(params_json(space, point));
  return json;
}

Json no_more(Ending ending) {
  const std::string why = ending_name(ending);
  const std::string text =
      ending == Ending::exhausted ? "no configuration is left to try" : "limits." + why + " is met";
  return {{"error", "the search is finished: " + text}, {"finished", why}};
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

std::optional<Ending> Conversation::finished() const {
  if (const std::optional<Ending> ending = limits_.met()) return ending;
  return study_.finished();
}

Json Conversation::ask(Fields& fields) {
  const Node* count = fields.find("count");
  const Node* fix = fields.find("fix");
  fields.done();
  const Point fixed = fix == nullptr ? Point() : some_values(*fix);
  if (count != nullptr && (count->integer() < 1 || count->integer() > most_asked_at_once)) {
    count->fail(count->describe() + " given, 1 to " + std::to_string(most_asked_at_once) +
                " expected");
  }
  const std::optional<Trial> first = next(fixed);
  if (!first) return no_more(finished().value_or(Ending::exhausted));
  if (count == nullptr) return asked(*first);
  Json all = Json::array({asked(*first)});
  for (std::int64_t left = count->integer() - 1; left > 0; --left) {
    const std::optional<Trial> trial = study_.ask(fixed);
    if (!trial) break;  // the rest of a finite space, or of the trials that a limit allows
    all.push_back(asked(*trial));
  }
  return {{"trials", std::move(all)}};
}

std::optional<Trial> Conversation::next(const Point& fixed) {
  // In a space that was used up a trial may be left again: one of a program that died.
  const std::optional<Ending> ending = finished();
  if (ending && *ending != Ending::exhausted) return std::nullopt;
  return study_.ask(fixed);
}

Json Conversation::tell(Fields& fields) {
  const int trial = trial_number(fields);
  end_trial(fields, trial, fields.text("state", "complete"));
  Json json = {{"ok", true}};
  if (const std::optional<Ending> ending = finished()) json["finished"] = ending_name(*ending);
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
  limits_.ended(came_to);
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
    Json json = solution(history.space(), best->trial->number, best->values, best->trial->point);
    if (best->runs > 1) json["runs"] = best->runs;
    return json;
  }
  Json front = Json::array();
  for (const int number : pareto_front(history)) {
    const Trial& trial = history.trials()[static_cast<std::size_t>(number)];
    front.push_back(solution(history.space(), number, trial.values, trial.point));
  }
  return {{"front", std::move(front)}};
}

Json Conversation::trials(Fields& fields) {
  fields.done();
  return {{"trials", all_trials_json(study_.history())}};
}

}  // namespace caviar::cli
