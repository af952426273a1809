// Prepared data whose rows lie in a file that is mapped: made once, found again by every later run,
// and larger than memory if need be.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "caviar/trainer/prepared_data.hpp"

namespace caviar {

// Tells what is made from the spec's files by its keys; another number where a file or a key that
// matters here differs. `fold`: from 1; 0: none. Throws Error{missing, io}.
std::uint64_t data_cache_key(const TrainSpec& spec, std::size_t fold);

// Nothing where there is no such file, or it was made of something else. Throws Error{io}.
std::optional<PreparedData> open_data_cache(const std::string& path, std::uint64_t key);

// Writes the rows of the training, validation and test part where `fill` says them (rows ×
// features, one part behind the other), and gives the data with its rows in the file. Everything
// but DataPart::x is there already. Throws Error{io}.
PreparedData make_data_cache(const std::string& path, std::uint64_t key, PreparedData data,
                             const std::function<void(std::span<float>)>& fill);

}  // namespace caviar
