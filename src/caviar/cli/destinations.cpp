#include "caviar/cli/destinations.hpp"

#include <filesystem>
#include <system_error>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/data/idx.hpp"

namespace caviar::cli {
namespace {

bool same_file(const std::string& a, const std::string& b) {
  std::error_code error;  // where one does not exist they are not the same
  return std::filesystem::equivalent(a, b, error);
}

}  // namespace

void check_destinations(std::span<const std::string> read, std::span<const Destination> written) {
  for (const Destination& to : written) {
    if (to.path.empty()) continue;
    for (const std::string& from : read) {
      if (from.empty() || !same_file(from, to.path)) continue;
      throw Error(Fault::input, to.option + " " + to.path +
                                    ": that file is read here, and would be replaced; give " +
                                    to.option + " another name");
    }
    check_writable(to.path);
  }
}

std::vector<std::string> files_read(const TrainSpec& spec) {
  std::vector<std::string> files = {spec.data, spec.labels, spec.test_data, spec.test_labels};
  for (const std::string& data : {spec.data, spec.test_data}) {
    if (const auto labels = labels_beside(data)) files.push_back(*labels);
  }
  return files;
}

}  // namespace caviar::cli
