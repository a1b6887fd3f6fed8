# SPDX-License-Identifier: Apache-2.0
# cmake -DOUT=FILE -P version.cmake: the exact version of the tree, for `merlon report`. It goes into no image, so that the same
# sources give the same bytes. The file is touched only when the version changes.
execute_process(COMMAND git describe --always --dirty --tags WORKING_DIRECTORY ${CMAKE_CURRENT_LIST_DIR}
  OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  set(version "unknown: not a git tree")
endif()
file(CONFIGURE OUTPUT ${OUT} CONTENT "@version@\n" @ONLY)
