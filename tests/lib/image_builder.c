/* SPDX-License-Identifier: Apache-2.0 */
#include "image_builder.h"
#include <mbedtls/ecdsa.h>
#include <mbedtls/pk.h>
#include <mbedtls/sha256.h>
#include <merlon/crypto/image_crypto.h>
#include <merlon/lib/ecdsa_der.h>
#include <merlon/lib/le.h>
#include <merlon/test.h>
#include <stdlib.h>
#include <string.h>

static struct image_key keys[BUILDER_KEY_COUNT];
static mbedtls_pk_context pairs[BUILDER_KEY_COUNT];

/* Blinding only: what it gives does not show in the result. */
static int no_secret_random(void *unused, unsigned char *output, size_t size)
{
	(void)unused;
	for (size_t i = 0; i < size; i++)
		output[i] = (unsigned char)rand();
	return 0;
}

static void derive(enum builder_key which)
{
	char seed[] = "merlon test key ?";
	uint8_t scalar[32], der[2 * IMAGE_KEY_DER_MAX];
	seed[sizeof seed - 2] = (char)('A' + which);
	mbedtls_sha256((const uint8_t *)seed, sizeof seed - 1, scalar, 0);
	mbedtls_pk_init(&pairs[which]);
	CHECK(mbedtls_pk_setup(&pairs[which], mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)) == 0);
	mbedtls_ecp_keypair *pair = mbedtls_pk_ec(pairs[which]);
	CHECK(mbedtls_ecp_read_key(MBEDTLS_ECP_DP_SECP256R1, pair, scalar, sizeof scalar) == 0);
	CHECK(mbedtls_ecp_keypair_calc_public(pair, no_secret_random, NULL) == 0);
	int size = mbedtls_pk_write_pubkey_der(&pairs[which], der, sizeof der);
	CHECK(size > 0 && size <= IMAGE_KEY_DER_MAX);
	memcpy(keys[which].der, der + sizeof der - size, (size_t)size);
	keys[which].der_size = (uint8_t)size;
	keys[which].role = IMAGE_KEY_FOR_BOTH;
	mbedtls_sha256(keys[which].der, (size_t)size, keys[which].hash, 0);
}

const struct image_key *builder_key(enum builder_key key)
{
	if (keys[key].der_size == 0)
		derive(key);
	return &keys[key];
}

static psa_status_t slot_read(const struct medium *medium, uint32_t offset, void *data, size_t size)
{
	const struct builder_image *image = (const struct builder_image *)(const void *)medium;
	if (image->fails_at >= offset && image->fails_at < offset + size && image->fails_at != 0)
		return PSA_ERROR_STORAGE_FAILURE;
	memcpy(data, image->bytes + offset, size);
	return PSA_SUCCESS;
}

static void append(struct builder_image *image, const void *data, size_t size)
{
	CHECK(size <= sizeof image->bytes - image->size);
	memcpy(image->bytes + image->size, data, size);
	image->size += (uint32_t)size;
}

/* What belongs into a computed TLV; its size. */
static size_t compute(const struct builder_recipe *recipe, const struct builder_image *image, uint16_t type, uint8_t *value)
{
	uint8_t digest[32];
	size_t size = 0;
	const struct image_key *key = builder_key(recipe->key);
	mbedtls_sha256(image->bytes, image->middle, digest, 0);
	switch (type) {
	case IMAGE_TLV_SHA256:
		memcpy(value, digest, sizeof digest);
		return sizeof digest;
	case IMAGE_TLV_KEYHASH:
		memcpy(value, key->hash, sizeof key->hash);
		return sizeof key->hash;
	case IMAGE_TLV_PUBKEY:
		memcpy(value, key->der, key->der_size);
		return key->der_size;
	default:
		CHECK(mbedtls_pk_sign(&pairs[recipe->key], MBEDTLS_MD_SHA256, digest, sizeof digest, value,
				      MBEDTLS_PK_SIGNATURE_MAX_SIZE, &size, no_secret_random, NULL) == 0);
		return size;
	}
}

static bool is_computed(uint16_t type)
{
	return type == IMAGE_TLV_SHA256 || type == IMAGE_TLV_KEYHASH || type == IMAGE_TLV_PUBKEY || type == IMAGE_TLV_ECDSA_SIG;
}

