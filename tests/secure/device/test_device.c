/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All partitions of the Secure image together, under the real partition manager with the table that spmgen wrote, over the board's
 * flash map in simulated flash: the test is the Non-secure world. Nothing here stands in for anything but the hardware.
 */
#include <merlon/board/flash_map.h>
#include <merlon/board/memory.h>
#include <merlon/flash.h>
#include <merlon/hal/flash.h>
#include <merlon/lib/ecdsa_der.h>
#include <merlon/lib/journal.h>
#include <merlon/lib/le.h>
#include <merlon/platform.h>
#include <merlon/secure_attest/attest.h>
#include <merlon/secure_audit/audit.h>
#include <merlon/secure_crypto/crypto.h>
#include <merlon/secure_flash/flash.h>
#include <merlon/secure_fwu/fwu.h>
#include <merlon/secure_its/its.h>
#include <merlon/secure_platform/platform.h>
#include <merlon/secure_ps/ps.h>
#include <merlon/sim/flash.h>
#include <merlon/sim/noise.h>
#include <merlon/spm/spm.h>
#include <merlon/test.h>
#include <psa/client.h>
#include <psa/crypto.h>
#include <psa/update.h>
#include <psa_manifest/pid.h>
#include <psa_manifest/sid.h>
#include <string.h>

enum { HEADER = 0x400, PAYLOAD = 20000, SIGNING_KEY = 42 };

struct spm spm;

static struct sim_flash flash, otp;
static struct sim_noise noise_source;
static struct noise noise;
static struct image_crypto image_crypto;
static struct fwu_config fwu;
static struct platform_config platform;
static uint8_t handover[HANDOVER_SIZE];

static psa_status_t timer_start(const struct timer *timer, uint32_t period_us, bool repeats)
{
	(void)timer, (void)period_us, (void)repeats;
	return PSA_SUCCESS;
}

static unsigned window_stops;

static void timer_do(const struct timer *timer)
{
	(void)timer;
	window_stops++;
}

/* As images/secure: runs inside the Firmware Update partition. */
static void accepted(void)
{
	CHECK_EQ(merlon_platform_window_close(), PSA_SUCCESS);
}

static void watchdog_do(const struct watchdog *watchdog)
{
	(void)watchdog;
}

static void reset(enum reset_cause cause)
{
	(void)cause;
}

static void reboot(void) {}

static const struct timer_ops timer_ops = { timer_start, timer_do, timer_do };
static const struct timer timer = { &timer_ops };
static const struct watchdog_ops watchdog_ops = { .feed = watchdog_do };
static const struct watchdog watchdog = { &watchdog_ops };

/* What images/secure/main.c does with the real devices. */
static void start(void)
{
	struct audit_boot boot;
	memset(&spm, 0, sizeof spm);
	noise = (struct noise) { 0 };
	CHECK_EQ(noise_start(&noise, &noise_source.source), PSA_SUCCESS);
	flash_configure(&flash.medium);
	its_configure(merlon_flash_area(MERLON_FLASH_ITS));
	(void)audit_boot_read(&boot, handover, sizeof handover);
	audit_configure(merlon_flash_area(MERLON_FLASH_AUDIT), &boot);
	ps_configure(&(struct ps_config) { .area = merlon_flash_area(MERLON_FLASH_PS) });
	crypto_noise_set(&noise);
	fwu_crypto_init(&image_crypto, NULL);
	fwu = (struct fwu_config) {
		.run_address = { 0, BOARD_NS_CODE_NS_BASE },
		.candidate_address = { 0, BOARD_NS_CODE_NS_BASE },
		.primary = { merlon_flash_area(MERLON_FLASH_S_PRIMARY), merlon_flash_area(MERLON_FLASH_NS_PRIMARY) },
		.secondary = { merlon_flash_area(MERLON_FLASH_S_SECONDARY), merlon_flash_area(MERLON_FLASH_NS_SECONDARY) },
		.journal = merlon_flash_area(MERLON_FLASH_JOURNAL),
		.state = merlon_flash_area(MERLON_FLASH_FWU_STATE),
		.otp = &otp.medium,
		.crypto = &image_crypto,
		.slot_size = BOARD_SLOT_SIZE,
		.attempts = 1,
		.accepted = accepted,
		.reboot = reboot,
	};
	fwu_configure(&fwu);
	platform = (struct platform_config) { .handover = handover,
					      .handover_size = sizeof handover,
					      .factory = merlon_flash_area(MERLON_FLASH_FACTORY),
					      .watchdog = &watchdog,
					      .window = &timer,
					      .window_ms = 1000,
					      .updater = SP_FWU,
					      .reset = reset,
					      .otp = &otp.medium,
					      .serial = "S-1" };
	platform_configure(&platform);
	attest_configure(&(struct attest_config) { handover, sizeof handover, NULL, "merlon host", "", "" });
	CHECK_EQ(spm_start(), PSA_SUCCESS);
}

