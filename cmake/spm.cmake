# SPDX-License-Identifier: Apache-2.0
# The partitions of the Secure image: secure/<service>/manifest.yaml and the board -> spmgen -> ${MERLON_SPM_OUT}.
#
# Which partitions: `partitions` in the product's product.yaml; the host, whose programs choose by linking, knows all of secure/.
#
# Targets: merlon_psa_manifest  headers, <psa_manifest/sid.h> and <psa_manifest/pid.h>, for both worlds
#          merlon_spm_table     the partition table of the Secure image; it refers to every partition's functions
#          merlon_partitions    the partitions themselves, and what they call each other with

set(MERLON_SPM_OUT ${CMAKE_BINARY_DIR}/generated/spm)
if(MERLON_HOST)
  file(GLOB MERLON_PARTITIONS RELATIVE ${CMAKE_SOURCE_DIR}/secure CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/secure/*/manifest.yaml)
  list(TRANSFORM MERLON_PARTITIONS REPLACE "/manifest.yaml" "")
endif()
foreach(partition ${MERLON_PARTITIONS})
  if(NOT EXISTS ${CMAKE_SOURCE_DIR}/secure/${partition}/manifest.yaml)
    message(FATAL_ERROR "product ${MERLON_PRODUCT}: partitions: ${partition} is none\n  try: a folder of secure/ that has a manifest.yaml")
  endif()
endforeach()
list(TRANSFORM MERLON_PARTITIONS REPLACE "(.+)" "secure/\\1/manifest.yaml" OUTPUT_VARIABLE merlon_manifests)
list(TRANSFORM merlon_manifests PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE merlon_manifest_files)
if(MERLON_HOST)
  set(MERLON_SPMGEN $<TARGET_FILE:spmgen>)
else()
  set(MERLON_SPMGEN ${MERLON_HOST_TOOLS}/spmgen)
endif()
file(MAKE_DIRECTORY ${MERLON_SPM_OUT}/include/psa_manifest)

set(merlon_spm_options --isolation 1)
if(NOT MERLON_HOST)
  set(merlon_spm_options --isolation ${MERLON_ISOLATION_LEVEL} $<$<STREQUAL:${MERLON_AROTLESS},yes>:--arotless>)
endif()
set(merlon_spm_headers sid.h pid.h vectors.h)
list(TRANSFORM merlon_spm_headers PREPEND ${MERLON_SPM_OUT}/include/psa_manifest/)
add_custom_command(
  OUTPUT ${merlon_spm_headers} ${MERLON_SPM_OUT}/spm_table.c ${MERLON_SPM_OUT}/partitions.json
  COMMAND ${MERLON_SPMGEN} --board ${MERLON_BOARD_OUT}/board.dtb ${merlon_spm_options} -o ${MERLON_SPM_OUT} ${merlon_manifests}
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
  DEPENDS ${merlon_manifest_files} ${MERLON_BOARD_OUT}/board.dtb $<IF:$<BOOL:${MERLON_HOST}>,spmgen,${MERLON_HOST_TOOLS}/spmgen>
  COMMENT "spmgen ${merlon_manifests}"
  COMMAND_EXPAND_LISTS
  VERBATIM)
add_custom_target(merlon_spm_files DEPENDS ${merlon_spm_headers} ${MERLON_SPM_OUT}/spm_table.c)

add_library(merlon_psa_manifest INTERFACE)
target_include_directories(merlon_psa_manifest INTERFACE ${MERLON_SPM_OUT}/include)
add_dependencies(merlon_psa_manifest merlon_spm_files)

add_library(merlon_spm_table OBJECT ${MERLON_SPM_OUT}/spm_table.c)
target_include_directories(merlon_spm_table PRIVATE ${CMAKE_SOURCE_DIR}/secure/spm/include)
target_link_libraries(merlon_spm_table PRIVATE merlon_include merlon_options)
add_dependencies(merlon_spm_table merlon_spm_files)

add_library(merlon_partitions INTERFACE)
list(TRANSFORM MERLON_PARTITIONS PREPEND merlon_secure_ OUTPUT_VARIABLE merlon_partition_targets)
target_link_libraries(merlon_partitions INTERFACE ${merlon_partition_targets} merlon_client merlon_flash_client)
