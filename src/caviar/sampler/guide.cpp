#include "caviar/sampler/guide.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

#include "caviar/sampler/belief.hpp"
#include "caviar/sampler/hunches.hpp"
#include "caviar/sampler/ledger.hpp"
#include "caviar/sampler/lessons.hpp"

namespace caviar {
namespace {

constexpr std::size_t most_compared = 60;  // trials of this study, the latest
// Before there are trials to compare, another study is believed so far, as if that many pairs had
// said so.
constexpr double first_trust = 0.6, first_pairs = 10;
constexpr double slope_of_score = 1.5;  // by how much log preference falls with a normal score

std::shared_ptr<const GaussianProcess> model_of(const Space& space, const Taught& taught) {
  std::vector<double> points, scores;
  for (const Lesson& lesson : taught.lessons) {
    const auto unit = encode_beyond(space, lesson.point);
    if (!unit) continue;
    points.insert(points.end(), unit->begin(), unit->end());
    scores.push_back(lesson.score);
  }
  if (scores.size() < 3) return nullptr;
  try {
    return std::make_shared<const GaussianProcess>(
        GaussianProcess::fit(axes_of(space), points, scores));
  } catch (const std::exception&) {
    return nullptr;
  }
}

struct Seen {
  std::vector<double> points, losses;
};

Seen latest(const History& history) {
  Seen seen;
  const auto endings = history.endings();
  for (std::size_t k = endings.size(); k-- > 0 && seen.losses.size() < most_compared;) {
    const Trial& trial = history.trials()[static_cast<std::size_t>(endings[k].trial)];
    const std::optional<double> loss = outcome(history, trial);
    if (!loss) continue;
    seen.points.insert(seen.points.end(), trial.unit.begin(), trial.unit.end());
    seen.losses.push_back(std::isnan(*loss) ? INFINITY : *loss);
  }
  return seen;
}

double agreement(const GaussianProcess& model, const Seen& seen) {
  const std::vector<GaussianProcess::Prediction> expected = model.predict_all(seen.points);
  double sum = first_trust * first_pairs, pairs = first_pairs;
  for (std::size_t i = 0; i < seen.losses.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (seen.losses[i] == seen.losses[j]) continue;
      const bool alike = (seen.losses[i] < seen.losses[j]) == (expected[i].mean < expected[j].mean);
      sum += alike ? 1 : -1;
      pairs += 1;
    }
  }
  return std::max(0.0, sum / pairs);
}

}  // namespace

void Guide::follow(const History& history) {
  const bool same_space =
      space_changes_ == history.space_changes() && space_.size() == history.space().size();
  hunches_ = has_hunches(history.space());
  if (!same_space) studies_.clear();
  if (history.lessons().empty()) studies_.clear();
  if (!hunches_ && history.lessons().empty()) return;
  if (!same_space || space_.empty()) space_ = history.space();
  space_changes_ = history.space_changes();
  std::vector<OtherStudy> studies;
  for (const auto& taught : history.lessons()) {
    const auto known = std::ranges::find(
        studies_, taught->source, [](const OtherStudy& study) { return study.taught->source; });
    const bool same = known != studies_.end() && known->taught == taught;
    studies.push_back(same ? *known : OtherStudy{taught, model_of(space_, *taught)});
  }
  studies_ = std::move(studies);
  exponent_ = hunch_exponent(history.endings().size());
  judge(history);
}

void Guide::judge(const History& history) {
  if (studies_.empty()) return;
  const Seen seen = latest(history);
  for (OtherStudy& study : studies_) {
    study.trust = study.model ? agreement(*study.model, seen) : 0;
  }
}

std::vector<double> Guide::trust() const {
  std::vector<double> result;
  for (const OtherStudy& study : studies_) result.push_back(study.trust);
  return result;
}

std::vector<double> Guide::preferences(std::span<const double> points) const {
  const std::size_t axes = space_.size(), rows = axes == 0 ? 0 : points.size() / axes;
  std::vector<double> result(rows, 0.0);
  for (std::size_t row = 0; hunches_ && row < rows; ++row) {
    result[row] += exponent_ * log_hunch(space_, points.subspan(row * axes, axes));
  }
  for (const OtherStudy& study : studies_) {
    if (!(study.trust > 0) || rows == 0) continue;
    const auto expected = study.model->predict_all(points);
    const double weight = exponent_ * study.trust * slope_of_score;
    for (std::size_t row = 0; row < rows; ++row) result[row] -= weight * expected[row].mean;
  }
  return result;
}

// The gradient is added to what is there.
double Guide::at(std::span<const double> point, std::span<double> gradient) const {
  double sum = 0;
  if (hunches_) sum += exponent_ * log_hunch(space_, point, exponent_, gradient);
  for (const OtherStudy& study : studies_) {
    if (!(study.trust > 0)) continue;
    const GaussianProcess::Slope slope = study.model->slope(point);
    const double weight = exponent_ * study.trust * slope_of_score;
    sum -= weight * slope.at.mean;
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] -= weight * slope.mean[i];
  }
  return sum;
}

Acquisition Guide::guided(Acquisition acquisition) const {
  if (silent()) return acquisition;
  const auto with = [this](Scores inner) -> Scores {
    if (!inner) return inner;
    return [this, inner = std::move(inner)](std::span<const double> points) {
      std::vector<double> scores = inner(points);
      const std::vector<double> own = preferences(points);
      for (std::size_t i = 0; i < scores.size(); ++i) scores[i] += own[i];
      return scores;
    };
  };
  Acquisition outer;
  outer.glance = with(std::move(acquisition.glance));
  outer.all = with(std::move(acquisition.all));
  outer.slope = [this, inner = std::move(acquisition.slope)](std::span<const double> point,
                                                             std::span<double> gradient) {
    return inner(point, gradient) + at(point, gradient);
  };
  return outer;
}

}  // namespace caviar
