#include "caviar/report/training_page.hpp"

#include <fmt/format.h>

#include "caviar/report/assets.hpp"
#include "caviar/report/svg.hpp"

namespace caviar {
namespace {

constexpr std::size_t most_classes = 40;

constexpr const char* own_style =
    "table{border-collapse:collapse;font-size:14px}"
    "th{font-weight:500;color:var(--muted);text-align:left}"
    "td,th{padding:4px 12px 4px 0;border-bottom:1px solid var(--rule)}"
    "td{white-space:normal;vertical-align:top}"
    ".right{text-align:right;white-space:nowrap}.matrix td{text-align:right;padding:6px "
    "10px;min-width:44px}"
    ".matrix tr:first-child th+th{text-align:right;padding:4px 10px}"
    ".scroll{overflow-x:auto}.scroll svg{min-width:560px}";

std::string section(const std::string& title, const std::string& lead, const std::string& body) {
  if (body.empty()) return "";
  return fmt::format(
      "<section><header><h2>{}</h2><p class=\"lead\">{}</p></header>"
      "<div class=\"body\"><div class=\"scroll\">{}</div></div></section>\n",
      escaped_html(title), escaped_html(lead), body);
}

std::string table_html(const PageTable& table) {
  std::string text = "<table><tr>";
  const auto cell = [&](const char* kind, std::size_t column, const std::string& content) {
    const bool right = table.headers[column].starts_with('>');
    return fmt::format("<{}{}>{}</{}>", kind, right ? " class=\"right\"" : "",
                       escaped_html(content), kind);
  };
  for (std::size_t i = 0; i < table.headers.size(); ++i) {
    const std::string& header = table.headers[i];
    text += cell("th", i, header.starts_with('>') ? header.substr(1) : header);
  }
  text += "</tr>\n";
  for (const auto& row : table.rows) {
    text += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) text += cell("td", i, row[i]);
    text += "</tr>\n";
  }
  return text + "</table>\n";
}

std::string headline(const TrainingPage& page) {
  std::string text = fmt::format(
      "<header class=\"headline\"><p class=\"kicker\">{}</p>"
      "<h1>{}</h1><p class=\"story\">{}</p><dl class=\"figures\">",
      escaped_html(page.maker), escaped_html(page.title), escaped_html(page.story));
  for (std::size_t i = 0; i < page.figures.size(); ++i) {
    text += fmt::format("<div{}><dt>{}</dt><dd>{}</dd></div>", i == 0 ? " class=\"first\"" : "",
                        escaped_html(page.figures[i].first), escaped_html(page.figures[i].second));
  }
  return text + "</dl></header>\n";
}

std::string judgement(const TrainingPage& page) {
  const std::string lead = "On " + page.judged_on + ".";
  if (!page.counts.empty() && page.classes.size() <= most_classes) {
    return section("What is taken for what", lead, html_matrix(page.classes, page.counts));
  }
  return section("Predicted against true", lead, svg_points(page.numbers, "true", "predicted"));
}

}  // namespace

std::string training_html(const TrainingPage& page) {
  std::string html = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  html +=
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; img-src data:\">\n<title>";
  html += escaped_html(page.title + " · " + page.maker) + "</title>\n<style>";
  html += page_style();
  html += own_style;
  html += "</style>\n</head>\n<body>\n<main>\n" + headline(page);
  const auto add = [&html](const std::vector<PageTable>& tables) {
    for (const PageTable& table : tables) {
      html += section(table.title, table.lead, table_html(table));
    }
  };
  add(page.first);
  for (const PagePicture& picture : page.pictures) {
    html += section(picture.title, picture.lead, svg_curves(picture.curves, picture.x_label));
  }
  html += judgement(page);
  add(page.tables);
  return html + "</main>\n</body>\n</html>\n";
}

}  // namespace caviar
