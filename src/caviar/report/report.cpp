#include "caviar/report/report.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "caviar/analysis/summary.hpp"
#include "caviar/report/assets.hpp"
#include "caviar/report/page_data.hpp"
#include "caviar/report/svg.hpp"

namespace caviar {
namespace {

// Three eggs of different size, as in the page's head.
constexpr std::string_view icon =
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'%3E"
    "%3Ccircle cx='5' cy='13' r='3.6' fill='%23777'/%3E%3Ccircle cx='10' cy='6' r='3.6' "
    "fill='%23555'/%3E%3Ccircle cx='15' cy='13' r='4.4' fill='%23d6421c'/%3E%3C/svg%3E";

// The same content where scripts do not run.
std::string in_words(const StudySpec& spec, const History& history) {
  const Trial* best = history.best();
  const std::string text =
      best == nullptr ? "No trial is complete yet."
                      : fmt::format("The best of {} trials is trial {}: {} {:.6g} with {}.",
                                    history.trials().size(), best->number, history.goal().metric,
                                    best->values.front(), to_text(best->point));
  const std::string unfinished = unfinished_text(history, spent_by(spec));
  return unfinished.empty() ? text : text + " But: " + unfinished + ".";
}

std::string page(const std::string& title, const std::string& words, const std::string& data) {
  std::string html;
  html.reserve(data.size() + page_script().size() + page_style().size() + 4096);
  html += "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  html +=
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n";
  html += fmt::format("<link rel=\"icon\" href=\"{}\">\n<title>{}</title>\n<style>", icon,
                      escaped_html(title));
  html += page_style();
  html += "</style>\n</head>\n<body>\n<div id=\"caviar\"></div>\n";
  html += fmt::format(
      "<noscript><main><h1>{}</h1><p>{}</p><p>The pictures need "
      "JavaScript.</p></main></noscript>\n",
      escaped_html(title), escaped_html(words));
  html += "<script type=\"application/json\" id=\"caviar-data\">";
  html += data;
  html += "</script>\n<script>";
  html += page_script();
  html += "</script>\n</body>\n</html>\n";
  return html;
}

}  // namespace

std::string report_html(const StudySpec& spec, const History& history,
                        const ReportOptions& options) {
  return page(spec.name + " · caviar", in_words(spec, history), study_data(spec, history, options));
}

std::string compare_html(const StudySpec& spec, const std::vector<MethodRuns>& methods,
                         const ReportOptions& options) {
  const std::string words = fmt::format("{} search methods on the same study.", methods.size());
  return page(spec.name + " · caviar compare", words, compare_data(spec, methods, options));
}

}  // namespace caviar
