# SPDX-License-Identifier: Apache-2.0
# Facts about the product: products/<product>/product.yaml -> productgen -> ${MERLON_PRODUCT_OUT}.
#
# Target merlon_product: <merlon/product/config.h>; linked by whoever includes it. Firmware builds read config.cmake, too, so that
# their CMake files see MERLON_ISOLATION_LEVEL and the like. The host, which builds the generator itself, takes product `default`.

set(MERLON_PRODUCT_OUT ${CMAKE_BINARY_DIR}/generated/product)
set(merlon_product_header ${MERLON_PRODUCT_OUT}/include/merlon/product/config.h)
file(MAKE_DIRECTORY ${MERLON_PRODUCT_OUT}/include/merlon/product)
file(GLOB merlon_product_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/products/*/product.yaml)

add_library(merlon_product INTERFACE)
target_include_directories(merlon_product INTERFACE ${MERLON_PRODUCT_OUT}/include)

if(MERLON_HOST)
  add_custom_command(
    OUTPUT ${merlon_product_header} ${MERLON_PRODUCT_OUT}/config.cmake
    COMMAND productgen products ${MERLON_PRODUCT} ${merlon_board_name} ${merlon_product_header} ${MERLON_PRODUCT_OUT}/config.cmake
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    DEPENDS productgen ${merlon_product_sources}
    COMMENT "productgen ${MERLON_PRODUCT}"
    VERBATIM)
  add_custom_target(merlon_product_files DEPENDS ${merlon_product_header})
  add_dependencies(merlon_product merlon_product_files)
else()
  set(merlon_productgen ${MERLON_HOST_TOOLS}/productgen)
  set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${merlon_product_sources} ${merlon_productgen})
  execute_process(
    COMMAND ${merlon_productgen} products ${MERLON_PRODUCT} ${merlon_board_name} ${merlon_product_header}.new ${MERLON_PRODUCT_OUT}/config.cmake
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    RESULT_VARIABLE merlon_product_result)
  if(NOT merlon_product_result EQUAL 0)
    message(FATAL_ERROR "productgen refuses product ${MERLON_PRODUCT}\n  try: what it says above; without a message: cmake --build build/host")
  endif()
  file(COPY_FILE ${merlon_product_header}.new ${merlon_product_header} ONLY_IF_DIFFERENT)
  include(${MERLON_PRODUCT_OUT}/config.cmake)
endif()

# Which algorithms: <merlon/psa_crypto_want.h> includes the product's set, for the Crypto service and for its clients. On the host the
# generator runs only later; there it is the set of product `default`.
if(MERLON_HOST)
  set(MERLON_CRYPTO_SET mission)
endif()
file(CONFIGURE OUTPUT ${MERLON_PRODUCT_OUT}/include/merlon/psa_crypto_want.h CONTENT
"/* SPDX-License-Identifier: Apache-2.0 */
/* Written by cmake/product.cmake. */
#include <merlon/crypto_set_@MERLON_CRYPTO_SET@.h>
" @ONLY)
