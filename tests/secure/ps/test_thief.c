/* SPDX-License-Identifier: Apache-2.0 */
/* The thief's kit: somebody with a flash programmer reads, swaps, replays, truncates and puts back; nothing of it goes unnoticed. */
#include "rig.h"
#include <merlon/lib/store.h>
#include <merlon/test.h>
#include <string.h>

enum { OBJECTS = 6 };

static const char canary[] = "CANARY-0123456789-canary";

static void fill_object(uint32_t i, uint32_t round, uint8_t data[64])
{
	memset(data, 0, 64);
	memcpy(data, canary, sizeof canary);
	data[40] = (uint8_t)i;
	data[41] = (uint8_t)round;
}

static void store_all(uint32_t round)
{
	uint8_t data[64];
	for (uint32_t i = 0; i < OBJECTS; i++) {
		fill_object(i, round, data);
		spm_client = i % 2 == 0 ? RIG_CLIENT : RIG_OTHER;
		CHECK_EQ(psa_ps_set(0x1000 + i, sizeof data, data, 0), PSA_SUCCESS);
	}
	spm_client = RIG_CLIENT;
}

/* Each object is as it was last stored, or refused as the API says. @return how many are refused. */
static uint32_t judge(uint32_t round, const char *what)
{
	uint8_t data[64], read[64];
	uint32_t refused = 0;
	for (uint32_t i = 0; i < OBJECTS; i++) {
		size_t length;
		fill_object(i, round, data);
		memset(read, 0x77, sizeof read);
		spm_client = i % 2 == 0 ? RIG_CLIENT : RIG_OTHER;
		psa_status_t status = psa_ps_get(0x1000 + i, 0, sizeof read, read, &length);
		if (status == PSA_SUCCESS) {
			CHECK_THAT(length == sizeof data && memcmp(read, data, length) == 0, "%s: object %u", what, i);
			continue;
		}
		CHECK_THAT(status == PSA_ERROR_INVALID_SIGNATURE || status == PSA_ERROR_DATA_CORRUPT, "%s: %d", what, status);
		CHECK(length == 0 && read[0] == 0x77 && read[63] == 0x77);
		refused++;
	}
	spm_client = RIG_CLIENT;
	return refused;
}

static bool contains(const struct sim_flash *flash, const void *bytes, size_t size)
{
	for (uint32_t i = 0; i + size <= flash->medium.size; i++)
		if (memcmp(flash->cells + i, bytes, size) == 0)
			return true;
	return false;
}

TEST(external_flash_tells_nothing, CLAIM("ps.confidentiality"), ATTACK)
{
	uint8_t uid[8] = { 0x01, 0x10 };
	rig_new(1, false);
	store_all(0);
	CHECK(rig.flash.external.programs > 0);
	for (size_t i = 0; i + 6 < sizeof canary; i++)
		CHECK(!contains(&rig.flash.external, canary + i, 6));
	CHECK(!contains(&rig.flash.external, uid, sizeof uid));
	/* The key is nowhere in flash either: it is made of the hardware unique key at each start. */
	static const uint8_t secret[16] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
	CHECK(!contains(&rig.flash.external, secret, sizeof secret) && !contains(&rig.flash.internal, secret, sizeof secret));
}

TEST(each_changed_byte_is_noticed, CLAIM("ps.integrity"), ATTACK)
{
	struct merlon_audit_record record;
	uint32_t refused = 0, changed = 0;
	rig_new(1, false);
	store_all(0);
	store_all(1);
	rig.flash.external.strict = false;
	static uint8_t before[RIG_EXTERNAL];
	memcpy(before, rig.flash.external.cells, RIG_EXTERNAL);
	for (uint32_t at = 0; at < RIG_EXTERNAL; at++) {
		if (before[at] == 0xff)
			continue;
		memcpy(rig.flash.external.cells, before, RIG_EXTERNAL);
		rig.flash.external.cells[at] ^= 0x55;
		rig_start();
		uint32_t now = judge(1, "byte");
		refused += now;
		changed++;
		CHECK_THAT(now == 0 || rig_audited(MERLON_AUDIT_STORAGE, &record), "byte 0x%x", at);
	}
	CHECK(changed > 500 && refused >= OBJECTS * 64);
}

