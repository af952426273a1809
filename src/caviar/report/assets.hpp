// The page's program and style: web/dist/, taken into this library by the build (caviar_embed).
#pragma once

#include <string_view>

extern "C" {
extern const char caviar_embedded_page_js[], caviar_embedded_page_js_end[];
extern const char caviar_embedded_page_css[], caviar_embedded_page_css_end[];
}

namespace caviar {

inline std::string_view page_script() {
  return {caviar_embedded_page_js, caviar_embedded_page_js_end};
}
inline std::string_view page_style() {
  return {caviar_embedded_page_css, caviar_embedded_page_css_end};
}

}  // namespace caviar
