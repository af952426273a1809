#include "caviar/tune/study_place.hpp"

#include <filesystem>
#include <string_view>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/data/read_table.hpp"

namespace caviar {
namespace {

namespace fs = std::filesystem;

std::string stem(const std::string& path) { return fs::path(path).stem().string(); }

// "sqlite:digits.db" with the path beside the study file; the scheme itself is checked on opening.
std::string read_storage(const std::string& study_path, const Node* node) {
  constexpr std::string_view scheme = "sqlite:";
  if (node == nullptr) return std::string(scheme) + beside(study_path, stem(study_path) + ".db");
  const std::string& url = node->text();
  if (url == "memory:") return url;
  if (url.starts_with(scheme) && url.size() > scheme.size()) {
    return std::string(scheme) + beside(study_path, url.substr(scheme.size()));
  }
  if (url.ends_with(".db") || url.ends_with(".sqlite")) return beside(study_path, url);
  node->fail(node->describe() + " given, sqlite:PATH, a path ending in .db, or memory: expected");
}

// A study's name is the name of its folder of trials and of its page.
void check_name(const std::string& name, Fields& fields) {
  constexpr std::size_t most = 200;  // bytes: file systems take 255
  const bool blank = name.find_first_not_of(' ') == std::string::npos;
  const char* wrong = blank ? "empty" : nullptr;
  if (name.size() > most) wrong = "longer than 200 bytes";
  if (name == "." || name == "..") wrong = "a folder's name of its own";
  for (const char letter : name) {
    if (letter == '/' || static_cast<unsigned char>(letter) < ' ') wrong = "no name of a file";
  }
  if (wrong == nullptr) return;
  const std::string text = blank ? "" : "'" + excerpt(name) + "' is ";
  fields.need("name").fail(text + wrong + "; a name is expected, such as digits: NAME.trials and " +
                           "NAME.html are called by it");
}

bool names_database(const std::string& path) {
  return path.ends_with(".db") || path.ends_with(".sqlite") || path.starts_with("sqlite:");
}

}  // namespace

std::string beside(const std::string& study_path, const std::string& path) {
  if (fs::path(path).is_absolute()) return path;
  return (fs::path(study_path).parent_path() / path).lexically_normal().string();
}

// A table or the database in its place are the likeliest mistakes.
Node load_study_file(const std::string& path) {
  const char* const hint =
      "; a table is trained on with `caviar train --data FILE --target COLUMN`, or named in a "
      "study file as objective.train.data";
  if (names_table(path)) throw Error(Fault::input, path + ": a table, not a study file" + hint);
  if (names_database(path)) {
    throw Error(Fault::input, path +
                                  ": a database of studies, not a study file, which says what to "
                                  "run; `caviar show`, `trials` and `report` read a database");
  }
  Node root = Node::load(path);
  if (root.is_map()) return root;
  throw Error(Fault::input, path +
                                ": not a study file, which has keys such as `objective:` and "
                                "`space:`; it says " +
                                root.describe() + hint);
}

StudyPlace study_place(const std::string& path, Fields& fields) {
  const std::string name = fields.text("name", stem(path));
  check_name(name, fields);
  return {read_storage(path, fields.find("storage")), name};
}

StudyPlace study_place(const std::string& path) {
  const Node root = load_study_file(path);
  Fields fields(root);
  return study_place(path, fields);
}

}  // namespace caviar
