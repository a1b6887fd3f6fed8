/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/ecdsa_der.h>
#include <merlon/lib/le.h>
#include <merlon/lib/mem.h>
#include <merlon/lib/policy.h>
#include <string.h>

enum { BUFFER_SIZE = 512 }; /* hashed at a time; also holds a key, a signature or a digest from the slot */

/* What is kept of the TLVs. Each may stand once; dependencies and keys to revoke any number of times. */
enum place {
	PLACE_HASH,
	PLACE_KEY,
	PLACE_SIGNATURE,
	PLACE_COUNTER,
	PLACE_RECORD,
	PLACE_COUNT,
	PLACE_DEPENDENCY = PLACE_COUNT,
	PLACE_REVOKE
};

/* The TLVs that this code knows: where each must stand, how long it must be (0: any size), where it is kept. */
struct rule {
	uint16_t type;
	uint8_t size, place;
	bool is_protected;
};
static const struct rule rules[] = {
	{ IMAGE_TLV_KEYHASH, 0, PLACE_KEY, false }, /* is_named() wants it whole */
	{ IMAGE_TLV_PUBKEY, 0, PLACE_KEY, false },
	{ IMAGE_TLV_SHA256, IMAGE_DIGEST_SIZE, PLACE_HASH, false },
	{ IMAGE_TLV_ECDSA_SIG, 0, PLACE_SIGNATURE, false },
	{ IMAGE_TLV_DEPENDENCY, IMAGE_DEPENDENCY_SIZE, PLACE_DEPENDENCY, true },
	{ IMAGE_TLV_SEC_CNT, sizeof(uint32_t), PLACE_COUNTER, true },
	{ IMAGE_TLV_BOOT_RECORD, 0, PLACE_RECORD, true },
	{ IMAGE_TLV_KEY_REVOKE, IMAGE_DIGEST_SIZE, PLACE_REVOKE, true },
};

struct judge {
	const struct medium *slot;
	const struct image_policy *policy;
	const struct image_crypto *crypto;
	struct image_verdict *verdict;
	uint8_t *buffer;                           /* of BUFFER_SIZE */
	struct image_tlv_entry found[PLACE_COUNT]; /* offset 0: absent */
};

static enum refusal judge_flags(const struct image_policy *policy, const struct image_header *header)
{
	const uint32_t unsupported = IMAGE_FLAG_ENCRYPTED_AES128 | IMAGE_FLAG_ENCRYPTED_AES256 | IMAGE_FLAG_RAM_LOAD |
				     IMAGE_FLAG_LZMA1 | IMAGE_FLAG_LZMA2 | IMAGE_FLAG_ARM_THUMB_FILTER;
	if (header->flags & unsupported)
		return REFUSAL_FLAGS;
	if (policy->is_command && (header->flags & IMAGE_FLAG_NON_BOOTABLE) == 0)
		return REFUSAL_FLAGS;
	if (!policy->is_command && (header->flags & IMAGE_FLAG_NON_BOOTABLE) != 0)
		return REFUSAL_NON_BOOTABLE;
	if ((header->flags & IMAGE_FLAG_ROM_FIXED) && policy->address_checked && header->load_address != policy->address)
		return REFUSAL_ADDRESS;
	return REFUSAL_NONE;
}

/* Keep a dependency; of several on one image the highest counts, so that there is room for every image that can exist. */
static enum refusal keep_dependency(struct image_verdict *verdict, const uint8_t bytes[IMAGE_DEPENDENCY_SIZE])
{
	struct image_dependency dependency = { .image = bytes[0] };
	image_version_decode(bytes + IMAGE_DEPENDENCY_SIZE - IMAGE_VERSION_SIZE, &dependency.minimum);
	unsigned i = 0;
	while (i < verdict->dependency_count && verdict->dependencies[i].image != dependency.image)
		i++;
	if (i == IMAGE_DEPENDENCY_MAX)
		return REFUSAL_DEPENDENCY; /* on more images than there are: it cannot be met */
	if (i == verdict->dependency_count)
		verdict->dependency_count++;
	else if (image_version_compare(&dependency.minimum, &verdict->dependencies[i].minimum) <= 0)
		return REFUSAL_NONE;
	verdict->dependencies[i] = dependency;
	return REFUSAL_NONE;
}

