// caviar export-model: a saved model in a format that other engines run.
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/json.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/destinations.hpp"
#include "caviar/cli/output.hpp"
#include "caviar/model/onnx.hpp"
#include "caviar/model/saved_model.hpp"

namespace caviar::cli {
namespace {

struct Options {
  std::string model;
  std::optional<std::string> onnx;
  bool json = false;
};

int run(const Options& options) {
  const SavedModel saved = load_model(options.model);
  const ModelFiles model = find_model(options.model);
  const std::string beside =
      model.document.substr(0, model.document.size() - std::string(".json").size()) + ".onnx";
  const std::string file = options.onnx.value_or(beside);
  const std::vector<std::string> read = {model.document, model.numbers};
  const Destination onnx{"--onnx", file};
  check_destinations(read, std::span(&onnx, 1));
  const std::string bytes = onnx_bytes(saved);
  write_file(file, bytes);
  if (options.json) {
    print_json({{"file", file}, {"bytes", bytes.size()}, {"interface", describe_onnx(saved)}});
    return 0;
  }
  fmt::print("{}: {} bytes, {}\n{}", file, bytes.size(), onnx_version_text(), describe_onnx(saved));
  return 0;
}

}  // namespace

Command export_model_command() {
  return {"export-model", "A saved model as ONNX, for other engines",
          R"(  caviar export-model penguins
  caviar export-model penguins --onnx penguins.onnx)",
          [](Arguments& arguments) {
            auto options = std::make_shared<Options>();
            arguments.required("MODEL", options->model, "A model that `caviar train --save` wrote");
            arguments.option("--onnx", "FILE", options->onnx,
                             "Where to write it; without it beside the model, NAME.onnx");
            arguments.flag("--json", options->json, "One JSON document on stdout, nothing else");
            return [options] { return run(*options); };
          }};
}

}  // namespace caviar::cli
