// What the catalog knows of one pruner, made from what the pruner's file holds:
//
//   struct Threshold { double upper = …; };               // its options, declared by fields():
//   void fields(Threshold& o, auto&& field);              // see base/options.hpp
//   Flow judge(const Threshold&, const History&, const Trial&);
//   PrunerEntry threshold_pruner() { return pruner_entry<Threshold>("threshold", "stops …"); }
//
// and, where options must fit together:
//   void prepare(Threshold&, const Node& spec);           // throws Error{input}
//
// Options with a member `protect` make the pruner leave alone what looks like the leaders
// (leaders.hpp). Under several objectives a trial is judged by its distance to the front
// (front_view.hpp), and stopped only where it is behind all members; options that say
// `first_objective_alone` are judged by the first objective and nothing else.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "caviar/base/options.hpp"
#include "caviar/pruner/leaders.hpp"
#include "caviar/pruner/pruner.hpp"

namespace caviar {

struct PrunerEntry {
  PrunerInfo info;
  std::function<Pruner(const Node& spec)> make;  // a name, null, or a map with the options
};

template <class Options>
void prepare(Options&, const Node&) {}

inline constexpr std::int64_t usual_protection = 5;

void protect_field(auto& o, auto&& field) {
  field("protect", o.protect,
        "nothing is stopped that stands as well at its step as one of the best did, a tenth of all "
        "trials and at least so many complete ones; 0: no such protection",
        0, 1e9);
}

template <class Options>
Flow judge_safely(const Options& options, const History& history, const Trial& trial) {
  if constexpr (requires { options.protect; }) {
    if (options.protect > 0 && !is_behind_leaders(history, trial, options.protect)) return Flow::go;
  }
  return judge(options, history, trial);
}

template <class Options>
Flow judge_by_front(const Options& options, const History& history, const Trial& trial) {
  const FrontView view = front_view(history);
  const Trial& viewed = view.history.trials()[static_cast<std::size_t>(trial.number)];
  const bool told =
      !viewed.reports.empty() && viewed.reports.back().step == trial.reports.back().step;
  if (!told || !is_behind_front(view, viewed)) return Flow::go;
  return judge(options, view.history, viewed);
}

template <class Options>
PrunerEntry pruner_entry(const std::string& name, const std::string& summary) {
  PrunerEntry entry{{name, summary, {}}, {}};
  Options defaults;
  fields(defaults, OptionLister{entry.info.options});
  entry.make = [](const Node& spec) -> Pruner {
    Options options;
    const Node no_options;
    OptionReader reader(spec.is_map() ? spec : no_options, "pruner");
    fields(options, reader);
    reader.done();
    prepare(options, spec);
    return [options](const History& history, const Trial& trial) {
      if constexpr (requires { Options::first_objective_alone; }) {
        return judge(options, history, trial);
      } else {
        return history.goal().objectives() == 1 ? judge_safely(options, history, trial)
                                                : judge_by_front(options, history, trial);
      }
    };
  };
  return entry;
}

}  // namespace caviar
