/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log as its clients see it, over starts, power cuts, floods and damage. */
#include <merlon/secure_audit/audit.h>
#include <merlon/sim/flash.h>
#include <merlon/test.h>
#include <merlon/test_secure/spm.h>
#include <psa_manifest/sid.h>
#include <string.h>

enum { AREA = 0x4000, SECTOR = 4096, NONSECURE = -1, PARTITION = 300 };

static struct sim_flash flash;
static struct audit_boot boot;

static void restart(void)
{
	spm_register(AUDIT_HANDLE, audit_sfn, 256);
	audit_configure(&flash.medium, &boot);
	CHECK_EQ(audit_init(), PSA_SUCCESS);
}

static void begin(void)
{
	sim_flash_deinit(&flash);
	sim_flash_init(&flash, NULL, AREA, SECTOR, 8);
	boot = (struct audit_boot) { .has_state = true, .lifecycle = 0x3000, .counters = { 1, 1 } };
	spm_client = NONSECURE;
	restart();
}

static psa_status_t add(enum merlon_audit_kind kind, uint64_t uid)
{
	struct merlon_audit_record record;
	memset(&record, 0, sizeof record);
	record.kind = (uint8_t)kind;
	record.data.storage = (struct merlon_audit_storage) { uid, -1, PSA_ERROR_INVALID_SIGNATURE };
	spm_client = PARTITION;
	psa_status_t status = merlon_audit_add(&record);
	spm_client = NONSECURE;
	return status;
}

static struct merlon_audit_state state(void)
{
	struct merlon_audit_state state;
	CHECK_EQ(merlon_audit_state(&state), PSA_SUCCESS);
	return state;
}

TEST(a_record_stays_until_it_is_acknowledged, CLAIM("audit.kept"), FUNCTIONAL)
{
	struct merlon_audit_record record;
	begin();
	CHECK_EQ(merlon_audit_read(0, &record), PSA_ERROR_DOES_NOT_EXIST);
	for (uint64_t uid = 1; uid <= 5; uid++)
		CHECK_EQ(add(MERLON_AUDIT_STORAGE, uid), PSA_SUCCESS);
	for (int again = 0; again < 3; again++) {
		uint32_t after = 0;
		for (uint64_t uid = 1; uid <= 5; uid++, after = record.sequence) {
			CHECK_EQ(merlon_audit_read(after, &record), PSA_SUCCESS);
			CHECK(record.sequence == after + 1 && record.kind == MERLON_AUDIT_STORAGE);
			CHECK(record.data.storage.uid == uid && record.data.storage.client == -1);
		}
		CHECK_EQ(merlon_audit_read(after, &record), PSA_ERROR_DOES_NOT_EXIST);
		restart();
	}
	CHECK_EQ(merlon_audit_acknowledge(3), PSA_SUCCESS);
	restart();
	CHECK_EQ(state().waiting, 2);
	CHECK_EQ(merlon_audit_read(0, &record), PSA_SUCCESS);
	CHECK_EQ(record.sequence, 4);
	CHECK_EQ(merlon_audit_acknowledge(5), PSA_SUCCESS);
	restart();
	CHECK(state().waiting == 0 && state().next == 6);
	CHECK_EQ(add(MERLON_AUDIT_STORAGE, 9), PSA_SUCCESS);
	CHECK_EQ(merlon_audit_read(0, &record), PSA_SUCCESS);
	CHECK_EQ(record.sequence, 6);
}

