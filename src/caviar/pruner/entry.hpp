// What the catalog knows of one pruner, made from what the pruner's file holds:
//
//   struct Threshold { double upper = …; };               // its options, declared by fields():
//   void fields(Threshold& o, auto&& field);              // see base/options.hpp
//   Flow judge(const Threshold&, const History&, const Trial&);
//   PrunerEntry threshold_pruner() { return pruner_entry<Threshold>("threshold", "stops …"); }
//
// and, where options must fit together:
//   void prepare(Threshold&, const Node& spec);           // throws Error{input}
#pragma once

#include <functional>
#include <string>

#include "caviar/base/options.hpp"
#include "caviar/pruner/pruner.hpp"

namespace caviar {

struct PrunerEntry {
  PrunerInfo info;
  std::function<Pruner(const Node& spec)> make;  // a name, null, or a map with the options
};

template <class Options>
void prepare(Options&, const Node&) {}

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
      // A step has one value; what several objectives would be judged by is not known.
      if (history.goal().directions.size() != 1) return Flow::go;
      return judge(options, history, trial);
    };
  };
  return entry;
}

}  // namespace caviar
