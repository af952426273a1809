# Building from nothing is mostly reading the same large headers again: the presets read them once. `tidy` does
# without, and so does a plain `cmake -B`: a missing #include shows there, and in `./run lint`.
option(CAVIAR_PRECOMPILE "Precompile the large headers" OFF)

# A third of the time of compiling a test would go into watching the test itself; what it tests stays watched.
set(CAVIAR_TEST_OPTIONS -fno-sanitize=undefined)

# And instantiating the same templates again: the same presets compile up to eight sources of a target as one, except
# those that are named, relative to the folder.
option(CAVIAR_TOGETHER "Compile several sources as one" OFF)

function(caviar_together target folder)
  if(NOT CAVIAR_TOGETHER)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  foreach(name IN LISTS ARGN)
    set_source_files_properties(${folder}/${name} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endforeach()
endfunction()

function(caviar_precompile target kind)
  if(NOT CAVIAR_PRECOMPILE)
    return()
  endif()
  if(NOT TARGET caviar_precompiled_${kind})
    set(source ${PROJECT_BINARY_DIR}/precompiled_${kind}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT "int main() {}\n")
    set(headers <algorithm> <functional> <map> <memory> <optional> <span> <string> <variant> <vector>
      <fmt/format.h> <nlohmann/json.hpp>)
    if(kind STREQUAL layers)
      add_library(caviar_precompiled_${kind} STATIC ${source})
    else()
      add_executable(caviar_precompiled_${kind} ${source})  # compiled as programs are
    endif()
    if(kind STREQUAL tests)
      list(APPEND headers <gmock/gmock.h> <gtest/gtest.h>)
      target_link_libraries(caviar_precompiled_${kind} PRIVATE GTest::gmock)
      target_compile_options(caviar_precompiled_${kind} PRIVATE ${CAVIAR_TEST_OPTIONS})
    elseif(kind STREQUAL app)
      list(APPEND headers <CLI/CLI.hpp>)
      target_link_libraries(caviar_precompiled_${kind} PRIVATE CLI11::CLI11)
    endif()
    target_link_libraries(caviar_precompiled_${kind} PRIVATE caviar_flags fmt::fmt-header-only
      nlohmann_json::nlohmann_json)
    target_precompile_headers(caviar_precompiled_${kind} PRIVATE ${headers})
  endif()
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:fmt::fmt-header-only>)
  target_precompile_headers(${target} REUSE_FROM caviar_precompiled_${kind})
endfunction()
