# SPDX-License-Identifier: Apache-2.0
# How an image is linked.

set(MERLON_LD ${CMAKE_SOURCE_DIR}/arch/armv8m/ld)
# Optimised as a whole, and without what makes code larger for the sake of speed; each was measured on BL2. Without these passes the compiler
# no longer proves what it proves elsewhere: that nothing is read before it is written.
set(MERLON_LTO -flto -ffat-lto-objects)
set(MERLON_SMALL ${MERLON_LTO} -fno-move-loop-invariants -fno-tree-ch -fno-if-conversion -fno-schedule-insns2
  -fno-thread-jumps -fno-optimize-sibling-calls -fno-tree-dominator-opts -fno-tree-loop-optimize -Wno-maybe-uninitialized)

# merlon_lto_variant(TARGET RESULT): the same static library once more, as TARGET_lto, compiled for an image in which size counts most
# and whose linker sees all of it. Other images are not touched by it. RESULT: its name, or TARGET where it is no static library.
function(merlon_lto_variant target result)
  set(${result} ${target} PARENT_SCOPE)
  get_target_property(type ${target} TYPE)
  if(NOT type STREQUAL STATIC_LIBRARY)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  get_target_property(folder ${target} SOURCE_DIR)
  list(TRANSFORM sources PREPEND ${folder}/)
  add_library(${target}_lto STATIC ${sources})
  foreach(property INCLUDE_DIRECTORIES INTERFACE_INCLUDE_DIRECTORIES COMPILE_OPTIONS COMPILE_DEFINITIONS LINK_LIBRARIES
      INTERFACE_LINK_LIBRARIES)
    get_target_property(value ${target} ${property})
    if(value)
      set_target_properties(${target}_lto PROPERTIES ${property} "${value}")
    endif()
  endforeach()
  # Most of a start is spent in crypto's loops: there these passes are worth their bytes.
  set(options ${MERLON_SMALL})
  if(target STREQUAL merlon_crypto)
    set(options ${MERLON_LTO})
  endif()
  target_compile_options(${target}_lto PRIVATE "$<$<COMPILE_LANGUAGE:C>:${options}>")
  set(${result} ${target}_lto PARENT_SCOPE)
endfunction()

# merlon_image(NAME SCRIPT bl2|secure|nonsecure SOURCES... [USES target...] [VENEERS] [LTO] [PLAIN target...] [LAYOUT folder])
#
# Makes bin/NAME.elf, bin/NAME.bin and bin/NAME.map from an image's composition root and the modules it names. VENEERS also makes
# lib/veneers.o, which a Non-secure image links to call into this one. LTO: optimised as a whole, for size.
# LAYOUT: linker script pieces that are looked for here before arch/armv8m/ld.
# PLAIN: linked as objects, untouched by that: memory functions, whose calls the compiler makes up at the very end.
function(merlon_image name)
  cmake_parse_arguments(arg "VENEERS;LTO" "SCRIPT;LAYOUT" "SOURCES;USES;PLAIN" ${ARGN})
  set(target image_${name})
  set(bin ${CMAKE_BINARY_DIR}/bin/${name})
  if(arg_LTO)
    set(variants "")
    foreach(used IN LISTS arg_USES)
      merlon_lto_variant(${used} variant)
      list(APPEND variants ${variant})
    endforeach()
    set(arg_USES ${variants})
  endif()
  file(GLOB scripts ${MERLON_LD}/*.ld)
  if(arg_LAYOUT)
    list(APPEND scripts ${arg_LAYOUT}/isolation_code.ld ${arg_LAYOUT}/isolation_data.ld ${arg_LAYOUT}/data_input.ld ${arg_LAYOUT}/bss_input.ld)
    set(layout -L${arg_LAYOUT})
  endif()
  add_executable(${target} ${arg_SOURCES})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin
    LINK_DEPENDS "${MERLON_BOARD_OUT}/memory_${arg_SCRIPT}.ld;${scripts}")
  target_link_libraries(${target} PRIVATE merlon_options merlon_include merlon_board ${arg_USES})
  foreach(plain IN LISTS arg_PLAIN)
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:${plain}>)
  endforeach()
  target_link_options(${target} PRIVATE -T ${MERLON_LD}/${arg_SCRIPT}.ld ${layout} -L${MERLON_LD} -L${MERLON_BOARD_OUT} -Wl,-Map=${bin}.map)
  if(arg_LTO)
    target_compile_options(${target} PRIVATE ${MERLON_SMALL})
    target_link_options(${target} PRIVATE ${MERLON_SMALL} -Os)
  endif()
  set(byproducts ${bin}.bin)
  if(arg_VENEERS)
    set(veneers ${CMAKE_BINARY_DIR}/lib/veneers.o)
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
    target_compile_options(${target} PRIVATE -mcmse)
    target_link_options(${target} PRIVATE -Wl,--cmse-implib -Wl,--out-implib=${veneers})
    list(APPEND byproducts ${veneers})
  endif()
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${CMAKE_OBJCOPY} -O binary ${bin}.elf ${bin}.bin
    BYPRODUCTS ${byproducts}
    VERBATIM)
endfunction()

# The import library as a target: link it to call the Secure world.
if(NOT MERLON_HOST)
  add_library(merlon_veneers INTERFACE)
  target_link_libraries(merlon_veneers INTERFACE ${CMAKE_BINARY_DIR}/lib/veneers.o)
endif()
