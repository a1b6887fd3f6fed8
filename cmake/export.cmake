# SPDX-License-Identifier: Apache-2.0
# What programs outside the tree compile against.

# merlon_export_headers(TARGET FOLDER [MORE file...]): a target that puts the public headers into FOLDER; MORE go to merlon/.
function(merlon_export_headers target folder)
  cmake_parse_arguments(arg "" "" "MORE" ${ARGN})
  list(TRANSFORM arg_MORE PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/include/psa/*.h ${CMAKE_SOURCE_DIR}/include/merlon/*.h)
  set(stamp ${CMAKE_CURRENT_BINARY_DIR}/${target}.stamp)
  add_custom_command(
    OUTPUT ${stamp}
    COMMAND ${CMAKE_COMMAND} -DOUT=${folder} -DTREE=${CMAKE_SOURCE_DIR} -DMBEDTLS=${MERLON_MBEDTLS}/include
      -DCLIENT=${CMAKE_SOURCE_DIR}/include/merlon/psa_crypto_client.h -DWANT=${MERLON_PRODUCT_OUT}/include/merlon/psa_crypto_want.h
      -DMANIFEST=${MERLON_SPM_OUT}/include "-DMORE=${arg_MORE}" -P ${CMAKE_SOURCE_DIR}/cmake/export_headers.cmake
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    DEPENDS ${headers} ${arg_MORE} ${MERLON_PRODUCT_OUT}/include/merlon/psa_crypto_want.h ${CMAKE_SOURCE_DIR}/cmake/export_headers.cmake merlon_spm_files
      ${MERLON_SPM_OUT}/include/psa_manifest/sid.h ${MERLON_SPM_OUT}/include/psa_manifest/pid.h
    COMMENT "public headers to ${folder}"
    VERBATIM)
  add_custom_target(${target} ALL DEPENDS ${stamp})
endfunction()