/* Keep which of the trusted keys is to be revoked; a hash that names none asks for nothing. */
static enum refusal keep_revoked(struct judge *j)
{
	for (uint8_t i = 0; i < j->policy->key_count; i++)
		if (memcmp(j->policy->keys[i].hash, j->buffer, IMAGE_DIGEST_SIZE) == 0)
			j->verdict->revokes |= (uint8_t)(1u << i);
	return REFUSAL_NONE;
}

static const struct rule *rule_of(uint16_t type)
{
	for (unsigned i = 0; i < sizeof rules / sizeof rules[0]; i++)
		if (rules[i].type == type)
			return &rules[i];
	return NULL;
}

/* Hashes, signatures and encryption keys of algorithms that this build does not have: MCUboot's list of what may stand unprotected. */
static bool is_foreign_algorithm(uint16_t type)
{
	return type == IMAGE_TLV_SHA384 || type == IMAGE_TLV_SHA512 || (type >= IMAGE_TLV_RSA2048 && type <= IMAGE_TLV_SIG_PURE) ||
	       (type >= IMAGE_TLV_ENC_RSA2048 && type <= IMAGE_TLV_ENC_X25519_SHA512);
}

static enum refusal keep_tlv(struct judge *j, const struct image_tlv_entry *entry)
{
	const struct rule *rule = rule_of(entry->type);
	if (rule == NULL) /* protected: vendor's, signed; otherwise anybody's */
		return entry->is_protected || is_foreign_algorithm(entry->type) ? REFUSAL_NONE : REFUSAL_TLV_UNPROTECTED;
	if (rule->is_protected != entry->is_protected)
		return rule->is_protected ? REFUSAL_TLV_UNPROTECTED : REFUSAL_TLV;
	if (rule->size != 0 && rule->size != entry->size)
		return REFUSAL_TLV;
	if (rule->place >= PLACE_COUNT) {
		if (medium_read(j->slot, entry->offset, j->buffer, rule->size) != PSA_SUCCESS)
			return REFUSAL_READ;
		return rule->place == PLACE_REVOKE ? keep_revoked(j) : keep_dependency(j->verdict, j->buffer);
	}
	if (j->found[rule->place].offset != 0)
		return REFUSAL_TLV;
	j->found[rule->place] = *entry;
	return REFUSAL_NONE;
}

static enum refusal judge_tlvs(struct judge *j)
{
	struct image_tlv_iterator it;
	struct image_tlv_entry entry;
	enum refusal refusal = image_tlv_begin(&it, j->slot, j->policy->limit, &j->verdict->header);
	if (refusal != REFUSAL_NONE)
		return refusal;
	j->verdict->image_size = image_tlv_end(&it);
	while (image_tlv_next(&it, &entry, &refusal)) {
		refusal = keep_tlv(j, &entry);
		if (refusal != REFUSAL_NONE)
			return refusal;
	}
	if (refusal != REFUSAL_NONE)
		return refusal;
	j->verdict->boot_record_offset = j->found[PLACE_RECORD].offset;
	j->verdict->boot_record_size = j->found[PLACE_RECORD].size;
	if (j->found[PLACE_COUNTER].offset == 0)
		return REFUSAL_NONE;
	if (medium_read(j->slot, j->found[PLACE_COUNTER].offset, j->buffer, sizeof(uint32_t)) != PSA_SUCCESS)
		return REFUSAL_READ;
	j->verdict->has_counter = true;
	j->verdict->counter = le32_load(j->buffer);
	return REFUSAL_NONE;
}

