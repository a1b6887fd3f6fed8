/* SPDX-License-Identifier: Apache-2.0 */
#include "rig.h"
#include <merlon/lib/crc.h>
#include <merlon/lib/le.h>
#include <merlon/lib/trailer.h>
#include <merlon/test.h>
#include <string.h>

enum { OTP_UNIT = 4, SIGNATURE_SIZE = 8 };

static struct rig *rig_of(void *context)
{
	return context;
}

/* --- the stand-in for cryptography --- */

static psa_status_t hash_begin(void *context)
{
	rig_of(context)->hash_state = 0;
	return PSA_SUCCESS;
}

static psa_status_t hash_update(void *context, const void *data, size_t size)
{
	rig_of(context)->hash_state = crc32_update(rig_of(context)->hash_state, data, size);
	return PSA_SUCCESS;
}

static void digest_from(uint32_t state, uint8_t digest[IMAGE_DIGEST_SIZE])
{
	for (uint32_t i = 0; i < IMAGE_DIGEST_SIZE / 4; i++)
		le32_store(digest + 4 * i, state * (2 * i + 1) + i);
}

static psa_status_t hash_finish(void *context, uint8_t digest[IMAGE_DIGEST_SIZE])
{
	digest_from(rig_of(context)->hash_state, digest);
	return PSA_SUCCESS;
}

static void sign(const uint8_t *key_hash, const uint8_t *digest, uint8_t signature[SIGNATURE_SIZE])
{
	le32_store(signature, crc32_update(crc32_update(0, key_hash, IMAGE_DIGEST_SIZE), digest, IMAGE_DIGEST_SIZE));
	le32_store(signature + 4, 0x5197a5a5);
}

static psa_status_t verify(void *context, const struct image_key *key, const uint8_t digest[IMAGE_DIGEST_SIZE],
			   const uint8_t *signature, size_t signature_size)
{
	uint8_t right[SIGNATURE_SIZE];
	(void)context;
	sign(key->hash, digest, right);
	if (signature_size != SIGNATURE_SIZE)
		return PSA_ERROR_INVALID_ARGUMENT;
	return memcmp(right, signature, SIGNATURE_SIZE) == 0 ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE;
}

static void key_make(uint8_t index, struct image_key *key)
{
	memset(key, 0, sizeof *key);
	key->der_size = 91;
	memset(key->der, 0x30 + index, key->der_size);
	key->role = index == RIG_KEY_SECURE ? IMAGE_KEY_FOR_SECURE : IMAGE_KEY_FOR_BOTH;
	key->development = index == RIG_KEY_DEVELOPMENT;
	digest_from(crc32_update(0, key->der, key->der_size), key->hash);
}

/* --- images --- */

static uint8_t built[RIG_SLOT];

static uint32_t put_tlv(uint32_t at, uint16_t type, const void *data, uint16_t size)
{
	le16_store(built + at, type);
	le16_store(built + at + 2, size);
	memcpy(built + at + 4, data, size);
	return at + 4 + size;
}

static uint32_t put_dependency(uint32_t at, const struct rig_image *image)
{
	uint8_t data[12] = { !image->image, 0, 0, 0, image->needs };
	return image->needs > 0 ? put_tlv(at, IMAGE_TLV_DEPENDENCY, data, sizeof data) : at;
}

static uint32_t put_protected(uint32_t at, const struct rig_image *image)
{
	uint8_t counter[4], record[40] = { 0xa2, 1, 0x61, 'S', 2, 0x58, 0x20 };
	uint32_t begin = at;
	at += IMAGE_TLV_INFO_SIZE;
	le32_store(counter, image->counter);
	if (!image->no_counter)
		at = put_tlv(at, IMAGE_TLV_SEC_CNT, counter, sizeof counter);
	if (image->boot_record)
		at = put_tlv(at, IMAGE_TLV_BOOT_RECORD, record, 7 + IMAGE_DIGEST_SIZE);
	at = put_dependency(at, image);
	for (uint8_t i = 0; i < RIG_KEY_COUNT; i++) {
		struct image_key key;
		key_make(i, &key);
		if ((image->revokes >> i & 1) != 0)
			at = put_tlv(at, IMAGE_TLV_KEY_REVOKE, key.hash, IMAGE_DIGEST_SIZE);
	}
	le16_store(built + begin, IMAGE_TLV_PROTECTED_MAGIC);
	le16_store(built + begin + 2, (uint16_t)(at - begin));
	return at > begin + IMAGE_TLV_INFO_SIZE ? at : begin;
}

