#include "caviar/trainer/names_elsewhere.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "caviar/base/text.hpp"
#include "caviar/trainer/hyperparameters.hpp"

namespace caviar {
namespace {

struct Elsewhere {
  std::string_view here;
  std::string_view others;  // with a blank around each
};

constexpr std::array<Elsewhere, 37> all_names = {{
    {"learning_rate", " lr eta learning_rate_init base_lr initial_lr initial_learning_rate "},
    {"learning_rate_decay", " lr_decay decay decay_rate "},
    {"final_learning_rate", " final_lr min_lr eta_min end_learning_rate "},
    {"schedule", " scheduler lr_schedule lr_scheduler learning_rate_schedule "},
    {"schedule_every", " step_size decay_steps "},
    {"schedule_drop", " gamma drop_factor "},
    {"warmup_epochs", " warmup warm_up warmup_steps "},
    {"weight_decay", " l2 wd l2_reg reg regularization kernel_regularizer "},
    {"l1", " l1_reg "},
    {"batch_size", " bs batch minibatch minibatch_size mini_batch_size "},
    {"dropout", " dropout_rate drop_rate drop dropout_prob dropout_p "},
    {"layers", " num_layers n_layers nb_layers depth hidden_layers num_hidden_layers "},
    {"hidden_units",
     " hidden_size hidden_sizes hidden hidden_dim hidden_dims units num_units n_units width "
     "neurons hidden_layer_sizes layer_sizes hidden_width "},
    {"activation", " act nonlinearity activation_function "},
    {"optimizer", " opt optim solver optimiser "},
    {"epochs", " num_epochs n_epochs max_epochs nb_epoch nb_epochs max_iter iterations "},
    {"initializer", " init weight_init initialization kernel_initializer initialiser "},
    {"batch_norm", " bn batchnorm batch_normalization batch_normalisation normalization "},
    {"batch_norm_momentum", " bn_momentum "},
    {"residual", " skip skip_connections resnet "},
    {"label_smoothing", " smoothing "},
    {"clip_norm", " clipnorm grad_clip gradient_clip gradient_clipping max_grad_norm "},
    {"clip_value", " clipvalue grad_clip_value "},
    {"beta1", " beta_1 b1 "},
    {"beta2", " beta_2 b2 "},
    {"epsilon", " eps "},
    {"weight_average", " ema ema_decay ema_momentum polyak "},
    {"input_noise", " noise gaussian_noise "},
    {"mixup", " mixup_alpha "},
    {"embedding_width", " embedding_dim embedding_size emb_dim "},
    {"loss", " criterion loss_function loss_fn "},
    {"class_weights", " class_weight "},
    {"weights", " sample_weight sample_weights weight_column "},
    {"seed", " random_state random_seed "},
    {"validation", " validation_split val_split validation_fraction val_share validation_share "},
    {"validation.folds", " folds k_folds kfolds n_folds n_splits cv "},
    {"test", " test_split test_size test_share "},
}};

}  // namespace

std::optional<std::string> name_here(const std::string& name_elsewhere) {
  const std::string wanted = " " + name_elsewhere + " ";
  const auto found = std::ranges::find_if(all_names, [&](const Elsewhere& names) {
    return names.others.find(wanted) != std::string_view::npos;
  });
  if (found == all_names.end()) return std::nullopt;
  return std::string(found->here);
}

std::string hyperparameter_suggestion(const std::string& written) {
  std::vector<std::string> names;
  for (const Hyperparameter& h : hyperparameters()) names.push_back(h.name);
  const auto here = name_here(written);
  if (here && std::ranges::find(names, *here) != names.end()) {
    return " (did you mean '" + *here + "'?)";
  }
  return suggestion(written, names);
}

}  // namespace caviar
