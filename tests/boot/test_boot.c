/* SPDX-License-Identifier: Apache-2.0 */
#include "rig.h"
#include <merlon/lib/le.h>
#include <merlon/lib/mem.h>
#include <merlon/test.h>
#include <string.h>

static struct rig rig;

/* A device that runs set 1.0.0, booted once so that its counters stand at 1. */
static void begin(enum otp_lifecycle lifecycle)
{
	rig_init(&rig, lifecycle);
	rig_flash(&rig, false, &(struct rig_image) { .image = 0, .major = 1, .counter = 1 });
	rig_flash(&rig, false, &(struct rig_image) { .image = 1, .major = 1, .counter = 1 });
	CHECK(rig_boot(&rig) == BOOT_START);
}

static void stage(uint8_t image, uint8_t major)
{
	rig_flash(&rig, true, &(struct rig_image) { .image = image, .major = major, .counter = major });
}

static void check_runs(uint8_t secure, uint8_t nonsecure)
{
	CHECK_THAT(rig_boot(&rig) == BOOT_START, "%s", rig.said);
	CHECK_THAT(rig.version[0] == secure && rig.version[1] == nonsecure, "runs %u and %u: %s", rig.version[0], rig.version[1],
		   rig.said);
}

static void boot_once(void *context)
{
	(void)rig_boot(context);
}

static void check_idle_boot_writes_nothing(void)
{
	uint32_t before = rig.power.changes;
	CHECK(rig_boot(&rig) == BOOT_START);
	CHECK_EQ(rig.power.changes - before, 0);
}

TEST(first_boot_counts_and_starts, CLAIM("boot.report"), FUNCTIONAL)
{
	begin(OTP_LIFECYCLE_SECURED);
	CHECK(rig_said(&rig, "BL2: START (113): starting image 0 1.0.0+0 and image 1 1.0.0+0\n"));
	CHECK_EQ(rig_counter(&rig, 0), 1);
	CHECK_EQ(rig_counter(&rig, 1), 1);
	check_idle_boot_writes_nothing();
	rig_deinit(&rig);
}

TEST(update_confirms_then_counts, CLAIM("boot.counter.after_confirm"), FUNCTIONAL)
{
	begin(OTP_LIFECYCLE_SECURED);
	stage(0, 2);
	stage(1, 2);
	CHECK(rig_request(&rig, 3, false, 1) == PSA_SUCCESS);
	check_runs(2, 2);
	CHECK(rig_said(&rig, "TRIAL (107): the set is on trial, attempt 1 of 1"));
	CHECK(rig_confirm(&rig) == PSA_SUCCESS);
	CHECK_EQ(rig_counter(&rig, 0), 1); /* not before the next boot */
	check_runs(2, 2);
	CHECK_EQ(rig_counter(&rig, 0), 2);
	CHECK_EQ(rig_counter(&rig, 1), 2);
	check_idle_boot_writes_nothing();
	rig_deinit(&rig);
}

TEST(unconfirmed_set_goes_back, CLAIM("boot.attempts"), FUNCTIONAL)
{
	for (uint8_t attempts = 1; attempts <= 3; attempts++) {
		struct handover_refusal refusal;
		begin(OTP_LIFECYCLE_SECURED);
		stage(0, 2);
		stage(1, 2);
		CHECK(rig_request(&rig, 3, false, attempts) == PSA_SUCCESS);
		for (uint8_t i = 0; i < attempts; i++)
			check_runs(2, 2);
		check_runs(1, 1);
		CHECK(rig_said(&rig, "REVERT (108): back to the old set because of image 0: UNCONFIRMED (24)"));
		CHECK_EQ(rig_counter(&rig, 0), 1);
		CHECK(handover_find_refusal(rig.handover, sizeof rig.handover, 0, &refusal) == PSA_SUCCESS);
		CHECK(refusal.code == REFUSAL_UNCONFIRMED && refusal.version.major == 2);
		check_idle_boot_writes_nothing();
		rig_deinit(&rig);
	}
}

