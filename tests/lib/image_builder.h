/* SPDX-License-Identifier: Apache-2.0 */
/* Signed images for tests, good and malformed: a recipe says what stands where, the builder computes digests and signatures. */
#ifndef TESTS_LIB_IMAGE_BUILDER_H
#define TESTS_LIB_IMAGE_BUILDER_H

#include <merlon/lib/policy.h>

enum { BUILDER_SLOT_SIZE = 2048, BUILDER_LIMIT = 1024, BUILDER_TLV_MAX = 12, BUILDER_WHOLE = 0xffff };
enum builder_key { BUILDER_KEY_A, BUILDER_KEY_B, BUILDER_KEY_COUNT };

/* One TLV. Without data, the types SHA256, KEYHASH, PUBKEY and ECDSA_SIG get what belongs there, cut or filled to `size`. */
struct builder_tlv {
	uint16_t type, size; /* type 0: end of the list; size BUILDER_WHOLE: as long as it is */
	const void *data;
};

struct builder_image {
	struct medium medium;
	uint8_t bytes[BUILDER_SLOT_SIZE]; /* the slot; erased behind the image */
	uint32_t size, middle;            /* of the image; where the unprotected area begins */
	uint32_t fails_at;                /* reads that touch this offset fail; 0: none */
};

struct builder_recipe {
	uint32_t flags, load_address;
	uint16_t header_size, payload_size;
	struct image_version version;
	enum builder_key key;
	struct builder_tlv protected_tlvs[BUILDER_TLV_MAX], tlvs[BUILDER_TLV_MAX];
	void (*alter_signed)(struct builder_image *image); /* before the digest is taken */
	void (*alter)(struct builder_image *image);        /* at the end */
};

/* A good image: header of 32 bytes, counter 7, named by KEYHASH, signed with key A. */
struct builder_recipe builder_recipe(void);
void builder_build(struct builder_image *image, const struct builder_recipe *recipe);
/* The offset of the first TLV of this type, its head; test fails when there is none. */
uint32_t builder_find(const struct builder_image *image, uint16_t type);

/* Key pairs are derived from a text when they are first asked for: the tree holds no private key. */
const struct image_key *builder_key(enum builder_key key);
/* Both keys for both images, both forms, no rollback check. */
struct image_policy builder_policy(void);
enum refusal builder_judge(const struct builder_image *image, const struct image_policy *policy, struct image_verdict *verdict);

#endif
