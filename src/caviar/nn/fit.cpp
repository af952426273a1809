#include "caviar/nn/fit.hpp"

#include <algorithm>
#include <numeric>

#include "caviar/nn/training.hpp"

namespace caviar {

template <class T>
FitResult fit(Model<T>& model, const Samples<T>& training, const Samples<T>& validation,
              const FitOptions& options, const Knobs& knobs, const OnEpoch& on_epoch) {
  return Training<T>(model, training, validation, options, knobs).run({.on_epoch = on_epoch});
}

template <class T>
Score evaluate(const Model<T>& model, Workspace<T>& workspace, const Criterion& criterion,
               const Samples<T>& samples) {
  const double weight = mean_weight(criterion, samples);
  double sum = 0, correct = 0;
  for (std::size_t first = 0; first < samples.size(); first += workspace.max_rows()) {
    const std::size_t rows = std::min(workspace.max_rows(), samples.size() - first);
    const Samples<T> part = samples.slice(first, rows);
    const ConstMatrix<T> outputs = workspace.predict(model, part.x);
    const double mean =
        loss_and_delta(model.kernels(), criterion, outputs, part, workspace.delta(), weight);
    sum += mean * static_cast<double>(rows);
    if (classifies(criterion.loss)) correct += count_correct(criterion, outputs, part);
  }
  const auto count = static_cast<double>(samples.size());
  const std::span<const T> weights = samples.weights;
  const double all = weights.empty() ? count : std::accumulate(weights.begin(), weights.end(), 0.0);
  return {sum / count, classifies(criterion.loss) && all > 0 ? correct / all : unknown};
}

template FitResult fit(Model<float>&, const Samples<float>&, const Samples<float>&,
                       const FitOptions&, const Knobs&, const OnEpoch&);
template FitResult fit(Model<double>&, const Samples<double>&, const Samples<double>&,
                       const FitOptions&, const Knobs&, const OnEpoch&);
template Score evaluate(const Model<float>&, Workspace<float>&, const Criterion&,
                        const Samples<float>&);
template Score evaluate(const Model<double>&, Workspace<double>&, const Criterion&,
                        const Samples<double>&);

}  // namespace caviar
