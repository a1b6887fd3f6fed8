/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/hal/otp.h>
#include <merlon/lib/le.h>
#include <merlon/lib/mem.h>
#include <merlon/lib/otp_layout.h>
#include <merlon/sim/flash.h>
#include <merlon/test.h>
#include <string.h>

enum { UNIT = 4, NUMBER = 8, PAIRS = 200 };

static struct sim_power power;
static struct sim_flash device;
static struct otp_guard guard;
static const struct medium *const otp = &guard.medium;

static void fresh(void)
{
	sim_flash_deinit(&device);
	sim_otp_init(&device, &power, OTP_SIZE, UNIT);
	otp_guard_init(&guard, &device.medium);
}

static struct otp_identity identity_of(uint8_t fill)
{
	struct otp_identity identity = { .serial = "MERLON-0001" };
	memset(identity.huk, fill, sizeof identity.huk);
	memset(identity.iak, fill + 1, sizeof identity.iak);
	memset(identity.instance, fill + 2, sizeof identity.instance);
	return identity;
}

static struct image_key key_of(uint8_t fill, uint8_t der_size)
{
	struct image_key key = { .der_size = der_size, .role = IMAGE_KEY_FOR_BOTH };
	memset(key.der, fill, der_size);
	return key;
}

static void bring_to(enum otp_lifecycle state)
{
	fresh();
	if (state == OTP_LIFECYCLE_ASSEMBLY)
		return;
	CHECK_EQ(otp_lifecycle_set(otp, OTP_LIFECYCLE_PROVISIONING), PSA_SUCCESS);
	if (state == OTP_LIFECYCLE_PROVISIONING)
		return;
	CHECK_EQ(otp_lifecycle_set(otp, OTP_LIFECYCLE_SECURED), PSA_SUCCESS);
	if (state != OTP_LIFECYCLE_SECURED)
		CHECK_EQ(otp_lifecycle_set(otp, state), PSA_SUCCESS);
}

TEST(the_lifecycle_has_the_edges_of_the_diagram_and_no_other, CLAIM("otp.lifecycle"), PROPERTY)
{
	/* Rows: from; columns: to; in the order of the states. '=' stays without a record. */
	static const char *const edges[] = { "=x....", ".=x...", "..=xxx", "..x=.x", "..x.=x", ".....=" };
	for (unsigned from = 0; from < 6; from++)
		for (unsigned to = 0; to < 6; to++) {
			enum otp_lifecycle state, before = 0x1000u * (from + 1), after = 0x1000u * (to + 1);
			bring_to(before);
			psa_status_t wanted = edges[from][to] == '.' ? PSA_ERROR_NOT_PERMITTED : PSA_SUCCESS;
			CHECK_THAT(otp_lifecycle_set(otp, after) == wanted, "%x to %x", before, after);
			CHECK_EQ(otp_lifecycle_get(otp, &state), PSA_SUCCESS);
			CHECK_THAT(state == (wanted == PSA_SUCCESS ? after : before), "%x to %x: %x", before, after, state);
		}
	for (unsigned value = 0; value < 0x8000; value += 0x0800) {
		bring_to(OTP_LIFECYCLE_PROVISIONING);
		bool known = value == OTP_LIFECYCLE_PROVISIONING || value == OTP_LIFECYCLE_SECURED;
		CHECK_THAT((otp_lifecycle_set(otp, (enum otp_lifecycle)value) == PSA_SUCCESS) == known, "%x", value);
	}
}

