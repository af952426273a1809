#include "caviar/objective/trial_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/space/space_text.hpp"

namespace caviar {

namespace fs = std::filesystem;

std::string trials_folder(const std::string& study) {
  std::string name = study + ".trials";
  std::ranges::replace(name, '/', '_');
  return name;
}

TrialFolder trial_folder(const std::string& all, int trial) {
  const std::string path = all + "/" + std::to_string(trial);
  return {path, path + "/log.txt", path + "/parameters.json", path + "/result.json",
          path + "/checkpoint"};
}

void make_trial_folder(const TrialFolder& folder, const Point& point) {
  std::error_code error, ignored;
  // A number is given once in a study: what lies there is of another one, or of one that begins
  // anew. A folder that no trial had is left alone, but for the names that a trial writes to.
  if (fs::exists(folder.parameters, ignored)) {
    fs::remove_all(folder.path, ignored);
  }
  for (const std::string& old : {folder.log, folder.result, folder.checkpoint}) {
    fs::remove_all(old, ignored);
  }
  fs::create_directories(folder.checkpoint, error);
  if (error) throw Error(Fault::io, folder.path + ": cannot be made: " + error.message());
  std::ofstream file(folder.parameters, std::ios::binary);
  file << to_json(point).dump(2) << '\n';
  if (!file.flush()) throw Error(Fault::io, folder.parameters + ": cannot be written");
}

void take_over_checkpoint(const std::string& all, const Note& note, const TrialFolder& to) {
  std::error_code error;
  const std::optional<double> repeated = number_in(note, repeats_note);
  if (repeated) {
    const TrialFolder from = trial_folder(all, static_cast<int>(*repeated));
    if (!fs::is_empty(from.checkpoint, error) && !error) {
      fs::remove(to.checkpoint, error);  // it is empty
      fs::rename(from.checkpoint, to.checkpoint, error);
      fs::create_directories(to.checkpoint, error);
      return;
    }
  }
  const std::optional<int> parent = parent_of(note);
  if (!parent) return;
  const TrialFolder from = trial_folder(all, *parent);
  if (!fs::exists(from.checkpoint, error)) return;  // removed: it begins anew
  const std::string half = to.checkpoint + ".half";
  fs::remove_all(half, error);
  fs::copy(from.checkpoint, half, fs::copy_options::recursive | fs::copy_options::copy_symlinks,
           error);
  if (!error) fs::remove(to.checkpoint, error);
  if (!error) fs::rename(half, to.checkpoint, error);
  if (!error) return;
  std::error_code ignored;
  fs::remove_all(half, ignored);
  throw Error(Fault::io,
              from.checkpoint + ": cannot be copied to " + to.checkpoint + ": " + error.message());
}

}  // namespace caviar
