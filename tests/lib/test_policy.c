/* SPDX-License-Identifier: Apache-2.0 */
/* What is accepted and what is not, each case with its exact refusal. Rules: docs/format/image.md. */
#include "image_builder.h"
#include <merlon/crypto/image_crypto.h>
#include <merlon/lib/le.h>
#include <merlon/test.h>
#include <string.h>

static struct builder_image image;
static struct image_verdict verdict;

static enum refusal judge(const struct builder_recipe *recipe, const struct image_policy *policy)
{
	builder_build(&image, recipe);
	return builder_judge(&image, policy, &verdict);
}

static const uint8_t counter_7[4] = { 7 }, counter_9[4] = { 9 }, zeros[256];
static const uint8_t needs_1_in_1_2_3[12] = { 1, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0 };

#define HASH                                                                                                                       \
	{                                                                                                                          \
		IMAGE_TLV_SHA256, BUILDER_WHOLE, NULL                                                                              \
	}
#define KEYHASH                                                                                                                    \
	{                                                                                                                          \
		IMAGE_TLV_KEYHASH, BUILDER_WHOLE, NULL                                                                             \
	}
#define PUBKEY                                                                                                                     \
	{                                                                                                                          \
		IMAGE_TLV_PUBKEY, BUILDER_WHOLE, NULL                                                                              \
	}
#define SIGNATURE                                                                                                                  \
	{                                                                                                                          \
		IMAGE_TLV_ECDSA_SIG, BUILDER_WHOLE, NULL                                                                           \
	}
#define COUNTER                                                                                                                    \
	{                                                                                                                          \
		IMAGE_TLV_SEC_CNT, 4, counter_7                                                                                    \
	}

TEST(good_image_is_accepted, CLAIM("image.accept"), FUNCTIONAL)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_policy policy = builder_policy();
	policy.counter_checked = true;
	policy.counter_minimum = 7;
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_NONE);
	CHECK_EQ(verdict.refusal, REFUSAL_NONE);
	CHECK(verdict.hash_matches && verdict.signature_matches && verdict.has_counter);
	CHECK_EQ(verdict.counter, 7);
	CHECK_EQ(verdict.key_index, BUILDER_KEY_A);
	CHECK_EQ(verdict.image_size, image.size);
	CHECK_EQ(verdict.header.version.build, 4);
	CHECK_EQ(verdict.boot_record_offset, 0);
	CHECK_EQ(verdict.dependency_count, 0);
}

TEST(both_key_forms_serve_and_each_key_is_found, CLAIM("image.accept"), FUNCTIONAL)
{
	struct image_policy policy = builder_policy();
	for (enum builder_key key = 0; key < BUILDER_KEY_COUNT; key++) {
		for (unsigned form = 0; form < 2; form++) {
			struct builder_recipe recipe = builder_recipe();
			recipe.key = key;
			recipe.tlvs[1].type = form == 0 ? IMAGE_TLV_KEYHASH : IMAGE_TLV_PUBKEY;
			CHECK_EQ(judge(&recipe, &policy), REFUSAL_NONE);
			CHECK_EQ(verdict.key_index, key);
			policy.key_forms = form == 0 ? IMAGE_KEY_FORM_HASH : IMAGE_KEY_FORM_FULL;
			CHECK_EQ(judge(&recipe, &policy), REFUSAL_NONE);
			policy.key_forms = form == 0 ? IMAGE_KEY_FORM_FULL : IMAGE_KEY_FORM_HASH;
			CHECK_EQ(judge(&recipe, &policy), REFUSAL_KEY_MISSING);
			policy.key_forms = IMAGE_KEY_FORM_BOTH;
		}
	}
}

TEST(protected_tlvs_are_reported, CLAIM("image.accept"), FUNCTIONAL)
{
	static const uint8_t record[] = { 0xa1, 0x01, 0x02 };
	struct builder_recipe recipe = builder_recipe();
	struct image_policy policy = builder_policy();
	recipe.protected_tlvs[1] = (struct builder_tlv) { IMAGE_TLV_BOOT_RECORD, sizeof record, record };
	recipe.protected_tlvs[2] = (struct builder_tlv) { IMAGE_TLV_DEPENDENCY, 12, needs_1_in_1_2_3 };
	recipe.protected_tlvs[3] = (struct builder_tlv) { 0xa7, 5, zeros };
	recipe.protected_tlvs[4] = (struct builder_tlv) { 0x74, 16, zeros };
	recipe.protected_tlvs[5] = (struct builder_tlv) { 0xfffe, 0, NULL };
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_NONE);
	CHECK_EQ(verdict.boot_record_size, sizeof record);
	CHECK_EQ(memcmp(image.bytes + verdict.boot_record_offset, record, sizeof record), 0);
	CHECK_EQ(verdict.dependency_count, 1);
	CHECK_EQ(verdict.dependencies[0].image, 1);
	CHECK_EQ(verdict.dependencies[0].minimum.revision, 3);
}

