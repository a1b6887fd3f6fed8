/* SPDX-License-Identifier: Apache-2.0 */
/* Header, TLV areas and policy under libFuzzer. The first bytes choose the policy, the rest is the slot.
 *
 * The digest is a checksum that a fuzzer can forge and a signature counts when its first byte is 'S': every path is reached. What is
 * promised: nothing outside the slot is read, and an accepted image lies within its limit and has all that the policy asks for. */
#include <merlon/lib/policy.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD = 8 };

struct slot {
	struct medium medium;
	const uint8_t *bytes;
};

static psa_status_t slot_read(const struct medium *medium, uint32_t offset, void *data, size_t size)
{
	const struct slot *slot = (const struct slot *)(const void *)medium;
	memcpy(data, slot->bytes + offset, size); /* a sanitizer sees what medium_read() let through */
	return PSA_SUCCESS;
}

static psa_status_t hash_begin(void *context)
{
	*(uint8_t *)context = 0;
	return PSA_SUCCESS;
}

static psa_status_t hash_update(void *context, const void *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		*(uint8_t *)context ^= ((const uint8_t *)data)[i];
	return PSA_SUCCESS;
}

static psa_status_t hash_finish(void *context, uint8_t digest[IMAGE_DIGEST_SIZE])
{
	memset(digest, *(uint8_t *)context, IMAGE_DIGEST_SIZE);
	return PSA_SUCCESS;
}

static psa_status_t verify(void *context, const struct image_key *key, const uint8_t digest[IMAGE_DIGEST_SIZE],
			   const uint8_t *signature, size_t signature_size)
{
	(void)context;
	(void)key;
	(void)digest;
	if (signature_size == 0)
		return PSA_ERROR_INVALID_ARGUMENT;
	return signature[0] == 'S' ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE;
}

static void require(bool condition)
{
	if (!condition)
		abort();
}

static void check_accepted(const struct image_policy *policy, const struct image_verdict *verdict)
{
	const struct image_header *header = &verdict->header;
	require(verdict->image_size <= policy->limit);
	require(header->header_size >= IMAGE_HEADER_SIZE);
	require((uint64_t)header->header_size + header->payload_size + header->protected_size < verdict->image_size);
	require(verdict->hash_matches && verdict->signature_matches && verdict->key_index < policy->key_count);
	require(!policy->counter_checked || (verdict->has_counter && verdict->counter >= policy->counter_minimum));
	require(policy->is_command || (policy->keys[verdict->key_index].role >> policy->image & 1) != 0);
	require(policy->is_command == ((header->flags & IMAGE_FLAG_NON_BOOTABLE) != 0));
	require(!policy->keys[verdict->key_index].revoked && verdict->revokes >> policy->key_count == 0);
	require(policy->development_allowed || !policy->keys[verdict->key_index].development);
	require(verdict->dependency_count <= IMAGE_DEPENDENCY_MAX);
	require(verdict->boot_record_offset + verdict->boot_record_size < verdict->image_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct medium_ops ops = { .read = slot_read };
	static const struct image_key keys[] = {
		{ .hash = { 1, 2, 3 }, .der = { 0x30 }, .der_size = 1, .role = IMAGE_KEY_FOR_SECURE },
		{ .hash = { 4, 5, 6 }, .der = { 0x30, 0x59 }, .der_size = 2, .role = IMAGE_KEY_FOR_BOTH, .development = true },
		{ .hash = { 7, 8, 9 }, .der = { 0x30, 0x5a }, .der_size = 2, .role = IMAGE_KEY_FOR_BOTH, .revoked = true },
	};
	uint8_t sum;
	struct image_verdict verdict;
	if (size < HEAD)
		return 0;
	struct slot slot = { .medium = { .ops = &ops, .size = (uint32_t)(size - HEAD) }, .bytes = data + HEAD };
	const struct image_crypto crypto = {
		.context = &sum,
		.hash_begin = hash_begin,
		.hash_update = hash_update,
		.hash_finish = hash_finish,
		.verify = verify,
	};
	const struct image_policy policy = {
		.keys = keys,
		.key_count = data[0] % 4,
		.is_command = data[1] >> 6 & 1,
		.image = data[1] & 1,
		.key_forms = data[1] >> 1 & 3,
		.development_allowed = data[1] >> 3 & 1,
		.counter_checked = data[1] >> 4 & 1,
		.address_checked = data[1] >> 5 & 1,
		.counter_minimum = data[2],
		.address = data[3],
		.limit = (uint32_t)(data[4] | data[5] << 8) % (slot.medium.size + 1),
	};
	enum refusal refusal = image_judge(&slot.medium, &policy, &crypto, &verdict);
	require(refusal == verdict.refusal && refusal < REFUSAL_COUNT);
	if (refusal == REFUSAL_NONE)
		check_accepted(&policy, &verdict);
	return 0;
}
