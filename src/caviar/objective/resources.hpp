// What a machine has for trials that run at once, and the share of each: none is used twice.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace caviar {

struct Resources {
  std::vector<std::string> gpus;  // device names as CUDA_VISIBLE_DEVICES takes them; one a trial
  int cpus = 0;                   // for all trials together; 0: all that this program may use
  std::uint64_t memory = 0;       // bytes for all trials together; 0: no limit
};

// Cores that this program may run on: as the system and a container's limit allow.
int usable_cpus();

// The environment that tells a trial its share: its device, and how many threads it may start.
// `slot` is its place among `jobs` trials at once. Variables that the caller's environment has
// already are left out.
std::map<std::string, std::string> share_environment(const Resources& resources, int jobs,
                                                     int slot);

}  // namespace caviar