static uint32_t put_unprotected(uint32_t at, const struct rig_image *image)
{
	uint8_t digest[IMAGE_DIGEST_SIZE], signature[SIGNATURE_SIZE];
	struct image_key key;
	uint32_t begin = at;
	key_make(image->key, &key);
	digest_from(crc32_update(0, built, at), digest);
	sign(key.hash, digest, signature);
	signature[0] ^= image->spoil_signature;
	at = put_tlv(at + IMAGE_TLV_INFO_SIZE, IMAGE_TLV_SHA256, digest, sizeof digest);
	at = put_tlv(at, IMAGE_TLV_KEYHASH, key.hash, sizeof key.hash);
	at = put_tlv(at, IMAGE_TLV_ECDSA_SIG, signature, sizeof signature);
	le16_store(built + begin, IMAGE_TLV_MAGIC);
	le16_store(built + begin + 2, (uint16_t)(at - begin));
	return at;
}

const uint8_t *rig_image_build(const struct rig_image *image, uint32_t *size)
{
	uint32_t payload = image->payload_size > 0 ? image->payload_size : 2 * RIG_UNIT + 100, end = RIG_HEADER + payload;
	uint32_t run =
		(image->image == IMAGE_SECURE ? RIG_RUN_SECURE : RIG_RUN_NONSECURE) + (image->for_secondary ? RIG_OTHER_SLOT : 0);
	memset(built, 0xff, sizeof built);
	memset(built, 0, RIG_HEADER);
	for (uint32_t i = RIG_HEADER; i < end; i++)
		built[i] = (uint8_t)(i * 7 + i / 251 + image->major * 31u + image->image);
	le32_store(built + RIG_HEADER, 0x30001000);
	le32_store(built + RIG_HEADER + 4, image->wrong_address ? 0x40000001 : run + RIG_HEADER + 8 + 1);
	uint32_t protected_end = put_protected(end, image);
	image_header_encode(&(struct image_header) { .payload_size = payload,
						     .header_size = RIG_HEADER,
						     .protected_size = (uint16_t)(protected_end - end),
						     .flags = image->is_command ? IMAGE_FLAG_NON_BOOTABLE : 0,
						     .version = { .major = image->major } },
			    built);
	*size = put_unprotected(protected_end, image);
	built[RIG_HEADER + 20] ^= image->spoil_payload;
	CHECK(*size <= RIG_SLOT - RIG_UNIT);
	return built;
}

static uint8_t active_images(struct rig *rig)
{
	return rig->product->mode == &boot_mode_xip ? rig_state(rig).active : 0;
}

struct sim_flash *rig_slot(struct rig *rig, uint8_t image, bool other)
{
	bool secondary = (active_images(rig) >> image & 1) != other;
	return secondary ? &rig->secondary[image] : &rig->primary[image];
}

void rig_flash(struct rig *rig, bool other, const struct rig_image *image)
{
	uint32_t size;
	struct sim_flash *slot = rig_slot(rig, image->image, other);
	struct rig_image linked = *image;
	linked.for_secondary = rig->product->mode == &boot_mode_xip && slot == &rig->secondary[image->image];
	const uint8_t *bytes = rig_image_build(&linked, &size);
	CHECK(medium_erase(&slot->medium, 0, RIG_SLOT) == PSA_SUCCESS);
	CHECK(medium_program(&slot->medium, 0, bytes, (size + 7) & ~7u) == PSA_SUCCESS);
}

void rig_command(struct rig *rig, const struct rig_image *command)
{
	uint32_t size;
	const uint8_t *bytes = rig_image_build(command, &size);
	CHECK(medium_program(&rig->commands.medium, 0, bytes, (size + 7) & ~7u) == PSA_SUCCESS);
}

bool rig_is_revoked(struct rig *rig, uint8_t key)
{
	struct image_key keys[IMAGE_KEY_MAX];
	uint8_t count;
	CHECK(otp_keys_get(&rig->otp.medium, keys, &count) == PSA_SUCCESS && key < count);
	return keys[key].revoked;
}

