# Checks over the tree itself: layers point down, files stay small, every header compiles alone.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

add_test(NAME tree.layers COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/check_layers.py
  ${CAVIAR_LAYERS_FILE} ${PROJECT_SOURCE_DIR})
add_test(NAME tree.sizes COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/check_sizes.py
  ${PROJECT_SOURCE_DIR})

# One source a header that includes nothing else: it compiles, or the build says which one does not.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/src
  ${PROJECT_SOURCE_DIR}/src/caviar/*.hpp)
set(sources)
foreach(header IN LISTS headers)
  string(MAKE_C_IDENTIFIER ${header} name)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/headers/${name}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${header}\"\n")
  list(APPEND sources ${source})
endforeach()
add_library(caviar_headers OBJECT ${sources})
target_include_directories(caviar_headers PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(caviar_headers PRIVATE nlohmann_json::nlohmann_json)
target_compile_options(caviar_headers PRIVATE -O0 -g0 -Wall -Wextra -Wno-unused)
