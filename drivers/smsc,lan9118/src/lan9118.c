/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/drivers/lan9118.h>
#include <stdbool.h>
#include <string.h>

enum register_offset {
	RX_DATA_FIFO = 0x00,
	TX_DATA_FIFO = 0x20,
	RX_STATUS_FIFO = 0x40,
	TX_STATUS_FIFO = 0x48,
	ID_REV = 0x50,
	IRQ_CFG = 0x54,
	INT_STS = 0x58,
	INT_EN = 0x5c,
	BYTE_TEST = 0x64,
	FIFO_INT = 0x68,
	TX_CFG = 0x70,
	HW_CFG = 0x74,
	RX_FIFO_INF = 0x7c,
	TX_FIFO_INF = 0x80,
	MAC_CSR_CMD = 0xa4,
	MAC_CSR_DATA = 0xa8,
};
enum mac_register { MAC_CR = 1, MAC_ADDRH = 2, MAC_ADDRL = 3 };

#define BYTE_TEST_VALUE 0x87654321u
#define ID_MASK         0xffff0000u
#define ID_LAN9118      0x01180000u
#define HW_CFG_RESET    1u
#define HW_CFG_RUN      (5u << 16 | 1u << 20) /* 5 KB for transmission; a frame leaves when it is whole */
#define TX_CFG_ON       2u
#define MAC_CR_RUN      (1u << 20 | 1u << 3 | 1u << 2) /* full duplex, transmitter, receiver */
#define MAC_CSR_BUSY    (1u << 31)
#define MAC_CSR_READ    (1u << 30)
#define IRQ_CFG_ON      (1u << 8 | 1u << 4 | 1u) /* on, active high, push-pull */
#define INT_RX_STATUS   (1u << 3)
#define RX_STATUS_ERROR (1u << 15)
#define TX_FIRST_LAST   (1u << 13 | 1u << 12)
#define COMMAND_SIZE    8u

enum { RESET_POLLS = 100000, FCS_SIZE = 4 };

static volatile uint32_t *at(const struct ethernet *device, enum register_offset offset)
{
	return (volatile uint32_t *)(((const struct lan9118 *)device)->base + offset);
}

static bool is_clear_in_time(volatile uint32_t *address, uint32_t mask)
{
	for (unsigned i = 0; i < RESET_POLLS; i++)
		if ((*address & mask) == 0)
			return true;
	return false;
}

static bool mac_command(struct ethernet *device, uint32_t command)
{
	*at(device, MAC_CSR_CMD) = MAC_CSR_BUSY | command;
	return is_clear_in_time(at(device, MAC_CSR_CMD), MAC_CSR_BUSY);
}

static bool address_read(struct ethernet *device)
{
	if (!mac_command(device, MAC_CSR_READ | MAC_ADDRL))
		return false;
	uint32_t low = *at(device, MAC_CSR_DATA);
	if (!mac_command(device, MAC_CSR_READ | MAC_ADDRH))
		return false;
	uint32_t high = *at(device, MAC_CSR_DATA);
	for (unsigned i = 0; i < ETHERNET_ADDRESS_SIZE; i++)
		device->address[i] = (uint8_t)(i < 4 ? low >> 8 * i : high >> 8 * (i - 4));
	return (device->address[0] & 1) == 0; /* a group address is nobody's own: the EEPROM is empty */
}

static psa_status_t lan9118_start(struct ethernet *device)
{
	if (*at(device, BYTE_TEST) != BYTE_TEST_VALUE || (*at(device, ID_REV) & ID_MASK) != ID_LAN9118)
		return PSA_ERROR_HARDWARE_FAILURE;
	*at(device, HW_CFG) = HW_CFG_RESET;
	if (!is_clear_in_time(at(device, HW_CFG), HW_CFG_RESET) || !address_read(device))
		return PSA_ERROR_HARDWARE_FAILURE;
	*at(device, HW_CFG) = HW_CFG_RUN;
	*at(device, TX_CFG) = TX_CFG_ON;
	*at(device, FIFO_INT) = 0; /* the receive status interrupt at the first frame */
	*at(device, INT_EN) = 0;
	*at(device, IRQ_CFG) = IRQ_CFG_ON;
	*at(device, MAC_CSR_DATA) = MAC_CR_RUN;
	return mac_command(device, MAC_CR) ? PSA_SUCCESS : PSA_ERROR_HARDWARE_FAILURE;
}

static psa_status_t lan9118_send(struct ethernet *device, const void *frame, size_t size)
{
	uint32_t state = *at(device, TX_FIFO_INF);
	for (uint32_t done = state >> 16 & 0xff; done > 0; done--)
		(void)*at(device, TX_STATUS_FIFO);
	if ((state & 0xffff) < size + COMMAND_SIZE + 4)
		return PSA_ERROR_INSUFFICIENT_MEMORY;
	*at(device, TX_DATA_FIFO) = TX_FIRST_LAST | (uint32_t)size;
	*at(device, TX_DATA_FIFO) = (uint32_t)size;
	const uint8_t *byte = frame;
	for (size_t i = 0; i < size; i += 4) {
		uint32_t word = 0;
		memcpy(&word, byte + i, size - i < 4 ? size - i : 4);
		*at(device, TX_DATA_FIFO) = word;
	}
	return PSA_SUCCESS;
}

/* Take `size` bytes (with padding to a word) out of the receive FIFO; `frame` NULL drops them. */
static void fifo_read(struct ethernet *device, uint8_t *frame, size_t size)
{
	for (size_t i = 0; i < size; i += 4) {
		uint32_t word = *at(device, RX_DATA_FIFO);
		if (frame != NULL)
			memcpy(frame + i, &word, size - i < 4 ? size - i : 4);
	}
}

static psa_status_t lan9118_receive(struct ethernet *device, void *frame, size_t capacity, size_t *size)
{
	while ((*at(device, RX_FIFO_INF) >> 16 & 0xff) > 0) {
		uint32_t status = *at(device, RX_STATUS_FIFO);
		uint32_t length = status >> 16 & 0x3fff;
		bool is_good = (status & RX_STATUS_ERROR) == 0 && length >= ETHERNET_HEADER_SIZE + FCS_SIZE &&
			       length - FCS_SIZE <= capacity;
		if (!is_good) {
			fifo_read(device, NULL, length);
			continue;
		}
		fifo_read(device, frame, length - FCS_SIZE);
		fifo_read(device, NULL, (length + 3) / 4 * 4 - (length - FCS_SIZE + 3) / 4 * 4);
		*size = length - FCS_SIZE;
		return PSA_SUCCESS;
	}
	return PSA_ERROR_DOES_NOT_EXIST;
}

static void lan9118_interrupt_enable(struct ethernet *device)
{
	*at(device, INT_STS) = INT_RX_STATUS;
	*at(device, INT_EN) = INT_RX_STATUS;
}

void lan9118_init(struct lan9118 *lan9118, uintptr_t base)
{
	static const struct ethernet_ops ops = {
		.start = lan9118_start,
		.send = lan9118_send,
		.receive = lan9118_receive,
		.interrupt_enable = lan9118_interrupt_enable,
	};
	memset(lan9118, 0, sizeof *lan9118);
	lan9118->ethernet.ops = &ops;
	lan9118->base = base;
}
