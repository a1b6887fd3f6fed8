/* SPDX-License-Identifier: Apache-2.0 */
/* A life with the real SHA-256 and ECDSA P-256, and images that are really signed. */
#include "image_builder.h"
#include "rig.h"
#include <merlon/crypto/image_crypto.h>
#include <merlon/lib/le.h>
#include <merlon/test.h>
#include <string.h>

static struct rig rig;
static struct sha256 hash;
static struct image_crypto crypto;

static uint32_t run_address;

static void put_vectors(struct builder_image *image)
{
	le32_store(image->bytes + RIG_HEADER, 0x30001000);
	le32_store(image->bytes + RIG_HEADER + 4, (run_address + RIG_HEADER + 8) | 1);
}

static void spoil_signature(struct builder_image *image)
{
	uint32_t at = builder_find(image, IMAGE_TLV_ECDSA_SIG);
	image->bytes[at + 4 + 20] ^= 1; /* inside r: the DER stays exact */
}

static void spoil_payload(struct builder_image *image)
{
	image->bytes[RIG_HEADER + 30] ^= 0x80;
}

static void flash(bool secondary, uint8_t image, uint8_t major, void (*alter)(struct builder_image *image))
{
	static struct builder_image built;
	struct builder_recipe recipe = builder_recipe();
	const struct medium *slot = &(secondary ? rig.secondary : rig.primary)[image].medium;
	run_address = image == IMAGE_SECURE ? RIG_RUN_SECURE : RIG_RUN_NONSECURE;
	recipe.header_size = RIG_HEADER;
	recipe.version = (struct image_version) { .major = major };
	recipe.alter_signed = put_vectors;
	recipe.alter = alter;
	builder_build(&built, &recipe);
	CHECK(medium_erase(slot, 0, RIG_SLOT) == PSA_SUCCESS);
	CHECK(medium_program(slot, 0, built.bytes, (built.size + 7) & ~7u) == PSA_SUCCESS);
}

static void begin(void)
{
	rig_init(&rig, OTP_LIFECYCLE_ASSEMBLY);
	memset(rig.otp.cells, 0xff, rig.otp.medium.size); /* without the keys of the stand-in */
	CHECK(otp_key_add(&rig.otp.medium, builder_key(BUILDER_KEY_A)) == PSA_SUCCESS);
	image_crypto_init(&crypto, &hash, NULL);
	rig.other_crypto = &crypto;
	flash(false, 0, 1, NULL);
	flash(false, 1, 1, NULL);
	CHECK_THAT(rig_boot(&rig) == BOOT_START, "%s", rig.said);
}

TEST(really_signed_set_is_installed, CLAIM("boot.refuse.signature"), FUNCTIONAL)
{
	begin();
	flash(true, 0, 2, NULL);
	flash(true, 1, 2, NULL);
	CHECK(rig_request(&rig, 3, false, 1) == PSA_SUCCESS);
	CHECK_THAT(rig_boot(&rig) == BOOT_START, "%s", rig.said);
	CHECK(rig.version[0] == 2 && rig.version[1] == 2);
	CHECK(rig_confirm(&rig) == PSA_SUCCESS);
	CHECK(rig_boot(&rig) == BOOT_START && rig.version[0] == 2);
	rig_deinit(&rig);
}

static void check_refused(void (*alter)(struct builder_image *image), const char *line)
{
	begin();
	flash(true, 1, 2, alter);
	CHECK(rig_request(&rig, 2, false, 1) == PSA_SUCCESS);
	CHECK(rig_boot(&rig) == BOOT_START && rig.version[1] == 1);
	CHECK_THAT(rig_said(&rig, line), "want '%s' in:\n%s", line, rig.said);
	rig_deinit(&rig);
}

TEST(one_bit_of_a_real_signature, CLAIM("boot.refuse.signature"), ATTACK)
{
	check_refused(spoil_signature, "image 1 refused: SIGNATURE (16)");
}

TEST(one_bit_of_a_really_hashed_payload, CLAIM("boot.refuse.hash"), ATTACK)
{
	check_refused(spoil_payload, "image 1 refused: HASH (10)");
}