/* All records of the store with their checksums right: the thief knows the format. */
static uint32_t find_records(const uint8_t *cells, uint32_t places[64])
{
	uint32_t count = 0;
	for (uint32_t at = 0; at + STORE_RECORD_HEAD <= RIG_EXTERNAL && count < 64; at += STORE_UNIT) {
		uint8_t head[STORE_RECORD_HEAD];
		struct store_record record;
		memcpy(head, cells + at, sizeof head);
		if (store_record_decode(head, &record) == STORE_HEAD_VALID && record.kind == STORE_OBJECT && record.size == 80)
			places[count++] = at;
	}
	return count;
}

/* A store made by the thief, checksums and all. */
static struct store forged;
static struct store_entry entries[65];
static uint8_t buffer[256];
static struct store_config config = { .entries = entries,
				      .buffer = buffer,
				      .entry_max = 65,
				      .buffer_size = sizeof buffer,
				      .object_size_max = 2064,
				      .block_sectors = 2 };

static psa_status_t read_data(void *context, void *data, size_t size)
{
	const uint8_t **from = context;
	memcpy(data, *from, size);
	*from += size;
	return PSA_SUCCESS;
}

static void forge(struct sim_flash *to, uint64_t uid, const uint8_t *data, uint32_t size)
{
	config.medium = &to->medium;
	CHECK_EQ(store_open(&forged, &config), PSA_SUCCESS);
	CHECK_EQ(store_set(&forged, 0, uid, size, 0, &(struct store_source) { read_data, &data }), PSA_SUCCESS);
}

/* The sealed bytes of one object under another's name: another uid's, another client's. */
TEST(objects_cannot_be_swapped, CLAIM("ps.swap"), ATTACK)
{
	uint8_t sealed[64][80];
	uint64_t names[64];
	rig_new(1, false);
	store_all(0);
	config.medium = &rig.flash.external.medium;
	CHECK_EQ(store_open(&forged, &config), PSA_SUCCESS);
	uint32_t count = forged.count;
	CHECK_EQ(count, OBJECTS);
	for (uint32_t i = 0; i < count; i++) {
		struct store_object object;
		CHECK_EQ(store_at(&forged, i, &object), PSA_SUCCESS);
		CHECK_EQ(object.record.size, 80);
		for (uint32_t done = 0, size; done < 80; done += size) {
			const uint8_t *data;
			size = 80 - done;
			CHECK_EQ(store_read(&forged, &object, done, &data, &size), PSA_SUCCESS);
			memcpy(sealed[i] + done, data, size);
		}
		names[i] = object.record.uid;
	}
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t j = 0; j < count; j++) {
			forge(&rig.flash.external, names[i], sealed[j], 80);
			rig_start();
			CHECK_THAT(judge(0, "swap") == (i != j), "%u under the name of %u", j, i);
			forge(&rig.flash.external, names[i], sealed[i], 80);
		}
	/* Truncated, and with the tag of another. */
	forge(&rig.flash.external, names[0], sealed[0], 72);
	rig_start();
	CHECK_EQ(judge(0, "truncated"), 1);
	memcpy(sealed[0] + 64, sealed[1] + 64, 16);
	forge(&rig.flash.external, names[0], sealed[0], 80);
	rig_start();
	CHECK_EQ(judge(0, "tag of another"), 1);
}

TEST(records_of_the_store_are_found_by_the_thief, CLAIM("ps.swap"), FUNCTIONAL)
{
	uint32_t places[64];
	rig_new(1, false);
	store_all(0);
	CHECK_EQ(find_records(rig.flash.external.cells, places), OBJECTS);
}