static void device_new(void)
{
	struct handover_writer writer;
	sim_flash_deinit(&flash);
	sim_flash_deinit(&otp);
	sim_flash_init(&flash, NULL, BOARD_FLASH_SIZE, BOARD_FLASH_ERASE_SIZE, BOARD_FLASH_WRITE_SIZE);
	sim_otp_init(&otp, NULL, OTP_SIZE, 4);
	sim_noise_init(&noise_source, SIM_NOISE_UNIFORM, 3);
	handover_begin(&writer, handover, sizeof handover);
	start();
}

/* The maker's key, for once inside the device: it signs, and its public half goes into OTP. */
static void signing_key_new(uint8_t role)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	struct image_key key = { .role = role };
	psa_key_id_t id;
	size_t size;
	psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
	psa_set_key_bits(&attributes, 256);
	psa_set_key_algorithm(&attributes, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH);
	psa_set_key_id(&attributes, SIGNING_KEY);
	CHECK_EQ(psa_generate_key(&attributes, &id), PSA_SUCCESS);
	memcpy(key.der, ecdsa_key_p256.prefix, ecdsa_key_p256.prefix_size);
	CHECK_EQ(psa_export_public_key(id, key.der + ecdsa_key_p256.prefix_size - 1, 65, &size), PSA_SUCCESS);
	key.der_size = (uint8_t)(ecdsa_key_p256.prefix_size + 64u);
	CHECK_EQ(otp_key_add(&otp.medium, &key), PSA_SUCCESS);
}

/* A positive INTEGER in its shortest form. */
static size_t put_integer(uint8_t *at, const uint8_t scalar[32])
{
	size_t skip = 0;
	while (skip < 31 && scalar[skip] == 0)
		skip++;
	size_t pad = scalar[skip] >> 7, size = 32 - skip + pad;
	at[0] = 0x02;
	at[1] = (uint8_t)size;
	at[2] = 0;
	memcpy(at + 2 + pad, scalar + skip, 32 - skip);
	return 2 + size;
}

static size_t put_tlv(uint8_t *at, uint16_t type, const void *data, size_t size)
{
	le16_store(at, type);
	le16_store(at + 2, (uint16_t)size);
	memcpy(at + 4, data, size);
	return 4 + size;
}

/* A signed Non-secure image, version 2.0.0, counter 7. @return its size. */
static size_t image_build(uint8_t *image)
{
	uint8_t counter[4], digest[32], raw[64], der[72], key_hash[32], public[91];
	size_t size, at = HEADER + PAYLOAD, begin;
	for (size_t i = 0; i < at; i++)
		image[i] = i < HEADER ? 0 : (uint8_t)(i * 11 + i / 256);
	le32_store(image + HEADER + 4, BOARD_NS_CODE_NS_BASE + HEADER + 9);
	image_header_encode(
		&(struct image_header) {
			.header_size = HEADER, .payload_size = PAYLOAD, .protected_size = 12, .version = { .major = 2 } },
		image);
	le16_store(image + at, IMAGE_TLV_PROTECTED_MAGIC);
	le16_store(image + at + 2, 12);
	le32_store(counter, 7);
	at += 4 + put_tlv(image + at + 4, IMAGE_TLV_SEC_CNT, counter, 4);
	CHECK_EQ(psa_hash_compute(PSA_ALG_SHA_256, image, at, digest, sizeof digest, &size), PSA_SUCCESS);
	CHECK_EQ(psa_sign_hash(SIGNING_KEY, PSA_ALG_ECDSA(PSA_ALG_SHA_256), digest, 32, raw, sizeof raw, &size), PSA_SUCCESS);
	size = put_integer(der + 2, raw);
	size += put_integer(der + 2 + size, raw + 32);
	der[0] = 0x30;
	der[1] = (uint8_t)size;
	memcpy(public, ecdsa_key_p256.prefix, ecdsa_key_p256.prefix_size);
	size_t public_size;
	CHECK_EQ(psa_export_public_key(SIGNING_KEY, public + ecdsa_key_p256.prefix_size - 1, 65, &public_size), PSA_SUCCESS);
	CHECK_EQ(psa_hash_compute(PSA_ALG_SHA_256, public, sizeof public, key_hash, 32, &public_size), PSA_SUCCESS);
	begin = at;
	at += 4;
	at += put_tlv(image + at, IMAGE_TLV_SHA256, digest, 32);
	at += put_tlv(image + at, IMAGE_TLV_KEYHASH, key_hash, 32);
	at += put_tlv(image + at, IMAGE_TLV_ECDSA_SIG, der, 2 + size);
	le16_store(image + begin, IMAGE_TLV_MAGIC);
	le16_store(image + begin + 2, (uint16_t)(at - begin));
	return at;
}

