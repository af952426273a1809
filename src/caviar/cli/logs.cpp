// caviar logs: what a trial of a command wrote, as it stands or as it comes.
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/base/words.hpp"
#include "caviar/cli/command.hpp"
#include "caviar/cli/study_choice.hpp"
#include "caviar/objective/trial_folder.hpp"
#include "caviar/process/descriptor.hpp"
#include "caviar/storage/storage.hpp"
#include "caviar/study/study.hpp"
#include "caviar/tune/interrupt.hpp"

namespace caviar::cli {
namespace {

constexpr auto between_looks = std::chrono::milliseconds(200);

struct LogsOptions {
  StudyChoice choice;
  std::string trial;
  bool follow = false;
};

// A log that may still grow, and that is replaced by a shorter one where it grew too long.
class GrowingLog {
 public:
  explicit GrowingLog(std::string path) : path_(std::move(path)) { open(); }

  // Prints what has come since; false where nothing has.
  bool print_more() {
    bool any = false;
    std::string bytes(65536, '\0');
    while (file_.is_open()) {
      const ssize_t size = ::read(file_.get(), bytes.data(), bytes.size());
      if (size <= 0) break;
      std::fwrite(bytes.data(), 1, static_cast<std::size_t>(size), stdout);
      any = true;
    }
    if (!any && replaced()) {
      open();
      ::lseek(file_.get(), 0, SEEK_END);
      fmt::print("\n… the log was shortened …\n");
    }
    std::fflush(stdout);
    return any;
  }
  bool is_there() const { return file_.is_open(); }

 private:
  void open() { file_ = Descriptor(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)); }
  bool replaced() {
    struct stat now{}, ours{};
    if (::stat(path_.c_str(), &now) != 0) return false;
    return !file_.is_open() || ::fstat(file_.get(), &ours) != 0 || now.st_ino != ours.st_ino;
  }

  std::string path_;
  Descriptor file_;
};

std::string folder_of_logs(const Study& study, const LogsOptions& options,
                           const StudyPlace& place) {
  const Node& objective = study.spec().objective;
  const std::string name = "study '" + study.spec().name + "'";
  if (objective.is_map() && objective.find("train") != nullptr) {
    const std::string file = options.choice.file.empty() ? place.storage : options.choice.file;
    throw Error(Fault::missing,
                name + " has no logs: caviar's own trainer writes none; `caviar history " +
                    shell_word(file + ":" + options.trial) +
                    "` tells what was done to a trial that was watched");
  }
  std::string folder = folder_of_trials(study, options.choice.file, place);
  if (!folder.empty()) return folder;
  throw Error(Fault::missing, name + " has no logs: only the trials of a command write them");
}

int run(LogsOptions& options) {
  const int number = options.choice.take_trial(options.trial);
  const StudyPlace place = options.choice.place();
  const Study study = Study::open(place.study, open_existing_storage(place.storage));
  const std::string folder = folder_of_logs(study, options, place);
  bool running = !study.trial(number).finished();
  GrowingLog log(trial_folder(folder, number).log);
  if (!log.is_there()) {
    throw Error(Fault::missing, trial_folder(folder, number).log +
                                    ": there is no such log (did the trial run elsewhere?)");
  }
  const std::atomic<bool>& interrupted = interrupt_on_signals();
  while (log.print_more() || (options.follow && running && !interrupted)) {
    if (!options.follow) continue;
    std::this_thread::sleep_for(between_looks);
    running = !study.trial(number).finished();
  }
  log.print_more();
  return 0;
}

}  // namespace

Command logs_command() {
  return {"logs", "What a trial of a command wrote",
          R"(  caviar logs study.yaml 12
  caviar logs study.yaml 12 -f                as it comes, until the trial ends)",
          [](Arguments& arguments) {
            auto options = std::make_shared<LogsOptions>();
            options->choice.declare(arguments);
            arguments.positional("TRIAL", options->trial, "Its number");
            arguments.flag("-f,--follow", options->follow, "Go on until the trial ends");
            return [options] { return run(*options); };
          }};
}

}  // namespace caviar::cli
