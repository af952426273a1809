#include "caviar/run/inbox.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string_view>

#include <dirent.h>
#include <fmt/format.h>
#include <unistd.h>

#include "caviar/base/error.hpp"
#include "caviar/base/file.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/node.hpp"
#include "caviar/space/space_text.hpp"

namespace caviar {
namespace {

constexpr std::string_view ending = ".json";

// Unique on this machine, and later ones sort behind earlier ones.
std::string new_id() {
  static std::atomic<int> count = 0;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return fmt::format("{:020}-{}-{}",
                     std::chrono::duration_cast<std::chrono::nanoseconds>(now).count(), ::getpid(),
                     count++);
}

std::string path_of(const std::string& inbox, const std::string& id) {
  return inbox + "/" + id + std::string(ending);
}

// Calls use(id) for each file until it returns false.
template <class Use>
void each_id(const std::string& inbox, const Use& use) {
  DIR* folder = ::opendir(inbox.c_str());
  if (folder == nullptr) return;
  for (const dirent* entry = ::readdir(folder); entry != nullptr; entry = ::readdir(folder)) {
    const std::string_view name = entry->d_name;
    if (!name.ends_with(ending)) continue;
    if (!use(std::string(name.substr(0, name.size() - ending.size())))) break;
  }
  ::closedir(folder);
}

}  // namespace

Json to_json(const RunRequest& request) {
  Json json = {{"id", request.id}, {"verb", request.verb}};
  if (!request.changes.empty()) json["changes"] = to_json(request.changes);
  if (request.epoch) json["at"] = {{"epoch", *request.epoch}};
  if (!request.to.empty()) json["to"] = request.to;
  return json;
}

RunRequest parse_request(const std::string& text, const std::string& where) {
  const Node node = Node::parse_json(text, where);
  Fields fields(node);
  RunRequest request;
  request.id = fields.need("id").text();
  request.verb = fields.need("verb").text();
  if (const Node* changes = fields.find("changes")) request.changes = parse_point(*changes);
  if (const Node* at = fields.find("at")) {
    Fields of_at(*at);
    request.epoch = static_cast<int>(of_at.need("epoch").integer());
    of_at.done();
  }
  request.to = fields.text("to", "");
  fields.done();
  return request;
}

std::string send(const std::string& inbox, RunRequest request) {
  request.id = new_id();
  // Not synced, which could take longer than the answer: a request need not survive a power
  // failure.
  const std::string path = path_of(inbox, request.id), unfinished = path + ".tmp";
  std::ofstream file(unfinished, std::ios::binary);
  file << to_json(request).dump() << "\n";
  file.close();
  if (!file || std::rename(unfinished.c_str(), path.c_str()) != 0) {
    const int error = errno;
    std::remove(unfinished.c_str());
    throw Error(Fault::io, path + ": cannot write: " + std::strerror(error));
  }
  return request.id;
}

bool withdraw(const std::string& inbox, const std::string& id) {
  return ::unlink(path_of(inbox, id).c_str()) == 0;
}

bool has_requests(const std::string& inbox) {
  bool found = false;
  each_id(inbox, [&](const std::string&) {
    found = true;
    return false;
  });
  return found;
}

std::vector<RunRequest> take_requests(const std::string& inbox) {
  std::vector<std::string> ids;
  each_id(inbox, [&](const std::string& id) {
    ids.push_back(id);
    return true;
  });
  std::sort(ids.begin(), ids.end());
  std::vector<RunRequest> requests;
  for (const std::string& id : ids) {
    const std::string path = path_of(inbox, id);
    try {
      const std::string text = read_file(path);
      if (::unlink(path.c_str()) != 0) continue;  // withdrawn
      requests.push_back(parse_request(text, "request"));
      requests.back().id = id;
    } catch (const Error& error) {
      if (error.fault() == Fault::missing) continue;
      requests.emplace_back();
      requests.back().id = id;
      requests.back().to = error.what();
    }
  }
  return requests;
}

}  // namespace caviar
