/* SPDX-License-Identifier: Apache-2.0 */
/* BL2 of the device in a host program: images/bl2 over simulated memories. Its lines go to console.log in the device's folder. */
#include "device.h"
#include <merlon/board/flash_map.h>
#include <merlon/board/memory.h>
#include <merlon/boot/boot.h>
#include <merlon/crypto/image_crypto.h>
#include <merlon/lib/otp_layout.h>
#include <merlon/product/config.h>
#include <stdio.h>
#include <string.h>

#define SECURE_ADDRESS (BOARD_FLASH_BASE + BOARD_FLASH_S_PRIMARY_OFFSET)

static struct flash_window primaries[IMAGE_COUNT], secondaries[IMAGE_COUNT], journal, commands;
static struct sha256 hash;
static struct image_crypto crypto;
static struct boot boot;
static uint8_t nonsecure_code[BOARD_NS_CODE_SIZE];

/* As the consoles of the emulated device are written there: Secure lines begin with `S| `. */
static struct {
	struct console console;
	FILE *file;
	bool inside_line;
} lines;

static void lines_write(const struct console *console, const void *data, size_t size)
{
	const char *text = data;
	(void)console;
	for (size_t i = 0; lines.file != NULL && i < size; i++) {
		if (!lines.inside_line)
			fputs("S| ", lines.file);
		fputc(text[i], lines.file);
		lines.inside_line = text[i] != '\n';
	}
}

static void lines_close(void)
{
	if (lines.file != NULL)
		(void)fclose(lines.file);
	lines.file = NULL;
}

static void lines_open(const struct host_device *device)
{
	static const struct console_ops ops = { .write = lines_write };
	char path[HOST_PATH_MAX];
	lines_close(); /* a cut may have ended the start before */
	lines.console.ops = &ops;
	lines.inside_line = false;
	lines.file = device->folder[0] != '\0' && host_device_path(device, "console.log", path) ? fopen(path, "a") : NULL;
}

/* Nobody is late in a process that may be stopped in a debugger. */
static void watchdog_feed_nothing(const struct watchdog *watchdog)
{
	(void)watchdog;
}

static psa_status_t open_flash(const struct host_device *device)
{
	const struct {
		struct flash_window *window;
		uint32_t offset, size;
	} areas[] = {
		{ &primaries[IMAGE_SECURE], BOARD_FLASH_S_PRIMARY_OFFSET, BOARD_FLASH_S_PRIMARY_SIZE },
		{ &primaries[IMAGE_NONSECURE], BOARD_FLASH_NS_PRIMARY_OFFSET, BOARD_FLASH_NS_PRIMARY_SIZE },
		{ &secondaries[IMAGE_SECURE], BOARD_FLASH_S_SECONDARY_OFFSET, BOARD_FLASH_S_SECONDARY_SIZE },
		{ &secondaries[IMAGE_NONSECURE], BOARD_FLASH_NS_SECONDARY_OFFSET, BOARD_FLASH_NS_SECONDARY_SIZE },
		{ &journal, BOARD_FLASH_JOURNAL_OFFSET, BOARD_FLASH_JOURNAL_SIZE },
		{ &commands, BOARD_FLASH_REVOCATION_OFFSET, BOARD_FLASH_REVOCATION_SIZE },
	};
	psa_status_t status = PSA_SUCCESS;
	for (size_t i = 0; i < sizeof areas / sizeof areas[0] && status == PSA_SUCCESS; i++)
		status = flash_window_init(areas[i].window, &device->flash.medium, areas[i].offset, areas[i].size);
	return status;
}

static void prepare(struct host_device *device)
{
	static const struct watchdog_ops watchdog_ops = { .feed = watchdog_feed_nothing };
	static const struct watchdog watchdog = { &watchdog_ops };
	image_crypto_init(&crypto, &hash, NULL);
	boot = (struct boot) {
		.slots = { { .primary = &primaries[IMAGE_SECURE].medium,
			     .secondary = &secondaries[IMAGE_SECURE].medium,
			     .addresses = { SECURE_ADDRESS, SECURE_ADDRESS } },
			   { .primary = &primaries[IMAGE_NONSECURE].medium,
			     .secondary = &secondaries[IMAGE_NONSECURE].medium,
			     .run = nonsecure_code,
			     .run_size = sizeof nonsecure_code,
			     .addresses = { BOARD_NS_IMAGE_BASE, BOARD_NS_IMAGE_BASE } } },
		.slot_size = BOARD_SLOT_SIZE,
		.journal_medium = &journal.medium,
		.otp = &device->otp.medium,
		.commands = &commands.medium,
		.crypto = &crypto,
		.mode = &boot_mode_swap,
		.fallback = MERLON_FALLBACK == MERLON_FALLBACK_YES ? &boot_fallback_yes : NULL,
		.console = &lines.console,
		.watchdog = &watchdog,
		.attempts = MERLON_TRIAL_ATTEMPTS,
		.reset_cause = device->cause,
		.handover = device->handover,
		.handover_size = sizeof device->handover,
	};
}

/* No image was ever flashed: the program is developed without BL2. */
static bool slots_are_empty(void)
{
	uint8_t first[IMAGE_HEADER_SIZE], blank[IMAGE_HEADER_SIZE];
	memset(blank, 0xff, sizeof blank);
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		if (medium_read(&primaries[i].medium, 0, first, sizeof first) != PSA_SUCCESS ||
		    memcmp(first, blank, sizeof first) != 0)
			return false;
	return true;
}

/* What runs in place of both images is this process: it is measured by its file, once, and nobody signed it. */
static const struct handover_measurement *measure_program(void)
{
	static struct handover_measurement program;
	static bool measured;
	uint8_t block[BOOT_BUFFER_SIZE];
	size_t size;
	FILE *file = measured ? NULL : fopen("/proc/self/exe", "rb");
	if (file == NULL)
		return &program;
	sha256_begin(&hash);
	while ((size = fread(block, 1, sizeof block, file)) > 0)
		sha256_update(&hash, block, size);
	sha256_finish(&hash, program.digest);
	(void)fclose(file);
	measured = true;
	return &program;
}

static psa_status_t hand_over_alone(struct host_device *device)
{
	enum otp_lifecycle lifecycle;
	struct handover_writer writer;
	psa_status_t status = otp_lifecycle_get(&device->otp.medium, &lifecycle);
	handover_begin(&writer, device->handover, sizeof device->handover);
	handover_add_u32(&writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_RESET_CAUSE), device->cause);
	handover_add_u32(&writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_LIFECYCLE), lifecycle);
	handover_add_set(&writer, &(struct handover_set) { .phase = JOURNAL_IDLE });
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		handover_add_measurement(&writer, i, measure_program());
	return status;
}

psa_status_t host_bl2_run(struct host_device *device)
{
	psa_status_t status = open_flash(device);
	if (status != PSA_SUCCESS)
		return status;
	if (slots_are_empty())
		return hand_over_alone(device);
	lines_open(device);
	prepare(device);
	enum boot_outcome outcome = boot_run(&boot);
	lines_close();
	if (outcome == BOOT_START)
		return PSA_SUCCESS;
	host_complain(device->folder, "BL2 refuses what is in the primary slots; console.log says why");
	return PSA_ERROR_NOT_PERMITTED;
}
