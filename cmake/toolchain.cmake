# How everything here is compiled: the language, warnings, sanitizers, and faster tools where they exist.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

add_library(caviar_flags INTERFACE)
# Files that are compiled as one see each other's names; what a name hides is told by the builds that do not.
target_compile_options(caviar_flags INTERFACE -Wall -Wextra -Wpedantic $<$<NOT:$<BOOL:${CAVIAR_TOGETHER}>>:-Wshadow>
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${CAVIAR_PRECOMPILE}>>:-fpch-preprocess>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 warns of overlapping copies in std::string's operator+ where there are none (GCC bug 105651).
  target_compile_options(caviar_flags INTERFACE -Wno-restrict)
endif()
if(CAVIAR_SANITIZE)
  target_compile_options(caviar_flags INTERFACE -fsanitize=${CAVIAR_SANITIZE}
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(CAVIAR_SANITIZE MATCHES "undefined")
    # A third of the compile time for what the address sanitizer or the processor notices anyway.
    target_compile_options(caviar_flags INTERFACE -fno-sanitize=null,alignment,object-size,vptr)
  endif()
  target_link_options(caviar_flags INTERFACE -fsanitize=${CAVIAR_SANITIZE})
endif()

# What waits for disks, programs and people gains nothing from the last optimisations, which double the time of
# building it.
function(caviar_cold target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

find_program(CAVIAR_CCACHE ccache)
if(CAVIAR_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Without this leave ccache passes over files that use a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros ${CAVIAR_CCACHE})
endif()
find_program(CAVIAR_MOLD mold)
if(CAVIAR_MOLD AND CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
  target_link_options(caviar_flags INTERFACE -fuse-ld=mold)
endif()