/* All of external flash as it was before: what has changed since is refused, what has not is right. */
TEST(external_flash_put_back_is_noticed, CLAIM("ps.replay"), ATTACK)
{
	static struct rig_flash old;
	struct merlon_audit_record record;
	uint8_t data[64];
	size_t length;
	rig_new(1, false);
	rig_copy_new(&old);
	store_all(0);
	rig_take(&old);
	for (uint32_t i = 0; i < OBJECTS; i++) {
		fill_object(i, 1, data);
		spm_client = i % 2 == 0 ? RIG_CLIENT : RIG_OTHER;
		CHECK_EQ(psa_ps_set(0x1000 + i, 64, data, 0), PSA_SUCCESS);
	}
	spm_client = RIG_CLIENT;
	CHECK_EQ(psa_ps_set(0x3000, 4, "here", 0), PSA_SUCCESS);
	CHECK_EQ(psa_ps_set(0x3001, 4, "gone", 0), PSA_SUCCESS);
	CHECK_EQ(psa_ps_remove(0x3001), PSA_SUCCESS);
	sim_flash_copy(&rig.flash.external, &old.external);
	rig_start();
	CHECK_EQ(judge(1, "replay"), OBJECTS);
	CHECK(rig_audited(MERLON_AUDIT_STORAGE, &record));
	CHECK(record.data.storage.status == PSA_ERROR_INVALID_SIGNATURE || record.data.storage.status == PSA_ERROR_DATA_CORRUPT);
	CHECK_EQ(psa_ps_get(0x3000, 0, 4, data, &length), PSA_ERROR_DATA_CORRUPT);
	CHECK_EQ(psa_ps_get(0x3001, 0, 4, data, &length), PSA_ERROR_DOES_NOT_EXIST);
	/* Who stores anew goes on. */
	store_all(2);
	rig_start();
	CHECK_EQ(judge(2, "stored anew"), 0);
}

/* External flash of another device of the same kind, with the same objects. */
TEST(another_devices_flash_is_refused, CLAIM("ps.device"), ATTACK)
{
	static struct rig_flash other;
	rig_new(2, false);
	store_all(0);
	rig_copy_new(&other);
	rig_take(&other);
	rig_new(1, false);
	store_all(0);
	sim_flash_copy(&rig.flash.external, &other.external);
	rig_start();
	CHECK_EQ(judge(0, "another device"), OBJECTS);
	/* Internal flash and all: the key differs. */
	sim_flash_copy(&rig.flash.internal, &other.internal);
	rig_start();
	uint8_t data[64];
	size_t length;
	CHECK_EQ(psa_ps_get(0x1000, 0, 64, data, &length), PSA_ERROR_INVALID_SIGNATURE);
}

TEST(nonsense_in_external_flash_ends_nothing, CLAIM("ps.integrity"), ATTACK)
{
	rig_new(1, false);
	rig.flash.external.strict = false;
	for (uint32_t round = 0; round < 40; round++) {
		store_all(round);
		for (uint32_t i = 0; i < RIG_EXTERNAL; i++)
			if (round % 4 == 0 || (sim_power_random(&rig.power) & 63) == 0)
				rig.flash.external.cells[i] = (uint8_t)sim_power_random(&rig.power);
		rig_start();
		(void)judge(round, "nonsense");
		store_all(round);
		CHECK_EQ(judge(round, "stored anew"), 0);
	}
}

/* Foreign objects, written as the store itself would write them, that cannot be removed and take all the room. */
TEST(foreign_objects_take_no_room, CLAIM("ps.integrity"), ATTACK)
{
	static const uint8_t data[2064];
	rig_new(1, false);
	store_all(0);
	config.medium = &rig.flash.external.medium;
	CHECK_EQ(store_open(&forged, &config), PSA_SUCCESS);
	for (uint64_t uid = 1; uid < 200; uid++) {
		const uint8_t *from = data;
		(void)store_set(&forged, 7, uid, 1000, PSA_STORAGE_FLAG_WRITE_ONCE, &(struct store_source) { read_data, &from });
	}
	rig_start();
	(void)judge(0, "foreign");
	store_all(1);
	CHECK_EQ(judge(1, "stored anew"), 0);
}