TEST(unknown_flags_are_ignored_but_hashed, CLAIM("image.flags"), FUNCTIONAL)
{
	struct image_policy policy = builder_policy();
	const uint32_t handled = IMAGE_FLAG_ENCRYPTED_AES128 | IMAGE_FLAG_ENCRYPTED_AES256 | IMAGE_FLAG_RAM_LOAD |
				 IMAGE_FLAG_LZMA1 | IMAGE_FLAG_LZMA2 | IMAGE_FLAG_ARM_THUMB_FILTER;
	for (unsigned bit = 0; bit < 32; bit++) {
		struct builder_recipe recipe = builder_recipe();
		recipe.flags = 1u << bit;
		enum refusal expected = recipe.flags & handled                    ? REFUSAL_FLAGS
					: recipe.flags == IMAGE_FLAG_NON_BOOTABLE ? REFUSAL_NON_BOOTABLE
										  : REFUSAL_NONE;
		CHECK_THAT(judge(&recipe, &policy) == expected, "flag bit %u: %s", bit, refusal_name(verdict.refusal));
		if (expected == REFUSAL_NONE) {
			image.bytes[16 + bit / 8] ^= (uint8_t)(1u << bit % 8);
			CHECK_EQ(builder_judge(&image, &policy, &verdict), REFUSAL_HASH);
		}
	}
}

TEST(fixed_address_is_judged, CLAIM("boot.refuse.address"), FUNCTIONAL)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_policy policy = builder_policy();
	policy.address = 0x10000;
	policy.address_checked = true;
	recipe.load_address = 0x20000;
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_NONE); /* without the flag the field means nothing */
	recipe.flags = IMAGE_FLAG_ROM_FIXED;
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_ADDRESS);
	recipe.load_address = 0x10000;
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_NONE);
	recipe.load_address = 0x20000;
	policy.address_checked = false;
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_NONE);
}