static enum refusal judge_hash(struct judge *j)
{
	const struct image_header *header = &j->verdict->header;
	const struct image_crypto *crypto = j->crypto;
	uint32_t end = header->header_size + header->payload_size + header->protected_size;
	if (j->found[PLACE_HASH].offset == 0)
		return REFUSAL_HASH_MISSING;
	psa_status_t status = crypto->hash_begin(crypto->context);
	for (uint32_t offset = 0, size; status == PSA_SUCCESS && offset < end; offset += size) {
		size = end - offset < BUFFER_SIZE ? end - offset : BUFFER_SIZE;
		if (medium_read(j->slot, offset, j->buffer, size) != PSA_SUCCESS)
			return REFUSAL_READ;
		status = crypto->hash_update(crypto->context, j->buffer, size);
		if (crypto->progress != NULL)
			crypto->progress(crypto->context);
	}
	if (status != PSA_SUCCESS || crypto->hash_finish(crypto->context, j->verdict->digest) != PSA_SUCCESS)
		return REFUSAL_HASH;
	if (medium_read(j->slot, j->found[PLACE_HASH].offset, j->buffer, IMAGE_DIGEST_SIZE) != PSA_SUCCESS)
		return REFUSAL_READ;
	j->verdict->hash_matches = mem_equal(j->buffer, j->verdict->digest, IMAGE_DIGEST_SIZE);
	return j->verdict->hash_matches ? REFUSAL_NONE : REFUSAL_HASH;
}

/* Is this the key that the image names? Whole and exact: a short or empty reference names no key. */
static bool is_named(const struct judge *j, const struct image_key *key)
{
	const struct image_tlv_entry *name = &j->found[PLACE_KEY];
	const uint8_t *value = name->type == IMAGE_TLV_KEYHASH ? key->hash : key->der;
	size_t size = name->type == IMAGE_TLV_KEYHASH ? IMAGE_DIGEST_SIZE : key->der_size;
	return name->size == size && memcmp(j->buffer, value, size) == 0;
}

static enum refusal judge_key(struct judge *j)
{
	const struct image_policy *policy = j->policy;
	const struct image_tlv_entry *name = &j->found[PLACE_KEY];
	uint8_t form = name->type == IMAGE_TLV_KEYHASH ? IMAGE_KEY_FORM_HASH : IMAGE_KEY_FORM_FULL;
	/* A reference counts for the signature after it, as in MCUboot. */
	if (name->offset == 0 || (form & policy->key_forms) == 0 || j->found[PLACE_SIGNATURE].offset < name->offset)
		return REFUSAL_KEY_MISSING;
	if (name->size > IMAGE_KEY_DER_MAX)
		return REFUSAL_KEY_UNKNOWN;
	if (medium_read(j->slot, name->offset, j->buffer, name->size) != PSA_SUCCESS)
		return REFUSAL_READ;
	uint8_t i = 0;
	while (i < policy->key_count && !is_named(j, &policy->keys[i]))
		i++;
	if (i == policy->key_count)
		return REFUSAL_KEY_UNKNOWN;
	if (policy->keys[i].revoked)
		return REFUSAL_KEY_REVOKED;
	if (!policy->is_command && (policy->keys[i].role >> policy->image & 1) == 0)
		return REFUSAL_KEY_ROLE;
	if (policy->keys[i].development && !policy->development_allowed)
		return REFUSAL_KEY_DEVELOPMENT;
	j->verdict->key_index = i;
	return REFUSAL_NONE;
}

static enum refusal judge_signature(struct judge *j)
{
	const struct image_tlv_entry *signature = &j->found[PLACE_SIGNATURE];
	if (signature->size > ECDSA_SIGNATURE_MAX)
		return REFUSAL_SIGNATURE_FORMAT;
	if (medium_read(j->slot, signature->offset, j->buffer, signature->size) != PSA_SUCCESS)
		return REFUSAL_READ;
	psa_status_t status = j->crypto->verify(j->crypto->context, &j->policy->keys[j->verdict->key_index], j->verdict->digest,
						j->buffer, signature->size);
	j->verdict->signature_matches = status == PSA_SUCCESS;
	if (status == PSA_SUCCESS)
		return REFUSAL_NONE;
	return status == PSA_ERROR_INVALID_ARGUMENT ? REFUSAL_SIGNATURE_FORMAT : REFUSAL_SIGNATURE;
}

