// The page of a training: whole, safe, and with what was given.
#include "caviar/report/training_page.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "caviar/report/svg.hpp"

namespace caviar {
namespace {

TEST(TrainingPage, HoldsCurvesMistakesAndTables) {
  TrainingPage page;
  page.title = "a <b> & 'c'";
  page.figures = {{"test accuracy", "0.97"}};
  page.pictures = {
      {"Loss",
       "",
       "epoch",
       {{"training", {1, 2, 3}, {1, 0.5, 0.25}}, {"validation", {1, 2, 3}, {1, 0.6, 0.4}}}}};
  page.classes = {"ant", "<bee>"};
  page.counts = {{9, 1}, {0, 5}};
  page.judged_on = "the 15 test rows";
  page.tables = {{"Scores", "", {"", ">test"}, {{"loss", "0.4"}}}};
  const std::string html = training_html(page);
  for (const char* part : {"a &lt;b&gt; &amp; &#39;c&#39;", "0.97", "<polyline", "&lt;bee&gt;",
                           "the 15 test rows", "<td class=\"right\">0.4</td>", "</html>"}) {
    EXPECT_NE(html.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("http:"), std::string::npos);
  EXPECT_EQ(html.find("https:"), std::string::npos);
}

TEST(TrainingPage, LeavesOutWhatIsNotThere) {
  TrainingPage page;
  page.title = "t";
  const std::string html = training_html(page);
  EXPECT_EQ(html.find("<svg"), std::string::npos);
  EXPECT_EQ(html.find("<section"), std::string::npos);
}

TEST(Svg, NamesTheDecadesOfALongAxis) {
  const std::string text = svg_curves({{"a", {1e-6, 1e-3, 10}, {1, 2, 3}}}, "rate");
  EXPECT_NE(text.find(">0.0001<"), std::string::npos);
  EXPECT_EQ(text.find(">0.0002<"), std::string::npos);
}

TEST(Svg, NeverWritesWhatIsNotFinite) {
  const double nan = std::nan("");
  const std::string text =
      svg_curves({{"a", {1, 2, 3}, {nan, 1, 2}}, {"b", {1, 2}, {nan, nan}}}, "x");
  EXPECT_NE(text.find("<polyline"), std::string::npos);
  EXPECT_EQ(text.find("nan"), std::string::npos);
  EXPECT_EQ(svg_curves({{"a", {1}, {1}}}, "x"), "");
  const std::string same = svg_points({{1, 1}, {1, 1}}, "true", "predicted");
  EXPECT_EQ(same.find("nan"), std::string::npos);
  EXPECT_EQ(svg_curves({{"a", {1, 2}, {5, 5}}}, "x").find("nan"), std::string::npos);
}

}  // namespace
}  // namespace caviar
