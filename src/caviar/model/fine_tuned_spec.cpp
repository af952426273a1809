// What may be said beside a model to begin with: nothing that is the model's own.
#include <algorithm>
#include <array>
#include <variant>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/model/fine_tune.hpp"

namespace caviar {
namespace {

constexpr std::array of_the_network = {
    "hidden_units",        "layers",   "activation",  "batch_norm",
    "batch_norm_momentum", "residual", "initializer", "embedding_width"};

[[noreturn]] void refuse(const std::string& key, const std::string& why) {
  throw Error(Fault::input, fmt::format("{}: {}, which training from a model keeps as it is; leave "
                                        "it out, or train without --from",
                                        key, why));
}

bool same_network(const Settings& a, const Settings& b) {
  return a.hidden == b.hidden && a.activation == b.activation && a.batch_norm == b.batch_norm &&
         a.batch_norm_momentum == b.batch_norm_momentum && a.residual == b.residual &&
         a.initializer == b.initializer && a.embedding_width == b.embedding_width;
}

// What the model says that its network was made by.
TrainSpec spec_of_network(const SavedModel& saved) {
  TrainSpec spec;
  for (const char* name : of_the_network) {
    if (const Value* value = saved.hyperparameters.find(name)) spec.fixed.set(name, *value);
  }
  return spec;
}

void check_network(const SavedModel& saved, const TrainSpec& spec) {
  const TrainSpec made = spec_of_network(saved);
  const Settings has = settings(made);
  for (const char* name : of_the_network) {
    const Value* asked = spec.fixed.find(name);
    if (asked == nullptr) continue;
    TrainSpec other = made;
    other.fixed.set(name, *asked);
    if (same_network(settings(other), has)) continue;
    const Value* value = made.fixed.find(name);
    refuse(name, fmt::format("{} given, but the network is the model's, with {}", to_text(*asked),
                             to_text(value ? *value : find_hyperparameter(name)->usual)));
  }
}

// Whose rate may change on the way.
bool has_dropout(const std::vector<LayerSpec>& layers) {
  return std::ranges::any_of(layers, [](const LayerSpec& layer) {
    if (const auto* dropout = std::get_if<Dropout>(&layer)) return !dropout->rate;
    const auto* residual = std::get_if<Residual>(&layer);
    return residual != nullptr && has_dropout(residual->layers);
  });
}

void check_embedding(const Preprocessor& preprocessor, const PreprocessOptions& asked) {
  for (const ColumnCode& code : preprocessor.columns()) {
    if (code.type != ColumnType::category) continue;
    const auto& only = asked.embed_only;
    const bool meant = only.empty() || std::ranges::find(only, code.name) != only.end();
    if ((asked.embed && meant) == code.embed) continue;
    refuse("embed", fmt::format("column '{}' is{} embedded in the model", code.name,
                                code.embed ? "" : " not"));
  }
}

void check_target_scale(const TargetCode& known, const TrainSpec& spec) {
  const bool same = spec.targets.empty() ||
                    std::ranges::equal(known.columns, spec.targets, {}, &TargetColumn::name);
  if (!same || known.task != Task::regression) return;
  const bool scaled = std::ranges::any_of(known.columns, [](const TargetColumn& column) {
    return column.mean != 0 || column.deviation != 1;
  });
  if (scaled != spec.scale_target) {
    refuse("scale_target", fmt::format("the model's target is{} scaled", scaled ? "" : " not"));
  }
}

void check_preprocessing(const SavedModel& saved, const TrainSpec& spec,
                         const std::vector<std::string>& said) {
  const auto says = [&](const char* key, bool unusual) {
    return unusual || std::ranges::find(said, key) != said.end();
  };
  const PreprocessOptions& asked = spec.preprocessing;
  const PreprocessOptions usual;
  const std::string why = "the preprocessing is the model's";
  if (says("scaling", asked.scaling != usual.scaling)) refuse("scaling", why);
  if (says("most_levels", asked.most_levels != usual.most_levels)) refuse("most_levels", why);
  if (says("rare_share", asked.rare_share != usual.rare_share)) refuse("rare_share", why);
  if (says("embed", asked.embed)) check_embedding(saved.preprocessor, asked);
  if (says("scale_target", !spec.scale_target)) check_target_scale(saved.target, spec);
}

}  // namespace

TrainSpec spec_from(const SavedModel& saved, TrainSpec spec, const std::vector<std::string>& said) {
  check_network(saved, spec);
  const double dropout = settings(spec).knobs.dropout;
  if (dropout > 0 && !has_dropout(saved.network.layers)) {
    refuse("dropout", "the model's network has no layers for it");
  }
  check_preprocessing(saved, spec, said);
  if (!spec.cache.empty()) {
    throw Error(Fault::input,
                "cache: rows prepared as a model knows them are not kept in a file; leave it out, "
                "or train without --from");
  }
  const Point network = spec_of_network(saved).fixed;
  for (const auto& [name, value] : network.entries()) spec.fixed.set(name, value);
  return spec;
}

}  // namespace caviar