/* Malformed images, correctly hashed and signed as they stand. */
static const struct {
	const char *name;
	struct builder_tlv protected_tlvs[4], tlvs[7];
	enum refusal expected;
} shape_rows[] = {
	{ "no hash", { COUNTER }, { KEYHASH, SIGNATURE }, REFUSAL_HASH_MISSING },
	{ "empty area", { COUNTER }, { { 0 } }, REFUSAL_HASH_MISSING },
	{ "hash cut", { COUNTER }, { { IMAGE_TLV_SHA256, 31, NULL }, KEYHASH, SIGNATURE }, REFUSAL_TLV },
	{ "hash longer", { COUNTER }, { { IMAGE_TLV_SHA256, 33, NULL }, KEYHASH, SIGNATURE }, REFUSAL_TLV },
	{ "hash empty", { COUNTER }, { { IMAGE_TLV_SHA256, 0, NULL }, KEYHASH, SIGNATURE }, REFUSAL_TLV },
	{ "hash of zeros", { COUNTER }, { { IMAGE_TLV_SHA256, 32, zeros }, KEYHASH, SIGNATURE }, REFUSAL_HASH },
	{ "hash twice", { COUNTER }, { HASH, HASH, KEYHASH, SIGNATURE }, REFUSAL_TLV },
	{ "only a SHA-384", { COUNTER }, { { IMAGE_TLV_SHA384, 48, zeros }, KEYHASH, SIGNATURE }, REFUSAL_HASH_MISSING },
	{ "a SHA-512 besides", { COUNTER }, { { IMAGE_TLV_SHA512, 64, zeros }, HASH, KEYHASH, SIGNATURE }, REFUSAL_NONE },
	{ "no key reference", { COUNTER }, { HASH, SIGNATURE }, REFUSAL_KEY_MISSING },
	{ "no signature", { COUNTER }, { HASH, KEYHASH }, REFUSAL_KEY_MISSING },
	{ "only a hash", { COUNTER }, { HASH }, REFUSAL_KEY_MISSING },
	{ "signature before its key", { COUNTER }, { HASH, SIGNATURE, KEYHASH }, REFUSAL_KEY_MISSING },
	{ "key before the hash", { COUNTER }, { KEYHASH, SIGNATURE, HASH }, REFUSAL_NONE },
	{ "key hash empty: matches key 0 in MCUboot",
	  { COUNTER },
	  { HASH, { IMAGE_TLV_KEYHASH, 0, NULL }, SIGNATURE },
	  REFUSAL_KEY_UNKNOWN },
	{ "key hash of one byte", { COUNTER }, { HASH, { IMAGE_TLV_KEYHASH, 1, NULL }, SIGNATURE }, REFUSAL_KEY_UNKNOWN },
	{ "key hash cut", { COUNTER }, { HASH, { IMAGE_TLV_KEYHASH, 31, NULL }, SIGNATURE }, REFUSAL_KEY_UNKNOWN },
	{ "key hash longer", { COUNTER }, { HASH, { IMAGE_TLV_KEYHASH, 33, NULL }, SIGNATURE }, REFUSAL_KEY_UNKNOWN },
	{ "key hash of zeros", { COUNTER }, { HASH, { IMAGE_TLV_KEYHASH, 32, zeros }, SIGNATURE }, REFUSAL_KEY_UNKNOWN },
	{ "key empty", { COUNTER }, { HASH, { IMAGE_TLV_PUBKEY, 0, NULL }, SIGNATURE }, REFUSAL_KEY_UNKNOWN },
	{ "key cut", { COUNTER }, { HASH, { IMAGE_TLV_PUBKEY, 90, NULL }, SIGNATURE }, REFUSAL_KEY_UNKNOWN },
	{ "key longer", { COUNTER }, { HASH, { IMAGE_TLV_PUBKEY, 92, NULL }, SIGNATURE }, REFUSAL_KEY_UNKNOWN },
	{ "key longer than any", { COUNTER }, { HASH, { IMAGE_TLV_PUBKEY, 121, NULL }, SIGNATURE }, REFUSAL_KEY_UNKNOWN },
	{ "two key references", { COUNTER }, { HASH, KEYHASH, PUBKEY, SIGNATURE }, REFUSAL_TLV },
	{ "key hash twice", { COUNTER }, { HASH, KEYHASH, KEYHASH, SIGNATURE }, REFUSAL_TLV },
	{ "two signatures", { COUNTER }, { HASH, KEYHASH, SIGNATURE, SIGNATURE }, REFUSAL_TLV },
	{ "signature empty", { COUNTER }, { HASH, KEYHASH, { IMAGE_TLV_ECDSA_SIG, 0, NULL } }, REFUSAL_SIGNATURE_FORMAT },
	{ "signature cut", { COUNTER }, { HASH, KEYHASH, { IMAGE_TLV_ECDSA_SIG, 60, NULL } }, REFUSAL_SIGNATURE_FORMAT },
	{ "a zero byte behind the signature",
	  { COUNTER },
	  { HASH, KEYHASH, { IMAGE_TLV_ECDSA_SIG, 74, NULL } },
	  REFUSAL_SIGNATURE_FORMAT },
	{ "signature longer than any",
	  { COUNTER },
	  { HASH, KEYHASH, { IMAGE_TLV_ECDSA_SIG, 105, NULL } },
	  REFUSAL_SIGNATURE_FORMAT },
	{ "RSA signature", { COUNTER }, { HASH, KEYHASH, { 0x20, 256, zeros } }, REFUSAL_KEY_MISSING },
	{ "hash in the protected area", { COUNTER, { IMAGE_TLV_SHA256, 32, zeros } }, { HASH, KEYHASH, SIGNATURE }, REFUSAL_TLV },
	{ "key hash in the protected area", { COUNTER, KEYHASH }, { HASH, KEYHASH, SIGNATURE }, REFUSAL_TLV },
	{ "key in the protected area", { COUNTER, PUBKEY }, { HASH, KEYHASH, SIGNATURE }, REFUSAL_TLV },
	{ "signature in the protected area", { { IMAGE_TLV_ECDSA_SIG, 70, zeros } }, { HASH, KEYHASH, SIGNATURE }, REFUSAL_TLV },
	{ "counter twice", { COUNTER, { IMAGE_TLV_SEC_CNT, 4, counter_9 } }, { HASH, KEYHASH, SIGNATURE }, REFUSAL_TLV },
	{ "counter of 3 bytes", { { IMAGE_TLV_SEC_CNT, 3, counter_7 } }, { HASH, KEYHASH, SIGNATURE }, REFUSAL_TLV },
	{ "counter of 5 bytes", { { IMAGE_TLV_SEC_CNT, 5, zeros } }, { HASH, KEYHASH, SIGNATURE }, REFUSAL_TLV },
	{ "counter empty", { { IMAGE_TLV_SEC_CNT, 0, NULL } }, { HASH, KEYHASH, SIGNATURE }, REFUSAL_TLV },
	{ "dependency of 11 bytes", { { IMAGE_TLV_DEPENDENCY, 11, zeros } }, { HASH, KEYHASH, SIGNATURE }, REFUSAL_TLV },
	{ "dependency of 13 bytes", { { IMAGE_TLV_DEPENDENCY, 13, zeros } }, { HASH, KEYHASH, SIGNATURE }, REFUSAL_TLV },
	{ "boot record twice",
	  { { IMAGE_TLV_BOOT_RECORD, 1, zeros }, { IMAGE_TLV_BOOT_RECORD, 1, zeros } },
	  { HASH, KEYHASH, SIGNATURE },
	  REFUSAL_TLV },
	{ "unprotected counter", { { 0 } }, { HASH, KEYHASH, SIGNATURE, COUNTER }, REFUSAL_TLV_UNPROTECTED },
	{ "unprotected counter besides",
	  { COUNTER },
	  { HASH, KEYHASH, SIGNATURE, { IMAGE_TLV_SEC_CNT, 4, counter_9 } },
	  REFUSAL_TLV_UNPROTECTED },
	{ "unprotected dependency",
	  { COUNTER },
	  { HASH, KEYHASH, SIGNATURE, { IMAGE_TLV_DEPENDENCY, 12, zeros } },
	  REFUSAL_TLV_UNPROTECTED },
	{ "unprotected boot record",
	  { COUNTER },
	  { HASH, KEYHASH, SIGNATURE, { IMAGE_TLV_BOOT_RECORD, 1, zeros } },
	  REFUSAL_TLV_UNPROTECTED },
	{ "unprotected vendor TLV", { COUNTER }, { HASH, KEYHASH, SIGNATURE, { 0xa0, 1, zeros } }, REFUSAL_TLV_UNPROTECTED },
	{ "unprotected class id", { COUNTER }, { HASH, { 0x75, 16, zeros }, KEYHASH, SIGNATURE }, REFUSAL_TLV_UNPROTECTED },
	{ "no protected area", { { 0 } }, { HASH, KEYHASH, SIGNATURE }, REFUSAL_NONE },
};