void rig_pad(struct rig *rig, uint8_t image, bool permanent)
{
	const struct medium *slot = &rig_slot(rig, image, true)->medium;
	if (permanent)
		CHECK(trailer_write_image_ok(slot, RIG_SLOT) == PSA_SUCCESS);
	CHECK(trailer_write_magic(slot, RIG_SLOT) == PSA_SUCCESS);
}

/* --- the device --- */

static void console_put(const struct console *console, const void *data, size_t size)
{
	struct rig *rig = (struct rig *)((uintptr_t)console - offsetof(struct rig, console));
	if (size >= sizeof rig->said - rig->said_size)
		return;
	memcpy(rig->said + rig->said_size, data, size);
	rig->said_size += size;
	rig->said[rig->said_size] = '\0';
}

static void feed(struct rig *rig)
{
	rig->feeds++;
	if (rig->run_is_faulty)
		rig->run_memory[RIG_HEADER + 30] = 0;
}

static void watchdog_fed(const struct watchdog *watchdog)
{
	feed((struct rig *)((uintptr_t)watchdog - offsetof(struct rig, watchdog)));
}

static void hash_progress(void *context)
{
	feed(context);
}

struct sim_flash *rig_memory(struct rig *rig, unsigned i)
{
	struct sim_flash *const all[] = { &rig->primary[0], &rig->primary[1], &rig->secondary[0], &rig->secondary[1],
					  &rig->journal,    &rig->otp,        &rig->commands };
	return i < sizeof all / sizeof all[0] ? all[i] : NULL;
}

const struct rig_product rig_swap = { &boot_mode_swap, RIG_UNIT, NULL };
const struct rig_product rig_swap_external = { &boot_mode_swap, 2 * RIG_UNIT, NULL };
const struct rig_product rig_overwrite = { &boot_mode_overwrite, RIG_UNIT, NULL };
const struct rig_product rig_xip = { &boot_mode_xip, RIG_UNIT, NULL };

static struct boot_slot slot_of(struct rig *rig, uint8_t image)
{
	uint32_t address = image == IMAGE_SECURE ? RIG_RUN_SECURE : RIG_RUN_NONSECURE;
	bool in_place = rig->product->mode == &boot_mode_xip;
	struct boot_slot slot = { &rig->primary[image].medium, &rig->secondary[image].medium, NULL, 0, { address, address } };
	if (in_place)
		slot.addresses[1] += RIG_OTHER_SLOT;
	if (!in_place && image == IMAGE_NONSECURE) {
		slot.run = rig->run_memory;
		slot.run_size = RIG_SLOT;
	}
	return slot;
}

static void connect(struct rig *rig)
{
	static const struct console_ops console_ops = { .write = console_put };
	static const struct watchdog_ops watchdog_ops = { .feed = watchdog_fed };
	rig->console = (struct console) { &console_ops };
	rig->watchdog = (struct watchdog) { &watchdog_ops };
	rig->crypto = (struct image_crypto) { rig, hash_begin, hash_update, hash_finish, verify, hash_progress };
	memset(&rig->boot, 0, sizeof rig->boot);
	rig->boot = (struct boot) {
		.slots = { slot_of(rig, IMAGE_SECURE), slot_of(rig, IMAGE_NONSECURE) },
		.slot_size = RIG_SLOT,
		.journal_medium = &rig->journal.medium,
		.otp = &rig->otp.medium,
		.commands = &rig->commands.medium,
		.crypto = rig->other_crypto != NULL ? rig->other_crypto : &rig->crypto,
		.mode = rig->product->mode,
		.fallback = rig->product->fallback,
		.console = &rig->console,
		.watchdog = &rig->watchdog,
		.attempts = 1,
		.reset_cause = rig->reset_cause,
		.handover = rig->handover,
		.handover_size = rig->handover_limit > 0 ? rig->handover_limit : sizeof rig->handover,
	};
}

void rig_init(struct rig *rig, enum otp_lifecycle lifecycle)
{
	rig_init_product(rig, lifecycle, &rig_swap);
}

