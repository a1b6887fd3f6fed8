/* SPDX-License-Identifier: Apache-2.0 */
#include "facts.h"
#include <merlon/lib/text.h>
#include <string.h>

static const char *const default_types[IMAGE_COUNT] = { [IMAGE_SECURE] = "SPE", [IMAGE_NONSECURE] = "NSPE" };
static const char measurement_description[] = "sha-256";

static void copy_text(char *copy, size_t capacity, const char *text)
{
	size_t size = strlen(text);
	if (size < capacity)
		memcpy(copy, text, size + 1);
}

/* The software type is key 1 of the image's boot record, which is signed with the image. */
static bool find_type(const uint8_t *record, uint16_t size, struct cbor_item *type)
{
	enum { KEY_TYPE = 1 };
	struct cbor_reader reader = { record, size, 0 };
	struct cbor_item map, key;
	if (!cbor_expect(&reader, CBOR_MAP, &map))
		return false;
	for (uint64_t i = 0; i < map.value; i++) {
		if (!cbor_expect(&reader, CBOR_UNSIGNED, &key))
			return false;
		if (key.value == KEY_TYPE)
			return cbor_expect(&reader, CBOR_TEXT, type) && type->value > 0 && type->value <= ATTEST_TYPE_MAX;
		if (!cbor_skip(&reader))
			return false;
	}
	return false;
}

static void name_image(const struct attest_config *config, uint8_t image, struct attest_image *fact)
{
	const uint8_t *record;
	uint16_t size;
	struct cbor_item type = { .kind = CBOR_TEXT };
	const char *name = default_types[image];
	fact->type_size = strlen(name);
	if (handover_find(config->handover, config->handover_size, HANDOVER_BOOT_RECORD(image), &record, &size) == PSA_SUCCESS &&
	    find_type(record, size, &type)) {
		name = (const char *)type.data;
		fact->type_size = (size_t)type.value;
	}
	memcpy(fact->type, name, fact->type_size);
}

/* 1.2.3, or 1.2.3+4. */
static void write_version(struct attest_image *fact)
{
	const struct image_version *version = &fact->found.version;
	struct text text = { fact->version, sizeof fact->version, 0 };
	text_add_number(&text, version->major);
	text_add(&text, ".");
	text_add_number(&text, version->minor);
	text_add(&text, ".");
	text_add_number(&text, version->revision);
	if (version->build != 0) {
		text_add(&text, "+");
		text_add_number(&text, version->build);
	}
	fact->version_size = text.size;
}

static psa_status_t collect_images(struct attest_facts *facts, const struct attest_config *config)
{
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		struct attest_image *fact = &facts->images[i];
		psa_status_t status = handover_find_measurement(config->handover, config->handover_size, i, &fact->found);
		if (status != PSA_SUCCESS)
			return status;
		name_image(config, i, fact);
		write_version(fact);
	}
	return handover_find_u32(config->handover, config->handover_size, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_LIFECYCLE),
				 &facts->lifecycle);
}

void attest_facts_collect(struct attest_facts *facts, const struct attest_config *config)
{
	memset(facts, 0, sizeof *facts);
	facts->has_key = config->instance != NULL;
	facts->instance[0] = TOKEN_UEID_RAND;
	if (facts->has_key)
		memcpy(facts->instance + 1, config->instance, ATTEST_INSTANCE_HASH_SIZE);
	copy_text(facts->implementation, sizeof facts->implementation, config->implementation);
	if (token_certification_ok(config->certification, strlen(config->certification)))
		copy_text(facts->certification, sizeof facts->certification, config->certification);
	copy_text(facts->service, sizeof facts->service, config->service);
	facts->status = collect_images(facts, config);
}

static struct token_slice slice_of(const char *text)
{
	return (struct token_slice) { text[0] != '\0' ? text : NULL, strlen(text) };
}

void attest_facts_claim(const struct attest_facts *facts, struct token_claims *claims)
{
	claims->instance = (struct token_slice) { facts->instance, sizeof facts->instance };
	claims->certification = slice_of(facts->certification);
	claims->service = slice_of(facts->service);
	claims->lifecycle = facts->lifecycle;
	claims->component_count = IMAGE_COUNT;
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		const struct attest_image *fact = &facts->images[i];
		claims->components[i] = (struct token_component) {
			.type = { fact->type, fact->type_size },
			.version = { fact->version, fact->version_size },
			.description = slice_of(measurement_description),
			.measurement = { fact->found.digest, IMAGE_DIGEST_SIZE },
			.signer = { fact->found.signer, IMAGE_DIGEST_SIZE },
		};
	}
}