TEST(a_way_back_into_the_factory_is_damage, CLAIM("otp.lifecycle"), ATTACK)
{
	static const struct {
		enum otp_lifecycle before;
		uint32_t forged;
		bool accepted;
	} forgeries[] = {
		{ OTP_LIFECYCLE_SECURED, OTP_LIFECYCLE_PROVISIONING, false },
		{ OTP_LIFECYCLE_SECURED, OTP_LIFECYCLE_ASSEMBLY, false },
		{ OTP_LIFECYCLE_NON_PSA_DEBUG, OTP_LIFECYCLE_PROVISIONING, false },
		{ OTP_LIFECYCLE_DECOMMISSIONED, OTP_LIFECYCLE_SECURED, false },
		{ OTP_LIFECYCLE_SECURED, 0, false },
		{ OTP_LIFECYCLE_SECURED, 0x3001, false },
		{ OTP_LIFECYCLE_SECURED, 0x7000, false },
		{ OTP_LIFECYCLE_SECURED, OTP_LIFECYCLE_SECURED, true }, /* the command was repeated after a cut */
	};
	for (size_t i = 0; i < sizeof forgeries / sizeof forgeries[0]; i++) {
		enum otp_lifecycle state;
		bring_to(forgeries[i].before);
		le32_store(device.cells + OTP_LIFECYCLE_OFFSET + 4 * NUMBER, forgeries[i].forged);
		le32_store(device.cells + OTP_LIFECYCLE_OFFSET + 4 * NUMBER + 4, ~forgeries[i].forged);
		psa_status_t wanted = forgeries[i].accepted ? PSA_SUCCESS : PSA_ERROR_DATA_CORRUPT;
		CHECK_THAT(otp_lifecycle_get(otp, &state) == wanted, "%zu", i);
		CHECK_THAT(state == (forgeries[i].accepted ? forgeries[i].before : OTP_LIFECYCLE_UNKNOWN), "%zu: %x", i, state);
		CHECK_THAT(otp_lifecycle_set(otp, OTP_LIFECYCLE_NON_PSA_DEBUG) == wanted, "%zu", i);
	}
}

TEST(a_full_lifecycle_table_ends_debugging_and_nothing_else, CLAIM("otp.lifecycle"), MALFORMED)
{
	enum otp_lifecycle state;
	bring_to(OTP_LIFECYCLE_SECURED);
	for (unsigned i = 2; i + 2 < OTP_LIFECYCLE_SLOTS; i += 2) {
		CHECK_EQ(otp_lifecycle_set(otp, OTP_LIFECYCLE_NON_PSA_DEBUG), PSA_SUCCESS);
		CHECK_EQ(otp_lifecycle_set(otp, OTP_LIFECYCLE_SECURED), PSA_SUCCESS);
	}
	CHECK_EQ(otp_lifecycle_set(otp, OTP_LIFECYCLE_NON_PSA_DEBUG), PSA_ERROR_INSUFFICIENT_STORAGE);
	CHECK_EQ(otp_lifecycle_set(otp, OTP_LIFECYCLE_RECOVERABLE_DEBUG), PSA_ERROR_INSUFFICIENT_STORAGE);
	CHECK_EQ(otp_lifecycle_get(otp, &state), PSA_SUCCESS);
	CHECK_EQ(state, OTP_LIFECYCLE_SECURED);
	CHECK_EQ(otp_lifecycle_set(otp, OTP_LIFECYCLE_DECOMMISSIONED), PSA_SUCCESS);
}

TEST(decommissioning_destroys_both_secrets, CLAIM("otp.decommission"), FUNCTIONAL)
{
	struct otp_identity identity = identity_of(0x5a);
	fresh();
	CHECK_EQ(otp_identity_set(otp, &identity), PSA_SUCCESS);
	CHECK_EQ(otp_lifecycle_set(otp, OTP_LIFECYCLE_PROVISIONING), PSA_SUCCESS);
	CHECK_EQ(otp_lifecycle_set(otp, OTP_LIFECYCLE_SECURED), PSA_SUCCESS);
	CHECK_EQ(otp_lifecycle_set(otp, OTP_LIFECYCLE_DECOMMISSIONED), PSA_SUCCESS);
	CHECK(mem_is_filled(device.cells + OTP_IDENTITY_OFFSET, 0, OTP_IDENTITY_SIZE));
	CHECK_EQ(otp_identity_get(otp, &identity), PSA_ERROR_DOES_NOT_EXIST);
	CHECK(mem_is_filled(&identity, 0, sizeof identity));
}

TEST(the_identity_is_written_once_and_in_the_factory, CLAIM("otp.identity"), FUNCTIONAL)
{
	struct otp_identity identity = identity_of(1), other = identity_of(2), found;
	fresh();
	CHECK_EQ(otp_identity_get(otp, &found), PSA_ERROR_DOES_NOT_EXIST);
	CHECK_EQ(otp_identity_set(otp, &identity), PSA_SUCCESS);
	CHECK_EQ(otp_identity_set(otp, &other), PSA_ERROR_ALREADY_EXISTS);
	CHECK_EQ(otp_identity_get(otp, &found), PSA_SUCCESS);
	CHECK_EQ(memcmp(&found, &identity, sizeof found), 0);
}

