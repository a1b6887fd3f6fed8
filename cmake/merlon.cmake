# SPDX-License-Identifier: Apache-2.0
# How a folder becomes a target, and how layers are enforced.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(MERLON_DEPS "${CMAKE_SOURCE_DIR}/build/deps" CACHE PATH "where ./dev setup unpacks third-party sources")
set(MERLON_BOARD "" CACHE STRING "board to build firmware for; empty: the host")
set(MERLON_PRODUCT "default" CACHE STRING "folder in products/")
set(MERLON_HOST_TOOLS "${CMAKE_SOURCE_DIR}/build/host/bin" CACHE PATH "generators and merlon, for firmware builds")
if(MERLON_BOARD)
  set(MERLON_HOST OFF)
else()
  set(MERLON_HOST ON)
endif()
# The host takes the map of the an521.
if(MERLON_HOST)
  set(merlon_board_name an521)
else()
  set(merlon_board_name ${MERLON_BOARD})
endif()

add_library(merlon_options INTERFACE)
# Warnings are judged by gcc, which builds what runs; clang is there for libFuzzer.
target_compile_options(merlon_options INTERFACE -Wall -Wextra $<$<C_COMPILER_ID:GNU>:-Werror> -Wshadow -Wpedantic -Wstrict-prototypes
  -Wmissing-prototypes -Wconversion -Wno-sign-conversion -Wvla -Wundef)
# Reproducible from any folder: no absolute path reaches an object file.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -ffile-prefix-map=${CMAKE_BINARY_DIR}=build)

if(MERLON_HOST)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endif()

# merlon_module(NAME SOURCES... [USES target...])
#
# One folder, one static library merlon_NAME. Public headers lie in the folder's include/merlon/NAME/. What it USES is linked
# PRIVATE: its headers do not reach whoever links this one, so that every include needs a line that allows it.
function(merlon_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES" ${ARGN})
  add_library(merlon_${name} STATIC ${arg_SOURCES})
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/include)
    target_include_directories(merlon_${name} PUBLIC include)
  endif()
  target_link_libraries(merlon_${name} PUBLIC merlon_include PRIVATE merlon_options ${arg_USES})
endfunction()

# merlon_interface(NAME [USES target...]): a folder of headers only.
function(merlon_interface name)
  cmake_parse_arguments(arg "" "" "USES" ${ARGN})
  add_library(merlon_${name} INTERFACE)
  target_include_directories(merlon_${name} INTERFACE include)
  target_link_libraries(merlon_${name} INTERFACE merlon_include ${arg_USES})
endfunction()

# merlon_test(NAME SOURCES... [USES target...] [LABELS label...] [TIMEOUT seconds])
#
# A host test program of the harness, NAME mirrors the path: lib/mem for tests/lib/test_mem.c.
function(merlon_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;USES;LABELS" ${ARGN})
  string(REPLACE "/" "_" target test_${name})
  add_executable(${target} ${arg_SOURCES})
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(${target} PRIVATE merlon_options merlon_harness ${arg_USES})
  add_test(NAME ${name} COMMAND ${target})
  set_tests_properties(${name} PROPERTIES LABELS "host;${arg_LABELS}" TIMEOUT $<IF:$<BOOL:${arg_TIMEOUT}>,${arg_TIMEOUT},300>)
endfunction()

# merlon_fuzzer(NAME SOURCES... [USES target...]): tests/fuzz/<name>.c; seeds in tests/fuzz/corpus/<name>/.
# In preset `fuzz` a libFuzzer program; elsewhere the same entry point replays the corpus as a test.
function(merlon_fuzzer name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES" ${ARGN})
  add_executable(fuzz_${name} ${arg_SOURCES})
  set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  target_link_libraries(fuzz_${name} PRIVATE merlon_options ${arg_USES})
  if(NOT TARGET fuzzers)
    add_custom_target(fuzzers)
  endif()
  add_dependencies(fuzzers fuzz_${name})
  if(MERLON_FUZZ)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_link_libraries(fuzz_${name} PRIVATE merlon_fuzz_replay)
    add_test(NAME fuzz/${name} COMMAND fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
    set_tests_properties(fuzz/${name} PROPERTIES LABELS "host;fuzz")
  endif()
endfunction()

include(${CMAKE_CURRENT_LIST_DIR}/mbedtls.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/sealed.cmake)
