#include "caviar/trainer/course.hpp"

#include <utility>

#include <fmt/format.h>

#include "caviar/base/error.hpp"
#include "caviar/base/json.hpp"
#include "caviar/space/space_text.hpp"
#include "caviar/trainer/hyperparameters.hpp"

namespace caviar {
namespace {

// An epoch's word on whether a stage goes on, and the state where it was cut.
struct Cut {
  bool stopped = false;  // by the watcher
  std::optional<TrainingState<float>> state;
};

}  // namespace

CourseResult train_course(const PreparedData& data, const Course& course,
                          const CourseControl& control) {
  std::optional<CourseState> at = control.start;
  CourseResult result;
  for (std::size_t stage = at ? at->stage + 1 : 0; stage < course.stages.size(); ++stage) {
    const Stage& now = course.stages[stage];
    const Settings how = settings(course.spec, now.point);
    Cut cut;
    Control hooks;
    if (at) hooks.resume = &at->state;
    hooks.on_epoch = [&](const Epoch& epoch) {
      cut.stopped = control.on_epoch && control.on_epoch(epoch) == Flow::stop;
      if (epoch.epoch >= now.until && now.until < how.epochs) cut.state = epoch.state();
      return cut.stopped || cut.state ? Flow::stop : Flow::go;
    };
    result.training = train(data, course.spec, how, hooks);
    result.ended_by_itself = result.training.ending != FitEnding::stopped;
    if (result.ended_by_itself || cut.stopped) break;
    at = CourseState{stage, std::move(*cut.state)};
    if (control.on_stage) control.on_stage(*at);
  }
  return result;
}

std::string course_to_json(const Course& course) {
  Json stages = Json::array();
  for (const Stage& stage : course.stages) {
    Json one = {{"until", stage.until}};
    one.update(to_json(stage.point));
    stages.push_back(std::move(one));
  }
  return Json{{"train", to_json(course.spec)}, {"stages", std::move(stages)}}.dump(2) + "\n";
}

Course course_from(const Node& node) {
  Fields fields(node);
  Course course{parse_train_spec(fields.need("train")), {}};
  for (const Node& item : fields.need("stages").items()) {
    Stage stage{static_cast<int>(Fields(item).need("until").integer()),
                parse_point(item.without({"until"}))};
    const int before = course.stages.empty() ? 0 : course.stages.back().until;
    if (stage.until <= before) {
      item.fail(fmt::format("until is {}, an epoch after {} expected", stage.until, before));
    }
    settings(course.spec, stage.point);
    course.stages.push_back(std::move(stage));
  }
  fields.done();
  if (course.stages.empty()) node.fail("stages: empty; at least one expected");
  return course;
}

}  // namespace caviar