TEST(one_image_alone, CLAIM("boot.dependency"), FUNCTIONAL)
{
	for (uint8_t image = 0; image < IMAGE_COUNT; image++) {
		begin(OTP_LIFECYCLE_SECURED);
		stage(image, 2);
		CHECK(rig_request(&rig, (uint8_t)(1u << image), false, 1) == PSA_SUCCESS);
		check_runs(image == 0 ? 2 : 1, image == 1 ? 2 : 1);
		CHECK(rig_confirm(&rig) == PSA_SUCCESS);
		check_runs(image == 0 ? 2 : 1, image == 1 ? 2 : 1);
		CHECK_EQ(rig_counter(&rig, image), 2);
		CHECK_EQ(rig_counter(&rig, !image), 1);
		check_idle_boot_writes_nothing();
		rig_deinit(&rig);
	}
}

TEST(padded_slots_form_one_set, CLAIM("boot.journal.wins"), FUNCTIONAL)
{
	begin(OTP_LIFECYCLE_SECURED);
	stage(0, 2);
	stage(1, 2);
	rig_pad(&rig, 0, false);
	rig_pad(&rig, 1, true); /* permanent only when all say so */
	check_runs(2, 2);
	CHECK_EQ(rig_state(&rig).phase, JOURNAL_TRIAL);
	CHECK_EQ(rig_state(&rig).images, 3);
	check_runs(1, 1);
	check_idle_boot_writes_nothing();
	rig_deinit(&rig);
}

TEST(permanent_set_needs_no_confirm, CLAIM("boot.journal.wins"), FUNCTIONAL)
{
	begin(OTP_LIFECYCLE_SECURED);
	stage(0, 2);
	stage(1, 2);
	rig_pad(&rig, 0, true);
	rig_pad(&rig, 1, true);
	check_runs(2, 2);
	CHECK(rig_said(&rig, "CONFIRMED (110)"));
	CHECK_EQ(rig_counter(&rig, 0), 2);
	check_idle_boot_writes_nothing();
	check_runs(2, 2);
	rig_deinit(&rig);
}

/* image_ok in a trailer does not confirm; only the journal does. */
TEST(trailer_does_not_confirm, CLAIM("boot.journal.wins"), ATTACK)
{
	begin(OTP_LIFECYCLE_SECURED);
	stage(1, 2);
	CHECK(rig_request(&rig, 2, false, 1) == PSA_SUCCESS);
	check_runs(1, 2);
	memset(rig.primary[1].cells + RIG_SLOT - 24, 1, 1);
	check_runs(1, 1);
	rig_deinit(&rig);
}

struct refused {
	const char *line;
	struct rig_image candidate;
	enum otp_lifecycle lifecycle;
};

static void check_refused(const struct refused *wanted, uint8_t images)
{
	struct handover_refusal refusal;
	uint8_t before[2][RIG_SLOT];
	for (unsigned i = 0; i < 2; i++)
		memcpy(before[i], rig.primary[i].cells, RIG_SLOT);
	CHECK(rig_request(&rig, images, false, 1) == PSA_SUCCESS);
	check_runs(1, 1);
	CHECK_THAT(rig_said(&rig, wanted->line), "want '%s' in:\n%s", wanted->line, rig.said);
	CHECK(rig_said(&rig, "REFUSED_SET (103)"));
	for (unsigned i = 0; i < 2; i++)
		CHECK_THAT(memcmp(before[i], rig.primary[i].cells, RIG_SLOT) == 0, "image %u moved", i);
	CHECK(rig_state(&rig).refused);
	CHECK(handover_find_refusal(rig.handover, sizeof rig.handover, 0, &refusal) == PSA_SUCCESS);
	CHECK_EQ(refusal.code, rig_state(&rig).refusal);
	check_idle_boot_writes_nothing();
	CHECK(handover_find_refusal(rig.handover, sizeof rig.handover, 0, &refusal) == PSA_ERROR_DOES_NOT_EXIST);
}