static psa_status_t transfer(const uint8_t *image, size_t size)
{
	CHECK_EQ(psa_fwu_start(1, NULL, 0), PSA_SUCCESS);
	for (size_t offset = 0; offset < size; offset += PSA_FWU_MAX_WRITE_SIZE)
		CHECK_EQ(psa_fwu_write(1, offset, image + offset,
				       size - offset < PSA_FWU_MAX_WRITE_SIZE ? size - offset : PSA_FWU_MAX_WRITE_SIZE),
			 PSA_SUCCESS);
	return psa_fwu_finish(1);
}

TEST(keys_survive_a_restart_of_everything, CLAIM("crypto.key.persistent"), FUNCTIONAL)
{
	uint8_t hash[32] = { 1 }, signature[64];
	size_t size;
	device_new();
	signing_key_new(IMAGE_KEY_FOR_BOTH);
	CHECK_EQ(psa_sign_hash(SIGNING_KEY, PSA_ALG_ECDSA(PSA_ALG_SHA_256), hash, 32, signature, 64, &size), PSA_SUCCESS);
	start();
	CHECK_EQ(psa_verify_hash(SIGNING_KEY, PSA_ALG_ECDSA(PSA_ALG_SHA_256), hash, 32, signature, size), PSA_SUCCESS);
	signature[5] ^= 1;
	CHECK_EQ(psa_verify_hash(SIGNING_KEY, PSA_ALG_ECDSA(PSA_ALG_SHA_256), hash, 32, signature, size),
		 PSA_ERROR_INVALID_SIGNATURE);
}

/* Far more keys than places in the service's memory. */
TEST(two_hundred_persistent_keys, CLAIM("crypto.key.persistent"), FUNCTIONAL)
{
	enum { KEYS = 200 };
	uint8_t material[32] = { 0 }, out[32];
	size_t size;
	psa_key_id_t key;
	device_new();
	psa_key_attributes_t attributes = psa_key_attributes_init();
	psa_set_key_type(&attributes, PSA_KEY_TYPE_RAW_DATA);
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_EXPORT);
	for (unsigned i = 0; i < KEYS; i++) {
		material[0] = (uint8_t)i;
		psa_set_key_id(&attributes, 1000 + i);
		CHECK_EQ(psa_import_key(&attributes, material, sizeof material, &key), PSA_SUCCESS);
	}
	start();
	for (unsigned i = 0; i < KEYS; i++) {
		CHECK_EQ(psa_export_key(1000 + i, out, sizeof out, &size), PSA_SUCCESS);
		CHECK_THAT(size == 32 && out[0] == (uint8_t)i, "key %u", i);
		if (i % 2 == 0)
			CHECK_EQ(psa_destroy_key(1000 + i), PSA_SUCCESS);
	}
	start();
	for (unsigned i = 0; i < KEYS; i++)
		CHECK_EQ(psa_export_key(1000 + i, out, sizeof out, &size), i % 2 == 0 ? PSA_ERROR_INVALID_HANDLE : PSA_SUCCESS);
}

