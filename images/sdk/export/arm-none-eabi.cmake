# SPDX-License-Identifier: Apache-2.0
# A toolchain file for Non-secure images: arm-none-eabi-gcc with newlib-nano, and the core of the board.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_ASM_COMPILER arm-none-eabi-gcc)
foreach(language C CXX ASM)
  set(CMAKE_${language}_FLAGS_INIT "-mcpu=cortex-m33+nodsp+nofp -mthumb")
endforeach()
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
