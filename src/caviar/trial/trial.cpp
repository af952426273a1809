#include "caviar/trial/trial.hpp"

namespace caviar {

const char* steering_name(Steering::Kind kind) {
  switch (kind) {
    case Steering::Kind::change:
      return "change";
    case Steering::Kind::pause:
      return "pause";
    case Steering::Kind::resume:
      return "resume";
  }
  return "";
}

const char* state_name(TrialState state) {
  switch (state) {
    case TrialState::running:
      return "running";
    case TrialState::complete:
      return "complete";
    case TrialState::pruned:
      return "pruned";
    case TrialState::failed:
      return "failed";
    case TrialState::interrupted:
      return "interrupted";
  }
  return "?";
}

}  // namespace caviar