TEST(shapes_are_judged_exactly, CLAIM("boot.refuse.malformed"), MALFORMED)
{
	struct image_policy policy = builder_policy();
	for (unsigned i = 0; i < sizeof shape_rows / sizeof shape_rows[0]; i++) {
		struct builder_recipe recipe = builder_recipe();
		memset(recipe.protected_tlvs, 0, sizeof recipe.protected_tlvs);
		memset(recipe.tlvs, 0, sizeof recipe.tlvs);
		memcpy(recipe.protected_tlvs, shape_rows[i].protected_tlvs, sizeof shape_rows[i].protected_tlvs);
		memcpy(recipe.tlvs, shape_rows[i].tlvs, sizeof shape_rows[i].tlvs);
		CHECK_THAT(judge(&recipe, &policy) == shape_rows[i].expected, "%s: %s", shape_rows[i].name,
			   refusal_name(verdict.refusal));
	}
}

/* MCUboot with its allow list off takes an appended counter: the device boots the image once and never again. */
TEST(mcuboot_bug_unprotected_counter_appended, CLAIM("boot.refuse.tlv_unprotected"), ATTACK)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_policy policy = builder_policy();
	recipe.protected_tlvs[0].type = 0;
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_NONE);
	const uint8_t counter[] = { 0x50, 0, 4, 0, 0xff, 0xff, 0xff, 0x7f };
	memcpy(image.bytes + image.size, counter, sizeof counter);
	le16_store(image.bytes + image.middle + 2, (uint16_t)(image.size + sizeof counter - image.middle));
	CHECK_EQ(builder_judge(&image, &policy, &verdict), REFUSAL_TLV_UNPROTECTED);
	CHECK(!verdict.has_counter);
}

