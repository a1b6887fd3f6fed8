# SPDX-License-Identifier: Apache-2.0
# Facts about the board: boards/<board>/board.dts -> dtc -> boardgen -> ${MERLON_BOARD_OUT}.
#
# Targets: merlon_board        headers, <merlon/board/...>; linked by whoever includes one
#          merlon_board_host   host: the flash map as a table, <merlon/board/host_map.h>
#          merlon_board_world  firmware: the world table, for the Secure image
# Linker memories: ${MERLON_BOARD_OUT}/memory_{bl2,secure,nonsecure}.ld; an image that includes one depends on merlon_board_files.
# MERLON_BOARD_OVERLAYS: device tree overlays (.dtso), applied
# in order before boardgen judges the whole; a relative name counts from the root of the tree.

set(MERLON_BOARD_OUT ${CMAKE_BINARY_DIR}/generated/board)
if(MERLON_HOST)
  set(MERLON_BOARDGEN $<TARGET_FILE:boardgen>)
else()
  set(MERLON_BOARDGEN ${MERLON_HOST_TOOLS}/boardgen)
endif()
find_program(MERLON_DTC dtc REQUIRED)
find_program(MERLON_FDTOVERLAY fdtoverlay REQUIRED)
set(MERLON_SLOT "primary" CACHE STRING "slot that the images of a direct-XIP product are linked for: primary or secondary")
# In direct-XIP both images run in their slots. Images for the secondary slots are built for the map as they see it: what they run from is
# their primary.
set(merlon_board_overlays ${MERLON_BOARD_OVERLAYS})
if(NOT MERLON_HOST AND MERLON_SECONDARY STREQUAL external)
  list(PREPEND merlon_board_overlays boards/common/external_secondary.dtso)
endif()
if(NOT MERLON_HOST AND MERLON_UPGRADE_MODE STREQUAL xip)
  list(PREPEND merlon_board_overlays boards/common/xip.dtso)
  if(MERLON_SLOT STREQUAL secondary)
    list(PREPEND merlon_board_overlays boards/common/xip_secondary.dtso)
  endif()
endif()

set(merlon_board_source boards/${merlon_board_name}/board.dts)
if(NOT EXISTS ${CMAKE_SOURCE_DIR}/${merlon_board_source})
  message(FATAL_ERROR "there is no ${merlon_board_source}\n  try: a folder of boards/ as MERLON_BOARD")
endif()
file(MAKE_DIRECTORY ${MERLON_BOARD_OUT}/include/merlon/board)

# merlon_compile_tree(SOURCE NAME): NAME.dtb in ${MERLON_BOARD_OUT}, with the labels in it.
function(merlon_compile_tree source name)
  cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_SOURCE_DIR})
  add_custom_command(
    OUTPUT ${MERLON_BOARD_OUT}/${name}.dtb
    COMMAND ${MERLON_DTC} -@ -I dts -O dtb -i ${CMAKE_SOURCE_DIR}/boards -d ${MERLON_BOARD_OUT}/${name}.d
      -o ${MERLON_BOARD_OUT}/${name}.dtb ${source}
    DEPENDS ${source}
    DEPFILE ${MERLON_BOARD_OUT}/${name}.d
    COMMENT "dtc ${source}"
    VERBATIM)
endfunction()

merlon_compile_tree(${merlon_board_source} base)
set(merlon_overlay_blobs "")
foreach(overlay ${merlon_board_overlays})
  list(LENGTH merlon_overlay_blobs index)
  merlon_compile_tree(${overlay} overlay${index})
  list(APPEND merlon_overlay_blobs ${MERLON_BOARD_OUT}/overlay${index}.dtb)
endforeach()

if(merlon_overlay_blobs)
  set(merlon_merge ${MERLON_FDTOVERLAY} -i ${MERLON_BOARD_OUT}/base.dtb -o ${MERLON_BOARD_OUT}/board.dtb ${merlon_overlay_blobs})
else()
  set(merlon_merge ${CMAKE_COMMAND} -E copy ${MERLON_BOARD_OUT}/base.dtb ${MERLON_BOARD_OUT}/board.dtb)
endif()
add_custom_command(
  OUTPUT ${MERLON_BOARD_OUT}/board.dtb
  COMMAND ${merlon_merge}
  DEPENDS ${MERLON_BOARD_OUT}/base.dtb ${merlon_overlay_blobs}
  COMMENT "board tree of ${merlon_board_name} ${merlon_board_overlays}"
  VERBATIM)

set(merlon_board_headers flash_map.h memory.h devices_secure.h devices_nonsecure.h host_map.h)
list(TRANSFORM merlon_board_headers PREPEND ${MERLON_BOARD_OUT}/include/merlon/board/)
set(merlon_board_files ${merlon_board_headers})
foreach(file host_map.c world_table.c memory_bl2.ld memory_secure.ld memory_nonsecure.ld)
  list(APPEND merlon_board_files ${MERLON_BOARD_OUT}/${file})
endforeach()

add_custom_command(
  OUTPUT ${merlon_board_files}
  COMMAND ${MERLON_BOARDGEN} ${MERLON_BOARD_OUT}/board.dtb ${merlon_board_source} ${MERLON_BOARD_OUT}
  DEPENDS ${MERLON_BOARD_OUT}/board.dtb $<IF:$<BOOL:${MERLON_HOST}>,boardgen,${MERLON_HOST_TOOLS}/boardgen>
  COMMENT "boardgen ${merlon_board_source}"
  VERBATIM)
add_custom_target(merlon_board_files DEPENDS ${merlon_board_files})

add_library(merlon_board INTERFACE)
target_include_directories(merlon_board INTERFACE ${MERLON_BOARD_OUT}/include)
add_dependencies(merlon_board merlon_board_files)

if(MERLON_HOST)
  add_library(merlon_board_host STATIC ${MERLON_BOARD_OUT}/host_map.c)
  target_link_libraries(merlon_board_host PUBLIC merlon_board PRIVATE merlon_options)
else()
  add_library(merlon_board_world STATIC ${MERLON_BOARD_OUT}/world_table.c)
  target_include_directories(merlon_board_world PRIVATE ${CMAKE_SOURCE_DIR}/arch/armv8m/include)
  target_link_libraries(merlon_board_world PRIVATE merlon_include merlon_options)
  add_dependencies(merlon_board_world merlon_board_files)
endif()
