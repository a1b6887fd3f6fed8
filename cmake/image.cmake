# SPDX-License-Identifier: Apache-2.0
# How an image is linked.

set(MERLON_LD ${CMAKE_SOURCE_DIR}/arch/armv8m/ld)

# merlon_image(NAME SCRIPT bl2|secure|nonsecure SOURCES... [USES target...] [VENEERS])
#
# Makes bin/NAME.elf, bin/NAME.bin and bin/NAME.map from an image's composition root and the modules it names. VENEERS also makes
# lib/veneers.o, which a Non-secure image links to call into this one.
function(merlon_image name)
  cmake_parse_arguments(arg "VENEERS" "SCRIPT" "SOURCES;USES" ${ARGN})
  set(target image_${name})
  set(bin ${CMAKE_BINARY_DIR}/bin/${name})
  add_executable(${target} ${arg_SOURCES})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin
    LINK_DEPENDS "${MERLON_BOARD_OUT}/memory_${arg_SCRIPT}.ld;${MERLON_LD}/${arg_SCRIPT}.ld;${MERLON_LD}/code.ld;${MERLON_LD}/ram.ld;${MERLON_LD}/discard.ld")
  target_link_libraries(${target} PRIVATE merlon_options merlon_include merlon_board ${arg_USES})
  target_link_options(${target} PRIVATE -T ${MERLON_LD}/${arg_SCRIPT}.ld -L${MERLON_LD} -L${MERLON_BOARD_OUT} -Wl,-Map=${bin}.map)
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