static void check_candidate_refused(const struct refused *wanted)
{
	begin(wanted->lifecycle);
	rig_flash(&rig, true, &wanted->candidate);
	check_refused(wanted, (uint8_t)(1u << wanted->candidate.image));
	/* And in a set whose other half is good: the whole set is refused. */
	stage(!wanted->candidate.image, 2);
	check_refused(wanted, 3);
	rig_deinit(&rig);
}

TEST(refuses_spoiled_payload, CLAIM("boot.refuse.hash"), ATTACK)
{
	check_candidate_refused(&(struct refused) { "BL2: image 1 refused: HASH (10): the SHA-256 of the payload differs\n",
						    { .image = 1, .major = 2, .counter = 2, .spoil_payload = true },
						    OTP_LIFECYCLE_SECURED });
}

TEST(refuses_wrong_signature, CLAIM("boot.refuse.signature"), ATTACK)
{
	check_candidate_refused(&(struct refused) { "BL2: image 0 refused: SIGNATURE (16): the signature is wrong\n",
						    { .image = 0, .major = 2, .counter = 2, .spoil_signature = true },
						    OTP_LIFECYCLE_SECURED });
}

TEST(refuses_unknown_key, CLAIM("boot.refuse.key_unknown"), ATTACK)
{
	check_candidate_refused(&(struct refused) { "BL2: image 1 refused: KEY_UNKNOWN (12)",
						    { .image = 1, .major = 2, .counter = 2, .key = RIG_KEY_STRANGER },
						    OTP_LIFECYCLE_SECURED });
}

TEST(refuses_key_of_the_other_image, CLAIM("boot.refuse.key_role"), ATTACK)
{
	check_candidate_refused(&(struct refused) { "BL2: image 1 refused: KEY_ROLE (13)",
						    { .image = 1, .major = 2, .counter = 2, .key = RIG_KEY_SECURE },
						    OTP_LIFECYCLE_SECURED });
}

TEST(refuses_development_key_when_secured, CLAIM("boot.refuse.key_development"), ATTACK)
{
	struct refused wanted = { "BL2: image 0 refused: KEY_DEVELOPMENT (14)",
				  { .image = 0, .major = 2, .counter = 2, .key = RIG_KEY_DEVELOPMENT },
				  OTP_LIFECYCLE_SECURED };
	check_candidate_refused(&wanted);
	begin(OTP_LIFECYCLE_ASSEMBLY);
	rig_flash(&rig, true, &wanted.candidate);
	CHECK(rig_request(&rig, 1, false, 1) == PSA_SUCCESS);
	check_runs(2, 1);
	rig_deinit(&rig);
}

TEST(refuses_lower_counter, CLAIM("boot.refuse.counter"), ATTACK)
{
	check_candidate_refused(&(struct refused) {
		"BL2: image 1 refused: COUNTER (18)", { .image = 1, .major = 2, .counter = 0 }, OTP_LIFECYCLE_SECURED });
}

TEST(refuses_image_without_counter, CLAIM("boot.refuse.counter_missing"), ATTACK)
{
	check_candidate_refused(&(struct refused) { "BL2: image 0 refused: COUNTER_MISSING (17)",
						    { .image = 0, .major = 2, .no_counter = true },
						    OTP_LIFECYCLE_SECURED });
}

TEST(refuses_other_address, CLAIM("boot.refuse.address"), ATTACK)
{
	check_candidate_refused(&(struct refused) { "BL2: image 0 refused: ADDRESS (21)",
						    { .image = 0, .major = 2, .counter = 2, .wrong_address = true },
						    OTP_LIFECYCLE_SECURED });
}