TEST(nobody_takes_away_what_was_not_there, CLAIM("audit.roles"), ATTACK)
{
	struct merlon_audit_record record = { .kind = MERLON_AUDIT_STORAGE };
	begin();
	CHECK_EQ(merlon_audit_add(&record), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(add(MERLON_AUDIT_STORAGE, 1), PSA_SUCCESS);
	CHECK_EQ(merlon_audit_acknowledge(0), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(merlon_audit_acknowledge(2), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(merlon_audit_acknowledge(UINT32_MAX), PSA_ERROR_INVALID_ARGUMENT);
	spm_client = PARTITION;
	CHECK_EQ(merlon_audit_acknowledge(1), PSA_ERROR_NOT_PERMITTED);
	/* What only the start of the device can know, nobody else says. */
	static const enum merlon_audit_kind own[] = { MERLON_AUDIT_PANIC, MERLON_AUDIT_LIFECYCLE, MERLON_AUDIT_COUNTER };
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		CHECK_EQ(add(own[i], 1), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(add(0, 1), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(add(MERLON_AUDIT_KIND_COUNT, 1), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(state().waiting, 1);
}

static psa_status_t send(int32_t type, size_t in_size, size_t out_size)
{
	static uint8_t in[64], out[64];
	psa_invec in_vec = { in, in_size };
	psa_outvec out_vec = { out, out_size };
	return psa_call(AUDIT_HANDLE, type, &in_vec, in_size > 0, &out_vec, out_size > 0);
}

TEST(refuses_malformed_messages, CLAIM("audit.roles"), MALFORMED)
{
	begin();
	CHECK_EQ(send(0, 4, 0), PSA_ERROR_NOT_SUPPORTED);
	CHECK_EQ(send(MERLON_AUDIT_ADD + 1, 4, 0), PSA_ERROR_NOT_SUPPORTED);
	for (size_t size = 0; size <= 64; size++) {
		CHECK(size == 4 || send(MERLON_AUDIT_READ, size, 48) == PSA_ERROR_INVALID_ARGUMENT);
		CHECK(size == 48 || send(MERLON_AUDIT_READ, 4, size) == PSA_ERROR_INVALID_ARGUMENT);
		CHECK(size == 12 || send(MERLON_AUDIT_STATE, 0, size) == PSA_ERROR_INVALID_ARGUMENT);
		CHECK(size == 4 || send(MERLON_AUDIT_ACKNOWLEDGE, size, 0) == PSA_ERROR_INVALID_ARGUMENT);
		CHECK(size == 48 || send(MERLON_AUDIT_ADD, size, 0) == PSA_ERROR_INVALID_ARGUMENT);
	}
}

/* What BL2 hands over, as BL2 writes it. */
static void hand_over(uint32_t cause, uint32_t lifecycle, uint32_t counter, unsigned refusals)
{
	uint8_t shared[HANDOVER_SIZE], counters[8] = { (uint8_t)counter, 0, 0, 0, 2, 0, 0, 0 };
	struct handover_writer writer;
	handover_begin(&writer, shared, sizeof shared);
	handover_add_u32(&writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_RESET_CAUSE), cause);
	handover_add_u32(&writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_LIFECYCLE), lifecycle);
	handover_add(&writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_COUNTERS), counters, sizeof counters);
	for (unsigned i = 0; i < refusals; i++) {
		struct handover_refusal refusal = { REFUSAL_SIGNATURE, 1, { 1, 2, 3, 4 }, { 0xab, 0xcd, (uint8_t)i } };
		handover_add_refusal(&writer, i, &refusal);
	}
	CHECK_EQ(audit_boot_read(&boot, shared, sizeof shared), PSA_SUCCESS);
}

TEST(a_start_adds_what_bl2_found, CLAIM("audit.start"), FUNCTIONAL)
{
	struct merlon_audit_record record;
	begin();
	CHECK_EQ(merlon_audit_read(0, &record), PSA_ERROR_DOES_NOT_EXIST); /* the first start has nothing to compare with */
	hand_over(RESET_CAUSE_PANIC, 0x5000, 7, 2);
	boot.panic.partition = 257;
	boot.panic.pc = 0x80001234;
	boot.counters[1] = 1;
	restart();
	CHECK_EQ(state().waiting, 5);
	CHECK_EQ(merlon_audit_read(0, &record), PSA_SUCCESS);
	const struct merlon_audit_refused *refused = &record.data.refused;
	CHECK(record.kind == MERLON_AUDIT_REFUSED && refused->code == REFUSAL_SIGNATURE && refused->image == 1);
	CHECK(refused->major == 1 && refused->minor == 2 && refused->revision == 3 && refused->build == 4);
	CHECK(refused->digest_prefix[0] == 0xab && refused->digest_prefix[1] == 0xcd && refused->digest_prefix[2] == 0);
	CHECK_EQ(merlon_audit_read(2, &record), PSA_SUCCESS);
	CHECK(record.kind == MERLON_AUDIT_PANIC && record.data.panic.partition == 257 && record.data.panic.pc == 0x80001234);
	CHECK_EQ(record.data.panic.cause, RESET_CAUSE_PANIC);
	CHECK_EQ(merlon_audit_read(3, &record), PSA_SUCCESS);
	CHECK(record.kind == MERLON_AUDIT_LIFECYCLE && record.data.change.from == 0x3000 && record.data.change.to == 0x5000);
	CHECK_EQ(merlon_audit_read(4, &record), PSA_SUCCESS);
	CHECK(record.kind == MERLON_AUDIT_COUNTER && record.data.change.which == 0 && record.data.change.to == 7);
	/* A start like the last one adds nothing: the refusal and the panic are known. */
	hand_over(RESET_CAUSE_POWER_ON, 0x5000, 7, 0);
	boot.counters[1] = 1;
	restart();
	CHECK_EQ(state().waiting, 5);
}

TEST(malformed_shared_data_do_not_stop_the_start, CLAIM("audit.start"), MALFORMED)
{
	static const uint8_t nonsense[] = { 0x16, 0x20, 0xff, 0xff, 1, 2, 3 };
	begin();
	CHECK_EQ(audit_boot_read(&boot, nonsense, sizeof nonsense), PSA_ERROR_DATA_INVALID);
	CHECK(boot.refusal_count == 0 && !boot.has_state && !boot.has_panic);
	restart();
	CHECK_EQ(state().waiting, 0);
}

/* One kind in a flood: it keeps its oldest records, the others keep their room, and what was lost is counted over a restart. */
TEST(a_flood_hides_nothing, CLAIM("audit.flood"), ATTACK)
{
	struct merlon_audit_record record;
	begin();
	for (uint64_t uid = 1; uid <= 1000; uid++)
		CHECK_EQ(add(MERLON_AUDIT_STORAGE, uid),
			 uid <= MERLON_AUDIT_KIND_MAX ? PSA_SUCCESS : PSA_ERROR_INSUFFICIENT_STORAGE);
	CHECK_EQ(state().dropped, 1000 - MERLON_AUDIT_KIND_MAX);
	uint32_t programs = flash.programs;
	for (uint64_t uid = 1001; uid <= 1020; uid++)
		CHECK_EQ(add(MERLON_AUDIT_STORAGE, uid), PSA_ERROR_INSUFFICIENT_STORAGE);
	CHECK(flash.programs - programs <= 4);
	hand_over(RESET_CAUSE_SECURE_FAULT, 0x3000, 1, 1);
	boot.counters[1] = 1;
	restart();
	CHECK_EQ(state().waiting, MERLON_AUDIT_KIND_MAX + 2);
	CHECK(state().dropped >= 512);
	CHECK_EQ(add(MERLON_AUDIT_EPOCH, 1), PSA_SUCCESS);
	for (uint32_t i = 1; i <= MERLON_AUDIT_KIND_MAX; i++) {
		CHECK_EQ(merlon_audit_read(i - 1, &record), PSA_SUCCESS);
		CHECK_EQ(record.data.storage.uid, i);
	}
	CHECK_EQ(merlon_audit_acknowledge(state().next - 1), PSA_SUCCESS);
	CHECK(state().waiting == 0 && state().dropped == 0);
	CHECK_EQ(add(MERLON_AUDIT_STORAGE, 5), PSA_SUCCESS);
}

/* The same cause again and again is one record, until somebody has looked. */
TEST(what_repeats_is_kept_once, CLAIM("audit.flood"), FUNCTIONAL)
{
	begin();
	for (int i = 0; i < 50; i++)
		CHECK_EQ(add(MERLON_AUDIT_STORAGE, 7), PSA_SUCCESS);
	CHECK_EQ(state().waiting, 1);
	CHECK_EQ(merlon_audit_acknowledge(1), PSA_SUCCESS);
	CHECK_EQ(add(MERLON_AUDIT_STORAGE, 7), PSA_SUCCESS);
	CHECK_EQ(state().waiting, 1);
}

TEST(full_of_every_kind_it_still_works, CLAIM("audit.bounded"), PROPERTY)
{
	begin();
	for (uint32_t round = 0; round < 30; round++) {
		static const enum merlon_audit_kind kinds[] = { MERLON_AUDIT_REFUSED, MERLON_AUDIT_STORAGE, MERLON_AUDIT_EPOCH };
		for (uint32_t i = 0; i < MERLON_AUDIT_KIND_MAX; i++)
			for (size_t k = 0; k < 3; k++)
				CHECK_EQ(add(kinds[k], 1000 * round + i), PSA_SUCCESS);
		CHECK_EQ(state().waiting, 3 * MERLON_AUDIT_KIND_MAX);
		CHECK_EQ(merlon_audit_acknowledge(state().next - 1), PSA_SUCCESS);
		CHECK_EQ(state().waiting, 0);
	}
	CHECK_EQ(state().next, 30 * 3 * MERLON_AUDIT_KIND_MAX + 1);
}

TEST(damage_is_told, CLAIM("audit.rot"), MALFORMED)
{
	struct merlon_audit_record record;
	uint32_t damaged = 0;
	begin();
	for (uint64_t uid = 1; uid <= 4; uid++)
		CHECK_EQ(add(MERLON_AUDIT_STORAGE, 0x1122334400 + uid), PSA_SUCCESS);
	for (uint32_t at = 0; at < AREA; at++) {
		if (flash.cells[at] != 0x44 || flash.cells[at + 1] != 0x33)
			continue;
		flash.cells[at] ^= 0x10;
		restart();
		for (uint32_t i = 1; i <= 4; i++) {
			psa_status_t status = merlon_audit_read(i - 1, &record);
			CHECK(status == PSA_SUCCESS || status == PSA_ERROR_DATA_CORRUPT);
			CHECK_EQ(record.sequence, i);
			CHECK_EQ(record.data.storage.uid, status == PSA_SUCCESS ? 0x1122334400 + i : 0);
			damaged += status == PSA_ERROR_DATA_CORRUPT;
		}
		flash.cells[at] ^= 0x10;
	}
	CHECK_EQ(damaged, 4);
	CHECK_EQ(merlon_audit_acknowledge(4), PSA_SUCCESS);
}

/* Power cuts: `scene.before` waits; the body adds one, acknowledges up to `scene.acknowledged`, and adds one more. */
static struct {
	struct sim_power power;
	struct sim_flash before;
	uint32_t waiting, acknowledged;
} scene;

static void setup(void *context)
{
	(void)context;
	sim_flash_copy(&flash, &scene.before);
	restart();
}

static void body(void *context)
{
	(void)context;
	(void)add(MERLON_AUDIT_EPOCH, 1);
	if (scene.acknowledged > 0)
		(void)merlon_audit_acknowledge(scene.acknowledged);
	(void)add(MERLON_AUDIT_EPOCH, 2);
}

static void recover(void *context)
{
	(void)context;
	restart();
}

static void check(void *context, bool cut)
{
	struct merlon_audit_record record;
	uint32_t after = 0, kept = 0, next = state().next;
	const char *where = sim_power_where(&scene.power);
	(void)context;
	while (merlon_audit_read(after, &record) == PSA_SUCCESS) {
		CHECK_THAT(record.sequence > after && record.sequence < next, "%s", where);
		if (record.sequence <= scene.waiting)
			CHECK_THAT(record.kind == MERLON_AUDIT_STORAGE && record.data.storage.uid == record.sequence, "%s", where);
		else
			CHECK_THAT(record.kind == MERLON_AUDIT_EPOCH && record.data.storage.uid <= 2, "%s", where);
		kept += record.sequence <= scene.waiting && record.sequence > scene.acknowledged;
		after = record.sequence;
	}
	CHECK_THAT(kept == scene.waiting - scene.acknowledged, "%u kept, %s", kept, where);
	CHECK_THAT(cut || state().waiting == kept + (scene.acknowledged > scene.waiting ? 1 : 2), "%s", where);
	/* No number comes twice. */
	CHECK_EQ(add(MERLON_AUDIT_EPOCH, 3), PSA_SUCCESS);
	CHECK_THAT(state().next == next + 1 && next > scene.waiting, "%s", where);
}

TEST(each_cut_leaves_records_whole, CLAIM("audit.power_cut"), POWER_CUT)
{
	uint32_t cuts = 0;
	for (uint32_t fill = 0; fill < 60; fill += 3) {
		begin();
		/* Records that were acknowledged move the end of the store to where it hurts. */
		for (uint32_t i = 0; i < fill; i++) {
			CHECK_EQ(add(MERLON_AUDIT_REFUSED, i), PSA_SUCCESS);
			CHECK_EQ(merlon_audit_acknowledge(i + 1), PSA_SUCCESS);
		}
		scene.waiting = fill + 9;
		scene.acknowledged = fill + fill % 2 * 4;
		for (uint32_t i = fill + 1; i <= scene.waiting; i++)
			CHECK_EQ(add(MERLON_AUDIT_STORAGE, i), PSA_SUCCESS);
		sim_flash_deinit(&scene.before);
		sim_flash_init(&scene.before, NULL, AREA, SECTOR, 8);
		sim_flash_copy(&scene.before, &flash);
		sim_flash_deinit(&flash);
		sim_power_init(&scene.power, 3);
		scene.power.whole_readings = true;
		sim_flash_init(&flash, &scene.power, AREA, SECTOR, 8);
		flash.strict = false; /* a place that was begun and reads as blank may be tried: the flash refuses */
		cuts += sim_cut_everywhere(&(struct sim_scenario) { .power = &scene.power,
								    .setup = setup,
								    .body = body,
								    .recover = recover,
								    .check = check,
								    .pairs = 40,
								    .marginal = true })
				.cuts;
	}
	CHECK(cuts > 1000);
}
