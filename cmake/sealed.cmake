# SPDX-License-Identifier: Apache-2.0
# A partition that is optimised as a whole and stays a partition.

# merlon_sealed(TARGET FROM module [library...] [USES target...])
#
# On the device: TARGET, a static library of one object, made from the objects of FROM by link-time optimisation that knows that only
# functions marked `externally_visible` are called from outside. Unlike an image that is optimised as a whole it can still be placed and
# protected by its archive's name. On the host, where nobody counts bytes: the module under another name.
function(merlon_sealed target)
  cmake_parse_arguments(arg "" "" "FROM;USES" ${ARGN})
  list(GET arg_FROM 0 module)
  if(MERLON_HOST)
    add_library(${target} ALIAS ${module})
    return()
  endif()
  set(objects "")
  foreach(from IN LISTS arg_FROM)
    target_compile_options(${from} PRIVATE -flto -frandom-seed=${target})
    list(APPEND objects $<TARGET_OBJECTS:${from}>)
  endforeach()
  separate_arguments(flags NATIVE_COMMAND "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_MINSIZEREL}")
  set(object ${CMAKE_CURRENT_BINARY_DIR}/${target}.o)
  # Without the linker's plugin the compiler believes -fwhole-program; with -r of its own it would not.
  add_custom_command(OUTPUT ${object}
    COMMAND ${CMAKE_C_COMPILER} ${flags} -flto -flto-partition=none -fwhole-program -fno-use-linker-plugin -frandom-seed=${target}
      -ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -ffile-prefix-map=${CMAKE_BINARY_DIR}=build
      -nostdlib -nostartfiles -Wl,-r ${objects} -o ${object}
    DEPENDS ${arg_FROM} ${objects}
    COMMENT "Optimising ${target} as a whole"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_library(${target} STATIC ${object})
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE C)
  set_source_files_properties(${object} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
  target_include_directories(${target} INTERFACE $<TARGET_PROPERTY:${module},INTERFACE_INCLUDE_DIRECTORIES>)
  target_link_libraries(${target} INTERFACE ${arg_USES})
endfunction()