TEST(refuses_unmet_dependency_and_names_it, CLAIM("boot.dependency"), FUNCTIONAL)
{
	begin(OTP_LIFECYCLE_SECURED);
	rig_flash(&rig, true, &(struct rig_image) { .image = 1, .major = 2, .counter = 2, .needs = 2 });
	check_refused(&(struct refused) { .line = "UNMET (104): image 0 must be 2.0.0+0 or newer; in this set it is 1.0.0+0\n" },
		      2);
	CHECK_EQ(rig_state(&rig).refusal, REFUSAL_DEPENDENCY);
	/* With the other image in the set it is met: judged is what will run. */
	stage(0, 2);
	CHECK(rig_request(&rig, 3, false, 1) == PSA_SUCCESS);
	check_runs(2, 2);
	rig_deinit(&rig);
}

/* The image that stays may need the one that goes. */
TEST(refuses_to_break_what_stays, CLAIM("boot.dependency"), FUNCTIONAL)
{
	rig_init(&rig, OTP_LIFECYCLE_SECURED);
	rig_flash(&rig, false, &(struct rig_image) { .image = 0, .major = 3, .counter = 1 });
	rig_flash(&rig, false, &(struct rig_image) { .image = 1, .major = 1, .counter = 1, .needs = 3 });
	CHECK(rig_boot(&rig) == BOOT_START);
	rig_flash(&rig, true, &(struct rig_image) { .image = 0, .major = 2, .counter = 2 });
	CHECK(rig_request(&rig, 1, false, 1) == PSA_SUCCESS);
	check_runs(3, 1);
	CHECK_EQ(rig_state(&rig).refusal, REFUSAL_DEPENDENCY);
	rig_deinit(&rig);
}

TEST(refuses_when_counter_table_is_full, CLAIM("boot.refuse.counter_full"), FUNCTIONAL)
{
	uint32_t stored, room;
	begin(OTP_LIFECYCLE_SECURED);
	while (otp_counter_get(&rig.otp.medium, 1, &stored, &room) == PSA_SUCCESS && room > 0)
		CHECK(otp_counter_raise(&rig.otp.medium, 1, stored + 1) == PSA_SUCCESS);
	uint32_t last = rig_counter(&rig, 1);
	rig_flash(&rig, false, &(struct rig_image) { .image = 1, .major = 1, .counter = last });
	rig_flash(&rig, true, &(struct rig_image) { .image = 1, .major = 2, .counter = last + 1 });
	check_refused(&(struct refused) { .line = "BL2: image 1 refused: COUNTER_FULL (19)" }, 2);
	rig_flash(&rig, true, &(struct rig_image) { .image = 1, .major = 2, .counter = last });
	CHECK(rig_request(&rig, 2, false, 1) == PSA_SUCCESS);
	check_runs(1, 2);
	rig_deinit(&rig);
}

/* Between confirm and the next boot the stored counter is old: nothing below the confirmed image gets in all the same. */
TEST(no_downgrade_window_after_confirm, CLAIM("boot.refuse.counter"), ATTACK)
{
	begin(OTP_LIFECYCLE_SECURED);
	stage(1, 3);
	CHECK(rig_request(&rig, 2, false, 1) == PSA_SUCCESS);
	check_runs(1, 3);
	CHECK(rig_confirm(&rig) == PSA_SUCCESS);
	stage(1, 2);
	CHECK(rig_request(&rig, 2, false, 1) == PSA_SUCCESS);
	check_runs(1, 3);
	CHECK(rig_said(&rig, "image 1 refused: COUNTER (18)"));
	rig_deinit(&rig);
}

/* Whoever writes flash with a programmer brings an old, genuine image back. */
TEST(old_image_in_the_primary_is_refused, CLAIM("boot.refuse.counter"), ATTACK)
{
	for (uint8_t image = 0; image < IMAGE_COUNT; image++) {
		rig_init(&rig, OTP_LIFECYCLE_SECURED);
		for (uint8_t i = 0; i < IMAGE_COUNT; i++)
			rig_flash(&rig, false, &(struct rig_image) { .image = i, .major = 2, .counter = 2 });
		check_runs(2, 2);
		rig_flash(&rig, false, &(struct rig_image) { .image = image, .major = 1, .counter = 1 });
		CHECK(rig_boot(&rig) == BOOT_HALT);
		CHECK(rig_said(&rig, image == 0 ? "image 0 refused: COUNTER (18)" : "image 1 refused: COUNTER (18)"));
		rig_deinit(&rig);
	}
}

