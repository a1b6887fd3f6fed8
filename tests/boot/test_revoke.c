/* SPDX-License-Identifier: Apache-2.0 */
/* Keys are revoked by a signed command or by a newer image, by nobody else, never to the last, and across every power cut. */
#include "rig.h"
#include <merlon/test.h>
#include <string.h>

static struct rig rig;

/* A secured device whose images are signed by `key`. */
static void begin(uint8_t key)
{
	rig_init(&rig, OTP_LIFECYCLE_SECURED);
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		rig_flash(&rig, false, &(struct rig_image) { .image = i, .major = 1, .counter = 1, .key = key });
	CHECK_EQ(rig_boot(&rig), BOOT_START);
}

static struct rig_image command_by(uint8_t key, uint8_t revokes)
{
	return (struct rig_image) { .key = key, .revokes = revokes, .is_command = true, .no_counter = true, .payload_size = 8 };
}

static bool is_erased(void)
{
	for (uint32_t i = 0; i < rig.commands.medium.size; i++)
		if (rig.commands.cells[i] != 0xff)
			return false;
	return true;
}

TEST(a_command_of_a_newer_key_revokes, CLAIM("key.revoke"), FUNCTIONAL)
{
	begin(RIG_KEY_NEWER);
	struct rig_image command = command_by(RIG_KEY_NEWER, 1u << RIG_KEY_BOTH | 1u << RIG_KEY_SECURE);
	rig_command(&rig, &command);
	CHECK_EQ(rig_boot(&rig), BOOT_START);
	CHECK(rig_said(&rig, "BL2: REVOKED (118): key 0 is revoked, by the holder of key 3"));
	CHECK(rig_is_revoked(&rig, RIG_KEY_BOTH) && rig_is_revoked(&rig, RIG_KEY_SECURE));
	CHECK(!rig_is_revoked(&rig, RIG_KEY_DEVELOPMENT) && !rig_is_revoked(&rig, RIG_KEY_NEWER));
	CHECK(is_erased());
	uint32_t before = rig.power.changes;
	CHECK_EQ(rig_boot(&rig), BOOT_START);
	CHECK_EQ(rig.power.changes, before);
	/* What the revoked key signs is refused as an update, and as what runs. */
	rig_flash(&rig, true, &(struct rig_image) { .image = 1, .major = 2, .counter = 2 });
	CHECK_EQ(rig_request(&rig, 2, false, 1), PSA_SUCCESS);
	CHECK_EQ(rig_boot(&rig), BOOT_START);
	CHECK(rig_said(&rig, "BL2: image 1 refused: KEY_REVOKED (27)"));
	rig_flash(&rig, false, &(struct rig_image) { .image = 1, .major = 1, .counter = 1 });
	CHECK_EQ(rig_boot(&rig), BOOT_HALT);
	rig_deinit(&rig);
}

TEST(an_image_of_a_newer_key_revokes_once_it_is_confirmed, CLAIM("key.rotate"), FUNCTIONAL)
{
	begin(RIG_KEY_BOTH);
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		rig_flash(&rig, true,
			  &(struct rig_image) {
				  .image = i, .major = 2, .counter = 2, .key = RIG_KEY_NEWER, .revokes = 1u << RIG_KEY_BOTH });
	CHECK_EQ(rig_request(&rig, 3, false, 1), PSA_SUCCESS);
	CHECK_EQ(rig_boot(&rig), BOOT_START);
	CHECK(rig.version[0] == 2 && rig.version[1] == 2 && !rig_is_revoked(&rig, RIG_KEY_BOTH)); /* the way back is open */
	CHECK_EQ(rig_confirm(&rig), PSA_SUCCESS);
	CHECK_EQ(rig_boot(&rig), BOOT_START);
	CHECK(rig_is_revoked(&rig, RIG_KEY_BOTH));
	uint32_t before = rig.power.changes;
	CHECK_EQ(rig_boot(&rig), BOOT_START);
	CHECK_EQ(rig.power.changes, before);
	rig_deinit(&rig);
}

