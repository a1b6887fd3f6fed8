/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Call type 0: send the bytes of the input on UART2 and answer how many interrupts that took, as a 32-bit number. The bytes wait in
 * memory that board.dtso reserves. Registers: Arm CMSDK APB UART (DDI 0479).
 */
#include <merlon/board/devices_secure.h>
#include <merlon/board/memory.h>
#include <psa_manifest/manifest.h>

#define UART(offset) (*(volatile uint32_t *)(BOARD_UART2_BASE + (offset)))
enum { DATA = 0x0, CONTROL = 0x8, INTERRUPT = 0xc, DIVIDER = 0x10, TX_ENABLE = 1, TX_INTERRUPT_ENABLE = 4, TX_INTERRUPT = 1 };

static uint8_t *const buffer = (uint8_t *)BOARD_LINES_BUFFER_BASE;

static void send(uint8_t byte)
{
	UART(DATA) = byte;
	(void)psa_wait(SENT_SIGNAL, PSA_BLOCK);
	UART(INTERRUPT) = TX_INTERRUPT;
	psa_eoi(SENT_SIGNAL);
}

static psa_status_t serve(const psa_msg_t *msg)
{
	uint32_t interrupts = 0;
	if (msg->type < PSA_IPC_CALL)
		return PSA_SUCCESS; /* connections hold no state */
	if (msg->in_size[0] > BOARD_LINES_BUFFER_SIZE || msg->out_size[0] != sizeof interrupts)
		return PSA_ERROR_INVALID_ARGUMENT;
	size_t size = psa_read(msg->handle, 0, buffer, BOARD_LINES_BUFFER_SIZE);
	for (size_t i = 0; i < size; i++, interrupts++)
		send(buffer[i]);
	psa_write(msg->handle, 0, &interrupts, sizeof interrupts);
	return PSA_SUCCESS;
}

void lines_main(void)
{
	UART(DIVIDER) = 16;
	UART(CONTROL) = TX_ENABLE | TX_INTERRUPT_ENABLE;
	psa_irq_enable(SENT_SIGNAL);
	for (;;) {
		psa_msg_t msg;
		(void)psa_wait(LINES_SIGNAL, PSA_BLOCK);
		if (psa_get(LINES_SIGNAL, &msg) == PSA_SUCCESS)
			psa_reply(msg.handle, serve(&msg));
	}
}
