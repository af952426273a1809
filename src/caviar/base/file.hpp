// Files: read whole, written whole or not at all.
#pragma once

#include <string>
#include <string_view>

namespace caviar {

// The whole file. Throws Error{missing} or Error{io}, naming the path and the system's reason.
std::string read_file(const std::string& path);

// Writes a temporary file beside it, syncs, then renames: readers see the old or the new content,
// never half of it. Throws Error{io}.
void write_file(const std::string& path, std::string_view content);

// For what is written after long work: throws now what write_file would throw then, as far as can
// be known now (the folder is there and may be written to).
void check_writable(const std::string& path);

// The file's last part and its folder, as in "a/b.csv" -> "b.csv", "a".
std::string file_name(const std::string& path);
std::string folder_of(const std::string& path);

}  // namespace caviar
