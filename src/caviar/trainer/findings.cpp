// What measurements of a training mean, and which remedy to try. Every threshold stands here.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "caviar/base/text.hpp"
#include "caviar/trainer/diagnosis.hpp"

namespace caviar {
namespace {

constexpr double large_gap = 0.25;        // of the training loss, between it and validation
constexpr double gap_that_matters = 0.1;  // of the baseline
constexpr double larger_helps = 0.05;     // of the validation loss, won by a larger network
constexpr double little_left = 0.1;       // of the baseline as validation loss: nothing to win
constexpr double clear_rise = 1.1;        // of the validation loss over its best
constexpr double rows_help = 0.05;        // of the validation loss, won by the second half of rows
constexpr double all_is_learnt = 0.02;  // of the baseline as validation loss: more rows win nothing
constexpr double still_falling = 0.02;  // of the training loss, in the last tenth of the epochs
constexpr double other_rate_helps = 0.05;  // of the validation loss, won by another rate
constexpr double nothing_learnt = 0.01;    // of the baseline, by which a loss is lower
constexpr double near_chance = 0.1;        // of the way from chance to always right
constexpr double many_dead = 0.25;         // of a layer's units
constexpr double vanished = 1e-3;          // first layer's gradient over the last one's

std::string say(double value) { return rounded_text(value, 3); }
std::string percent(double share) { return fmt::format("{} %", rounded_text(100 * share, 2)); }

bool is_good(const Finding& finding) { return finding.kind == Finding::Kind::good; }

class Reading {
 public:
  Reading(const Diagnosis& d, Task task) : d_(d), task_(task) {}

  std::vector<Finding> read() {
    if (d_.result.diverged()) {
      problem("the training diverges", d_.result.why,
              fmt::format("a smaller learning rate ({} is below {}, where the range test turns), "
                          "or clip_norm=1",
                          say(d_.rates.steepest / 3), say(d_.rates.largest)));
      return std::move(found_);
    }
    learnt();
    rate();
    fit();
    more_rows();
    gradients();
    units();
    if (learnt_nothing()) std::erase_if(found_, is_good);
    if (std::ranges::all_of(found_, is_good)) {
      found_.push_back({Finding::Kind::good, "nothing is wrong",
                        "training and validation agree, the rate fits, all units work",
                        "tune it: caviar tune finds what else there is to gain"});
    }
    return std::move(found_);
  }

 private:
  void problem(std::string name, std::string evidence, std::string remedy) {
    found_.push_back(
        {Finding::Kind::problem, std::move(name), std::move(evidence), std::move(remedy)});
  }
  void good(std::string name, std::string evidence) {
    found_.push_back({Finding::Kind::good, std::move(name), std::move(evidence), ""});
  }

  // How much of the training loss the last tenth of the epochs took away.
  double last_fall() const {
    const std::size_t count = d_.epochs.size();
    if (count < 4) return 0;
    const double before = d_.epochs[count - 1 - std::max<std::size_t>(count / 10, 1)].training_loss;
    return 1 - d_.epochs.back().training_loss / before;
  }

  // The share of epochs in which the training loss rose by a fifth or more.
  double unrest() const {
    std::size_t rises = 0;
    for (std::size_t i = 1; i < d_.epochs.size(); ++i) {
      rises += static_cast<std::size_t>(d_.epochs[i].training_loss >
                                        1.2 * d_.epochs[i - 1].training_loss);
    }
    return d_.epochs.size() < 2
               ? 0
               : static_cast<double>(rises) / static_cast<double>(d_.epochs.size() - 1);
  }

  // Whether the classes, or labels, of other rows are told hardly better than by chance. Of numbers
  // the loss alone tells.
  bool near_to_chance() const {
    const double right = d_.result.validation.balanced_accuracy;
    if (task_ == Task::regression || std::isnan(right)) return true;
    const double chance = 1 / classes();
    return right < chance + near_chance * (1 - chance);
  }
  double classes() const {
    const std::size_t outputs = d_.layers.empty() ? 2 : d_.layers.back().units;
    return task_ == Task::multi_label ? 2 : static_cast<double>(std::max<std::size_t>(outputs, 2));
  }

  // A quantile far from the middle has a large loss for its place, not for what it knows.
  bool no_better(double loss) const {
    return d_.result.criterion.loss != Loss::quantile && loss > (1 - nothing_learnt) * d_.baseline;
  }
  // One that is too sure of itself, or weighs its classes, may tell them well at a large loss.
  bool learnt_nothing() const {
    const bool plain = d_.result.criterion.class_weights.empty();
    return no_better(d_.result.validation.loss) &&
           (near_to_chance() || (plain && no_better(d_.training.loss)));
  }