TEST(empty_request_is_refused, CLAIM("boot.refuse.malformed"), MALFORMED)
{
	begin(OTP_LIFECYCLE_SECURED);
	check_refused(&(struct refused) { .line = "BL2: image 1 refused: EMPTY (1)" }, 2);
	rig_deinit(&rig);
}

TEST(padded_refused_set_is_asked_once, CLAIM("boot.journal.wins"), FUNCTIONAL)
{
	begin(OTP_LIFECYCLE_SECURED);
	rig_flash(&rig, true, &(struct rig_image) { .image = 1, .major = 2, .counter = 2, .spoil_signature = true });
	rig_pad(&rig, 1, false);
	check_runs(1, 1);
	CHECK(rig_said(&rig, "SIGNATURE (16)"));
	check_idle_boot_writes_nothing();
	rig_deinit(&rig);
}

/* Power goes between the two trailers of a refused set: the half that still asks is not a set of its own. */
TEST(half_of_a_refused_set_does_not_ask_again, CLAIM("boot.set.whole"), POWER_CUT)
{
	for (uint32_t change = 0; change < 12; change++) {
		begin(OTP_LIFECYCLE_SECURED);
		stage(1, 2);
		rig_flash(&rig, true, &(struct rig_image) { .image = 0, .major = 2, .counter = 2, .spoil_signature = true });
		rig_pad(&rig, 0, false);
		rig_pad(&rig, 1, false);
		sim_power_cut(&rig.power, change, SIM_TEAR_AFTER);
		(void)sim_power_run(&rig.power, boot_once, &rig);
		check_runs(1, 1);
		CHECK(rig_state(&rig).refused);
		rig_deinit(&rig);
	}
}

/* Twice the power goes while the seal of a new journal's header is programmed, and its bits read now so and now so. What was decided
 * afterwards must stand: the half whose seal did not read is erased before the other one is used. */
TEST(a_seal_that_reads_later_takes_nothing_back, CLAIM("journal.stable"), POWER_CUT)
{
	for (uint64_t seed = 1; seed <= 400; seed++) {
		rig_init(&rig, OTP_LIFECYCLE_SECURED);
		rig.power.random = seed;
		rig.power.whole_readings = true;
		rig.journal.strict = false;
		for (uint8_t image = 0; image < IMAGE_COUNT; image++)
			rig_flash(&rig, false, &(struct rig_image) { .image = image, .major = 1, .counter = 0 });
		rig_flash(&rig, true, &(struct rig_image) { .image = 1, .major = 2, .counter = 2, .spoil_signature = true });
		rig_pad(&rig, 1, false);
		for (unsigned cut = 0; cut < 2; cut++) {
			sim_power_cut(&rig.power, 2, SIM_TEAR_MARGINAL);
			(void)sim_power_run(&rig.power, boot_once, &rig);
		}
		check_runs(1, 1);
		bool refused = rig_state(&rig).refused;
		for (unsigned boots = 0; boots < 4; boots++) {
			check_runs(1, 1);
			CHECK_THAT(rig_state(&rig).refused || !refused, "seed %u, boot %u: the refusal is gone", (unsigned)seed,
				   boots);
			refused = rig_state(&rig).refused;
		}
		CHECK(refused);
		rig_deinit(&rig);
	}
}