void rig_init_product(struct rig *rig, enum otp_lifecycle lifecycle, const struct rig_product *product)
{
	memset(rig, 0, sizeof *rig);
	rig->product = product;
	sim_power_init(&rig->power, 1);
	for (unsigned i = 0; i < IMAGE_COUNT; i++) {
		sim_flash_init(&rig->primary[i], &rig->power, RIG_SLOT, RIG_UNIT, 8);
		sim_flash_init(&rig->secondary[i], &rig->power, RIG_SLOT + product->secondary_unit, product->secondary_unit, 8);
	}
	sim_flash_init(&rig->journal, &rig->power, 2 * RIG_JOURNAL_HALF, RIG_JOURNAL_HALF, 8);
	sim_flash_init(&rig->commands, &rig->power, 2 * RIG_UNIT, 2 * RIG_UNIT, 8);
	sim_otp_init(&rig->otp, &rig->power, OTP_SIZE, OTP_UNIT);
	connect(rig);
	for (uint8_t i = 0; i < RIG_KEY_STRANGER; i++) {
		struct image_key key;
		key_make(i, &key);
		CHECK(otp_key_add(&rig->otp.medium, &key) == PSA_SUCCESS);
	}
	for (unsigned state = OTP_LIFECYCLE_PROVISIONING; state <= lifecycle; state += 0x1000)
		CHECK(otp_lifecycle_set(&rig->otp.medium, (enum otp_lifecycle)state) == PSA_SUCCESS);
}

void rig_deinit(struct rig *rig)
{
	for (unsigned i = 0; rig_memory(rig, i) != NULL; i++)
		sim_flash_deinit(rig_memory(rig, i));
}

void rig_copy(struct rig *to, const struct rig *from)
{
	for (unsigned i = 0; rig_memory(to, i) != NULL; i++)
		sim_flash_copy(rig_memory(to, i), rig_memory((struct rig *)(uintptr_t)from, i));
	memset(to->run_memory, 0, sizeof to->run_memory);
	memset(to->version, 0, sizeof to->version);
}

enum boot_outcome rig_boot(struct rig *rig)
{
	rig->said_size = 0;
	rig->said[0] = '\0';
	memset(rig->run_memory, 0xa5, sizeof rig->run_memory); /* RAM forgets */
	connect(rig);
	enum boot_outcome outcome = boot_run(&rig->boot);
	memset(rig->version, 0, sizeof rig->version);
	if (outcome == BOOT_START) {
		bool secondary = (active_images(rig) & 1) != 0;
		CHECK_EQ(rig->boot.entry, RIG_RUN_SECURE + RIG_HEADER + (secondary ? RIG_OTHER_SLOT : 0));
		rig->version[0] = rig_slot(rig, IMAGE_SECURE, false)->cells[20];
		rig->version[1] =
			rig->boot.slots[1].run != NULL ? rig->run_memory[20] : rig_slot(rig, IMAGE_NONSECURE, false)->cells[20];
	}
	return outcome;
}

psa_status_t rig_request(struct rig *rig, uint8_t images, bool permanent, uint8_t attempts)
{
	static struct journal journal;
	psa_status_t status = journal_open(&journal, &rig->journal.medium);
	return status == PSA_SUCCESS ? journal_request(&journal, images, permanent, attempts) : status;
}

psa_status_t rig_confirm(struct rig *rig)
{
	static struct journal journal;
	psa_status_t status = journal_open(&journal, &rig->journal.medium);
	uint8_t images = journal.state.images;
	if (status == PSA_SUCCESS)
		status = journal_confirm(&journal);
	for (uint8_t i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS; i++)
		if ((images >> i & 1) != 0)
			status = trailer_write_image_ok(&rig_slot(rig, i, false)->medium, RIG_SLOT);
	return status;
}

struct journal_state rig_state(struct rig *rig)
{
	static struct journal journal;
	CHECK(journal_open(&journal, &rig->journal.medium) == PSA_SUCCESS);
	return journal.state;
}

uint32_t rig_counter(struct rig *rig, uint8_t image)
{
	uint32_t value, room;
	CHECK(otp_counter_get(&rig->otp.medium, image, &value, &room) == PSA_SUCCESS);
	return value;
}

bool rig_said(const struct rig *rig, const char *text)
{
	return strstr(rig->said, text) != NULL;
}
