#include "caviar/sampler/method_text.hpp"

#include <fmt/format.h>

#include "caviar/base/error.hpp"

namespace caviar {

SearchSpec parse_method(const std::string& text) {
  SearchSpec spec;
  std::size_t end = text.find(':');
  spec.sampler = text.substr(0, end);
  std::string options;
  while (end != std::string::npos) {
    const std::size_t begin = end + 1;
    end = text.find(':', begin);
    const std::string option = text.substr(begin, end == std::string::npos ? end : end - begin);
    const std::size_t equals = option.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == option.size()) {
      throw Error(
          Fault::input,
          fmt::format("'{}': expected METHOD:OPTION=VALUE, as in gp:acquisition=thompson, but "
                      "found '{}'",
                      text, option));
    }
    options += fmt::format("{}{}: {}", options.empty() ? "{" : ", ", option.substr(0, equals),
                           option.substr(equals + 1));
  }
  if (!options.empty()) spec.options = Node::parse_yaml(options + "}", "'" + text + "'");
  return spec;
}

}  // namespace caviar