static void header_16(struct builder_image *built)
{
	le16_store(built->bytes + 8, 16);
	le32_store(built->bytes + 12, 80);
}

TEST(mcuboot_bug_header_size_16, CLAIM("boot.refuse.malformed"), ATTACK)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_policy policy = builder_policy();
	recipe.alter_signed = header_16;
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_HEADER);
}

static void outer_length(struct builder_image *built)
{
	built->bytes[builder_find(built, IMAGE_TLV_ECDSA_SIG) + 5]--;
}

TEST(mcuboot_bug_der_outer_length, CLAIM("boot.refuse.malformed"), ATTACK)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_policy policy = builder_policy();
	recipe.alter = outer_length;
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_SIGNATURE_FORMAT);
	CHECK(verdict.hash_matches && !verdict.signature_matches);
}

static void swap_payload(struct builder_image *built)
{
	built->bytes[40] ^= 1;
}

/* The payload's hash is recomputed by the attacker; the signature is the old one. */
TEST(hash_and_signature_are_reported_apart, CLAIM("boot.refuse.hash"), ATTACK)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_policy policy = builder_policy();
	struct builder_image original;
	recipe.alter = swap_payload;
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_HASH);
	CHECK(!verdict.hash_matches && !verdict.signature_matches);

	recipe.alter = NULL;
	builder_build(&original, &recipe);
	recipe.alter_signed = swap_payload;
	builder_build(&image, &recipe);
	uint32_t signature = builder_find(&image, IMAGE_TLV_ECDSA_SIG);
	CHECK_EQ(signature, builder_find(&original, IMAGE_TLV_ECDSA_SIG));
	memcpy(image.bytes + signature, original.bytes + signature, sizeof image.bytes - signature);
	le16_store(image.bytes + image.middle + 2, le16_load(original.bytes + original.middle + 2));
	CHECK_EQ(builder_judge(&image, &policy, &verdict), REFUSAL_SIGNATURE);
	CHECK(verdict.hash_matches && !verdict.signature_matches);
}

TEST(signature_of_another_key_is_wrong, CLAIM("boot.refuse.signature"), ATTACK)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_policy policy = builder_policy();
	recipe.key = BUILDER_KEY_B;
	recipe.tlvs[1] = (struct builder_tlv) { IMAGE_TLV_KEYHASH, 32, builder_key(BUILDER_KEY_A)->hash };
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_SIGNATURE);
	CHECK(verdict.hash_matches && !verdict.signature_matches);
}

TEST(untrusted_key_is_unknown, CLAIM("boot.refuse.key_unknown"), ATTACK)
{
	struct image_policy policy = builder_policy();
	policy.key_count = 1;
	for (unsigned form = 0; form < 2; form++) {
		struct builder_recipe recipe = builder_recipe();
		recipe.key = BUILDER_KEY_B;
		recipe.tlvs[1].type = form == 0 ? IMAGE_TLV_KEYHASH : IMAGE_TLV_PUBKEY;
		CHECK_EQ(judge(&recipe, &policy), REFUSAL_KEY_UNKNOWN);
		CHECK(verdict.hash_matches && !verdict.signature_matches);
	}
	struct builder_recipe recipe = builder_recipe();
	policy.key_count = 0;
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_KEY_UNKNOWN);
}

TEST(role_decides_whose_image_a_key_signs, CLAIM("boot.refuse.key_role"), ATTACK)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_key key = *builder_key(BUILDER_KEY_A);
	struct image_policy policy = builder_policy();
	policy.keys = &key;
	policy.key_count = 1;
	for (unsigned role = 0; role <= IMAGE_KEY_FOR_BOTH; role++) {
		for (uint8_t which = 0; which < IMAGE_COUNT; which++) {
			key.role = (uint8_t)role;
			policy.image = which;
			CHECK_THAT(judge(&recipe, &policy) == (role & 1u << which ? REFUSAL_NONE : REFUSAL_KEY_ROLE),
				   "role %u, image %u", role, which);
		}
	}
}

TEST(development_key_needs_permission, CLAIM("boot.refuse.key_development"), ATTACK)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_key key = *builder_key(BUILDER_KEY_A);
	struct image_policy policy = builder_policy();
	policy.keys = &key;
	policy.key_count = 1;
	key.development = true;
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_KEY_DEVELOPMENT);
	policy.development_allowed = true;
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_NONE);
}

