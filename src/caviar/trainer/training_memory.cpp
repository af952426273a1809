#include "caviar/trainer/training_memory.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/machine_memory.hpp"

namespace caviar {
namespace {

// A weight, the best one so far, the optimiser's slots, and what only some settings want.
int numbers_per_weight(const Settings& settings) {
  const bool average = settings.weight_average > 0;
  const bool gradients = settings.knobs.clip_norm > 0 || settings.knobs.clip_value > 0;
  return 2 + slot_count(settings.optimizer) + static_cast<int>(average) +
         static_cast<int>(gradients);
}

}  // namespace

double training_bytes(const NetworkSpec& network, const Settings& settings,
                      std::size_t training_rows) {
  const NetworkSize size = size_of_network(network);
  const std::size_t batch = std::min(static_cast<std::size_t>(settings.batch_size),
                                     std::max<std::size_t>(1, training_rows));
  const double numbers = static_cast<double>(size.weights) * numbers_per_weight(settings) +
                         static_cast<double>(size.fixed) +
                         static_cast<double>(size.per_row) * static_cast<double>(batch);
  return numbers * sizeof(float);
}

void check_memory(const NetworkSpec& network, const Settings& settings, std::size_t training_rows,
                  std::uint64_t memory) {
  const double bytes = training_bytes(network, settings, training_rows);
  if (memory == 0 || bytes <= static_cast<double>(memory)) return;
  throw Error(
      Fault::input,
      fmt::format("hidden_units: a network of {} weights, trained by {} in batches of {}, takes {} "
                  "({} numbers of 4 bytes a weight, and a batch's way through the layers); this "
                  "machine has {}. Fewer units, or a smaller batch_size, were expected",
                  size_of_network(network).weights, name_of(settings.optimizer),
                  std::min(static_cast<std::size_t>(settings.batch_size), training_rows),
                  bytes_text(bytes), numbers_per_weight(settings),
                  bytes_text(static_cast<double>(memory))));
}

}  // namespace caviar
