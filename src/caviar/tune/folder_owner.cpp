#include "caviar/tune/folder_owner.hpp"

#include <filesystem>
#include <optional>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/json.hpp"
#include "caviar/storage/storage.hpp"

namespace caviar {
namespace {

namespace fs = std::filesystem;

struct Owner {
  std::string study;
  fs::path database;  // empty: in memory

  bool operator==(const Owner&) const = default;
};

Owner owner_of(const StudyPlace& place) {
  const std::string file = database_file(place.storage);
  if (file.empty()) return {place.study, {}};
  return {place.study, fs::weakly_canonical(fs::absolute(file))};
}

// The database is noted as seen from the folder, so that both may move together.
std::optional<Owner> noted_in(const fs::path& folder, const fs::path& note) {
  std::error_code none;
  if (!fs::exists(note, none)) return std::nullopt;
  try {
    const Json json = Json::parse(read_file(note.string()));
    return Owner{json.at("study").get<std::string>(),
                 fs::weakly_canonical(folder / json.at("storage").get<std::string>())};
  } catch (const std::exception&) {  // not a note of ours, or half of one
    return std::nullopt;
  }
}

}  // namespace

void claim_folder(const std::string& folder, const StudyPlace& place, bool make) {
  std::error_code error;
  const bool is_there = fs::is_directory(folder, error);
  if (!is_there && !make) return;
  const fs::path real = fs::weakly_canonical(fs::absolute(folder)), note = real / "study.json";
  const Owner own = owner_of(place);
  const std::optional<Owner> noted = noted_in(real, note);
  if (noted == own) return;
  if (noted && fs::exists(noted->database, error)) {
    throw Error(Fault::conflict,
                folder + ": holds the trials of study '" + noted->study + "' in " +
                    noted->database.string() + ", which those of '" + own.study +
                    "' would replace; give one of them another name: (or a command another "
                    "objective.folder)");
  }
  if (own.database.empty()) return;
  fs::create_directories(real, error);
  if (error) throw Error(Fault::io, folder + ": cannot be made: " + error.message());
  const Json json = {{"study", own.study},
                     {"storage", own.database.lexically_relative(real).string()}};
  write_file(note.string(), json.dump() + "\n");
}

}  // namespace caviar
