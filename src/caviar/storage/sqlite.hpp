// The log in one SQLite file: survives kill -9 and power loss, shared by several programs.
#pragma once

#include <memory>
#include <string>

#include "caviar/storage/storage.hpp"

namespace caviar {

// Opens the file, or creates it. Several programs may do so at once.
std::shared_ptr<Storage> sqlite_storage(const std::string& path);
// Opens an existing file and never changes what it says; works on read-only files and folders too.
std::shared_ptr<Storage> sqlite_storage_to_read(const std::string& path);

}  // namespace caviar