TEST(damaged_primary_halts, CLAIM("boot.refuse.hash"), ATTACK)
{
	for (uint8_t image = 0; image < IMAGE_COUNT; image++) {
		begin(OTP_LIFECYCLE_SECURED);
		rig.primary[image].cells[RIG_HEADER + 30] ^= 4;
		CHECK(rig_boot(&rig) == BOOT_HALT);
		CHECK(rig_said(&rig, image == 0 ? "BL2: image 0 refused: HASH (10)" : "BL2: image 1 refused: HASH (10)"));
		CHECK(rig_said(&rig, "BL2: HALT (114)"));
		rig_deinit(&rig);
	}
}

TEST(trial_image_damaged_in_the_swap_goes_back, CLAIM("boot.attempts"), FUNCTIONAL)
{
	begin(OTP_LIFECYCLE_SECURED);
	stage(1, 2);
	CHECK(rig_request(&rig, 2, false, 3) == PSA_SUCCESS);
	check_runs(1, 2);
	rig.primary[1].cells[RIG_HEADER + 30] ^= 4;
	check_runs(1, 1);
	CHECK(rig_said(&rig, "REVERT (108): back to the old set because of image 1: HASH (10)"));
	rig_deinit(&rig);
}

TEST(application_rejects_its_set, CLAIM("boot.attempts"), FUNCTIONAL)
{
	static struct journal journal;
	begin(OTP_LIFECYCLE_SECURED);
	stage(0, 2);
	stage(1, 2);
	CHECK(rig_request(&rig, 3, false, 9) == PSA_SUCCESS);
	check_runs(2, 2);
	CHECK(journal_open(&journal, &rig.journal.medium) == PSA_SUCCESS);
	CHECK(journal_begin_revert(&journal, 1, REFUSAL_REJECTED) == PSA_SUCCESS);
	check_runs(1, 1);
	CHECK(rig_said(&rig, "image 1: REJECTED (26)"));
	rig_deinit(&rig);
}

TEST(unreadable_journal_halts, CLAIM("boot.journal.wins"), MALFORMED)
{
	begin(OTP_LIFECYCLE_SECURED);
	memset(rig.journal.cells, 0x3c, rig.journal.medium.size);
	CHECK(rig_boot(&rig) == BOOT_HALT);
	CHECK(rig_said(&rig, "refused: JOURNAL (22)"));
	rig_deinit(&rig);
}

TEST(unreadable_otp_halts, CLAIM("boot.refuse.key_unknown"), MALFORMED)
{
	begin(OTP_LIFECYCLE_SECURED);
	sim_flash_fail(&rig.otp, SIM_FAULT_READ, 0, OTP_SIZE);
	CHECK(rig_boot(&rig) == BOOT_HALT);
	CHECK(rig_said(&rig, "refused: OTP (23)"));
	rig_deinit(&rig);
}

/* One hash over one copy: the slot is read once, and what does not arrive in RAM as signed does not run. */
TEST(the_copy_is_judged, CLAIM("boot.verified_copy"), ATTACK)
{
	uint32_t size;
	begin(OTP_LIFECYCLE_SECURED);
	(void)rig_image_build(&(struct rig_image) { .image = 1, .major = 1, .counter = 1 }, &size);
	uint64_t before = rig.primary[1].bytes_read;
	CHECK(rig_boot(&rig) == BOOT_START);
	CHECK_THAT(rig.primary[1].bytes_read - before < size + 256, "%u bytes of %u",
		   (unsigned)(rig.primary[1].bytes_read - before), size);
	CHECK(mem_is_filled(rig.run_memory + size, 0, RIG_SLOT - size));
	rig.run_is_faulty = true;
	CHECK(rig_boot(&rig) == BOOT_HALT);
	CHECK(rig_said(&rig, "image 1 refused: HASH (10)"));
	rig_deinit(&rig);
}

