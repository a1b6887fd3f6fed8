/* SPDX-License-Identifier: Apache-2.0 */
/* The Platform service over shared data as BL2 writes them. */
#include <merlon/lib/factory.h>
#include <merlon/lib/journal.h>
#include <merlon/lib/le.h>
#include <merlon/lib/mem.h>
#include <merlon/lib/service_wire.h>
#include <merlon/platform.h>
#include <merlon/secure_platform/platform.h>
#include <merlon/sim/flash.h>
#include <merlon/test.h>
#include <merlon/test_secure/crypto.h>
#include <merlon/test_secure/spm.h>
#include <psa_manifest/sid.h>
#include <setjmp.h>
#include <string.h>

enum { NONSECURE = -1, UPDATER = 77, OTHER_PARTITION = 78, WINDOW_MS = 60000 };

static uint8_t handover[HANDOVER_SIZE];
static struct handover_writer writer;
static struct sim_flash factory;
static struct {
	uint32_t started_us;
	bool runs;
} window;
static unsigned fed;
static jmp_buf reset_seen;
static enum reset_cause reset_cause;

static psa_status_t window_start(const struct timer *timer, uint32_t period_us, bool repeats)
{
	(void)timer;
	CHECK(!repeats);
	window.started_us = period_us;
	window.runs = true;
	return PSA_SUCCESS;
}

static void window_stop(const struct timer *timer)
{
	(void)timer;
	window.runs = false;
}

static void window_acknowledge(const struct timer *timer)
{
	(void)timer;
}

static void watchdog_fed(const struct watchdog *watchdog)
{
	(void)watchdog;
	fed++;
}

static void reset(enum reset_cause cause)
{
	reset_cause = cause;
	longjmp(reset_seen, 1);
}

static const struct timer_ops timer_ops = { window_start, window_stop, window_acknowledge };
static const struct timer timer = { &timer_ops };
static const struct watchdog_ops watchdog_ops = { .feed = watchdog_fed };
static const struct watchdog watchdog = { &watchdog_ops };

static const struct platform_config config = {
	.handover = handover,
	.handover_size = sizeof handover,
	.factory = &factory.medium,
	.watchdog = &watchdog,
	.window = &timer,
	.window_ms = WINDOW_MS,
	.updater = UPDATER,
	.reset = reset,
	.serial = "",
};

static void begin(void)
{
	memset(&window, 0, sizeof window);
	fed = 0;
	sim_flash_init(&factory, NULL, 0x4000, 4096, 8);
	memset(handover, 0, sizeof handover);
	handover_begin(&writer, handover, sizeof handover);
	crypto_device_new();
	spm_client = NONSECURE;
	spm_register(PLATFORM_HANDLE, platform_sfn, 258);
	platform_configure(&config);
}

static void end(void)
{
	sim_flash_deinit(&factory);
}

/* Everything that BL2 can say, as boot/src/measure.c says it. */
static void put_all(enum journal_phase phase)
{
	uint8_t counters[8];
	const struct handover_refusal refusal = { REFUSAL_SIGNATURE, 1, { 1, 2, 3, 4 }, { 1, 2, 3, 4, 5, 6, 7, 8 } };
	struct handover_measurement measurement = { .version = { 4, 0, 0, 9 } };
	le32_store(counters, 11);
	le32_store(counters + 4, 12);
	handover_add_u32(&writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_RESET_CAUSE), RESET_CAUSE_WATCHDOG);
	handover_add_u32(&writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_LIFECYCLE), 0x3000);
	handover_add_set(&writer, &(struct handover_set) { (uint8_t)phase, 3, 2 });
	handover_add(&writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_COUNTERS), counters, sizeof counters);
	for (uint8_t image = 0; image < IMAGE_COUNT; image++) {
		memset(measurement.digest, 0x5b + image, sizeof measurement.digest);
		handover_add_measurement(&writer, image, &measurement);
		measurement.version.major++;
	}
	handover_add_refusal(&writer, 0, &refusal);
	CHECK(!writer.overflow);
}