TEST(counter_is_compared_with_the_stored_one, CLAIM("boot.refuse.counter"), ATTACK)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_policy policy = builder_policy();
	policy.counter_checked = true;
	for (uint32_t stored = 0; stored < 10; stored++) {
		policy.counter_minimum = stored;
		CHECK_EQ(judge(&recipe, &policy), stored <= 7 ? REFUSAL_NONE : REFUSAL_COUNTER);
		CHECK(verdict.signature_matches);
	}
	policy.counter_minimum = UINT32_MAX;
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_COUNTER);
	policy.counter_checked = false;
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_NONE);
}

TEST(counter_must_be_there_when_it_is_checked, CLAIM("boot.refuse.counter_missing"), ATTACK)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_policy policy = builder_policy();
	recipe.protected_tlvs[0].type = 0;
	policy.counter_checked = true;
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_COUNTER_MISSING);
	policy.counter_checked = false;
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_NONE);
}

TEST(image_ends_within_its_limit, CLAIM("boot.refuse.malformed"), MALFORMED)
{
	struct builder_recipe recipe = builder_recipe();
	struct image_policy policy = builder_policy();
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_NONE);
	policy.limit = image.size;
	CHECK_EQ(builder_judge(&image, &policy, &verdict), REFUSAL_NONE);
	for (policy.limit = 0; policy.limit < image.size; policy.limit++)
		CHECK_THAT(builder_judge(&image, &policy, &verdict) != REFUSAL_NONE, "limit %u", (unsigned)policy.limit);
}

/* Exhaustive: no single bit of the image may differ, wherever it lies. */
TEST(every_single_bit_flip_is_refused, CLAIM("image.bit_flip"), ATTACK)
{
	struct image_policy policy = builder_policy();
	struct builder_recipe recipe = builder_recipe();
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_NONE);
	for (uint32_t bit = 0; bit < 8 * image.size; bit++) {
		image.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		CHECK_THAT(builder_judge(&image, &policy, &verdict) != REFUSAL_NONE, "bit %u of byte %u", (unsigned)(bit % 8),
			   (unsigned)(bit / 8));
		image.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	CHECK_EQ(builder_judge(&image, &policy, &verdict), REFUSAL_NONE);
}

TEST(unreadable_byte_is_an_answer, CLAIM("image.read_fault"), MALFORMED)
{
	struct image_policy policy = builder_policy();
	struct builder_recipe recipe = builder_recipe();
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_NONE);
	for (image.fails_at = 1; image.fails_at < image.size; image.fails_at++)
		CHECK_THAT(builder_judge(&image, &policy, &verdict) == REFUSAL_READ, "byte %u", (unsigned)image.fails_at);
}

static psa_status_t failing_update(void *context, const void *data, size_t size)
{
	(void)context;
	(void)data;
	(void)size;
	return PSA_ERROR_HARDWARE_FAILURE;
}

static psa_status_t odd_answer(void *context, const struct image_key *key, const uint8_t digest[IMAGE_DIGEST_SIZE],
			       const uint8_t *signature, size_t signature_size)
{
	(void)context;
	(void)key;
	(void)digest;
	(void)signature;
	(void)signature_size;
	return PSA_ERROR_GENERIC_ERROR;
}

TEST(failing_cryptography_accepts_nothing, CLAIM("boot.refuse.malformed"), MALFORMED)
{
	struct sha256 hash;
	struct image_crypto crypto;
	struct image_policy policy = builder_policy();
	struct builder_recipe recipe = builder_recipe();
	builder_build(&image, &recipe);
	image_crypto_init(&crypto, &hash, NULL);
	crypto.verify = odd_answer;
	CHECK_EQ(image_judge(&image.medium, &policy, &crypto, &verdict), REFUSAL_SIGNATURE);
	image_crypto_init(&crypto, &hash, NULL);
	crypto.hash_update = failing_update;
	CHECK_EQ(image_judge(&image.medium, &policy, &crypto, &verdict), REFUSAL_HASH);
}

