#include "caviar/data/csv_layout.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/csv.hpp"
#include "caviar/data/csv_scanner.hpp"
#include "caviar/data/parse_number.hpp"

namespace caviar {
namespace {

[[noreturn]] void fail(const std::string& source, std::size_t line, const std::string& problem) {
  throw Error(Fault::input, fmt::format("{}:{}: {}", source, line, problem));
}

char find_delimiter(std::string_view text) {
  std::array<std::pair<char, std::size_t>, 3> counts = {{{',', 0}, {'\t', 0}, {';', 0}}};
  bool quoted = false, begun = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if ((c == '\n' || c == '\r') && begun) break;
    begun = begun || (c != '\n' && c != '\r');
    for (auto& [delimiter, count] : counts) count += static_cast<std::size_t>(c == delimiter);
  }
  const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
  return std::max_element(counts.begin(), counts.end(), fewer)->first;
}

void check_names(const std::vector<std::string>& names, const std::string& source,
                 std::size_t line) {
  std::unordered_map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i];
    if (name.empty()) {
      fail(source, line, fmt::format("column {} has no name in the header", i + 1));
    }
    if (name.find('\0') != std::string::npos) {
      fail(source, line, "this is no text file; CSV with a header line was expected");
    }
    if (valid_utf8(name) < name.size()) {
      fail(source, line,
           fmt::format("the name of column {} is not UTF-8; save the file as UTF-8", i + 1));
    }
    const auto [first, added] = seen.emplace(name, i + 1);
    if (added) continue;
    fail(source, line,
         fmt::format("columns {} and {} are both named '{}'; names must differ", first->second,
                     i + 1, name));
  }
}

}  // namespace

CsvLayout find_layout(std::string_view text, const std::string& source,
                      const TableOptions& options) {
  CsvLayout layout;
  layout.delimiter = options.delimiter.value_or(find_delimiter(text));
  CsvScanner scanner(text, source, layout.delimiter);
  if (!scanner.next_row()) {
    throw Error(Fault::input, source +
                                  ": the file is empty; a first line with the names of the "
                                  "columns was expected");
  }
  std::string_view cell;
  bool numbers = false;
  while (scanner.next_cell(cell)) {
    numbers = numbers || number_in(cell).has_value();
    layout.names.emplace_back(cell);
  }
  layout.header = options.header.value_or(!numbers);
  if (layout.header) {
    layout.has_row_names = layout.names.size() > 1 && layout.names[0].empty();
    if (layout.has_row_names) layout.names[0] = row_names;
    check_names(layout.names, source, scanner.line());
    return layout;
  }
  for (std::size_t i = 0; i < layout.names.size(); ++i) {
    layout.names[i] = fmt::format("column_{}", i + 1);
  }
  return layout;
}

}  // namespace caviar
