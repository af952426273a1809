#include "caviar/report/report.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "caviar/base/json.hpp"
#include "caviar/report/assets.hpp"

#include "tests/analysis/studies.hpp"

namespace caviar {
namespace {

using testing::StudyMaker;

Space network_space() {
  return Space({{"learning_rate", Float{1e-4, 1, Scale::log}, {}, 1},
                {"momentum", Float{0.9, 0.999, Scale::reverse_log}, {}, 2},
                {"optimizer", Choice{{"momentum", "adam"}}, {}, 0},
                {"beta2",
                 Float{0.9, 0.9999, Scale::reverse_log},
                 {{"optimizer", Comparison::one_of, {"adam"}}},
                 4}});
}

StudyMaker small_study(int trials) {
  StudyMaker study(network_space(), {"validation_loss", {Direction::minimize}});
  study.fill(trials, [](const auto& u) { return 0.1 + (u[0] - 0.6) * (u[0] - 0.6) + 0.05 * u[1]; });
  return study;
}

StudySpec spec_of(const History& history, const std::string& name = "digits") {
  StudySpec spec;
  spec.name = name;
  spec.space = history.space();
  spec.goal = history.goal();
  return spec;
}

// Not a matcher: a failure would print the whole page.
bool holds(const std::string& html, const std::string& part) {
  return html.find(part) != std::string::npos;
}

// The text between a page's data tags, read as a browser would: up to the first closing tag.
Json data_of(const std::string& html) {
  const std::string open = "<script type=\"application/json\" id=\"caviar-data\">";
  const std::size_t start = html.find(open);
  EXPECT_NE(start, std::string::npos);
  const std::size_t from = start + open.size();
  return Json::parse(html.substr(from, html.find("</script", from) - from));
}

TEST(Report, HoldsEveryTrialAndTheBest) {
  const StudyMaker study = small_study(30);
  const Json data = data_of(report_html(spec_of(study.history), study.history));
  EXPECT_EQ(data["kind"], "study");
  EXPECT_EQ(data["metric"], "validation_loss");
  EXPECT_EQ(data["trials"]["state"], std::string(30, 'c'));
  EXPECT_EQ(data["best"]["trial"], study.history.best()->number);
  EXPECT_EQ(data["trials"]["unit"].size(), 4u);
  for (int number = 0; number < 30; ++number) {
    const Trial& trial = study.history.trials()[static_cast<std::size_t>(number)];
    EXPECT_NEAR(data["trials"]["value"][number].get<double>(), trial.values[0], 1e-6);
    EXPECT_NEAR(data["trials"]["unit"][0][number].get<double>() / 10000, trial.unit[0], 1e-4);
    EXPECT_EQ(data["trials"]["unit"][3][number].is_null(), std::isnan(trial.unit[3]));
  }
  EXPECT_EQ(data["importance"]["parameters"][0]["parameter"], 0);
  EXPECT_EQ(data["slices"].size(), 4u);
  EXPECT_EQ(data["surfaces"].size(), 6u);
  EXPECT_EQ(data["parameters"][3]["when"][0], "optimizer = adam");
}

TEST(Report, ShowsTheFrontAndWhatIsBeyondTheBounds) {
  Goal goal{"loss", {Direction::minimize, Direction::maximize}, {"speed"}};
  goal.bounds = {{"speed", false, 1}};
  StudyMaker study(Space({{"x", Float{0, 1}, {}, 0}}), goal);
  study.add({{"x", 0.1}}, TrialState::complete, {3, 9});
  study.add({{"x", 0.2}}, TrialState::complete, {1, 0.5});  // beyond
  study.add({{"x", 0.3}}, TrialState::complete, {2, 4});
  study.add({{"x", 0.4}}, TrialState::complete, {4, 4});
  study.add({{"x", 0.5}}, TrialState::failed, {});
  const Json data = data_of(report_html(spec_of(study.history), study.history));
  EXPECT_EQ(data["front"]["trials"], Json({2, 0}));
  EXPECT_EQ(data["front"]["objectives"][1]["name"], "speed");
  EXPECT_EQ(data["front"]["objectives"][1]["maximize"], true);
  EXPECT_EQ(data["front"]["objectives"][1]["value"], Json({9, 0.5, 4, 4, nullptr}));
  EXPECT_EQ(data["trials"]["beyond"], Json({1}));
  EXPECT_EQ(data["bounds"], Json({"speed >= 1"}));
  EXPECT_EQ(data["best"]["trial"], 2);
  const StudyMaker one = small_study(3);
  EXPECT_TRUE(data_of(report_html(spec_of(one.history), one.history))["front"].is_null());
}

// A trial that is older than a parameter counts with its `before`, and is marked.
TEST(Report, ShowsWithWhatOlderTrialsCount) {
  const Parameter rate{.name = "rate", .distribution = Float{0, 1}};
  StudyMaker study(Space({rate}), {"loss", {Direction::minimize}});
  study.fill(5, [](const auto& u) { return u[0]; });
  const Parameter late{.name = "late", .distribution = Float{0, 1}, .before = 0.25};
  study.history.apply(Edited{Space({rate, late}), {"late is new"}, 0});
  const Json data = data_of(report_html(spec_of(study.history), study.history));
  EXPECT_EQ(data["trials"]["values"][1], Json::parse("[0.25, 0.25, 0.25, 0.25, 0.25]"));
  EXPECT_EQ(data["trials"]["before"], Json::parse("[[], [0, 1, 2, 3, 4]]"));
  EXPECT_EQ(data["best"]["point"][1], Json::parse(R"(["late", "0.25"])"));
}

TEST(Report, LoadsNothingFromAnywhere) {
  const StudyMaker study = small_study(12);
  std::string html = report_html(spec_of(study.history), study.history);
  std::transform(html.begin(), html.end(), html.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  for (const std::string way :
       {"src=", "href=\"http", "href='http", "href=\"//", "url(http", "url(\"http", "url(//",
        "@import", "fetch(", "xmlhttprequest", "websocket", "eventsource", "sendbeacon", "import(",
        "<link rel=\"style"}) {
    EXPECT_FALSE(holds(html, way)) << way;
  }
  EXPECT_TRUE(holds(html, "default-src 'none'"));
}

TEST(Report, CarriesScriptAndStyle) {
  EXPECT_GT(page_script().size(), 10000u);
  EXPECT_GT(page_style().size(), 1000u);
  EXPECT_EQ(page_script().find("</script"), std::string_view::npos);
  EXPECT_EQ(page_style().find("</style"), std::string_view::npos);
  const std::string html = report_html(spec_of(small_study(1).history), small_study(1).history);
  EXPECT_NE(html.find(page_script()), std::string::npos);
}

TEST(Report, EscapesHostileText) {
  const std::string hostile = "</script><img src=x onerror=alert(1)>\"'&<!--\u2028\u00e9\u4e2d";
  const Space space({{hostile, Float{0, 1}, {}, 0}, {"kind", Choice{{hostile, "b"}}, {}, 0}});
  StudyMaker study(space, {"loss", {Direction::minimize}});
  study.add({{hostile, 0.5}, {"kind", hostile}}, TrialState::complete, {1});
  study.add({{hostile, 0.7}, {"kind", "b"}}, TrialState::failed, {}, hostile);
  const std::string html = report_html(spec_of(study.history, hostile), study.history);
  EXPECT_FALSE(holds(html, "<img"));
  EXPECT_TRUE(
      holds(html, "<title>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"));
  // Exactly the two script elements that the page means to have.
  std::size_t closings = 0;
  for (std::size_t at = html.find("</script"); at != std::string::npos;
       at = html.find("</script", at + 1))
    ++closings;
  EXPECT_EQ(closings, 2u);
  const Json data = data_of(html);
  EXPECT_EQ(data["name"], hostile);
  EXPECT_EQ(data["parameters"][0]["name"], hostile);
  EXPECT_EQ(data["trials"]["values"][1][0], hostile);
  EXPECT_EQ(data["trials"]["why"]["1"], hostile);
}

TEST(Report, SurvivesTextThatIsNotUnicode) {
  StudyMaker study(testing::unit_cube(1));
  study.add({{"x0", 0.5}}, TrialState::failed, {}, "crashed: \xff\xfe");
  const Json data = data_of(report_html(spec_of(study.history), study.history));
  EXPECT_EQ(data["trials"]["why"]["0"], "crashed: \ufffd\ufffd");
}

TEST(Report, WorksWithAnyNumberOfTrials) {
  for (const int trials : {0, 1, 3}) {
    const StudyMaker study = small_study(trials);
    const Json data = data_of(report_html(spec_of(study.history), study.history));
    EXPECT_EQ(data["trials"]["state"].get<std::string>().size(), static_cast<std::size_t>(trials));
    EXPECT_EQ(data["best"].is_null(), trials == 0);
    EXPECT_TRUE(data["importance"].is_null());
    EXPECT_TRUE(data["surfaces"].empty());
  }
  StudyMaker failed(network_space());
  failed.add({{"learning_rate", 0.5}, {"momentum", 0.95}, {"optimizer", "momentum"}},
             TrialState::failed, {}, "diverged");
  EXPECT_TRUE(data_of(report_html(spec_of(failed.history), failed.history))["best"].is_null());
}

TEST(Report, WritesWhatIsNoNumberAsText) {
  StudyMaker study(testing::unit_cube(1));
  study.history.apply(Asked{0, {{{"x0", 0.5}}, "random", {}}, "", std::nullopt, 1});
  const double inf = std::numeric_limits<double>::infinity();
  study.history.apply(Reported{0, {1, inf}, 2});
  study.history.apply(Reported{0, {2, std::nan("")}, 3});
  study.history.apply(
      Ended{0, TrialState::failed, {}, {{"gradient", -inf}}, "nan", std::nullopt, 4});
  const Json data = data_of(report_html(spec_of(study.history), study.history));
  EXPECT_EQ(data["curves"][0]["value"], Json({"inf", "nan"}));
  EXPECT_EQ(data["trials"]["metrics"]["gradient"][0], "-inf");
}

TEST(Report, DrawsCurvesButNotAllOfThem) {
  StudyMaker study(testing::unit_cube(1));
  for (int number = 0; number < 320; ++number) {
    study.history.apply(Asked{number, {{{"x0", 0.5}}, "random", {}}, "", std::nullopt, 1});
    for (int step = 1; step <= 250; ++step) {
      study.history.apply(Reported{number, {step, 320.0 - number + 1.0 / step}, 2});
    }
    study.history.apply(
        Ended{number, TrialState::complete, {320.0 - number}, {}, "", std::nullopt, 3});
  }
  const Json data = data_of(report_html(spec_of(study.history), study.history));
  EXPECT_EQ(data["curves_in_all"], 320);
  ASSERT_EQ(data["curves"].size(), 300u);
  bool best = false;
  for (const Json& curve : data["curves"]) {
    EXPECT_LE(curve["value"].size(), 201u);
    EXPECT_EQ(curve["value"].size(), curve["step"].size());
    EXPECT_EQ(curve["step"].back(), 250);
    best = best || curve["trial"] == 319;
  }
  EXPECT_TRUE(best);
}

TEST(Report, ShowsTheBoxesOfASearchThatZooms) {
  StudyMaker study(testing::unit_cube(2));
  const Point middle{{"x0", 0.5}, {"x1", 0.5}};
  study.add(middle, TrialState::complete, {1}, "", {{"round", 0}});
  const Note box{{"round", 1}, {"box.x0.low", 0.25}, {"box.x0.high", 0.75}};
  study.add(middle, TrialState::complete, {2}, "", box);
  study.add(middle, TrialState::complete, {3}, "", box);
  const Json boxes = data_of(report_html(spec_of(study.history), study.history))["boxes"];
  ASSERT_EQ(boxes.size(), 1u);
  EXPECT_EQ(boxes[0]["round"], 1);
  EXPECT_EQ(boxes[0]["from"], 1);
  EXPECT_EQ(boxes[0]["low"], Json({0.25, nullptr}));
  EXPECT_EQ(boxes[0]["high"], Json({0.75, nullptr}));
}

TEST(Report, ShowsTheTestScore) {
  StudyMaker study = small_study(2);
  study.history.apply(Noted{"test", R"({"test_accuracy":0.975,"rows":361})", 5});
  EXPECT_EQ(data_of(report_html(spec_of(study.history), study.history))["test"]["test_accuracy"],
            0.975);
  study.history.apply(Noted{"test", "not json", 6});
  EXPECT_TRUE(data_of(report_html(spec_of(study.history), study.history))["test"].is_null());
}

TEST(Compare, HoldsEveryRunOfEveryMethod) {
  std::vector<MethodRuns> methods;
  for (const std::string sampler : {"random", "gp"}) {
    MethodRuns method{sampler, {}};
    for (int run = 0; run < 3; ++run) method.runs.push_back(small_study(10 + run).history);
    methods.push_back(method);
  }
  const std::string html = compare_html(spec_of(methods[0].runs[0]), methods);
  const Json data = data_of(html);
  EXPECT_EQ(data["kind"], "compare");
  ASSERT_EQ(data["samplers"].size(), 2u);
  EXPECT_EQ(data["samplers"][1]["name"], "gp");
  EXPECT_EQ(data["settings"][1], Json({"samplers", "random, gp"}));
  EXPECT_EQ(data["samplers"][1]["repeats"][2]["trials"]["value"].size(), 12u);
  EXPECT_EQ(data["axes"][0], 0);
  EXPECT_EQ(data["surface"]["value"].size(), 32u * 32u);
}

TEST(Compare, WorksWithNothing) {
  const StudySpec spec = spec_of(small_study(0).history);
  EXPECT_EQ(data_of(compare_html(spec, {}))["samplers"].size(), 0u);
  const Json empty = data_of(compare_html(spec, {{"random", {small_study(0).history}}}));
  EXPECT_TRUE(empty["surface"].is_null());
}

}  // namespace
}  // namespace caviar