TEST(the_report_says_what_bl2_said, CLAIM("platform.report"), FUNCTIONAL)
{
	struct merlon_boot_report report;
	begin();
	put_all(JOURNAL_TRIAL);
	CHECK_EQ(platform_init(), PSA_SUCCESS);
	CHECK_EQ(merlon_platform_boot_report(&report), PSA_SUCCESS);
	CHECK(report.reset_cause == MERLON_RESET_WATCHDOG && report.lifecycle == 0x3000);
	CHECK(report.set_phase == MERLON_SET_TRIAL && report.set_images == 3 && report.attempts_left == 2);
	CHECK(report.confirm_window_ms == WINDOW_MS);
	CHECK(report.images[0].security_counter == 11 && report.images[1].security_counter == 12);
	CHECK(report.images[0].version.major == 4 && report.images[1].version.major == 5 && report.images[1].version.build == 9);
	CHECK(mem_is_filled(report.images[0].measurement, 0x5b, 32) && mem_is_filled(report.images[1].measurement, 0x5c, 32));
	CHECK(report.refusal_count == 1 && report.refusals[0].code == REFUSAL_SIGNATURE && report.refusals[0].image == 1);
	CHECK(report.refusals[0].version.revision == 3 && report.refusals[0].digest_prefix[7] == 8);
	end();
}

TEST(a_report_without_entries_is_empty, CLAIM("platform.report"), FUNCTIONAL)
{
	struct merlon_boot_report report;
	begin();
	CHECK_EQ(platform_init(), PSA_SUCCESS);
	CHECK(!window.runs);
	CHECK_EQ(merlon_platform_boot_report(&report), PSA_SUCCESS);
	CHECK(mem_is_filled(&report, 0, sizeof report));
	end();
}

TEST(the_window_opens_on_trial_only, CLAIM("update.confirm_window"), FUNCTIONAL)
{
	for (unsigned phase = JOURNAL_IDLE; phase < JOURNAL_PHASE_COUNT; phase++) {
		begin();
		put_all((enum journal_phase)phase);
		CHECK_EQ(platform_init(), PSA_SUCCESS);
		CHECK_EQ(window.runs, phase == JOURNAL_TRIAL);
		if (window.runs)
			CHECK_EQ(window.started_us, 1000u * WINDOW_MS);
		end();
	}
}

/* Shared data that are not what BL2 wrote: somebody has to accept. */
TEST(malformed_shared_data_open_the_window, CLAIM("update.confirm_window"), MALFORMED)
{
	struct merlon_boot_report report;
	begin();
	memset(handover, 0x5a, sizeof handover);
	CHECK_EQ(platform_init(), PSA_SUCCESS);
	CHECK(window.runs);
	CHECK_EQ(merlon_platform_boot_report(&report), PSA_ERROR_DATA_INVALID);
	CHECK(mem_is_filled(&report, 0, sizeof report));
	end();
}

TEST(only_the_updater_closes_the_window, CLAIM("update.confirm_window"), ATTACK)
{
	static const int32_t others[] = { NONSECURE, -77, OTHER_PARTITION, 0 };
	struct merlon_boot_report report;
	begin();
	put_all(JOURNAL_TRIAL);
	CHECK_EQ(platform_init(), PSA_SUCCESS);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		spm_client = others[i];
		CHECK_EQ(merlon_platform_window_close(), PSA_ERROR_NOT_PERMITTED);
		CHECK(window.runs);
	}
	spm_client = UPDATER;
	CHECK_EQ(merlon_platform_window_close(), PSA_SUCCESS);
	CHECK(!window.runs);
	CHECK_EQ(merlon_platform_boot_report(&report), PSA_SUCCESS);
	CHECK_EQ(report.confirm_window_ms, 0);
	end();
}

