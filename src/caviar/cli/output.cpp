#include "caviar/cli/output.hpp"

#include <fmt/core.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"

namespace caviar::cli {

void print_json(const Json& json) {
  fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
}

int at_least_one(const std::string& option, int value) {
  if (value >= 1) return value;
  throw Error(Fault::input, option + ": " + std::to_string(value) + " given, 1 or more expected");
}

}  // namespace caviar::cli
