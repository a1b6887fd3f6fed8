/* SPDX-License-Identifier: Apache-2.0 */
#include "debug.h"
#include "report.h"
#include <merlon/lib/factory.h>
#include <merlon/lib/service_wire.h>
#include <string.h>

enum { FACTORY_ITEM_MAX = FACTORY_CA_MAX };

static const struct platform_config *config;
static bool window_open;

void platform_configure(const struct platform_config *new_config)
{
	config = new_config;
}

psa_status_t platform_init(void)
{
	debug_reset();
	window_open = report_on_trial(config);
	return window_open ? timer_start_once(config->window, config->window_ms) : PSA_SUCCESS;
}

static psa_status_t boot_report(const psa_msg_t *msg, uint32_t word)
{
	struct merlon_boot_report report;
	(void)word;
	psa_status_t status = report_fill(config, &report);
	report.confirm_window_ms = window_open ? config->window_ms : 0;
	if (status == PSA_SUCCESS)
		psa_write(msg->handle, 0, &report, sizeof report);
	return status;
}

static psa_status_t factory_item(const psa_msg_t *msg, uint32_t word)
{
	static uint8_t item[FACTORY_ITEM_MAX];
	size_t size = 0, room = msg->out_size[0] < sizeof item ? msg->out_size[0] : sizeof item;
	if (word >= MERLON_FACTORY_ITEM_COUNT)
		return PSA_ERROR_DOES_NOT_EXIST;
	psa_status_t status = factory_read(config->factory, (enum merlon_factory_item)word, item, room, &size);
	if (status == PSA_SUCCESS)
		psa_write(msg->handle, 0, item, size);
	return status;
}

static psa_status_t alive(const psa_msg_t *msg, uint32_t word)
{
	(void)word;
	if (msg->client_id >= 0 && msg->client_id != config->updater)
		return PSA_ERROR_NOT_PERMITTED; /* the life to be proven is the Non-secure world's; judging an image is alive, too */
	watchdog_feed(config->watchdog);
	return PSA_SUCCESS;
}

/* What the Non-secure world may say of itself. */
static psa_status_t reset(const psa_msg_t *msg, uint32_t word)
{
	(void)msg;
	if (word != RESET_CAUSE_REQUESTED && word != RESET_CAUSE_NONSECURE_FAULT)
		return PSA_ERROR_INVALID_ARGUMENT;
	config->reset((enum reset_cause)word);
	return PSA_SUCCESS;
}

static psa_status_t window_close(const psa_msg_t *msg, uint32_t word)
{
	(void)word;
	if (msg->client_id != config->updater)
		return PSA_ERROR_NOT_PERMITTED;
	timer_stop(config->window);
	window_open = false;
	return PSA_SUCCESS;
}

static psa_status_t debug_challenge(const psa_msg_t *msg, uint32_t word)
{
	uint8_t challenge[MERLON_DEBUG_CHALLENGE_SIZE];
	(void)word;
	psa_status_t status = debug_draw_challenge(challenge);
	if (status == PSA_SUCCESS)
		psa_write(msg->handle, 0, challenge, sizeof challenge);
	return status;
}

static psa_status_t debug_authorise(const psa_msg_t *msg, uint32_t word)
{
	(void)word;
	return debug_order(config, msg);
}

static const struct {
	psa_status_t (*run)(const psa_msg_t *msg, uint32_t word);
	uint8_t in_size;      /* exact bytes of input vector 0 */
	uint16_t out_size;    /* exact bytes of output vector 0 */
	bool any_in, any_out; /* whatever size it has; the function reads an input of any size itself */
} calls[PLATFORM_CALL_COUNT] = {
	[PLATFORM_CALL_BOOT_REPORT] = { boot_report, 0, sizeof(struct merlon_boot_report), false, false },
	[PLATFORM_CALL_FACTORY_READ] = { factory_item, sizeof(uint32_t), 0, false, true },
	[PLATFORM_CALL_ALIVE] = { alive, 0, 0, false, false },
	[PLATFORM_CALL_RESET] = { reset, sizeof(uint32_t), 0, false, false },
	[PLATFORM_CALL_WINDOW_CLOSE] = { window_close, 0, 0, false, false },
	[PLATFORM_CALL_DEBUG_CHALLENGE] = { debug_challenge, 0, MERLON_DEBUG_CHALLENGE_SIZE, false, false },
	[PLATFORM_CALL_DEBUG_AUTHORISE] = { debug_authorise, 0, 0, true, false },
};

psa_status_t platform_sfn(const psa_msg_t *msg)
{
	uint32_t word = 0;
	if (msg->type < 0 || msg->type >= PLATFORM_CALL_COUNT)
		return PSA_ERROR_NOT_SUPPORTED;
	if ((msg->in_size[0] != calls[msg->type].in_size && !calls[msg->type].any_in) ||
	    (msg->out_size[0] != calls[msg->type].out_size && !calls[msg->type].any_out))
		return PSA_ERROR_INVALID_ARGUMENT;
	if (!calls[msg->type].any_in)
		(void)psa_read(msg->handle, 0, &word, sizeof word);
	return calls[msg->type].run(msg, word);
}
