// Text files, plain or compressed.
#pragma once

#include <string>

namespace caviar {

// The whole content; gzip is recognised by its first bytes, whatever the name is.
// Throws Error{missing} or Error{io}, naming the path and the reason (also: corrupt, cut off).
std::string read_plain_or_gzip(const std::string& path);

}  // namespace caviar