/* Everything that a programmer reaches but one-time memory as it was two starts ago: the epoch has gone on. */
TEST(internal_flash_put_back_is_noticed, CLAIM("ps.epoch"), ATTACK)
{
	static struct rig_flash old;
	struct merlon_audit_record record;
	uint8_t data[64];
	size_t length;
	rig_new(1, true);
	rig_copy_new(&old);
	store_all(0);
	rig_take(&old);
	rig_start();
	CHECK_EQ(rig.epoch, 1);
	CHECK_EQ(judge(0, "in order"), 0);
	store_all(1);
	rig_start();
	CHECK_EQ(rig.epoch, 2);
	sim_flash_copy(&rig.flash.internal, &old.internal);
	sim_flash_copy(&rig.flash.external, &old.external);
	sim_flash_copy(&rig.flash.requests, &old.requests);
	sim_flash_copy(&rig.flash.audit, &old.audit);
	rig_start();
	CHECK_EQ(rig.epoch, 2);
	CHECK_EQ(judge(1, "put back"), OBJECTS);
	CHECK(rig_audited(MERLON_AUDIT_EPOCH, &record) && record.data.change.to == 2);
	CHECK_EQ(psa_ps_get(0x4000, 0, 64, data, &length), PSA_ERROR_INVALID_SIGNATURE);
	/* One is stored anew; the others stay refused, over starts too. */
	spm_client = RIG_CLIENT;
	fill_object(0, 9, data);
	CHECK_EQ(psa_ps_set(0x1000, 64, data, 0), PSA_SUCCESS);
	for (int again = 0; again < 3; again++) {
		CHECK_EQ(psa_ps_get(0x1000, 0, 64, data, &length), PSA_SUCCESS);
		CHECK_EQ(psa_ps_get(0x1002, 0, 64, data, &length), PSA_ERROR_INVALID_SIGNATURE);
		rig_start();
	}
	CHECK_EQ(psa_ps_remove(0x1002), PSA_SUCCESS);
	CHECK_EQ(psa_ps_get(0x1002, 0, 64, data, &length), PSA_ERROR_DOES_NOT_EXIST);
}

/* The index mixed of two times, or parts of it missing. */
TEST(an_index_of_two_times_is_noticed, CLAIM("ps.epoch"), ATTACK)
{
	static struct rig_flash old;
	rig_new(1, true);
	rig_copy_new(&old);
	store_all(0);
	rig_take(&old);
	rig_start();
	store_all(1);
	rig_start();
	/* A blank internal flash: one-time memory knows that there was an index. */
	sim_flash_deinit(&rig.flash.internal);
	sim_flash_init(&rig.flash.internal, &rig.power, RIG_INTERNAL, RIG_SECTOR, 8);
	rig_start();
	CHECK_EQ(judge(1, "blank"), OBJECTS);
}

/* One-time memory wears by at most one bit in a start, and not in a start that changes nothing. */
TEST(an_epoch_costs_one_bit_per_start_with_changes, CLAIM("ps.epoch_wear"), PROPERTY)
{
	rig_new(1, true);
	for (uint32_t i = 0; i < 40; i++) {
		CHECK_EQ(rig.epoch, i);
		store_all(i);
		store_all(i + 1);
		for (uint32_t idle = 0; idle < 3; idle++)
			rig_start();
		CHECK_EQ(judge(i + 1, "in order"), 0);
	}
	/* Used up, it stands still, and storage goes on. */
	memset(rig.flash.otp.cells + EPOCH_OTP_OFFSET, 0, EPOCH_OTP_SIZE);
	rig.has_epoch = true;
	rig_new(1, true);
	memset(rig.flash.otp.cells + EPOCH_OTP_OFFSET, 0, EPOCH_OTP_SIZE);
	for (uint32_t i = 0; i < 3; i++) {
		rig_start();
		CHECK_EQ(rig.epoch, EPOCH_MAX);
		store_all(i);
		CHECK_EQ(judge(i, "at the end"), 0);
	}
}

/* An epoch that BL2 could not read: nothing passes for new, and nothing is spoilt. */
TEST(without_a_known_epoch_nothing_is_served, CLAIM("ps.epoch"), MALFORMED)
{
	uint8_t data[64];
	size_t length;
	rig_new(1, true);
	store_all(0);
	rig.epoch = UINT32_MAX;
	rig_start_services();
	CHECK_EQ(psa_ps_get(0x1000, 0, 64, data, &length), PSA_ERROR_STORAGE_FAILURE);
	CHECK_EQ(psa_ps_set(0x1000, 64, data, 0), PSA_ERROR_STORAGE_FAILURE);
	rig_start();
	CHECK_EQ(judge(0, "known again"), 0);
}