TEST(a_serial_is_printable_and_ends, CLAIM("otp.identity"), MALFORMED)
{
	struct otp_identity identity = identity_of(1), found;
	fresh();
	memset(identity.serial, 'x', sizeof identity.serial);
	CHECK_EQ(otp_identity_set(otp, &identity), PSA_ERROR_INVALID_ARGUMENT);
	for (int c = 0; c <= 0xff; c++) {
		if (c > ' ' && c <= '~')
			continue;
		identity.serial[0] = (char)c;
		identity.serial[1] = '\0';
		CHECK_THAT(otp_identity_set(otp, &identity) == PSA_ERROR_INVALID_ARGUMENT, "0x%02x", (unsigned)c);
	}
	memset(identity.serial, 'x', OTP_SERIAL_MAX);
	identity.serial[OTP_SERIAL_MAX] = '\0';
	CHECK_EQ(otp_identity_set(otp, &identity), PSA_SUCCESS);
	CHECK_EQ(otp_identity_get(otp, &found), PSA_SUCCESS);
	CHECK_EQ(strcmp(found.serial, identity.serial), 0);
}

TEST(keys_come_back_in_order_with_role_and_mark, CLAIM("otp.keys"), FUNCTIONAL)
{
	struct image_key keys[IMAGE_KEY_MAX];
	uint8_t count;
	fresh();
	for (uint8_t i = 0; i < IMAGE_KEY_MAX; i++) {
		struct image_key key = key_of(i, (uint8_t)(91 + i));
		key.role = (uint8_t)(1 + i % 3);
		key.development = i == 2;
		CHECK_EQ(otp_key_add(otp, &key), PSA_SUCCESS);
		key.role = IMAGE_KEY_FOR_BOTH;
		CHECK_EQ(otp_key_add(otp, &key), PSA_ERROR_ALREADY_EXISTS);
	}
	struct image_key fifth = key_of(9, 91);
	CHECK_EQ(otp_key_add(otp, &fifth), PSA_ERROR_INSUFFICIENT_STORAGE);
	CHECK_EQ(otp_keys_get(otp, keys, &count), PSA_SUCCESS);
	CHECK_EQ(count, IMAGE_KEY_MAX);
	for (uint8_t i = 0; i < count; i++) {
		CHECK_EQ(keys[i].der_size, 91 + i);
		CHECK_EQ(keys[i].role, 1 + i % 3);
		CHECK_EQ(keys[i].development, i == 2);
		CHECK(mem_is_filled(keys[i].der, i, keys[i].der_size));
	}
}

TEST(a_key_that_cannot_be_is_refused, CLAIM("otp.keys"), MALFORMED)
{
	static const struct {
		uint8_t der_size, role;
	} keys[] = { { 0, 1 }, { IMAGE_KEY_DER_MAX + 1, 1 }, { 255, 3 }, { 91, 0 }, { 91, 4 }, { 91, 255 } };
	fresh();
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		struct image_key key = { .der_size = keys[i].der_size, .role = keys[i].role };
		CHECK_THAT(otp_key_add(otp, &key) == PSA_ERROR_INVALID_ARGUMENT, "%zu", i);
	}
	CHECK(mem_is_filled(device.cells + OTP_KEYS_OFFSET, 0xff, OTP_KEYS_SIZE));
}

