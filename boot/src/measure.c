/* SPDX-License-Identifier: Apache-2.0 */
/* Shared data for the Secure image: what was measured, counted and refused. Page: docs/format/handover.md. */
#include "internal.h"
#include <merlon/lib/le.h>
#include <string.h>

/* The boot record is a CBOR map that ends in key 2, the measurement: 32 bytes, in the image zeros, here the real digest. */
static const uint8_t record_tail[] = { 0x02, 0x58, IMAGE_DIGEST_SIZE };

struct cbor {
	uint8_t *buffer;
	uint16_t used;
};

static void cbor_put(struct cbor *cbor, const void *data, uint16_t size)
{
	memcpy(cbor->buffer + cbor->used, data, size);
	cbor->used = (uint16_t)(cbor->used + size);
}

/* A key below 24 and a text below 24 bytes. */
static void cbor_put_text(struct cbor *cbor, uint8_t key, const char *text)
{
	uint8_t head[] = { key, (uint8_t)(0x60 | strlen(text)) };
	cbor_put(cbor, head, sizeof head);
	cbor_put(cbor, text, (uint16_t)strlen(text));
}

static char *put_decimal(char *at, uint32_t number)
{
	if (number >= 10)
		at = put_decimal(at, number / 10);
	*at = (char)('0' + number % 10);
	return at + 1;
}

/* "a.b.c", as imgtool writes it */
static void version_text(const struct image_version *version, char text[16])
{
	char *at = put_decimal(text, version->major);
	*at++ = '.';
	at = put_decimal(at, version->minor);
	*at++ = '.';
	*put_decimal(at, version->revision) = '\0';
}

/* For an image without a record of its own: the same claims in the same order. */
static void record_build(const struct boot *boot, uint8_t image, struct cbor *cbor)
{
	static const uint8_t map_of_five = 0xa5, signer_head[] = { 0x05, 0x58, IMAGE_DIGEST_SIZE };
	const struct image_verdict *verdict = &boot->running[image];
	char version[16];
	version_text(&verdict->header.version, version);
	cbor_put(cbor, &map_of_five, 1);
	cbor_put_text(cbor, 1, image == IMAGE_SECURE ? "SPE" : "NSPE");
	cbor_put_text(cbor, 4, version);
	cbor_put(cbor, signer_head, sizeof signer_head);
	cbor_put(cbor, boot->trust.keys[verdict->key_index].hash, IMAGE_DIGEST_SIZE);
	cbor_put_text(cbor, 6, "SHA256");
	cbor_put(cbor, record_tail, sizeof record_tail);
	cbor->used += IMAGE_DIGEST_SIZE;
}

/* The image's own record. False: it has none that ends as it must. */
static bool record_read(struct boot *boot, uint8_t image, struct cbor *cbor)
{
	const struct image_verdict *verdict = &boot->running[image];
	uint16_t size = verdict->boot_record_size, tail = sizeof record_tail + IMAGE_DIGEST_SIZE;
	if (verdict->boot_record_offset == 0 || size < tail || size > sizeof boot->buffer ||
	    medium_read(boot_running_medium(boot, image), verdict->boot_record_offset, cbor->buffer, size) != PSA_SUCCESS)
		return false;
	cbor->used = size;
	return memcmp(cbor->buffer + size - tail, record_tail, sizeof record_tail) == 0;
}

static psa_status_t add_record(struct boot *boot, struct handover_writer *writer, uint8_t image)
{
	struct cbor cbor = { .buffer = boot->buffer };
	if (!record_read(boot, image, &cbor)) {
		cbor.used = 0;
		record_build(boot, image, &cbor);
	}
	memcpy(cbor.buffer + cbor.used - IMAGE_DIGEST_SIZE, boot->running[image].digest, IMAGE_DIGEST_SIZE);
	return handover_add(writer, HANDOVER_BOOT_RECORD(image), cbor.buffer, cbor.used);
}

static psa_status_t add_counters(const struct boot *boot, struct handover_writer *writer)
{
	uint8_t bytes[4 * IMAGE_COUNT];
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		le32_store(bytes + 4 * i, boot->trust.counters[i]);
	return handover_add(writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_COUNTERS), bytes, sizeof bytes);
}

/** Write the shared data. Fails only when the caller's memory is too small for what must be in it. */
psa_status_t boot_hand_over(struct boot *boot)
{
	const struct journal_state *state = &boot->journal.state;
	struct handover_set set = { (uint8_t)state->phase, state->images,
				    (uint8_t)(state->attempts_allowed - state->attempts_used) };
	struct handover_writer writer;
	if (boot->handover == NULL)
		return PSA_SUCCESS;
	handover_begin(&writer, boot->handover, boot->handover_size);
	psa_status_t status =
		handover_add_u32(&writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_RESET_CAUSE), boot->reset_cause);
	if (status == PSA_SUCCESS)
		status = handover_add_u32(&writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_LIFECYCLE), boot->trust.lifecycle);
	if (status == PSA_SUCCESS)
		status = handover_add_set(&writer, &set);
	if (status == PSA_SUCCESS)
		status = add_counters(boot, &writer);
	for (uint8_t i = 0; i < IMAGE_COUNT && status == PSA_SUCCESS; i++)
		status = add_record(boot, &writer, i);
	for (uint8_t i = 0; i < boot->refusal_count && status == PSA_SUCCESS; i++)
		status = handover_add_refusal(&writer, &boot->refusals[i]);
	return status;
}
