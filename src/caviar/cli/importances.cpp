// caviar importances: which hyperparameters matter, everywhere and among the good trials.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "caviar/analysis/evidence.hpp"
#include "caviar/analysis/importance.hpp"
#include "caviar/analysis/local_importance.hpp"
#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/study_choice.hpp"
#include "caviar/tune/terminal.hpp"

namespace caviar::cli {
namespace {

constexpr std::size_t bar_width = 12;
constexpr std::size_t most_pairs = 3, most_surprises = 4;
constexpr double least_pair = 0.05;  // pairs that explain less are not worth a line

struct ImportancesOptions {
  StudyChoice choice;
  std::optional<double> good;
  bool json = false;
};

// Of one objective.
struct Measured {
  std::string metric;
  Importance whole;
  std::optional<LocalImportance> good;
};

const ParameterImportance& of(const std::vector<ParameterImportance>& all, std::size_t parameter) {
  return *std::find_if(all.begin(), all.end(),
                       [&](const auto& one) { return one.parameter == parameter; });
}

std::vector<Measured> measure(const StoredStudy& stored, double good) {
  std::vector<Measured> all;
  const History& history = stored.history;
  for (std::size_t k = 0; k < history.goal().objectives(); ++k) {
    const std::optional<Importance> whole = importance(history, {.objective = k});
    if (!whole) continue;
    all.push_back({history.goal().name(k), *whole,
                   local_importance(history, {.objective = k, .good = good})});
  }
  if (!all.empty()) return all;
  throw Error(
      Fault::missing,
      fmt::format("study '{}': too little is known to say what matters: at least 4 complete "
                  "trials of different values are needed",
                  stored.spec.name));
}

std::string share_text(const ParameterImportance& one, bool of_the_good) {
  if (of_the_good && !one.above_chance) {
    return padded("", bar_width) + "   no more than by chance";
  }
  return fmt::format("{} {:3.0f} % ± {:.0f}", padded(bar(one.share, bar_width), bar_width),
                     100 * one.share, 100 * one.spread);
}

std::string table_text(const Space& space, const Measured& measured, const Terminal& terminal) {
  std::vector<std::string> headers = {"hyperparameter", ">tier", "everywhere"};
  if (measured.good) headers.push_back(fmt::format("among the best {}", measured.good->good));
  TextTable table(headers);
  for (const ParameterImportance& one : measured.whole.parameters) {
    const Parameter& parameter = space[one.parameter];
    std::vector<std::string> row = {parameter.name,
                                    parameter.tier == 0 ? "" : std::to_string(parameter.tier),
                                    share_text(one, false)};
    if (measured.good) {
      row.push_back(share_text(of(measured.good->parameters, one.parameter), true));
    }
    table.add(std::move(row));
  }
  return table.text(terminal);
}

std::string pairs_text(const Space& space, const Importance& whole) {
  std::string text;
  for (std::size_t i = 0; i < std::min(most_pairs, whole.pairs.size()); ++i) {
    const PairImportance& pair = whole.pairs[i];
    if (pair.share < least_pair) break;
    if (pair.share < 2 * pair.spread) continue;  // may be none
    text += fmt::format("{} and {} together: {:.0f} % ± {:.0f} more than each by itself\n",
                        space[pair.first].name, space[pair.second].name, 100 * pair.share,
                        100 * pair.spread);
  }
  return text;
}

// Pairs whose order by measured share is not that of their tiers, beyond both spreads.
std::vector<std::string> surprises(const Space& space, const Importance& whole) {
  std::vector<std::string> found;
  for (const ParameterImportance& more : whole.parameters) {
    for (const ParameterImportance& less : whole.parameters) {
      const Parameter &high = space[more.parameter], &low = space[less.parameter];
      const bool against = high.tier > low.tier && low.tier > 0;
      if (!against || more.share - more.spread <= less.share + less.spread) continue;
      found.push_back(fmt::format("{} (tier {}) mattered more than {} (tier {})", high.name,
                                  high.tier, low.name, low.tier));
    }
  }
  return found;
}

void print(const StoredStudy& stored, const Measured& measured, const Terminal& terminal) {
  const Space& space = stored.history.space();
  fmt::print("{}\n",
             styled(terminal, Style::bold, fmt::format("what decides the {}", measured.metric)));
  fmt::print("{}{}", table_text(space, measured, terminal), pairs_text(space, measured.whole));
  if (const std::optional<double> budget = budget_of_evidence(stored.history)) {
    fmt::print("configurations are compared at the budget {}\n", number_text(*budget));
  }
  if (!measured.good) {
    fmt::print("among the good trials alone nothing can be said yet: there are too few\n");
  }
  std::vector<std::string> against = surprises(space, measured.whole);
  if (against.size() > most_surprises) against.resize(most_surprises);
  if (!against.empty()) fmt::print("other than in practice: {}\n", join(against, "; "));
}

Json json_of(const Space& space, const std::vector<ParameterImportance>& parameters) {
  Json json = Json::object();
  for (const ParameterImportance& one : parameters) {
    json[space[one.parameter].name] = {
        {"share", one.share}, {"spread", one.spread}, {"above_chance", one.above_chance}};
  }
  return json;
}

Json json_of(const Space& space, const Measured& measured) {
  Json json = {{"metric", measured.metric},
               {"everywhere", json_of(space, measured.whole.parameters)},
               {"pairs", Json::array()},
               {"among_the_good", nullptr},
               {"other_than_in_practice", surprises(space, measured.whole)}};
  for (const PairImportance& pair : measured.whole.pairs) {
    json["pairs"].push_back({{"first", space[pair.first].name},
                             {"second", space[pair.second].name},
                             {"share", pair.share},
                             {"spread", pair.spread}});
  }
  if (measured.good) {
    json["among_the_good"] = {{"trials", measured.good->good},
                              {"best", measured.good->best},
                              {"parameters", json_of(space, measured.good->parameters)}};
  }
  return json;
}

int run(const ImportancesOptions& options) {
  const double good = options.good.value_or(0.5);
  if (!(good > 0 && good <= 1)) {
    throw Error(
        Fault::input,
        fmt::format("--good: {} given, a share of the trials above 0 and at most 1 expected",
                    number_text(good)));
  }
  const StoredStudy stored = read_study(options.choice.place());
  const std::vector<Measured> all = measure(stored, good);
  if (options.json) {
    Json json = {{"study", stored.spec.name}, {"objectives", Json::array()}};
    for (const Measured& one : all) {
      json["objectives"].push_back(json_of(stored.history.space(), one));
    }
    print_json(json);
    return 0;
  }
  for (const Measured& one : all) print(stored, one, terminal_of(stdout));
  return 0;
}

}  // namespace

Command importances_command() {
  return {"importances", "Which hyperparameters matter, everywhere and among the good trials",
          R"(  caviar importances digits.yaml
  caviar importances digits.db --good 0.25 --json)",
          [](Arguments& arguments) {
            auto options = std::make_shared<ImportancesOptions>();
            options->choice.declare(arguments);
            arguments.option("--good", "SHARE", options->good,
                             "The share of all trials that counts as good (0.5)");
            arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
            return [options] { return run(*options); };
          }};
}

}  // namespace caviar::cli
