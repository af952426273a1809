#include "caviar/objective/resources.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <thread>

#include <sched.h>

namespace caviar {
namespace {

// What a container may use, of /sys/fs/cgroup/cpu.max: "200000 100000" is two cores.
int cores_of_container() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  double quota = 0, period = 0;
  if (!(file >> quota >> period) || quota <= 0 || period <= 0) return 0;
  return std::max(1, static_cast<int>(std::lround(quota / period)));
}

}  // namespace

int usable_cpus() {
  cpu_set_t set;
  int cores = static_cast<int>(std::thread::hardware_concurrency());
  if (sched_getaffinity(0, sizeof set, &set) == 0) cores = CPU_COUNT(&set);
  const int container = cores_of_container();
  if (container > 0) cores = std::min(cores, container);
  return std::max(1, cores);
}

std::map<std::string, std::string> share_environment(const Resources& resources, int jobs,
                                                     int slot) {
  std::map<std::string, std::string> share;
  if (jobs > 1 || resources.cpus > 0) {
    const int all = resources.cpus > 0 ? resources.cpus : usable_cpus();
    const std::string threads = std::to_string(std::max(1, all / jobs));
    for (const char* name : {"CAVIAR_CPUS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
                             "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "RAYON_NUM_THREADS"}) {
      share[name] = threads;
    }
  }
  std::erase_if(share,
                [](const auto& entry) { return std::getenv(entry.first.c_str()) != nullptr; });
  if (!resources.gpus.empty()) {
    const std::string& device = resources.gpus[static_cast<std::size_t>(slot)];
    for (const char* name : {"CAVIAR_GPU", "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES"}) {
      share[name] = device;
    }
  }
  return share;
}

}  // namespace caviar