TEST(a_key_with_any_bit_changed_is_left_out, CLAIM("otp.keys"), ATTACK)
{
	struct image_key keys[IMAGE_KEY_MAX], key = key_of(0x55, 91);
	uint8_t count;
	fresh();
	CHECK_EQ(otp_key_add(otp, &key), PSA_SUCCESS);
	for (unsigned bit = 0; bit < 8 * (128 + 8); bit++) {
		device.cells[OTP_KEYS_OFFSET + bit / 8] ^= (uint8_t)(1u << bit % 8);
		CHECK_EQ(otp_keys_get(otp, keys, &count), PSA_SUCCESS);
		CHECK_THAT(count == 0, "bit %u", bit);
		device.cells[OTP_KEYS_OFFSET + bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	CHECK_EQ(otp_keys_get(otp, keys, &count), PSA_SUCCESS);
	CHECK_EQ(count, 1);
}

TEST(the_factory_is_closed_when_provisioning_ends, CLAIM("otp.lock"), ATTACK)
{
	static const enum otp_lifecycle states[] = { OTP_LIFECYCLE_SECURED, OTP_LIFECYCLE_NON_PSA_DEBUG,
						     OTP_LIFECYCLE_RECOVERABLE_DEBUG, OTP_LIFECYCLE_DECOMMISSIONED };
	struct otp_identity identity = identity_of(1);
	struct image_key key = key_of(1, 91);
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
		bring_to(states[i]);
		CHECK_THAT(otp_key_add(otp, &key) == PSA_ERROR_NOT_PERMITTED, "%x", states[i]);
		CHECK_THAT(otp_identity_set(otp, &identity) == PSA_ERROR_NOT_PERMITTED, "%x", states[i]);
		CHECK(mem_is_filled(device.cells + OTP_KEYS_OFFSET, 0xff, OTP_KEYS_SIZE));
	}
}

TEST(a_counter_only_rises_until_its_table_is_full, CLAIM("otp.counter"), FUNCTIONAL)
{
	uint32_t value, room;
	fresh();
	CHECK_EQ(otp_counter_get(otp, 0, &value, &room), PSA_SUCCESS);
	CHECK_EQ(value, 0);
	for (uint32_t i = 1; i <= OTP_COUNTER_SLOTS; i++) {
		CHECK_EQ(otp_counter_get(otp, 0, &value, &room), PSA_SUCCESS);
		CHECK_EQ(room, OTP_COUNTER_SLOTS + 1 - i);
		CHECK_EQ(otp_counter_raise(otp, 0, 3 * i), PSA_SUCCESS);
		CHECK_EQ(otp_counter_raise(otp, 0, 3 * i - 1), PSA_SUCCESS);
		CHECK_EQ(otp_counter_get(otp, 0, &value, &room), PSA_SUCCESS);
		CHECK_EQ(value, 3 * i);
	}
	CHECK_EQ(otp_counter_get(otp, 0, &value, &room), PSA_SUCCESS);
	CHECK_EQ(room, 0);
	CHECK_EQ(otp_counter_raise(otp, 0, UINT32_MAX), PSA_ERROR_INSUFFICIENT_STORAGE);
	CHECK_EQ(otp_counter_raise(otp, 0, value), PSA_SUCCESS);
	CHECK_EQ(otp_counter_get(otp, 1, &value, &room), PSA_SUCCESS);
	CHECK_EQ(value, 0);
	CHECK_EQ(otp_counter_raise(otp, 1, UINT32_MAX), PSA_SUCCESS);
	CHECK_EQ(otp_counter_get(otp, 1, &value, &room), PSA_SUCCESS);
	CHECK_EQ(value, UINT32_MAX);
}

TEST(a_torn_number_is_never_another_number, CLAIM("otp.counter"), PROPERTY)
{
	sim_power_init(&power, 7);
	fresh();
	for (unsigned i = 0; i < 100000; i++) {
		uint32_t target = (uint32_t)sim_power_random(&power), value, room;
		/* Any of the bits that were to become 0 may still be 1. */
		uint64_t late = sim_power_random(&power) & sim_power_random(&power) & sim_power_random(&power);
		uint32_t low = target | (uint32_t)late, high = ~target | (uint32_t)(late >> 32);
		le32_store(device.cells + OTP_COUNTERS_OFFSET, low);
		le32_store(device.cells + OTP_COUNTERS_OFFSET + 4, high);
		CHECK_EQ(otp_counter_get(otp, 0, &value, &room), PSA_SUCCESS);
		CHECK_THAT(value == (low == target && high == ~target ? target : 0), "%08x %08x", (unsigned)low, (unsigned)high);
	}
}

TEST(a_number_that_was_overwritten_is_damage_and_not_a_lower_counter, CLAIM("otp.counter"), ATTACK)
{
	uint32_t value, room;
	fresh();
	CHECK_EQ(otp_counter_raise(otp, 0, 5), PSA_SUCCESS);
	CHECK_EQ(otp_counter_raise(otp, 0, 6), PSA_SUCCESS);
	for (unsigned bit = 0; bit < 8 * NUMBER; bit++) {
		uint8_t *cell = &device.cells[OTP_COUNTERS_OFFSET + NUMBER + bit / 8], kept = *cell;
		*cell &= (uint8_t) ~(1u << bit % 8);
		if (*cell != kept)
			CHECK_THAT(otp_counter_get(otp, 0, &value, &room) == PSA_ERROR_DATA_CORRUPT, "bit %u", bit);
		*cell = kept;
	}
	CHECK_EQ(otp_counter_get(otp, 0, &value, &room), PSA_SUCCESS);
}

TEST(a_read_error_gives_no_answer, CLAIM("otp.read_error"), MALFORMED)
{
	struct image_key keys[IMAGE_KEY_MAX], key = key_of(1, 91);
	struct otp_identity identity = identity_of(1);
	enum otp_lifecycle state;
	uint32_t value, room;
	uint8_t count;
	bring_to(OTP_LIFECYCLE_PROVISIONING);
	CHECK_EQ(otp_key_add(otp, &key), PSA_SUCCESS);
	CHECK_EQ(otp_identity_set(otp, &identity), PSA_SUCCESS);
	sim_flash_fail(&device, SIM_FAULT_READ, 0, OTP_SIZE);
	CHECK_EQ(otp_lifecycle_get(otp, &state), PSA_ERROR_STORAGE_FAILURE);
	CHECK_EQ(state, OTP_LIFECYCLE_UNKNOWN);
	CHECK_EQ(otp_lifecycle_set(otp, OTP_LIFECYCLE_SECURED), PSA_ERROR_STORAGE_FAILURE);
	CHECK_EQ(otp_keys_get(otp, keys, &count), PSA_ERROR_STORAGE_FAILURE);
	CHECK_EQ(count, 0);
	CHECK_EQ(otp_key_add(otp, &key), PSA_ERROR_STORAGE_FAILURE);
	CHECK_EQ(otp_identity_get(otp, &identity), PSA_ERROR_STORAGE_FAILURE);
	CHECK(mem_is_filled(&identity, 0, sizeof identity));
	CHECK_EQ(otp_counter_get(otp, 0, &value, &room), PSA_ERROR_STORAGE_FAILURE);
	CHECK_EQ(otp_counter_raise(otp, 0, 1), PSA_ERROR_STORAGE_FAILURE);
	CHECK_EQ(device.programs, 1 + 2 + 2);
}

/* Power cuts. Each campaign writes one record, and recovery is what a user does: the same command again. */

static void set_up_provisioning(void *context)
{
	(void)context;
	bring_to(OTP_LIFECYCLE_PROVISIONING);
}

static void run_campaign(void (*setup)(void *), void (*body)(void *), void (*judge)(void *, bool))
{
	sim_power_init(&power, 1);
	power.whole_readings = true;
	struct sim_campaign campaign = sim_cut_everywhere(&(struct sim_scenario) {
		.power = &power, .setup = setup, .body = body, .recover = body, .check = judge, .pairs = PAIRS, .marginal = true });
	CHECK(campaign.cuts >= SIM_TEAR_COUNT);
	CHECK(campaign.pairs > 0);
}

static void write_identity(void *context)
{
	struct otp_identity identity = identity_of(9);
	(void)context;
	(void)otp_identity_set(otp, &identity);
}

static void check_identity(void *context, bool cut)
{
	struct otp_identity identity = identity_of(9), found;
	(void)context, (void)cut;
	CHECK_THAT(otp_identity_get(otp, &found) == PSA_SUCCESS, "%s", sim_power_where(&power));
	CHECK_THAT(memcmp(&found, &identity, sizeof found) == 0, "%s", sim_power_where(&power));
}

TEST(a_cut_leaves_the_identity_absent_or_whole, CLAIM("otp.power_cut"), POWER_CUT)
{
	run_campaign(set_up_provisioning, write_identity, check_identity);
}

/* Provisioning draws new secrets at every try: what a cut left is never mixed with them. */
static void write_new_identity(void *context)
{
	struct otp_identity identity = identity_of(++*(uint8_t *)context);
	(void)otp_identity_set(otp, &identity);
}

static void set_up_new_identity(void *context)
{
	*(uint8_t *)context = 0;
	bring_to(OTP_LIFECYCLE_PROVISIONING);
}

static void check_one_identity(void *context, bool cut)
{
	struct otp_identity found;
	(void)context, (void)cut;
	CHECK_THAT(otp_identity_get(otp, &found) == PSA_SUCCESS, "%s", sim_power_where(&power));
	struct otp_identity wanted = identity_of(found.huk[0]);
	CHECK_THAT(memcmp(&found, &wanted, sizeof found) == 0, "%s: mixed", sim_power_where(&power));
}

TEST(an_identity_is_never_mixed_of_two_tries, CLAIM("otp.power_cut"), POWER_CUT)
{
	uint8_t tries;
	sim_power_init(&power, 1);
	power.whole_readings = true;
	struct sim_campaign campaign = sim_cut_everywhere(&(struct sim_scenario) { .power = &power,
										   .context = &tries,
										   .setup = set_up_new_identity,
										   .body = write_new_identity,
										   .recover = write_new_identity,
										   .check = check_one_identity,
										   .pairs = PAIRS });
	CHECK(campaign.cuts > 0 && campaign.pairs > 0);
}

static void add_key(void *context)
{
	struct image_key key = key_of(7, 91);
	(void)context;
	(void)otp_key_add(otp, &key);
}

static void set_up_one_key(void *context)
{
	struct image_key key = key_of(6, 120);
	set_up_provisioning(context);
	CHECK_EQ(otp_key_add(otp, &key), PSA_SUCCESS);
}

static void check_two_keys(void *context, bool cut)
{
	struct image_key keys[IMAGE_KEY_MAX];
	uint8_t count;
	(void)context, (void)cut;
	CHECK_EQ(otp_keys_get(otp, keys, &count), PSA_SUCCESS);
	CHECK_THAT(count == 2, "%s: %u keys", sim_power_where(&power), count);
	CHECK(mem_is_filled(keys[0].der, 6, 120) && mem_is_filled(keys[1].der, 7, 91));
}

TEST(a_cut_leaves_a_key_absent_or_whole_and_the_others_as_they_were, CLAIM("otp.power_cut"), POWER_CUT)
{
	run_campaign(set_up_one_key, add_key, check_two_keys);
}

/* Each revocation names its slot only, is repeatable, and a damaged table is no table. */
TEST(revocations_are_recorded_once_and_stay, CLAIM("otp.keys"), FUNCTIONAL)
{
	struct image_key keys[IMAGE_KEY_MAX];
	uint8_t count;
	bring_to(OTP_LIFECYCLE_PROVISIONING);
	for (uint8_t i = 0; i < IMAGE_KEY_MAX; i++) {
		struct image_key key = key_of((uint8_t)(i + 1), 91);
		CHECK_EQ(otp_key_add(otp, &key), PSA_SUCCESS);
	}
	CHECK_EQ(otp_lifecycle_set(otp, OTP_LIFECYCLE_SECURED), PSA_SUCCESS);
	for (unsigned times = 0; times < 20; times++) {
		CHECK_EQ(otp_key_revoke(otp, 1), PSA_SUCCESS);
		CHECK_EQ(otp_key_revoke(otp, 3), PSA_SUCCESS);
	}
	CHECK_EQ(otp_keys_get(otp, keys, &count), PSA_SUCCESS);
	CHECK_EQ(count, IMAGE_KEY_MAX);
	for (uint8_t i = 0; i < IMAGE_KEY_MAX; i++)
		CHECK(keys[i].slot == i && keys[i].revoked == (i % 2 != 0));
	CHECK(mem_is_filled(device.cells + OTP_REVOCATIONS_OFFSET + 2 * NUMBER, 0xff, OTP_REVOCATIONS_SIZE - 2 * NUMBER));
	for (unsigned bit = 0; bit < 2 * NUMBER * 8; bit++) {
		uint8_t *cell = &device.cells[OTP_REVOCATIONS_OFFSET + bit / 8], kept = *cell;
		*cell &= (uint8_t) ~(1u << bit % 8);
		CHECK_EQ(otp_keys_get(otp, keys, &count), kept == *cell ? PSA_SUCCESS : PSA_ERROR_DATA_CORRUPT);
		CHECK_EQ(count, kept == *cell ? IMAGE_KEY_MAX : 0);
		*cell = kept;
	}
	le32_store(device.cells + OTP_REVOCATIONS_OFFSET + 2 * NUMBER, OTP_KEY_SLOTS);
	le32_store(device.cells + OTP_REVOCATIONS_OFFSET + 2 * NUMBER + 4, ~(uint32_t)OTP_KEY_SLOTS);
	CHECK_EQ(otp_keys_get(otp, keys, &count), PSA_ERROR_DATA_CORRUPT);
}

static void set_up_two_keys(void *context)
{
	set_up_one_key(context);
	add_key(context);
	CHECK_EQ(otp_key_revoke(otp, 0), PSA_SUCCESS);
}

static void revoke(void *context)
{
	(void)context;
	(void)otp_key_revoke(otp, 1);
}

static void check_revoked(void *context, bool cut)
{
	struct image_key keys[IMAGE_KEY_MAX];
	uint8_t count;
	(void)context, (void)cut;
	for (unsigned readings = 0; readings < 4; readings++) {
		CHECK_THAT(otp_keys_get(otp, keys, &count) == PSA_SUCCESS, "%s", sim_power_where(&power));
		CHECK_THAT(count == 2 && keys[0].revoked && keys[1].revoked, "%s", sim_power_where(&power));
	}
}

TEST(a_revocation_that_was_cut_is_finished_by_repeating_it, CLAIM("otp.power_cut"), POWER_CUT)
{
	run_campaign(set_up_two_keys, revoke, check_revoked);
}

static void set_up_counter(void *context)
{
	set_up_provisioning(context);
	for (uint32_t value = 1; value <= 8; value++)
		CHECK_EQ(otp_counter_raise(otp, 1, value), PSA_SUCCESS);
}

static void raise_counter(void *context)
{
	(void)context;
	(void)otp_counter_raise(otp, 1, 0x00c0ffee);
}

/* Each start compares and raises: marginal bits may need more than one. */
static void check_counter(void *context, bool cut)
{
	uint32_t value, room;
	(void)cut;
	for (unsigned start = 0; start < 3; start++) {
		CHECK_THAT(otp_counter_get(otp, 1, &value, &room) == PSA_SUCCESS, "%s", sim_power_where(&power));
		CHECK_THAT(value == 8 || value == 0x00c0ffee, "%s: %08x", sim_power_where(&power), (unsigned)value);
		raise_counter(context);
	}
	CHECK_EQ(otp_counter_get(otp, 0, &value, &room), PSA_SUCCESS);
	CHECK_EQ(value, 0);
}

TEST(a_cut_leaves_a_counter_at_the_old_or_the_new_value, CLAIM("otp.power_cut"), POWER_CUT)
{
	run_campaign(set_up_counter, raise_counter, check_counter);
}

static void secure(void *context)
{
	(void)context;
	(void)otp_lifecycle_set(otp, OTP_LIFECYCLE_SECURED);
}

static void check_secured(void *context, bool cut)
{
	enum otp_lifecycle state;
	(void)context, (void)cut;
	CHECK_THAT(otp_lifecycle_get(otp, &state) == PSA_SUCCESS, "%s", sim_power_where(&power));
	CHECK_THAT(state == OTP_LIFECYCLE_SECURED, "%s: %x", sim_power_where(&power), state);
}

TEST(a_cut_leaves_the_lifecycle_in_the_old_or_the_new_state, CLAIM("otp.power_cut"), POWER_CUT)
{
	run_campaign(set_up_provisioning, secure, check_secured);
}

static void set_up_secured(void *context)
{
	struct otp_identity identity = identity_of(3);
	set_up_provisioning(context);
	CHECK_EQ(otp_identity_set(otp, &identity), PSA_SUCCESS);
	CHECK_EQ(otp_lifecycle_set(otp, OTP_LIFECYCLE_SECURED), PSA_SUCCESS);
}

static void decommission(void *context)
{
	(void)context;
	(void)otp_lifecycle_set(otp, OTP_LIFECYCLE_DECOMMISSIONED);
}

static void check_decommissioned(void *context, bool cut)
{
	enum otp_lifecycle state;
	(void)context, (void)cut;
	CHECK_THAT(otp_lifecycle_get(otp, &state) == PSA_SUCCESS, "%s", sim_power_where(&power));
	CHECK_THAT(state == OTP_LIFECYCLE_DECOMMISSIONED, "%s: %x", sim_power_where(&power), state);
	CHECK_THAT(mem_is_filled(device.cells + OTP_IDENTITY_OFFSET, 0, OTP_IDENTITY_SIZE), "%s", sim_power_where(&power));
}

TEST(a_destruction_that_was_cut_is_finished_by_repeating_it, CLAIM("otp.decommission"), POWER_CUT)
{
	run_campaign(set_up_secured, decommission, check_decommissioned);
}
