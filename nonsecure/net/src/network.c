/* SPDX-License-Identifier: Apache-2.0 */
#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/init.h>
#include <lwip/sys.h>
#include <lwip/timeouts.h>
#include <merlon/net/network.h>
#include <string.h>

enum { SLEEP_MAX_MS = 1000 };

/* lwIP is one per program; so is this. */
static const struct network_config *config;
static struct netif interface;
static uint8_t frame[ETHERNET_FRAME_MAX];

u32_t sys_now(void)
{
	return config->now_ms();
}

uint32_t network_random(void)
{
	return config->random();
}

static err_t output(struct netif *netif, struct pbuf *buffer)
{
	(void)netif;
	/* LWIP_NETIF_TX_SINGLE_PBUF: in one piece. A frame that finds no room is lost, as on a wire; TCP sends it again. */
	return ethernet_send(config->device, buffer->payload, buffer->len) == PSA_SUCCESS ? ERR_OK : ERR_MEM;
}

static err_t interface_init(struct netif *netif)
{
	netif->name[0] = 'e';
	netif->name[1] = 'n';
	netif->output = etharp_output;
	netif->linkoutput = output;
	netif->mtu = ETHERNET_FRAME_MAX - ETHERNET_HEADER_SIZE;
	netif->hwaddr_len = ETHERNET_ADDRESS_SIZE;
	memcpy(netif->hwaddr, config->device->address, ETHERNET_ADDRESS_SIZE);
	netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP;
	return ERR_OK;
}

psa_status_t network_init(const struct network_config *network_config)
{
	config = network_config;
	psa_status_t status = ethernet_start(config->device);
	if (status != PSA_SUCCESS)
		return status;
	lwip_init();
	if (netif_add_noaddr(&interface, NULL, interface_init, netif_input) == NULL)
		return PSA_ERROR_INSUFFICIENT_MEMORY;
	netif_set_default(&interface);
	netif_set_up(&interface);
	return dhcp_start(&interface) == ERR_OK ? PSA_SUCCESS : PSA_ERROR_INSUFFICIENT_MEMORY;
}

/* Hand every frame that waits to lwIP. @return whether there was one. */
static bool frames_take(void)
{
	bool any = false;
	size_t size;
	while (ethernet_receive(config->device, frame, sizeof frame, &size) == PSA_SUCCESS) {
		any = true;
		struct pbuf *buffer = pbuf_alloc(PBUF_RAW, (u16_t)size, PBUF_POOL);
		if (buffer == NULL)
			continue; /* as if lost on the way */
		(void)pbuf_take(buffer, frame, (u16_t)size);
		if (interface.input(buffer, &interface) != ERR_OK)
			pbuf_free(buffer);
	}
	return any;
}

bool network_wait(bool (*is_done)(void *context), void *context, uint32_t timeout_ms)
{
	uint32_t started = config->now_ms();
	for (;;) {
		bool moved = frames_take();
		sys_check_timeouts();
		if (is_done(context))
			return true;
		uint32_t passed = config->now_ms() - started;
		if (passed >= timeout_ms)
			return false;
		if (moved)
			continue;
		ethernet_interrupt_enable(config->device);
		if (frames_take()) /* came before the interrupt was armed */
			continue;
		uint32_t pause = sys_timeouts_sleeptime();
		pause = pause < SLEEP_MAX_MS ? pause : SLEEP_MAX_MS;
		config->sleep(pause < timeout_ms - passed ? pause : timeout_ms - passed);
	}
}

static bool has_address(void *context)
{
	(void)context;
	return dhcp_supplied_address(&interface) != 0;
}

psa_status_t network_address_wait(uint32_t timeout_ms, uint8_t address[4])
{
	if (!network_wait(has_address, NULL, timeout_ms))
		return STREAM_ERROR_TIMEOUT;
	memcpy(address, netif_ip4_addr(&interface), 4);
	return PSA_SUCCESS;
}
