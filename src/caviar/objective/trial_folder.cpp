#include "caviar/objective/trial_folder.hpp"

#include <filesystem>
#include <fstream>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/space/space_text.hpp"

namespace caviar {

namespace fs = std::filesystem;

TrialFolder trial_folder(const std::string& all, int trial) {
  const std::string path = all + "/" + std::to_string(trial);
  return {path, path + "/log.txt", path + "/parameters.json", path + "/result.json",
          path + "/checkpoint"};
}

void make_trial_folder(const TrialFolder& folder, const Point& point) {
  std::error_code error, ignored;
  for (const std::string& old : {folder.log, folder.result, folder.checkpoint}) {
    fs::remove_all(old, ignored);
  }
  fs::create_directories(folder.checkpoint, error);
  if (error) throw Error(Fault::io, folder.path + ": cannot be made: " + error.message());
  std::ofstream file(folder.parameters, std::ios::binary);
  file << to_json(point).dump(2) << '\n';
  if (!file.flush()) throw Error(Fault::io, folder.parameters + ": cannot be written");
}

void take_over_checkpoint(const TrialFolder& from, const TrialFolder& to) {
  std::error_code ignored;
  if (!fs::exists(from.checkpoint, ignored)) return;
  fs::remove(to.checkpoint, ignored);  // it is empty
  fs::rename(from.checkpoint, to.checkpoint, ignored);
  fs::create_directories(to.checkpoint, ignored);
}

}  // namespace caviar