TEST(a_set_on_trial_that_fails_revokes_nothing, CLAIM("key.rotate"), FUNCTIONAL)
{
	begin(RIG_KEY_BOTH);
	rig_flash(
		&rig, true,
		&(struct rig_image) { .image = 1, .major = 2, .counter = 2, .key = RIG_KEY_NEWER, .revokes = 1u << RIG_KEY_BOTH });
	CHECK_EQ(rig_request(&rig, 2, false, 1), PSA_SUCCESS);
	CHECK_EQ(rig_boot(&rig), BOOT_START);
	CHECK_EQ(rig_boot(&rig), BOOT_START);
	CHECK(rig.version[1] == 1 && !rig_is_revoked(&rig, RIG_KEY_BOTH));
	rig_deinit(&rig);
}

/* One image still signed by the old key keeps it, though the other asks: neither is ever locked out. */
TEST(a_key_in_use_stays, CLAIM("key.revoke.usable"), FUNCTIONAL)
{
	begin(RIG_KEY_BOTH);
	rig_flash(
		&rig, true,
		&(struct rig_image) { .image = 1, .major = 2, .counter = 2, .key = RIG_KEY_NEWER, .revokes = 1u << RIG_KEY_BOTH });
	CHECK_EQ(rig_request(&rig, 2, false, 1), PSA_SUCCESS);
	CHECK_EQ(rig_boot(&rig), BOOT_START);
	CHECK_EQ(rig_confirm(&rig), PSA_SUCCESS);
	CHECK_EQ(rig_boot(&rig), BOOT_START);
	CHECK(!rig_is_revoked(&rig, RIG_KEY_BOTH));
	rig_flash(&rig, true, &(struct rig_image) { .image = 0, .major = 2, .counter = 2, .key = RIG_KEY_NEWER });
	CHECK_EQ(rig_request(&rig, 1, false, 1), PSA_SUCCESS);
	CHECK_EQ(rig_boot(&rig), BOOT_START);
	CHECK_EQ(rig_confirm(&rig), PSA_SUCCESS);
	CHECK_EQ(rig_boot(&rig), BOOT_START);
	CHECK(rig_is_revoked(&rig, RIG_KEY_BOTH));
	rig_deinit(&rig);
}

TEST(commands_that_are_refused, CLAIM("key.revoke.authority"), ATTACK)
{
	static const struct {
		uint8_t running, key, revokes;
		bool spoilt, image;
		const char *said;
	} rows[] = {
		{ RIG_KEY_BOTH, RIG_KEY_BOTH, 1u << RIG_KEY_NEWER, .said = "REVOCATION (28)" },      /* an older key */
		{ RIG_KEY_BOTH, RIG_KEY_BOTH, 1u << RIG_KEY_BOTH, .said = "REVOCATION (28)" },       /* itself */
		{ RIG_KEY_NEWER, RIG_KEY_SECURE, 1u << RIG_KEY_BOTH, .said = "REVOCATION (28)" },    /* one for more images */
		{ RIG_KEY_BOTH, RIG_KEY_NEWER, 1u << RIG_KEY_BOTH, .said = "REVOCATION (28)" },      /* one in use */
		{ RIG_KEY_NEWER, RIG_KEY_NEWER, 0, .said = "REVOCATION (28)" },                      /* nobody */
		{ RIG_KEY_NEWER, RIG_KEY_NEWER, 1u << RIG_KEY_STRANGER, .said = "REVOCATION (28)" }, /* one that is not there */
		{ RIG_KEY_NEWER, RIG_KEY_STRANGER, 1u << RIG_KEY_BOTH, .said = "KEY_UNKNOWN (12)" },
		{ RIG_KEY_NEWER, RIG_KEY_DEVELOPMENT, 1u << RIG_KEY_BOTH, .said = "KEY_DEVELOPMENT (14)" },
		{ RIG_KEY_NEWER, RIG_KEY_NEWER, 1u << RIG_KEY_BOTH, .spoilt = true, .said = "SIGNATURE (16)" },
		{ RIG_KEY_NEWER, RIG_KEY_NEWER, 1u << RIG_KEY_BOTH, .image = true, .said = "FLAGS (6)" },
	};
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		begin(rows[i].running);
		struct rig_image command = command_by(rows[i].key, rows[i].revokes);
		command.spoil_signature = rows[i].spoilt;
		command.is_command = !rows[i].image;
		rig_command(&rig, &command);
		CHECK_EQ(rig_boot(&rig), BOOT_START);
		char wanted[64] = "BL2: image 2 refused: ";
		CHECK_THAT(rig_said(&rig, strcat(wanted, rows[i].said)), "row %u: %s", i, rig.said);
		for (uint8_t key = 0; key < RIG_KEY_STRANGER; key++)
			CHECK_THAT(!rig_is_revoked(&rig, key), "row %u, key %u", i, key);
		CHECK_THAT(is_erased(), "row %u", i);
		rig_deinit(&rig);
	}
}