static enum refusal judge_counter(const struct image_policy *policy, const struct image_verdict *verdict)
{
	if (!policy->counter_checked)
		return REFUSAL_NONE;
	if (!verdict->has_counter)
		return REFUSAL_COUNTER_MISSING;
	return verdict->counter < policy->counter_minimum ? REFUSAL_COUNTER : REFUSAL_NONE;
}

/* What OTP will remember is read once more: a read may have given what is not there, and only the bytes that were hashed are signed. */
static enum refusal judge_reading(struct judge *j)
{
	struct image_verdict *verdict = j->verdict;
	uint32_t counter = verdict->counter, revokes = verdict->revokes;
	memset(j->found, 0, sizeof j->found);
	verdict->dependency_count = verdict->revokes = 0;
	enum refusal refusal = judge_tlvs(j);
	if (refusal == REFUSAL_NONE && (verdict->counter != counter || verdict->revokes != revokes))
		refusal = REFUSAL_READ;
	return refusal;
}

/* The steps in order; the first that refuses decides. Nothing is read from the image's word alone before its length was checked, and
 * the counter is judged last: it means something only under a signature. */
static enum refusal judge_all(struct judge *j)
{
	enum refusal refusal = image_header_read(j->slot, j->policy->limit, &j->verdict->header);
	if (refusal == REFUSAL_NONE)
		refusal = judge_flags(j->policy, &j->verdict->header);
	if (refusal == REFUSAL_NONE)
		refusal = judge_tlvs(j);
	if (refusal == REFUSAL_NONE)
		refusal = judge_hash(j);
	if (refusal == REFUSAL_NONE)
		refusal = judge_key(j);
	if (refusal == REFUSAL_NONE)
		refusal = judge_signature(j);
	if (refusal == REFUSAL_NONE)
		refusal = judge_reading(j);
	if (refusal == REFUSAL_NONE)
		refusal = judge_counter(j->policy, j->verdict);
	return refusal;
}

enum refusal image_judge(const struct medium *slot, const struct image_policy *policy, const struct image_crypto *crypto,
			 struct image_verdict *verdict)
{
	uint8_t buffer[BUFFER_SIZE];
	struct judge j = { .slot = slot, .policy = policy, .crypto = crypto, .verdict = verdict, .buffer = buffer };
	memset(verdict, 0, sizeof *verdict);
	verdict->refusal = judge_all(&j);
	return verdict->refusal;
}

enum refusal image_dependencies_judge(const struct image_verdict *verdict, const struct image_version running[IMAGE_COUNT],
				      struct image_dependency *unmet)
{
	for (unsigned i = 0; i < verdict->dependency_count; i++) {
		const struct image_dependency *dependency = &verdict->dependencies[i];
		if (dependency->image >= IMAGE_COUNT ||
		    image_version_compare(&running[dependency->image], &dependency->minimum) < 0) {
			*unmet = *dependency;
			return REFUSAL_DEPENDENCY;
		}
	}
	return REFUSAL_NONE;
}

enum refusal image_entry_judge(const struct medium *slot, uint32_t address, const struct image_verdict *verdict)
{
	uint8_t vectors[8];
	uint32_t first = address + verdict->header.header_size;
	if (medium_read(slot, verdict->header.header_size, vectors, sizeof vectors) != PSA_SUCCESS)
		return REFUSAL_READ;
	uint32_t reset = le32_load(vectors + 4) & ~1u;
	return reset >= first && reset - first < verdict->header.payload_size ? REFUSAL_NONE : REFUSAL_ADDRESS;
}
