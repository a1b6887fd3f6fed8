# SPDX-License-Identifier: Apache-2.0
# The pinned mbedTLS, built once per use. The sources are listed by whoever needs them: Debian's CMake files leave out 3rdparty/.

set(MERLON_MBEDTLS ${MERLON_DEPS}/mbedtls)

# merlon_mbedtls(VARIANT CONFIG header SOURCES file... [INCLUDES folder...] [DEFINITIONS definition...] [USES target...])
#
# Builds the static library merlon_mbedtls_VARIANT. Whoever links it compiles against the same configuration.
#   CONFIG       the MBEDTLS_CONFIG_FILE of this variant, relative to the calling folder
#   SOURCES      names in mbedTLS's library/ ("sha256.c"), or paths below its root ("3rdparty/p256-m/p256-m/p256-m.c"), or absolute ones
#   INCLUDES     folders that come before mbedTLS's own headers, for example a generated psa/crypto_config.h
#   DEFINITIONS  for everyone who links the variant, for example MBEDTLS_PSA_CRYPTO_CONFIG_FILE="..."
#   USES         targets whose headers CONFIG includes
function(merlon_mbedtls variant)
  cmake_parse_arguments(arg "" "CONFIG" "SOURCES;INCLUDES;DEFINITIONS;USES" ${ARGN})
  set(target merlon_mbedtls_${variant})
  cmake_path(ABSOLUTE_PATH arg_CONFIG OUTPUT_VARIABLE config)
  cmake_path(GET config PARENT_PATH config_folder)
  cmake_path(GET config FILENAME config_name)
  set(files "")
  foreach(source IN LISTS arg_SOURCES)
    if(IS_ABSOLUTE ${source})
      list(APPEND files ${source})
    elseif(source MATCHES "/")
      list(APPEND files ${MERLON_MBEDTLS}/${source})
    else()
      list(APPEND files ${MERLON_MBEDTLS}/library/${source})
    endif()
    # p256-m takes a product from four 16-bit multiplications unless it is told that `umull` takes constant time. It does on the
    # Cortex-M33 and later; the whole operation costs 2.6 times less.
    if(source MATCHES "p256-m\\.c$")
      set_source_files_properties(${MERLON_MBEDTLS}/${source} PROPERTIES
        COMPILE_OPTIONS "-U__ARM_ARCH_PROFILE;-DMUL64_IS_CONSTANT_TIME")
    endif()
  endforeach()
  add_library(${target} STATIC ${files})
  # SYSTEM: mbedTLS's headers are not held to our warnings. The configuration folder holds nothing but the configuration.
  target_include_directories(${target} BEFORE PUBLIC ${arg_INCLUDES} ${config_folder})
  target_include_directories(${target} SYSTEM PUBLIC ${MERLON_MBEDTLS}/include)
  target_include_directories(${target} PRIVATE ${MERLON_MBEDTLS}/library ${MERLON_MBEDTLS}/3rdparty/p256-m)
  target_compile_definitions(${target} PUBLIC "MBEDTLS_CONFIG_FILE=\"${config_name}\"" ${arg_DEFINITIONS})
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wno-unused-parameter)
  target_link_libraries(${target} PUBLIC merlon_include merlon_product ${arg_USES})
endfunction()
