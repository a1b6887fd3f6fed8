# SPDX-License-Identifier: Apache-2.0
# cmake -DOUT=FOLDER -DTREE=FOLDER -DMBEDTLS=FOLDER -DCLIENT=FILE -DWANT=FILE -DMANIFEST=FOLDER [-DMORE=FILE;...] -P export_headers.cmake
#
# The headers of a program outside the tree, in one folder that needs no definition on the command line: the standard psa/*.h, Merlon's
# client calls, the SIDs of psa_manifest/, and of the pinned mbedTLS psa/crypto*.h with the headers which these name, directly or not.
# CLIENT and WANT are the configuration: operations are handles, and which algorithms there are.
cmake_minimum_required(VERSION 3.25)
set(HEADERS_OF_PARTITIONS psa/service.h merlon/flash.h merlon/its_call.h merlon/ps_call.h merlon/veneer.h merlon/psa_crypto_client.h
  merlon/builtin_keys.h)

set(exported "")
function(put source name)
  file(COPY_FILE ${source} ${OUT}/${name} ONLY_IF_DIFFERENT)
  list(APPEND exported ${name})
  set(exported ${exported} PARENT_SCOPE)
endfunction()

foreach(folder psa merlon mbedtls psa_manifest)
  file(MAKE_DIRECTORY ${OUT}/${folder})
endforeach()

file(GLOB names RELATIVE ${TREE}/include ${TREE}/include/psa/*.h ${TREE}/include/merlon/*.h)
list(REMOVE_ITEM names ${HEADERS_OF_PARTITIONS})
foreach(name IN LISTS names)
  put(${TREE}/include/${name} ${name})
endforeach()
foreach(name sid.h pid.h)
  put(${MANIFEST}/psa_manifest/${name} psa_manifest/${name})
endforeach()
foreach(file IN LISTS MORE)
  cmake_path(GET file FILENAME name)
  put(${file} merlon/${name})
endforeach()

# Every header that an #include names, whatever #if it stands in: the configuration decides when the program is compiled.
set(open psa/crypto.h)
set(seen mbedtls/mbedtls_config.h psa/crypto_config.h)
while(open)
  list(POP_FRONT open name)
  if(name IN_LIST seen OR NOT EXISTS ${MBEDTLS}/${name})
    continue()
  endif()
  list(APPEND seen ${name})
  put(${MBEDTLS}/${name} ${name})
  cmake_path(GET name PARENT_PATH folder)
  file(STRINGS ${MBEDTLS}/${name} lines REGEX "^[ \t]*#[ \t]*include[ \t]+\"")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE ".*\"(.*)\".*" "\\1" included "${line}")
    if(EXISTS ${MBEDTLS}/${folder}/${included})
      list(APPEND open ${folder}/${included})
    else()
      list(APPEND open ${included})
    endif()
  endforeach()
endwhile()
put(${CLIENT} mbedtls/mbedtls_config.h)
put(${WANT} psa/crypto_config.h)
put(${WANT} merlon/psa_crypto_want.h)

file(GLOB_RECURSE old RELATIVE ${OUT} ${OUT}/psa/* ${OUT}/merlon/* ${OUT}/mbedtls/* ${OUT}/psa_manifest/*)
list(REMOVE_ITEM old ${exported})
list(TRANSFORM old PREPEND ${OUT}/)
if(old)
  file(REMOVE ${old})
endif()