TEST(shared_data_measure_what_runs, CLAIM("boot.measure"), FUNCTIONAL)
{
	struct handover_measurement measurement;
	const uint8_t *record;
	uint16_t size;
	uint32_t value;
	rig_init(&rig, OTP_LIFECYCLE_SECURED);
	rig_flash(&rig, false, &(struct rig_image) { .image = 0, .major = 1, .counter = 1 });
	rig_flash(&rig, false, &(struct rig_image) { .image = 1, .major = 1, .counter = 7, .boot_record = true });
	CHECK(rig_boot(&rig) == BOOT_START);
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		CHECK(handover_find_measurement(rig.handover, sizeof rig.handover, i, &measurement) == PSA_SUCCESS);
		CHECK_EQ(measurement.version.major, 1);
		CHECK(memcmp(measurement.digest, rig.boot.running[i].digest, sizeof measurement.digest) == 0);
		CHECK(memcmp(measurement.signer, rig.boot.trust.keys[RIG_KEY_BOTH].hash, sizeof measurement.signer) == 0);
	}
	CHECK(handover_find(rig.handover, sizeof rig.handover, HANDOVER_BOOT_RECORD(0), &record, &size) ==
	      PSA_ERROR_DOES_NOT_EXIST);
	CHECK(handover_find(rig.handover, sizeof rig.handover, HANDOVER_BOOT_RECORD(1), &record, &size) == PSA_SUCCESS);
	CHECK_EQ(size, 39);
	CHECK(memcmp(record + size - 32, rig.boot.running[1].digest, 32) == 0);
	CHECK(handover_find_u32(rig.handover, sizeof rig.handover, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_LIFECYCLE),
				&value) == PSA_SUCCESS);
	CHECK_EQ(value, OTP_LIFECYCLE_SECURED);
	CHECK(handover_find(rig.handover, sizeof rig.handover, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_COUNTERS), &record,
			    &size) == PSA_SUCCESS);
	CHECK(size == 8 && le32_load(record) == 1 && le32_load(record + 4) == 7);
	rig_deinit(&rig);
}

/* 2 N erases per image and one for each trailer; N sectors of each slot programmed. */
TEST(swap_costs_what_swap_offset_costs, CLAIM("boot.swap.cost"), PROPERTY)
{
	enum { N = 3 };
	begin(OTP_LIFECYCLE_SECURED);
	stage(0, 2);
	stage(1, 2);
	for (unsigned round = 0; round < 2; round++) { /* there, and back */
		uint32_t erases[2];
		uint64_t programmed[2];
		for (unsigned i = 0; i < 2; i++) {
			erases[i] = rig.primary[i].erases + rig.secondary[i].erases;
			programmed[i] = rig.primary[i].bytes_programmed + rig.secondary[i].bytes_programmed;
		}
		if (round == 0)
			CHECK(rig_request(&rig, 3, false, 1) == PSA_SUCCESS);
		CHECK(rig_boot(&rig) == BOOT_START);
		for (unsigned i = 0; i < 2; i++) {
			CHECK(rig.primary[i].erases + rig.secondary[i].erases - erases[i] <= 2 * N + 2);
			uint64_t moved = rig.primary[i].bytes_programmed + rig.secondary[i].bytes_programmed - programmed[i];
			CHECK(moved <= 2 * N * RIG_UNIT + 48);
			printf("swap: %u sectors, %u erases, %llu bytes programmed, %u per sector\n", (unsigned)N,
			       rig.primary[i].erases + rig.secondary[i].erases - erases[i], (unsigned long long)moved,
			       (unsigned)RIG_UNIT);
		}
	}
	rig_deinit(&rig);
}

/* The longest that a swap or a start goes without feeding the watchdog: one unit erased, one buffer copied. */
TEST(watchdog_is_fed, CLAIM("boot.watchdog"), FUNCTIONAL)
{
	begin(OTP_LIFECYCLE_SECURED);
	stage(0, 2);
	stage(1, 2);
	CHECK(rig_request(&rig, 3, false, 1) == PSA_SUCCESS);
	uint32_t before = rig.feeds;
	CHECK(rig_boot(&rig) == BOOT_START);
	CHECK(rig.feeds - before >= 2u * 3 * 2 * 2); /* images, units, half steps, erase and copy */
	rig_deinit(&rig);
}