  void learnt() {
    if (!learnt_nothing()) return;
    const bool by_heart = !no_better(d_.training.loss);
    problem(by_heart ? "nothing was learnt that holds for other rows" : "nothing was learnt",
            losses_text() + ": no better than that", by_heart ? of_columns() : of_nothing());
  }

  static std::string of_columns() {
    return "see whether the columns say anything about the target, fewer hidden_units, "
           "weight_decay=0.001, dropout=0.3, or more rows";
  }
  // The likeliest cause first.
  std::string of_nothing() const {
    if (vanishing()) {
      return "activation=relu or selu, batch_norm=true, residual=true, or fewer layers: gradients "
             "vanish";
    }
    if (other_rate_is_better()) {
      return fmt::format("learning_rate={}, at which it learns", say(d_.other_rate.rate));
    }
    return fmt::format(
        "a learning_rate near {}, more epochs, another activation; see whether the "
        "columns say anything about the target",
        say(d_.rates.steepest));
  }

  // By what the other rate came to, where it was tried.
  bool other_rate_is_better() const {
    const double validation = d_.result.validation.loss;
    return d_.other_rate.validation_loss < (1 - other_rate_helps) * validation &&
           validation > little_left * d_.baseline;
  }
  bool other_rate_known() const { return !std::isnan(d_.other_rate.validation_loss); }
  bool too_high() const {
    const bool above = d_.learning_rate > d_.rates.largest;
    return unrest() > 0.2 || sure_of_errors() ||
           (above && (!other_rate_known() || other_rate_is_better()));
  }
  // Some training rows alone cost more than saying the same of all would, though other rows show
  // that something was learnt: steps too large have made the outputs so.
  bool sure_of_errors() const {
    return d_.result.criterion.class_weights.empty() && no_better(d_.training.loss) &&
           !no_better(d_.result.validation.loss) && d_.learning_rate > d_.rates.steepest;
  }
  bool too_low() const {
    if (!(d_.learning_rate < d_.rates.steepest / 10)) return false;
    return other_rate_known() ? other_rate_is_better() : last_fall() > still_falling;
  }

  std::string rates_text() const {
    std::string text =
        fmt::format("it is {}; in the range test the loss falls fastest at {} and lowest at {}",
                    say(d_.learning_rate), say(d_.rates.steepest), say(d_.rates.largest));
    if (other_rate_known()) {
      text += fmt::format("; at {} the validation loss comes to {}, here to {}",
                          say(d_.other_rate.rate), say(d_.other_rate.validation_loss),
                          say(d_.result.validation.loss));
    }
    return text;
  }

  void rate() {
    const double rate = d_.learning_rate, steepest = d_.rates.steepest;
    const std::string test = rates_text();
    if (too_high()) {
      std::string signs;
      if (unrest() > 0) {
        signs +=
            fmt::format("; the training loss jumped up in {} of the epochs", percent(unrest()));
      }
      if (sure_of_errors()) {
        signs += fmt::format(
            "; the loss of the training rows, {}, is that of a network which is very "
            "sure of wrong answers: always saying the same comes to {}",
            say(d_.training.loss), say(d_.baseline));
      }
      problem("the learning rate is too high", test + signs,
              fmt::format("learning_rate={}, a schedule that falls (schedule=cosine), or a larger "
                          "batch_size",
                          say(std::min(rate / 3, steepest))));
    } else if (too_low()) {
      const std::string falls =
          last_fall() > still_falling
              ? fmt::format("; the training loss still fell by {} in the last tenth of the epochs",
                            percent(last_fall()))
              : "";
      problem(
          "the learning rate is too low", test + falls,
          fmt::format("learning_rate={}", say(other_rate_known() ? d_.other_rate.rate : steepest)));
    } else {
      good("the learning rate fits", test);
      if (d_.result.ending == FitEnding::all_epochs && last_fall() > still_falling &&
          d_.result.best_epoch + 2 >= d_.result.epochs) {
        problem("the training ends too early",
                fmt::format("the best epoch is {} of {}, and the training loss still fell by {}",
                            d_.result.best_epoch, d_.result.epochs, percent(last_fall())),
                fmt::format("epochs={}", 3 * d_.result.epochs));
      }
    }
  }

