// caviar lr-range: which learning rates work, from one short training with a rising rate.
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "caviar/base/file.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/text.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/destinations.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/cli/train_choice.hpp"
#include "caviar/cli/train_page.hpp"
#include "caviar/cli/train_view.hpp"
#include "caviar/trainer/data_warnings.hpp"
#include "caviar/trainer/hyperparameters.hpp"
#include "caviar/trainer/train.hpp"

namespace caviar::cli {
namespace {

struct LrRangeOptions {
  TrainChoice choice;
  std::optional<double> low, high;
  std::optional<int> iterations;
  std::optional<std::string> report;
  bool json = false;
};

RateCurve measure(const LrRangeOptions& options) {
  const TrainSpec spec = options.choice.spec();
  const Settings settings = caviar::settings(spec);
  const PreparedData data = prepare(spec);
  print_warnings(data_warnings(data));
  RangeTest range;
  range.low = options.low.value_or(range.low);
  range.high = options.high.value_or(range.high);
  range.iterations = options.iterations.value_or(range.iterations);
  Model<float> model = make_model<float>(network_for(data, settings));
  Rng rng(spec.seed);
  model.initialize(rng);
  return range_test(std::move(model), data.training.samples(), fit_options(data, spec, settings),
                    settings.knobs, range);
}

// Then nothing says above which rate it would not.
bool falls_to_the_end(const RateCurve& curve) {
  return !curve.points.empty() && curve.largest == curve.points.back().rate;
}

std::string advice_of(const RateCurve& curve) {
  if (std::isnan(curve.steepest)) {
    return "the loss never falls: try other features, or more --iterations";
  }
  const std::string start =
      fmt::format("start with learning_rate={}; ", rounded_text(curve.steepest, 2));
  return start +
         (falls_to_the_end(curve)
              ? fmt::format("up to {}, the highest rate tried, the loss falls (--high)",
                            rounded_text(curve.largest, 2))
              : fmt::format("above {} training is unstable", rounded_text(curve.largest, 2)));
}

TrainingPage page_of(const RateCurve& curve, const std::string& data) {
  TrainingPage page;
  page.maker = "caviar lr-range";
  page.title = file_name(data);
  page.story = "One short training in which the rate rises with every step: " + advice_of(curve) +
               " (Smith, 2017).";
  if (!std::isnan(curve.steepest)) {
    page.figures = {{"the loss falls fastest at", rounded_text(curve.steepest, 2)},
                    {falls_to_the_end(curve) ? "falls up to the end at" : "unstable above",
                     rounded_text(curve.largest, 2)}};
  }
  page.pictures = {rates_picture(curve, "The loss, smoothed, by the rate.")};
  return page;
}

int run(const LrRangeOptions& options) {
  std::vector<std::string> read = files_read(options.choice.spec());
  read.push_back(options.choice.study_file());
  const Destination report{"--report", options.report.value_or("")};
  check_destinations(read, std::span(&report, 1));
  const RateCurve curve = measure(options);
  if (options.report) {
    write_file(*options.report, training_html(page_of(curve, options.choice.spec().data)));
  }
  if (!options.json) {
    fmt::print("{}\n{}\n", rates_text(curve, terminal_of(stdout)), advice_of(curve));
    if (options.report) fmt::print("report: {}\n", *options.report);
    return 0;
  }
  Json points = Json::array();
  for (const RatePoint& point : curve.points) {
    points.push_back({{"rate", point.rate},
                      {"loss", json_number(point.loss)},
                      {"smoothed", json_number(point.smoothed)}});
  }
  print_json({{"steepest_rate", json_number(curve.steepest)},
              {"largest_rate", json_number(curve.largest)},
              {"points", std::move(points)}});
  return 0;
}

}  // namespace

Command lr_range_command() {
  return {"lr-range", "Which learning rates work: the loss as the rate rises",
          R"(  caviar lr-range digits.yaml
  caviar lr-range --data data/wine.csv --target cultivar optimizer=sgd --high 100
  caviar lr-range digits.yaml --json)",
          [](Arguments& arguments) {
            auto options = std::make_shared<LrRangeOptions>();
            options->choice.declare(arguments);
            arguments.option("--low", "RATE", options->low, "The first rate; default 1e-7");
            arguments.option("--high", "RATE", options->high, "The last one; default 10");
            arguments.option("--iterations", "N", options->iterations,
                             "Steps between; default 200");
            arguments.option("--report", "FILE", options->report, "Write the page with the curve");
            arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
            return [options] { return run(*options); };
          }};
}

}  // namespace caviar::cli
