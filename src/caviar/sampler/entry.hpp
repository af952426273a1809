// What the catalog knows of one method, made from three things that the method's file holds:
//
//   struct Zoom { int per_round = 10; };                                 // its options
//   void fields(Zoom& o, auto&& field) {                                 // their names
//     field("per_round", o.per_round, "trials before the box shrinks", 1, 1e6);
//   }
//   std::optional<Proposal> propose(const Zoom&, const History&, Rng&);  // what next?
//   Entry zoom_sampler() { return sampler_entry<Zoom>("zoom", "coarse to fine"); }
//
// and, where the method needs them, two more found the same way:
//   void prepare(Zoom&, const Setup&);                  // check against the space, keep the seed
//   std::optional<std::uint64_t> planned(const Zoom&, const Space&);     // when it is used up
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "caviar/base/options.hpp"
#include "caviar/sampler/sampler.hpp"

namespace caviar {

struct Entry {
  SamplerInfo info;
  std::function<Sampler(const SearchSpec&, const Space&)> make;
  std::function<std::optional<std::uint64_t>(const SearchSpec&, const Space&)> planned;
};

// What a method may look at before the first proposal.
struct Setup {
  const Space& space;
  std::uint64_t seed;  // for what has to be the same in all trials: a scrambling
};

template <class Options>
void prepare(Options&, const Setup&) {}
template <class Options>
std::optional<std::uint64_t> planned(const Options&, const Space&) {
  return std::nullopt;
}

template <class Options>
Options read_options(const SearchSpec& spec, const Space& space) {
  Options options;
  OptionReader reader(spec.options);
  fields(options, reader);
  reader.done();
  prepare(options, Setup{space, spec.seed});
  return options;
}

template <class Options>
Entry sampler_entry(const std::string& name, const std::string& summary) {
  Entry entry{{name, summary, {}, true}, {}, {}};
  Options defaults;
  fields(defaults, OptionLister{entry.info.options});
  entry.make = [name](const SearchSpec& spec, const Space& space) -> Sampler {
    return [name, options = read_options<Options>(spec, space)](const History& history, Rng& rng) {
      std::optional<Proposal> proposal = propose(options, history, rng);
      if (proposal && proposal->by.empty()) proposal->by = name;
      return proposal;
    };
  };
  entry.planned = [](const SearchSpec& spec, const Space& space) {
    return planned(read_options<Options>(spec, space), space);
  };
  return entry;
}

}  // namespace caviar