/* A command is no update, and an update no command. */
TEST(a_command_does_not_boot, CLAIM("key.revoke.authority"), ATTACK)
{
	begin(RIG_KEY_NEWER);
	rig_flash(&rig, true,
		  &(struct rig_image) { .image = 1, .major = 2, .counter = 2, .key = RIG_KEY_NEWER, .is_command = true });
	CHECK_EQ(rig_request(&rig, 2, false, 1), PSA_SUCCESS);
	CHECK_EQ(rig_boot(&rig), BOOT_START);
	CHECK(rig_said(&rig, "BL2: image 1 refused: NON_BOOTABLE (25)") && rig.version[1] == 1);
	rig_deinit(&rig);
}

static struct rig template;

static void switch_on_new(void *context)
{
	rig_copy(context, &template);
}

static void start(void *context)
{
	struct rig *device = context;
	for (unsigned i = 0; i < 2; i++)
		CHECK_THAT(rig_boot(device) == BOOT_START, "%s: %s", sim_power_where(&device->power), device->said);
}

/* However often it reads: the key is revoked for good, or the command still waits, which is seen to by starting once more. */
static void check_revoked(void *context, bool cut)
{
	struct rig *device = context;
	CHECK(rig_boot(device) == BOOT_START);
	for (unsigned i = 0; i < 8; i++)
		CHECK_THAT(rig_is_revoked(device, RIG_KEY_BOTH) && !rig_is_revoked(device, RIG_KEY_NEWER), "%s, cut %d",
			   sim_power_where(&device->power), cut);
}

TEST(a_revocation_survives_every_cut, CLAIM("key.revoke.power_cut"), POWER_CUT)
{
	for (unsigned by_image = 0; by_image < 2; by_image++) {
		begin(RIG_KEY_NEWER);
		rig_init(&template, OTP_LIFECYCLE_SECURED);
		rig_copy(&template, &rig);
		struct rig_image command = command_by(RIG_KEY_NEWER, 1u << RIG_KEY_BOTH);
		if (by_image == 0)
			rig_command(&template, &command);
		else
			rig_flash(
				&template, false,
				&(struct rig_image) { .image = 1, .major = 1, .counter = 1, .key = RIG_KEY_NEWER, .revokes = 1u });
		rig.power.whole_readings = true;
		rig.commands.strict = rig.otp.strict = false;
		struct sim_campaign campaign = sim_cut_everywhere(&(struct sim_scenario) { .power = &rig.power,
											   .context = &rig,
											   .setup = switch_on_new,
											   .body = start,
											   .recover = start,
											   .check = check_revoked,
											   .pairs = 300,
											   .marginal = by_image == 0 });
		CHECK(campaign.cuts >= 4);
		rig_deinit(&rig);
		rig_deinit(&template);
	}
}
