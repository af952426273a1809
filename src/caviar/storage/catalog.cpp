// From a URL to a storage. A new one: its scheme in one line of `schemes`.
#include <algorithm>
#include <array>
#include <string_view>

#include "caviar/base/error.hpp"
#include "caviar/base/text.hpp"
#include "caviar/storage/sqlite.hpp"
#include "caviar/storage/storage.hpp"

namespace caviar {
namespace {

using Open = std::shared_ptr<Storage> (*)(const std::string& place);

struct Scheme {
  std::string_view name;  // before the colon of the URL
  Open open, open_existing;
};

std::shared_ptr<Storage> open_memory(const std::string& place) {
  if (!place.empty()) {
    throw Error(Fault::input, "storage 'memory:" + place + "': nothing may follow 'memory:'");
  }
  return memory_storage();
}

std::shared_ptr<Storage> no_memory_to_read(const std::string&) {
  throw Error(Fault::missing,
              "storage 'memory:': it ends with the program, so there is nothing in it to read; "
              "name a database file, such as sqlite:study.db");
}

constexpr std::array schemes = {
    Scheme{"memory", open_memory, no_memory_to_read},
    Scheme{"sqlite", sqlite_storage, sqlite_storage_to_read},
};

bool is_database_file(std::string_view path) {
  return path.ends_with(".db") || path.ends_with(".sqlite");
}

std::shared_ptr<Storage> open_url(const std::string& url, Open Scheme::* how) {
  const std::size_t colon = url.find(':');
  for (const Scheme& scheme : schemes) {
    if (colon != std::string::npos && url.substr(0, colon) == scheme.name) {
      return (scheme.*how)(url.substr(colon + 1));
    }
  }
  if (is_database_file(url)) return (schemes[1].*how)(url);
  throw Error(Fault::input, "storage '" + url +
                                "': 'memory:', 'sqlite:PATH' or a path ending in .db or .sqlite "
                                "expected");
}

}  // namespace

bool may_be_lost(const Event& event) {
  return std::holds_alternative<Reported>(event) || std::holds_alternative<Alive>(event) ||
         std::holds_alternative<Asked>(event);
}

std::shared_ptr<Storage> open_storage(const std::string& url) {
  return open_url(url, &Scheme::open);
}

std::shared_ptr<Storage> open_existing_storage(const std::string& url) {
  return open_url(url, &Scheme::open_existing);
}

std::string database_file(const std::string& url) {
  constexpr std::string_view file = "sqlite:";
  if (url.starts_with("memory:")) return "";
  return url.starts_with(file) ? url.substr(file.size()) : url;
}

}  // namespace caviar