/* Flash that fails in the middle of a swap stops the boot; nothing is lost, and the next boot goes on where it stood. */
TEST(failing_flash_in_the_swap_loses_nothing, CLAIM("boot.swap.power_cut"), FUNCTIONAL)
{
	static const unsigned faults[] = { SIM_FAULT_READ, SIM_FAULT_PROGRAM, SIM_FAULT_ERASE };
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		for (unsigned sector = 0; sector < 3; sector++) {
			begin(OTP_LIFECYCLE_SECURED);
			stage(0, 2);
			stage(1, 2);
			CHECK(rig_request(&rig, 3, false, 1) == PSA_SUCCESS);
			sim_flash_fail(&rig.secondary[0], faults[i], (sector + 1) * RIG_UNIT, RIG_UNIT);
			enum boot_outcome outcome = rig_boot(&rig);
			CHECK(outcome == BOOT_HALT || (rig.version[0] == 1 && rig_state(&rig).refused));
			sim_flash_fail(&rig.secondary[0], 0, 0, 0);
			if (outcome == BOOT_HALT)
				check_runs(2, 2);
			rig_deinit(&rig);
		}
	}
}

TEST(shared_data_carry_cause_refusals_and_set, CLAIM("boot.handover"), FUNCTIONAL)
{
	struct handover_refusal refusal;
	struct handover_set set;
	uint32_t cause;
	begin(OTP_LIFECYCLE_SECURED);
	rig.reset_cause = RESET_CAUSE_CONFIRM_WINDOW;
	rig_flash(&rig, true, &(struct rig_image) { .image = 0, .major = 5, .counter = 5, .spoil_signature = true });
	rig_flash(&rig, true, &(struct rig_image) { .image = 1, .major = 6, .counter = 6, .spoil_payload = true });
	CHECK(rig_request(&rig, 3, false, 2) == PSA_SUCCESS);
	check_runs(1, 1);
	CHECK(handover_find_u32(rig.handover, sizeof rig.handover, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_RESET_CAUSE),
				&cause) == PSA_SUCCESS);
	CHECK_EQ(cause, RESET_CAUSE_CONFIRM_WINDOW);
	CHECK(handover_find_refusal(rig.handover, sizeof rig.handover, 0, &refusal) == PSA_SUCCESS);
	CHECK(refusal.code == REFUSAL_SIGNATURE && refusal.image == 0 && refusal.version.major == 5);
	CHECK(memcmp(refusal.digest, rig.boot.candidates[0].digest, sizeof refusal.digest) == 0);
	CHECK(handover_find_refusal(rig.handover, sizeof rig.handover, 1, &refusal) == PSA_SUCCESS);
	CHECK(refusal.code == REFUSAL_HASH && refusal.image == 1 && refusal.version.major == 6);
	stage(0, 2);
	stage(1, 2);
	CHECK(rig_request(&rig, 3, false, 2) == PSA_SUCCESS);
	check_runs(2, 2);
	CHECK(handover_find_set(rig.handover, sizeof rig.handover, &set) == PSA_SUCCESS);
	CHECK(set.phase == JOURNAL_TRIAL && set.images == 3 && set.attempts_left == 1);
	rig_deinit(&rig);
}

/* Shared data that do not fit stop the boot: the Secure image would start without what it must know. */
TEST(shared_data_are_bounded, CLAIM("boot.handover"), MALFORMED)
{
	begin(OTP_LIFECYCLE_SECURED);
	for (rig.handover_limit = 4; rig.handover_limit < 192; rig.handover_limit += 4) {
		memset(rig.handover, 0xee, sizeof rig.handover);
		CHECK(rig_boot(&rig) == BOOT_HALT);
		for (size_t i = rig.handover_limit; i < sizeof rig.handover; i++)
			CHECK_EQ(rig.handover[i], 0xee);
	}
	rig_deinit(&rig);
}