static void append_area(struct builder_image *image, const struct builder_recipe *recipe, uint16_t magic,
			const struct builder_tlv *tlvs)
{
	uint32_t start = image->size;
	uint8_t head[4] = { 0 }, value[512];
	append(image, head, sizeof head);
	for (const struct builder_tlv *tlv = tlvs; tlv->type != 0; tlv++) {
		memset(value, 0, sizeof value);
		size_t size = tlv->size == BUILDER_WHOLE ? 0 : tlv->size;
		if (tlv->data != NULL) {
			memcpy(value, tlv->data, size);
		} else if (is_computed(tlv->type)) {
			size_t whole = compute(recipe, image, tlv->type, value);
			size = tlv->size == BUILDER_WHOLE ? whole : size;
		}
		le16_store(head, tlv->type);
		le16_store(head + 2, (uint16_t)size);
		append(image, head, sizeof head);
		append(image, value, size);
	}
	le16_store(image->bytes + start, magic);
	le16_store(image->bytes + start + 2, (uint16_t)(image->size - start));
}

struct builder_recipe builder_recipe(void)
{
	static const uint8_t counter[4] = { 7 };
	return (struct builder_recipe) {
		.header_size = IMAGE_HEADER_SIZE,
		.payload_size = 64,
		.version = { 1, 2, 3, 4 },
		.protected_tlvs = { { IMAGE_TLV_SEC_CNT, 4, counter } },
		.tlvs = { { IMAGE_TLV_SHA256, BUILDER_WHOLE, NULL },
			  { IMAGE_TLV_KEYHASH, BUILDER_WHOLE, NULL },
			  { IMAGE_TLV_ECDSA_SIG, BUILDER_WHOLE, NULL } },
	};
}

void builder_build(struct builder_image *image, const struct builder_recipe *recipe)
{
	static const struct medium_ops ops = { .read = slot_read };
	(void)builder_key(recipe->key);
	*image = (struct builder_image) { .medium = { .ops = &ops, .size = BUILDER_SLOT_SIZE } };
	memset(image->bytes, 0xff, sizeof image->bytes);
	image->size = recipe->header_size;
	for (unsigned i = 0; i < recipe->payload_size; i++)
		image->bytes[image->size++] = (uint8_t)(i * 37 + 11);
	uint32_t start = image->size;
	if (recipe->protected_tlvs[0].type != 0)
		append_area(image, recipe, IMAGE_TLV_PROTECTED_MAGIC, recipe->protected_tlvs);
	struct image_header header = {
		.load_address = recipe->load_address,
		.flags = recipe->flags,
		.payload_size = recipe->payload_size,
		.header_size = recipe->header_size,
		.protected_size = (uint16_t)(image->size - start),
		.version = recipe->version,
	};
	image_header_encode(&header, image->bytes);
	image->middle = image->size;
	if (recipe->alter_signed != NULL)
		recipe->alter_signed(image);
	append_area(image, recipe, IMAGE_TLV_MAGIC, recipe->tlvs);
	if (recipe->alter != NULL)
		recipe->alter(image);
}

uint32_t builder_find(const struct builder_image *image, uint16_t type)
{
	struct image_header header;
	struct image_tlv_iterator it;
	struct image_tlv_entry entry;
	enum refusal refusal;
	CHECK_EQ(image_header_read(&image->medium, BUILDER_SLOT_SIZE, &header), REFUSAL_NONE);
	CHECK_EQ(image_tlv_begin(&it, &image->medium, BUILDER_SLOT_SIZE, &header), REFUSAL_NONE);
	while (image_tlv_next(&it, &entry, &refusal))
		if (entry.type == type)
			return entry.offset - IMAGE_TLV_INFO_SIZE;
	test_fail(__FILE__, __LINE__, "builder_find", "no TLV 0x%04x", type);
}

struct image_policy builder_policy(void)
{
	static struct image_key trusted[BUILDER_KEY_COUNT];
	for (enum builder_key key = 0; key < BUILDER_KEY_COUNT; key++)
		trusted[key] = *builder_key(key);
	return (struct image_policy) {
		.keys = trusted,
		.key_count = BUILDER_KEY_COUNT,
		.key_forms = IMAGE_KEY_FORM_BOTH,
		.limit = BUILDER_LIMIT,
	};
}

enum refusal builder_judge(const struct builder_image *image, const struct image_policy *policy, struct image_verdict *verdict)
{
	struct sha256 hash;
	struct image_crypto crypto;
	image_crypto_init(&crypto, &hash, NULL);
	return image_judge(&image->medium, policy, &crypto, verdict);
}
