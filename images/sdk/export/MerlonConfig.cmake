# SPDX-License-Identifier: Apache-2.0
# find_package(Merlon): Non-secure images for @BOARD@, product @PRODUCT@, Merlon @VERSION@.
#
#   cmake -DCMAKE_TOOLCHAIN_FILE=<sdk>/cmake/arm-none-eabi.cmake -DCMAKE_PREFIX_PATH=<sdk> ...
#
# Target Merlon::ns     headers, libmerlon_ns.a, the linker script and the flags of the core
#
# merlon_ns_image(TARGET [VERSION v] [SECURITY_COUNTER n] [KEY file])
#   makes an executable a Non-secure image. Beside TARGET.elf: TARGET.bin, and TARGET_signed.bin, which
#   `merlon device flash --image 1:TARGET_signed.bin` puts into a slot.
#   VERSION is 0.0.0+0 and SECURITY_COUNTER 0 when not given. KEY signs; else the variable or environment variable
#   MERLON_SIGNING_KEY; else the development key that came with this SDK, if one did.
#   Target TARGET_device:  a device in the folder TARGET_device, provisioned and flashed, if there is none yet; otherwise the image is
#                          flashed into the one that is there.
#   Target TARGET_run:     TARGET_device, and the emulator with its console.
get_filename_component(MERLON_SDK "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(MERLON_SIGNING_KEY "$ENV{MERLON_SIGNING_KEY}" CACHE FILEPATH "private key that signs Non-secure images")
set(MERLON_TOOL "${MERLON_SDK}/bin/merlon")

if(NOT TARGET Merlon::ns)
  add_library(Merlon::ns INTERFACE IMPORTED)
  set_target_properties(Merlon::ns PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${MERLON_SDK}/include"
    INTERFACE_COMPILE_OPTIONS "-mcpu=cortex-m33+nodsp+nofp;-mthumb;-ffunction-sections;-fdata-sections"
    INTERFACE_LINK_OPTIONS "-mcpu=cortex-m33+nodsp+nofp;-mthumb;-nostartfiles;--specs=nano.specs;-Wl,--gc-sections;-T${MERLON_SDK}/lib/merlon_ns.ld"
    INTERFACE_LINK_LIBRARIES "${MERLON_SDK}/lib/libmerlon_ns.a")
endif()

function(merlon_ns_image target)
  cmake_parse_arguments(arg "" "VERSION;SECURITY_COUNTER;KEY" "" ${ARGN})
  set(development "${MERLON_SDK}/keys/development.pem")
  if(NOT arg_VERSION)
    set(arg_VERSION 0.0.0+0)
  endif()
  if(NOT arg_SECURITY_COUNTER)
    set(arg_SECURITY_COUNTER 0)
  endif()
  if(NOT arg_KEY)
    set(arg_KEY "${MERLON_SIGNING_KEY}")
  endif()
  if(NOT arg_KEY AND EXISTS ${development})
    set(arg_KEY ${development})
    message(STATUS "Merlon: ${target} is signed with the development key of the SDK: a secured device refuses it")
  endif()
  if(NOT arg_KEY)
    message(FATAL_ERROR "Merlon: no key signs ${target}\n  try: -DMERLON_SIGNING_KEY=key.pem, made by merlon key generate -o key.pem")
  endif()
  get_filename_component(key "${arg_KEY}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")

  set(bin "${CMAKE_CURRENT_BINARY_DIR}/${target}.bin")
  set(signed "${CMAKE_CURRENT_BINARY_DIR}/${target}_signed.bin")
  set(device "${CMAKE_CURRENT_BINARY_DIR}/${target}_device")
  set_target_properties(${target} PROPERTIES SUFFIX .elf)
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${MERLON_SDK}/lib/merlon_ns.ld;${MERLON_SDK}/lib/libmerlon_ns.a")
  target_link_libraries(${target} PRIVATE Merlon::ns)
  target_link_options(${target} PRIVATE -Wl,-Map=${CMAKE_CURRENT_BINARY_DIR}/${target}.map)
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${CMAKE_OBJCOPY} -O binary $<TARGET_FILE:${target}> ${bin}
    COMMAND ${MERLON_TOOL} image sign -k ${key} --version ${arg_VERSION} --header-size @HEADER_SIZE@ --slot-size @SLOT_SIZE@ --align @ALIGN@
      --pad-header --security-counter ${arg_SECURITY_COUNTER} ${bin} ${signed}
    BYPRODUCTS ${bin} ${signed}
    COMMENT "Merlon: ${target}_signed.bin"
    VERBATIM)
  add_custom_target(${target}_device
    COMMAND ${MERLON_SDK}/bin/merlon-device ${device} ${key} ${signed}
    COMMENT "Merlon: ${target}_device"
    VERBATIM)
  add_dependencies(${target}_device ${target})
  add_custom_target(${target}_run
    COMMAND ${MERLON_SDK}/bin/merlon-qemu --dir ${device}
    USES_TERMINAL
    VERBATIM)
  add_dependencies(${target}_run ${target}_device)
endfunction()