/* The other verifier of P-256 gives the same verdicts. */
TEST(both_verifiers_agree_on_images, CLAIM("crypto.ecdsa"), PROPERTY)
{
	struct sha256 hash;
	struct image_crypto crypto;
	struct image_policy policy = builder_policy();
	struct builder_recipe recipe = builder_recipe();
	builder_build(&image, &recipe);
	image_crypto_init_hash(&crypto, &hash, NULL);
	crypto.verify = image_verify_p256m;
	CHECK_EQ(image_judge(&image.medium, &policy, &crypto, &verdict), REFUSAL_NONE);
	uint32_t at = builder_find(&image, IMAGE_TLV_ECDSA_SIG) + IMAGE_TLV_INFO_SIZE + 10;
	image.bytes[at] ^= 1;
	CHECK_EQ(image_judge(&image.medium, &policy, &crypto, &verdict), REFUSAL_SIGNATURE);
	image_crypto_init(&crypto, &hash, NULL);
	CHECK_EQ(image_judge(&image.medium, &policy, &crypto, &verdict), REFUSAL_SIGNATURE);
	image.bytes[at] ^= 1;
	CHECK_EQ(image_judge(&image.medium, &policy, &crypto, &verdict), REFUSAL_NONE);
}

static unsigned progress_count;

static void count_progress(void *context)
{
	(void)context;
	progress_count++;
}

TEST(watchdog_is_fed_in_the_hash_loop, CLAIM("boot.watchdog"), PROPERTY)
{
	struct sha256 hash;
	struct image_crypto crypto;
	struct image_policy policy = builder_policy();
	struct builder_recipe recipe = builder_recipe();
	recipe.payload_size = 1700;
	policy.limit = BUILDER_SLOT_SIZE;
	builder_build(&image, &recipe);
	image_crypto_init(&crypto, &hash, count_progress);
	progress_count = 0;
	CHECK_EQ(image_judge(&image.medium, &policy, &crypto, &verdict), REFUSAL_NONE);
	CHECK(progress_count >= image.middle / 1024 + 1);
}

static void add_dependency(struct builder_recipe *recipe, unsigned at, uint8_t storage[12], uint8_t which,
			   struct image_version minimum)
{
	memset(storage, 0, 12);
	storage[0] = which;
	image_version_encode(&minimum, storage + 4);
	recipe->protected_tlvs[at] = (struct builder_tlv) { IMAGE_TLV_DEPENDENCY, 12, storage };
}

TEST(dependencies_are_judged_on_what_will_run, CLAIM("boot.dependency"), FUNCTIONAL)
{
	uint8_t storage[2][12];
	struct image_dependency unmet;
	struct image_policy policy = builder_policy();
	struct builder_recipe recipe = builder_recipe();
	add_dependency(&recipe, 1, storage[0], 1, (struct image_version) { 1, 1, 0, 0 });
	add_dependency(&recipe, 2, storage[1], 1, (struct image_version) { 1, 2, 0, 0 }); /* the higher one counts */
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_NONE);
	CHECK_EQ(verdict.dependency_count, 1);
	struct image_version running[IMAGE_COUNT] = { { 0, 0, 0, 0 }, { 1, 1, 9, 0 } };
	CHECK_EQ(image_dependencies_judge(&verdict, running, &unmet), REFUSAL_DEPENDENCY);
	CHECK_EQ(unmet.image, 1);
	CHECK_EQ(unmet.minimum.minor, 2);
	running[1] = (struct image_version) { 1, 2, 0, 0 };
	CHECK_EQ(image_dependencies_judge(&verdict, running, &unmet), REFUSAL_NONE);
}

TEST(dependency_on_an_image_that_is_not_cannot_be_met, CLAIM("boot.dependency"), MALFORMED)
{
	uint8_t storage[IMAGE_DEPENDENCY_MAX + 1][12];
	struct image_dependency unmet;
	const struct image_version running[IMAGE_COUNT] = { { 255, 255, 65535, 0 }, { 255, 255, 65535, 0 } };
	struct image_policy policy = builder_policy();
	struct builder_recipe recipe = builder_recipe();
	add_dependency(&recipe, 1, storage[0], 2, (struct image_version) { 0, 0, 0, 0 });
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_NONE);
	CHECK_EQ(image_dependencies_judge(&verdict, running, &unmet), REFUSAL_DEPENDENCY);
	CHECK_EQ(unmet.image, 2);
	for (uint8_t i = 0; i <= IMAGE_DEPENDENCY_MAX; i++)
		add_dependency(&recipe, 1u + i, storage[i], i, (struct image_version) { 0, 0, 0, 0 });
	CHECK_EQ(judge(&recipe, &policy), REFUSAL_DEPENDENCY);
}
