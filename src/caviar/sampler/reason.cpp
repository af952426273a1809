#include "caviar/sampler/reason.hpp"

#include <cstddef>
#include <iterator>
#include <utility>

namespace caviar {
namespace {

// What a note says, the more special first.
constexpr std::pair<const char*, const char*> by_note[] = {
    {repeats_note, "an interrupted trial again"},
    {"again", "the leading configuration once more, as its values are noisy"},
    {"completed", "asked for by a person, who left the rest to the method"},
    {replaced_note, "one of the best goes on in a worse one's place, its parameters changed"},
    {continues_note, "goes on, as it is not among the worst of its budget"},
    {"fallback", "drawn at random, as the method had nothing to propose"},
    {"explores", "far from all others, or drawn at random, so that nothing is left out for ever"},
    {"startup", "spread evenly, before there is enough to learn from"},
    {"step", "a step along one axis from the best trial, before there is enough to learn from"},
    {"close_up", "a close look at the neighbourhood of the best trial"},
    {"challenge", "another choice than the best trial's"},
    {"front", "where the front is expected to grow most"},
    {"feasible", "where the bounds are likely to be kept, which no trial has done yet"},
    {"low_mean", "where the loss is expected to be lowest"},
    {"low_bound", "where the loss may well be low, as its values are noisy"},
    {"probability", "where an improvement is likeliest"},
    {"confidence_bound", "where the loss may be lowest"},
    {"draw", "where a function drawn from the model is lowest"},
};

constexpr std::pair<const char*, const char*> by_method[] = {
    {"gp", "where the model expects the largest improvement"},
    {"tpe", "where good trials are dense and the others are not"},
    {"nsga2", "a child of two trials that none beats, or few"},
    {"forest", "where the forest expects the largest improvement"},
    {"de", "a step from one good trial towards a better one"},
    {"cmaes", "drawn from the Gaussian that good trials have shaped"},
    {"zoom", "spread evenly over the box of this round"},
    {"sobol", "spread evenly"},
    {"random", "drawn at random"},
    {"grid", "the next of all combinations"},
    {"manual", "the next of your list"},
    {"lessons", "among the best of an earlier study"},
    {"enqueued", "asked for by a person"},
};

// How `auto` chose the method, by the number of its rule.
constexpr const char* by_rule[] = {"", "the model's turn", "second look", "many trials",
                                   "many trials of numbers"};

std::string reason_of_method(const Trial& trial) {
  for (const auto& [note, words] : by_note) {
    if (trial.note.contains(note)) return words;
  }
  for (const auto& [method, words] : by_method) {
    if (trial.by == method) return words;
  }
  return "";
}

std::string rule_of(const Trial& trial) {
  const auto rule = static_cast<std::size_t>(number_in(trial.note, auto_note).value_or(0));
  return rule < std::size(by_rule) ? by_rule[rule] : "";
}

}  // namespace

std::string reason(const Trial& trial) {
  const std::string rule = rule_of(trial), words = reason_of_method(trial);
  return rule.empty() || words.empty() ? words : rule + ": " + words;
}

}  // namespace caviar
