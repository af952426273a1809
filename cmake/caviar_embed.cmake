# caviar_embed(LAYER FILE...)
# Takes files into a layer's library as bytes: web/dist/page.js becomes caviar_embedded_page_js …
# caviar_embedded_page_js_end. The assembler includes them, so nothing has to be generated; a changed
# file is linked anew.
function(caviar_embed layer)
  foreach(file IN LISTS ARGN)
    get_filename_component(name ${file} NAME)
    string(MAKE_C_IDENTIFIER ${name} name)
    set(symbol caviar_embedded_${name})
    set(source ${CMAKE_CURRENT_BINARY_DIR}/embed/${symbol}.S)
    file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
"    .section .rodata
    .global @symbol@
    .global @symbol@_end
    .balign 16
@symbol@:
    .incbin \"${PROJECT_SOURCE_DIR}/@file@\"
@symbol@_end:
    .byte 0
    .section .note.GNU-stack,\"\",%progbits
")
    set_source_files_properties(${source} PROPERTIES
      OBJECT_DEPENDS ${PROJECT_SOURCE_DIR}/${file})
    target_sources(caviar_${layer} PRIVATE ${source})
  endforeach()
endfunction()
