# Compiler, warnings, sanitizers, linker and compiler cache: everything that is the same for every target.

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

find_program(REMORA_CCACHE ccache)
if(REMORA_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # What ccache asks for to cache what uses precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${REMORA_CCACHE})
endif()

find_program(REMORA_MOLD mold)
if(REMORA_MOLD AND NOT REMORA_FUZZ)
  add_link_options(-fuse-ld=mold)
endif()

add_library(remora_flags INTERFACE)
target_compile_options(remora_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror=return-type
  # Decisions must not depend on the instruction set: no contraction of a*b+c to a fused multiply-add.
  -ffp-contract=off)

if(REMORA_SANITIZE)
  add_compile_options(-fsanitize=${REMORA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${REMORA_SANITIZE})
endif()

if(REMORA_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
