#include "caviar/nn/names.hpp"

#include <algorithm>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"

namespace caviar {

std::size_t index_of_name(std::span<const std::string> names, const std::string& name,
                          const std::string& where, const std::string& kind) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  throw Error(Fault::input, where + ": '" + name + "' is not " + kind + suggestion(name, names));
}

}  // namespace caviar
