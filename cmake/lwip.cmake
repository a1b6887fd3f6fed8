# SPDX-License-Identifier: Apache-2.0
# The pinned lwIP (Debian's patches applied): IPv4, TCP, UDP, DHCP and DNS, without its operating-system layer.

set(MERLON_LWIP ${MERLON_DEPS}/lwip/src)

# merlon_lwip(CONFIG folder): the static library merlon_lwip; `folder` holds lwipopts.h and arch/cc.h.
function(merlon_lwip)
  cmake_parse_arguments(arg "" "CONFIG" "" ${ARGN})
  cmake_path(ABSOLUTE_PATH arg_CONFIG OUTPUT_VARIABLE config)
  set(files "")
  foreach(source def dns inet_chksum init ip mem memp netif pbuf tcp tcp_in tcp_out timeouts udp
          ipv4/dhcp ipv4/etharp ipv4/icmp ipv4/ip4 ipv4/ip4_addr)
    list(APPEND files ${MERLON_LWIP}/core/${source}.c)
  endforeach()
  add_library(merlon_lwip STATIC ${files} ${MERLON_LWIP}/netif/ethernet.c)
  target_include_directories(merlon_lwip SYSTEM PUBLIC ${config} ${MERLON_LWIP}/include)
  target_compile_options(merlon_lwip PRIVATE -Wall -Wextra -Wno-unused-parameter)
endfunction()
