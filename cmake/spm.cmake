# SPDX-License-Identifier: Apache-2.0
# The partitions of the Secure image: secure/<service>/manifest.yaml and the board -> spmgen -> ${MERLON_SPM_OUT}.
#
# Which partitions: `partitions` in the product's product.yaml; the host, whose programs choose by linking, knows all of secure/.
#
# Targets: merlon_psa_manifest  headers, <psa_manifest/sid.h> and <psa_manifest/pid.h>, for both worlds
#          merlon_spm_table     the partition table of the Secure image; it refers to every partition's functions
#          merlon_partitions    the partitions themselves, and what they call each other with

set(MERLON_SPM_OUT ${CMAKE_BINARY_DIR}/generated/spm)
file(GLOB merlon_all_manifests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/secure/*/manifest.yaml)
list(TRANSFORM merlon_all_manifests REPLACE ".*/secure/(.*)/manifest.yaml" "\\1" OUTPUT_VARIABLE merlon_all_partitions)
if(MERLON_HOST)
  set(MERLON_PARTITIONS ${merlon_all_partitions})
endif()
foreach(partition ${MERLON_PARTITIONS})
  if(NOT EXISTS ${CMAKE_SOURCE_DIR}/secure/${partition}/manifest.yaml)
    message(FATAL_ERROR "product ${MERLON_PRODUCT}: partitions: ${partition} is none\n  try: a folder of secure/ that has a manifest.yaml")
  endif()
endforeach()
if(MERLON_HOST)
  set(MERLON_SPMGEN $<TARGET_FILE:spmgen>)
else()
  set(MERLON_SPMGEN ${MERLON_HOST_TOOLS}/spmgen)
endif()
file(MAKE_DIRECTORY ${MERLON_SPM_OUT}/include/psa_manifest)

# On the device each partition has its archive, and what images/secure composes for it, to itself; and more archives that the property
# MERLON_OWN of its target names.
file(MAKE_DIRECTORY ${MERLON_SPM_OUT}/ld)
set(merlon_spm_headers sid.h pid.h vectors.h)
list(TRANSFORM merlon_spm_headers PREPEND ${MERLON_SPM_OUT}/include/psa_manifest/)
set(merlon_spm_outputs ${merlon_spm_headers} ${MERLON_SPM_OUT}/spm_table.c ${MERLON_SPM_OUT}/partitions.json)
set(merlon_spm_words --isolation 1)
if(NOT MERLON_HOST)
  set(merlon_spm_words --layout --isolation ${MERLON_ISOLATION_LEVEL} $<$<STREQUAL:${MERLON_AROTLESS},yes>:--arotless>)
  foreach(piece isolation_code isolation_data data_input bss_input)
    list(APPEND merlon_spm_outputs ${MERLON_SPM_OUT}/ld/${piece}.ld)
  endforeach()
endif()
foreach(partition ${merlon_all_partitions})
  set(manifest secure/${partition}/manifest.yaml)
  set(archives libmerlon_secure_${partition}.a,secure/${partition}.c.obj,secure/${partition}_*.c.obj)
  if(partition IN_LIST MERLON_PARTITIONS)
    set(own $<TARGET_PROPERTY:merlon_secure_${partition},MERLON_OWN>)
    list(APPEND merlon_spm_words ${manifest}=${archives}$<$<BOOL:${own}>:$<COMMA>$<JOIN:${own},$<COMMA>>>)
  else()
    list(APPEND merlon_spm_words --absent ${manifest})
  endif()
endforeach()
set(merlon_outside_targets "")
foreach(folder ${MERLON_OUTSIDE_FOLDERS})
  merlon_outside_name(${folder} partition)
  merlon_outside_manifest(${folder} manifest)
  list(APPEND merlon_all_manifests ${manifest})
  list(APPEND merlon_spm_words --outside ${manifest}=$<JOIN:$<GENEX_EVAL:$<TARGET_PROPERTY:merlon_secure_${partition},MERLON_OWN>>,$<COMMA>>)
  list(APPEND merlon_outside_targets merlon_secure_${partition})
endforeach()
add_custom_command(
  OUTPUT ${merlon_spm_outputs}
  COMMAND ${MERLON_SPMGEN} --board ${MERLON_BOARD_OUT}/board.dtb -o ${MERLON_SPM_OUT} ${merlon_spm_words}
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
  DEPENDS ${merlon_all_manifests} ${MERLON_BOARD_OUT}/board.dtb $<IF:$<BOOL:${MERLON_HOST}>,spmgen,${MERLON_HOST_TOOLS}/spmgen>
  COMMENT "spmgen ${MERLON_PARTITIONS}"
  COMMAND_EXPAND_LISTS
  VERBATIM)
add_custom_target(merlon_spm_files DEPENDS ${merlon_spm_outputs})

add_library(merlon_psa_manifest INTERFACE)
target_include_directories(merlon_psa_manifest INTERFACE ${MERLON_SPM_OUT}/include)
add_dependencies(merlon_psa_manifest merlon_spm_files)

add_library(merlon_spm_table OBJECT ${MERLON_SPM_OUT}/spm_table.c)
target_include_directories(merlon_spm_table PRIVATE ${CMAKE_SOURCE_DIR}/secure/spm/include)
target_link_libraries(merlon_spm_table PRIVATE merlon_include merlon_options)
add_dependencies(merlon_spm_table merlon_spm_files)

add_library(merlon_partitions INTERFACE)
list(TRANSFORM MERLON_PARTITIONS PREPEND merlon_secure_ OUTPUT_VARIABLE merlon_partition_targets)
target_link_libraries(merlon_partitions INTERFACE ${merlon_partition_targets} ${merlon_outside_targets} merlon_client merlon_flash_client merlon_spm)
