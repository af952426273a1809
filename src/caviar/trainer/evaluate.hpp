// What a trained network says about rows, and how good that is.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "caviar/nn/fit.hpp"
#include "caviar/nn/model.hpp"
#include "caviar/trainer/prepared_data.hpp"
#include "caviar/trainer/scores.hpp"

namespace caviar {

// How well a model does on one part; what has no meaning there is unknown. Errors of a regression
// are in the target's own unit. Rows count by their weights.
struct PartScore {
  double loss = unknown;  // the one that is trained; of a regression in the target's own unit
  // classification
  double accuracy = unknown, balanced_accuracy = unknown, f1 = unknown, auc = unknown,
         log_loss = unknown;
  double top3 = unknown, top5 = unknown;  // where there are more classes than that
  // multi_label: those above are means over the labels, and
  double exact = unknown;  // the share of rows in which all labels are right
  // regression; of several numbers the mean over them, of several quantiles those of the median
  double rmse = unknown, mae = unknown, r2 = unknown;
  // Of several quantiles: the share of rows whose true number lies between the
  // lowest and the highest of them, the bounds included.
  double coverage = unknown;
};

// The quantile of each column, where several are learnt; else none. As
// Criterion wants them.
std::vector<double> quantiles_of(const TargetCode& target);

// One column of a target of which several quantiles are learnt, on one part.
struct QuantileScore {
  double loss = unknown;   // the mean pinball loss, in the target's own unit
  double below = unknown;  // the share of rows whose true number is not above what was said
};
// A column each. Only where target.quantiles() is not 0.
std::vector<QuantileScore> quantile_scores_on(const PreparedData& data, const DataPart& part,
                                              const Model<float>& model);

// The network's outputs for each row (rows × outputs): logits, or the scaled number.
std::vector<float> outputs_of(const Model<float>& model, ConstMatrix<float> x);

// Those of a regression, scaled, several quantiles of one number in order.
std::vector<float> numbers_of(const TargetCode& target, const Model<float>& model,
                              ConstMatrix<float> x);

// The model on one part of the data, nothing random. All unknown where the part is empty.
PartScore evaluate_part(const PreparedData& data, const DataPart& part, const Model<float>& model,
                        const Criterion& criterion);

// The loss that is usual for the task, without smoothing or weights; and for a network with so many
// outputs, where that is said.
Criterion usual_criterion(Task task, std::size_t outputs = 0);

// What a loss on scaled targets is multiplied by to be one in the target's own unit; 1 where
// several numbers have units of their own.
double loss_unit(const TargetCode& target, Loss loss);

// Classification: the logit of each class for each row (rows × classes). A network that says two
// classes by one output z has logits 0 and z.
std::vector<float> class_logits(const Model<float>& model, ConstMatrix<float> x);

// Each label on one part. multi_label only.
std::vector<LabelScore> label_scores_on(const DataPart& part, const Model<float>& model);

// What was taken for what on one part. Classification only.
ConfusionMatrix confusion_on(const DataPart& part, const Model<float>& model);

// Predicted minus true of the target's column `index`, in its own unit, a row each. Regression
// only.
std::vector<double> residuals_on(const PreparedData& data, const DataPart& part,
                                 const Model<float>& model, std::size_t index = 0);

// What is known of the score, by name: {"test_loss", "test_f1", …} for the prefix "test_".
std::map<std::string, double> named_scores(const PartScore& score, const std::string& prefix);

// Every name that there is, without a prefix.
std::vector<std::string> score_names();
// Whether a larger score of this name is the better one.
bool larger_is_better(const std::string& name);

}  // namespace caviar