  std::string losses_text() const {
    std::string text =
        fmt::format("loss {} in training, {} in validation, {} for always saying the same",
                    say(d_.training.loss), say(d_.result.validation.loss), say(d_.baseline));
    if (task_ != Task::regression) {
      text += fmt::format("; accuracy {} and {}", say(d_.training.accuracy),
                          say(d_.result.validation.accuracy));
    }
    return text;
  }

  void fit() {
    const double training = d_.training.loss, validation = d_.result.validation.loss;
    const double gap = validation - training;
    const std::string measured = losses_text();
    const double last = d_.epochs.empty() ? unknown : d_.epochs.back().validation_loss;
    double best = last;
    for (const EpochStats& epoch : d_.epochs) best = std::min(best, epoch.validation_loss);
    const bool rose = last > clear_rise * best;
    const bool wide = gap > large_gap * training && gap > gap_that_matters * d_.baseline;
    if (larger_learns_more()) {
      problem("it underfits: a larger network learns more", measured + "; " + of_larger(),
              "more hidden_units or layers, more epochs, another learning_rate, activation or "
              "optimizer, less dropout and weight_decay");
    }
    if (wide) {
      problem("it overfits: training is much better than validation",
              measured + (rose ? fmt::format("; the validation loss rose again from {} to {}",
                                             say(best), say(last))
                               : ""),
              "weight_decay=0.001 or l1=0.0001, dropout=0.3, batch_norm=true, fewer hidden_units, "
              "input_noise=0.1, early stopping, or more rows");
    } else if (!larger_learns_more() && !sure_of_errors()) {
      good("training and validation agree", measured);
      if (!std::isnan(d_.larger.validation_loss)) {
        good("a larger network would help little", of_larger());
      }
    }
  }

  // Not where hardly anything is left to be learnt, nor where it is the rate that makes the
  // difference.
  bool larger_learns_more() const {
    double validation = d_.result.validation.loss;
    if (d_.other_rate.validation_loss < validation) validation = d_.other_rate.validation_loss;
    return d_.larger.validation_loss < (1 - larger_helps) * validation &&
           validation > little_left * d_.baseline;
  }
  std::string of_larger() const {
    return fmt::format(
        "{} in training, {} in validation with {} parameters and nothing that holds "
        "them back",
        say(d_.larger.training_loss), say(d_.larger.validation_loss), d_.larger.parameters);
  }

  void more_rows() {
    if (d_.learning.size() < 2) return;
    const LearningPoint& less = d_.learning[d_.learning.size() - 2];
    const LearningPoint& all = d_.learning.back();
    const double won = 1 - all.validation_loss / less.validation_loss;
    const std::string measured =
        fmt::format("validation loss {} with {} rows, {} with all {}", say(less.validation_loss),
                    less.rows, say(all.validation_loss), all.rows);
    if (won > rows_help && all.validation_loss > all_is_learnt * d_.baseline) {
      problem("more data would help", measured + fmt::format(": {} less", percent(won)),
              "more rows; until then what is made of these: input_noise, mixup=0.2, dropout");
    } else {
      good("more data would help little", measured);
    }
  }

  void units() {
    for (const LayerHealth& layer : d_.layers) {
      const double share = static_cast<double>(layer.dead) / static_cast<double>(layer.units);
      if (share <= many_dead) continue;
      problem("units are dead",
              fmt::format("{} of the {} units of a layer ({}) say the same of every row",
                          layer.dead, layer.units, layer.name),
              "activation=leaky_relu or elu, a smaller learning rate, batch_norm=true, or fewer "
              "units");
    }
  }

  // Of the first layer over the last one's; unknown with one hidden layer: nothing lies between.
  double gradient_ratio() const {
    if (d_.layers.size() < 3) return unknown;
    return d_.layers.front().gradient / d_.layers.back().gradient;
  }
  bool vanishing() const { return gradient_ratio() < vanished; }

  void gradients() {
    const double ratio = gradient_ratio();
    const std::string measured =
        fmt::format("the first layer's gradients are {} times the last one's", say(ratio));
    if (vanishing()) {
      problem("gradients vanish", measured,
              "activation=relu or selu, batch_norm=true, residual=true, or fewer layers");
    } else if (ratio > 1 / vanished) {
      problem("gradients explode", measured,
              "clip_norm=1, batch_norm=true, residual=true, or a smaller learning rate");
    }
  }

  const Diagnosis& d_;
  Task task_;
  std::vector<Finding> found_;
};

}  // namespace

std::vector<Finding> findings_of(const Diagnosis& diagnosis, Task task) {
  return Reading(diagnosis, task).read();
}

}  // namespace caviar