TEST(life_is_the_nonsecure_worlds_to_prove, CLAIM("watchdog.liveness"), ATTACK)
{
	begin();
	CHECK_EQ(merlon_platform_alive(), PSA_SUCCESS);
	CHECK_EQ(fed, 1);
	spm_client = OTHER_PARTITION;
	CHECK_EQ(merlon_platform_alive(), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(fed, 1);
	spm_client = UPDATER; /* which judges images for longer than the watchdog waits */
	CHECK_EQ(merlon_platform_alive(), PSA_SUCCESS);
	CHECK_EQ(fed, 2);
	end();
}

TEST(a_client_resets_only_with_causes_of_its_own, CLAIM("platform.reset_cause"), ATTACK)
{
	begin();
	for (uint32_t cause = 0; cause < 300; cause++) {
		volatile bool own = cause == MERLON_RESET_REQUESTED || cause == MERLON_RESET_NONSECURE_FAULT;
		reset_cause = RESET_CAUSE_COUNT;
		if (setjmp(reset_seen) == 0)
			CHECK_EQ(merlon_platform_reset((enum merlon_reset_cause)cause), PSA_ERROR_INVALID_ARGUMENT);
		CHECK_EQ(reset_cause, own ? cause : RESET_CAUSE_COUNT);
		spm_register(PLATFORM_HANDLE, platform_sfn, 258);
	}
	end();
}

TEST(factory_data_are_read_item_by_item, CLAIM("platform.factory"), FUNCTIONAL)
{
	static uint8_t encoded[FACTORY_SIZE_MAX], certificate[700];
	const struct factory_value values[MERLON_FACTORY_ITEM_COUNT] = {
		[MERLON_FACTORY_SERIAL] = { "S-1", 3 },
		[MERLON_FACTORY_SERVER_URL] = { "https://a", 9 },
		[MERLON_FACTORY_SERVER_CA] = { certificate, sizeof certificate },
	};
	uint8_t data[2048];
	size_t size;
	begin();
	CHECK_EQ(merlon_platform_factory_read(MERLON_FACTORY_SERIAL, data, sizeof data, &size), PSA_ERROR_DOES_NOT_EXIST);
	memset(certificate, 0x30, sizeof certificate);
	CHECK_EQ(factory_encode(values, encoded, &size), PSA_SUCCESS);
	CHECK_EQ(medium_program(&factory.medium, 0, encoded, size), PSA_SUCCESS);
	CHECK_EQ(merlon_platform_factory_read(MERLON_FACTORY_SERIAL, data, sizeof data, &size), PSA_SUCCESS);
	CHECK(size == 3 && memcmp(data, "S-1", 3) == 0);
	CHECK_EQ(merlon_platform_factory_read(MERLON_FACTORY_SERVER_CA, data, sizeof data, &size), PSA_SUCCESS);
	CHECK(size == sizeof certificate && mem_is_filled(data, 0x30, size));
	CHECK_EQ(merlon_platform_factory_read(MERLON_FACTORY_SERVER_CA, data, 699, &size), PSA_ERROR_BUFFER_TOO_SMALL);
	CHECK_EQ(merlon_platform_factory_read(MERLON_FACTORY_SERVER_NAME, data, sizeof data, &size), PSA_ERROR_DOES_NOT_EXIST);
	CHECK_EQ(merlon_platform_factory_read((enum merlon_factory_item)99, data, sizeof data, &size), PSA_ERROR_DOES_NOT_EXIST);
	factory.cells[30] ^= 1;
	CHECK_EQ(merlon_platform_factory_read(MERLON_FACTORY_SERIAL, data, sizeof data, &size), PSA_ERROR_DATA_CORRUPT);
	CHECK_EQ(size, 0);
	end();
}

static void try_message(int32_t type, size_t in_size, size_t out_size)
{
	static uint8_t data[1024];
	psa_invec in = { data, in_size };
	psa_outvec out = { data + 512, out_size };
	if (setjmp(reset_seen) == 0)
		(void)psa_call(PLATFORM_HANDLE, type, &in, 1, &out, 1);
	spm_register(PLATFORM_HANDLE, platform_sfn, 258);
}

TEST(malformed_messages_are_refused, CLAIM("platform.message.refused"), MALFORMED)
{
	begin();
	for (int32_t type = 0; type < 40; type++)
		for (size_t in_size = 0; in_size < 12; in_size++)
			for (size_t out_size = 0; out_size < 300; out_size++)
				try_message(type, in_size, out_size);
	CHECK_EQ(psa_call(PLATFORM_HANDLE, 0, NULL, 0, NULL, 0), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_call(PLATFORM_HANDLE, PLATFORM_CALL_COUNT, NULL, 0, NULL, 0), PSA_ERROR_NOT_SUPPORTED);
	end();
}
