# The standard headers that most files include, and fmt, compiled once; for tests doctest too. Without it they are half of the build's time.
# What is in them may be missing from a file's own includes without anybody noticing: presets tsan and fuzz build without.
option(REMORA_PRECOMPILE "Precompile the headers that most files include" ON)

set(remora_precompiled
  <algorithm> <array> <chrono> <cmath> <cstdint> <deque> <functional> <map> <memory> <optional> <set> <string> <string_view> <utility> <variant>
  <vector> <fmt/format.h> <tl/expected.hpp>)

# Tests are compiled without optimisation: they are a third of the code and none of it is hot.
add_library(remora_test_flags INTERFACE)
target_compile_options(remora_test_flags INTERFACE $<$<CONFIG:Release,Debug>:-O0>)

if(REMORA_PRECOMPILE)
  add_library(remora_precompiled OBJECT ${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp)
  target_link_libraries(remora_precompiled PRIVATE remora_flags fmt::fmt remora_expected)
  target_precompile_headers(remora_precompiled PRIVATE ${remora_precompiled})
  if(BUILD_TESTING)
    add_library(remora_test_precompiled OBJECT ${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp)
    target_link_libraries(remora_test_precompiled PRIVATE remora_flags remora_test_flags fmt::fmt remora_expected doctest::doctest)
    target_precompile_headers(remora_test_precompiled PRIVATE ${remora_precompiled} <doctest/doctest.h>)
  endif()
endif()

# remora_use_precompiled(TARGET [test])
function(remora_use_precompiled target)
  set(from remora_precompiled)
  if("test" IN_LIST ARGN)
    set(from remora_test_precompiled)
    target_link_libraries(${target} PRIVATE remora_test_flags)
  endif()
  if(REMORA_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${from})
  endif()
endfunction()

# remora_compile_lightly(SOURCE...): for files that are costly to compile and never hot.
function(remora_compile_lightly)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_PRECOMPILE_HEADERS ON COMPILE_OPTIONS "$<$<CONFIG:Release>:-O1>;$<$<CONFIG:Debug>:-O0>")
endfunction()