TEST(a_signed_image_becomes_a_request_in_the_journal, CLAIM("fwu.finish.verifies"), FUNCTIONAL)
{
	static uint8_t image[HEADER + PAYLOAD + 512];
	struct journal journal;
	psa_fwu_component_info_t info;
	device_new();
	signing_key_new(IMAGE_KEY_FOR_NONSECURE);
	size_t size = image_build(image);
	CHECK_EQ(transfer(image, size), PSA_SUCCESS);
	start();
	CHECK_EQ(psa_fwu_query(1, &info), PSA_SUCCESS);
	CHECK_EQ(info.state, PSA_FWU_CANDIDATE);
	CHECK_EQ(psa_fwu_install(), PSA_SUCCESS_REBOOT);
	uint8_t *area = flash.cells + BOARD_FLASH_JOURNAL_OFFSET;
	struct sim_flash copy;
	sim_flash_init(&copy, NULL, BOARD_FLASH_JOURNAL_SIZE, BOARD_FLASH_ERASE_SIZE, BOARD_FLASH_WRITE_SIZE);
	memcpy(copy.cells, area, BOARD_FLASH_JOURNAL_SIZE);
	CHECK_EQ(journal_open(&journal, &copy.medium), PSA_SUCCESS);
	CHECK(journal.state.phase == JOURNAL_INTENT && journal.state.images == 2);
	sim_flash_deinit(&copy);
	CHECK(memcmp(flash.cells + BOARD_FLASH_NS_SECONDARY_OFFSET, image, size) == 0);
}

/* One bit anywhere that the signature covers, or in the signature. */
TEST(no_bit_of_a_signed_image_can_change, CLAIM("fwu.finish.verifies"), ATTACK)
{
	static uint8_t image[HEADER + PAYLOAD + 512];
	device_new();
	signing_key_new(IMAGE_KEY_FOR_BOTH);
	size_t size = image_build(image), tlvs = HEADER + PAYLOAD;
	for (size_t at = 0; at < size; at += at < tlvs ? 1997 : 13) {
		image[at] ^= 4;
		CHECK_THAT(transfer(image, size) < 0, "byte %zu", at);
		CHECK_EQ(psa_fwu_clean(1), PSA_SUCCESS);
		image[at] ^= 4;
	}
	CHECK_EQ(transfer(image, size), PSA_SUCCESS);
}

/* Both images on trial, as BL2 leaves them. */
static void put_on_trial(void)
{
	const uint16_t sectors[IMAGE_COUNT] = { 1, 1 };
	struct flash_window area;
	struct journal journal;
	CHECK_EQ(flash_window_init(&area, &flash.medium, BOARD_FLASH_JOURNAL_OFFSET, BOARD_FLASH_JOURNAL_SIZE), PSA_SUCCESS);
	CHECK_EQ(journal_open(&journal, &area.medium), PSA_SUCCESS);
	CHECK_EQ(journal_request(&journal, 3, false, 1), PSA_SUCCESS);
	CHECK_EQ(journal_begin_swap(&journal, sectors), PSA_SUCCESS);
	for (unsigned i = 0; i < 4; i++)
		CHECK_EQ(journal_step(&journal, (uint8_t)(i / 2)), PSA_SUCCESS);
	CHECK_EQ(journal_begin_trial(&journal), PSA_SUCCESS);
}

/* The same call, twice: once from the world outside, once by the update service on its behalf. */
TEST(a_service_knows_who_calls, CLAIM("spm.caller"), ATTACK)
{
	device_new();
	put_on_trial();
	start();
	window_stops = 0;
	CHECK_EQ(merlon_platform_window_close(), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(window_stops, 0);
	CHECK_EQ(psa_fwu_accept(), PSA_SUCCESS);
	CHECK_EQ(window_stops, 1);
}

/* The Non-secure world reaches neither the flash partition nor what only the update service may do. */
TEST(the_nonsecure_world_stays_outside, CLAIM("isolation.flash_owner"), ATTACK)
{
	uint8_t byte;
	device_new();
	CHECK_EQ(psa_version(FLASH_SID), PSA_VERSION_NONE);
	CHECK(medium_read(merlon_flash_area(MERLON_FLASH_ITS), 0, &byte, 1) < 0);
	CHECK(medium_erase(merlon_flash_area(MERLON_FLASH_JOURNAL), 0, BOARD_FLASH_ERASE_SIZE) < 0);
	CHECK_EQ(merlon_platform_window_close(), PSA_ERROR_NOT_PERMITTED);
}
