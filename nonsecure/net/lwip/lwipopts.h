/* SPDX-License-Identifier: Apache-2.0 */
/* lwIP as a client on one Ethernet link: everything static, no threads of its own. */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define NO_SYS                    1
#define SYS_LIGHTWEIGHT_PROT      0
#define LWIP_NETCONN              0
#define LWIP_SOCKET               0
#define LWIP_STATS                0
#define LWIP_IPV6                 0
#define LWIP_ACD                  0
#define LWIP_DHCP                 1
#define LWIP_DHCP_DOES_ACD_CHECK  0 /* probing for a conflict takes 8 s of a trial's window */
#define LWIP_DNS                  1
#define IP_FRAG                   0
#define IP_REASSEMBLY             0
#define LWIP_NETIF_TX_SINGLE_PBUF 1 /* the driver takes whole frames */

#define MEM_ALIGNMENT           4
#define MEM_SIZE                (12 * 1024)
#define MEMP_NUM_TCP_PCB        4
#define MEMP_NUM_TCP_PCB_LISTEN 1
#define MEMP_NUM_UDP_PCB        3
#define PBUF_POOL_SIZE          12
#define PBUF_POOL_BUFSIZE       1536

/* The receive FIFO holds 7 frames: a window of more than 6 only makes it overflow. */
#define TCP_MSS         1460
#define TCP_WND         (6 * TCP_MSS)
#define TCP_SND_BUF     (4 * TCP_MSS)
#define TCP_QUEUE_OOSEQ 1

/* Numbers that an attacker off the path must not guess. */
#define LWIP_RAND()                                               network_random()
#define LWIP_HOOK_TCP_ISN(local, local_port, remote, remote_port) network_random()

#endif
