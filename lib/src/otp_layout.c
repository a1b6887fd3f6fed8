/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/crc.h>
#include <merlon/lib/le.h>
#include <merlon/lib/mem.h>
#include <merlon/lib/otp_layout.h>
#include <string.h>

enum {
	NUMBER_SIZE = 8,
	STATES_AFTER_DEBUG = 2, /* the way back, and the end */
	CHUNK_NUMBERS = 8,      /* read at a time */
	SEAL_SIZE = 8,
	BLANK = 0xff,
	SERIAL_AT = 0,
	HUK_AT = SERIAL_AT + OTP_SERIAL_MAX,
	IAK_AT = HUK_AT + OTP_HUK_SIZE,
	INSTANCE_AT = IAK_AT + OTP_IAK_SIZE,
	IDENTITY_PAYLOAD = INSTANCE_AT + OTP_INSTANCE_SIZE,
	KEY_DER_SIZE_AT = 0,
	KEY_ROLE_AT = 1,
	KEY_DEVELOPMENT_AT = 2,
	KEY_DER_AT = 8,
	KEY_PAYLOAD = KEY_DER_AT + IMAGE_KEY_DER_MAX,
	PAYLOAD_MAX = KEY_PAYLOAD,
};

/* A table of numbers { value, ~value }. `take` folds each whole one into `result`; false: it may not stand there. */
struct numbers {
	uint32_t offset, slots;
	bool (*take)(uint32_t *result, uint32_t value);
};

struct tally {
	uint32_t result;
	uint32_t last; /* slot of the last whole number; of no meaning when next is 0 */
	uint32_t next; /* behind the last slot that is not blank: no slot is used after one that follows it */
	bool damaged;
};

static bool take_highest(uint32_t *result, uint32_t value)
{
	*result = value > *result ? value : *result;
	return true;
}

/*
 * Stricter rules hold when a state is recorded. When it is read, a record that was torn may or may not show, and must not make those
 * around it look wrong: what counts is that the factory is never entered again, and nothing follows the end.
 */
static bool take_state(uint32_t *result, uint32_t value)
{
	uint32_t least = *result < OTP_LIFECYCLE_SECURED          ? OTP_LIFECYCLE_ASSEMBLY
			 : *result < OTP_LIFECYCLE_DECOMMISSIONED ? OTP_LIFECYCLE_SECURED
								  : OTP_LIFECYCLE_DECOMMISSIONED;
	*result = value;
	return value >= least && value <= OTP_LIFECYCLE_DECOMMISSIONED && value % OTP_LIFECYCLE_ASSEMBLY == 0;
}

static const struct numbers lifecycle_table = { OTP_LIFECYCLE_OFFSET, OTP_LIFECYCLE_SLOTS, take_state };

/* A mask of the key slots that are named. */
static bool take_slot(uint32_t *result, uint32_t value)
{
	if (value >= OTP_KEY_SLOTS)
		return false;
	*result |= 1u << value;
	return true;
}

static const struct numbers revocation_table = { OTP_REVOCATIONS_OFFSET, OTP_REVOCATION_SLOTS, take_slot };

static struct numbers counter_table(uint8_t image)
{
	return (struct numbers) { OTP_COUNTERS_OFFSET + (uint32_t)image * OTP_COUNTER_SLOTS * NUMBER_SIZE, OTP_COUNTER_SLOTS,
				  take_highest };
}

static void tally_number(const struct numbers *table, struct tally *tally, uint32_t slot, const uint8_t *number)
{
	uint32_t value = le32_load(number), complement = le32_load(number + 4);
	if ((value & complement) == UINT32_MAX)
		return;
	tally->next = slot + 1;
	tally->damaged |= (value | complement) != UINT32_MAX;
	if (value != ~complement)
		return;
	tally->last = slot;
	tally->damaged |= !table->take(&tally->result, value);
}

/*
 * Ends at the first chunk that is blank throughout: one number that was torn may read as blank, a whole chunk of them would take as
 * many cuts in a row, each of which happened to leave nothing.
 */
static psa_status_t tally_numbers(const struct medium *otp, const struct numbers *table, uint32_t start, struct tally *tally)
{
	uint8_t chunk[CHUNK_NUMBERS * NUMBER_SIZE];
	*tally = (struct tally) { .result = start };
	for (uint32_t first = 0; first < table->slots; first += CHUNK_NUMBERS) {
		psa_status_t status = medium_read(otp, table->offset + first * NUMBER_SIZE, chunk, sizeof chunk);
		if (status != PSA_SUCCESS)
			return status;
		if (mem_is_filled(chunk, BLANK, sizeof chunk))
			break;
		for (uint32_t i = 0; i < CHUNK_NUMBERS; i++)
			tally_number(table, tally, first + i, chunk + i * NUMBER_SIZE);
	}
	return tally->damaged ? PSA_ERROR_DATA_CORRUPT : PSA_SUCCESS;
}

static psa_status_t write_number(const struct medium *otp, const struct numbers *table, uint32_t slot, uint32_t value)
{
	uint8_t number[NUMBER_SIZE];
	if (slot >= table->slots)
		return PSA_ERROR_INSUFFICIENT_STORAGE;
	le32_store(number, value);
	le32_store(number + 4, ~value);
	return medium_program(otp, table->offset + slot * NUMBER_SIZE, number, sizeof number);
}

/* Sealed records: slots of one kind, each a payload and a seal { magic, crc32 over payload and magic }. */
struct sealed_kind {
	uint32_t magic, offset;
	uint16_t slot_size, payload_size;
	uint8_t slots;
};

static const struct sealed_kind identity_kind = { 0x4449544fu, OTP_IDENTITY_OFFSET, OTP_IDENTITY_SLOT_SIZE, IDENTITY_PAYLOAD,
						  OTP_IDENTITY_SLOTS };
static const struct sealed_kind key_kind = { 0x59454b4fu, OTP_KEYS_OFFSET, OTP_KEY_SLOT_SIZE, KEY_PAYLOAD, OTP_KEY_SLOTS };

enum slot_state { SLOT_BLANK, SLOT_SPOILT, SLOT_VALID };

struct slot {
	uint8_t bytes[PAYLOAD_MAX + SEAL_SIZE];
	enum slot_state state;
};

static void make_seal(const struct sealed_kind *kind, const uint8_t *payload, uint8_t seal[SEAL_SIZE])
{
	le32_store(seal, kind->magic);
	le32_store(seal + 4, crc32_update(crc32_update(0, payload, kind->payload_size), seal, 4));
}

static psa_status_t slot_read(const struct medium *otp, const struct sealed_kind *kind, uint8_t index, struct slot *slot)
{
	uint8_t seal[SEAL_SIZE];
	psa_status_t status = medium_read(otp, kind->offset + (uint32_t)index * kind->slot_size, slot->bytes,
					  (size_t)kind->payload_size + SEAL_SIZE);
	slot->state = SLOT_SPOILT;
	if (status != PSA_SUCCESS)
		return status;
	make_seal(kind, slot->bytes, seal);
	if (memcmp(seal, slot->bytes + kind->payload_size, SEAL_SIZE) == 0)
		slot->state = SLOT_VALID;
	else if (mem_is_filled(slot->bytes, BLANK, (size_t)kind->payload_size + SEAL_SIZE))
		slot->state = SLOT_BLANK;
	return PSA_SUCCESS;
}

/* Payload first: the seal is the last unit, and what has no seal does not count. */
static psa_status_t slot_write(const struct medium *otp, const struct sealed_kind *kind, uint8_t index, const uint8_t *payload)
{
	uint8_t seal[SEAL_SIZE];
	uint32_t offset = kind->offset + (uint32_t)index * kind->slot_size;
	make_seal(kind, payload, seal);
	psa_status_t status = medium_program(otp, offset, payload, kind->payload_size);
	return status == PSA_SUCCESS ? medium_program(otp, offset + kind->payload_size, seal, sizeof seal) : status;
}

/*
 * The record is there already. A seal whose writing was cut may read as whole by chance: writing the record again makes it so for good.
 */
static psa_status_t slot_settle(const struct medium *otp, const struct sealed_kind *kind, uint8_t index, const struct slot *slot)
{
	psa_status_t status = slot_write(otp, kind, index, slot->bytes);
	return status == PSA_SUCCESS ? PSA_ERROR_ALREADY_EXISTS : status;
}

/* Write into the first slot that is blank, or that holds this payload already: a try whose seal was cut is finished, not repeated. */
static psa_status_t slot_append(const struct medium *otp, const struct sealed_kind *kind, const uint8_t *payload)
{
	struct slot slot;
	for (uint8_t i = 0; i < kind->slots; i++) {
		psa_status_t status = slot_read(otp, kind, i, &slot);
		bool free = slot.state == SLOT_BLANK || mem_equal(slot.bytes, payload, kind->payload_size);
		mem_wipe(&slot, sizeof slot);
		if (status != PSA_SUCCESS)
			return status;
		if (free)
			return slot_write(otp, kind, i, payload);
	}
	return PSA_ERROR_INSUFFICIENT_STORAGE;
}

psa_status_t otp_lifecycle_get(const struct medium *otp, enum otp_lifecycle *state)
{
	struct tally tally;
	psa_status_t status = tally_numbers(otp, &lifecycle_table, OTP_LIFECYCLE_ASSEMBLY, &tally);
	*state = status == PSA_SUCCESS ? (enum otp_lifecycle)tally.result : OTP_LIFECYCLE_UNKNOWN;
	return status;
}

/* All bits to 0, in every identity slot: also in those that a cut left without a seal. */
static psa_status_t destroy_secrets(const struct medium *otp)
{
	static const uint8_t zeros[OTP_IDENTITY_SLOT_SIZE];
	psa_status_t status = PSA_SUCCESS;
	for (uint32_t i = 0; i < OTP_IDENTITY_SLOTS && status == PSA_SUCCESS; i++)
		status = medium_program(otp, OTP_IDENTITY_OFFSET + i * OTP_IDENTITY_SLOT_SIZE, zeros, sizeof zeros);
	return status;
}

psa_status_t otp_lifecycle_record(const struct medium *otp, enum otp_lifecycle state)
{
	struct tally tally;
	psa_status_t status = tally_numbers(otp, &lifecycle_table, OTP_LIFECYCLE_ASSEMBLY, &tally);
	if (status != PSA_SUCCESS)
		return status;
	bool repeated = tally.result == (uint32_t)state;
	if (!repeated && !lifecycle_has_edge(tally.result, state))
		return PSA_ERROR_NOT_PERMITTED;
	if (!repeated && lifecycle_is_debug(state) && tally.next + STATES_AFTER_DEBUG >= lifecycle_table.slots)
		return PSA_ERROR_INSUFFICIENT_STORAGE;
	/* A number whose writing was cut may read as whole by chance: writing it again makes it so for good. */
	if (!repeated || tally.next > 0)
		status = write_number(otp, &lifecycle_table, repeated ? tally.last : tally.next, state);
	return status;
}

psa_status_t otp_lifecycle_set(const struct medium *otp, enum otp_lifecycle state)
{
	psa_status_t status = otp_lifecycle_record(otp, state);
	return status == PSA_SUCCESS && state == OTP_LIFECYCLE_DECOMMISSIONED ? destroy_secrets(otp) : status;
}

psa_status_t otp_lifecycle_settle(const struct medium *otp, uint32_t state)
{
	if (lifecycle_is_debug(state))
		return otp_lifecycle_record(otp, OTP_LIFECYCLE_SECURED);
	return state == OTP_LIFECYCLE_DECOMMISSIONED ? otp_lifecycle_set(otp, OTP_LIFECYCLE_DECOMMISSIONED) : PSA_SUCCESS;
}

/* Identity and keys are written in the factory only. */
static psa_status_t check_provisioning(const struct medium *otp)
{
	enum otp_lifecycle state;
	psa_status_t status = otp_lifecycle_get(otp, &state);
	if (status != PSA_SUCCESS)
		return status;
	return lifecycle_allows(state, LIFECYCLE_PROVISION) ? PSA_SUCCESS : PSA_ERROR_NOT_PERMITTED;
}

psa_status_t otp_identity_get(const struct medium *otp, struct otp_identity *identity)
{
	struct slot slot = { .state = SLOT_BLANK };
	psa_status_t status = PSA_SUCCESS;
	memset(identity, 0, sizeof *identity);
	for (uint8_t i = 0; i < OTP_IDENTITY_SLOTS && status == PSA_SUCCESS && slot.state != SLOT_VALID; i++)
		status = slot_read(otp, &identity_kind, i, &slot);
	if (status == PSA_SUCCESS && slot.state != SLOT_VALID)
		status = PSA_ERROR_DOES_NOT_EXIST;
	if (status == PSA_SUCCESS) {
		memcpy(identity->serial, slot.bytes + SERIAL_AT, OTP_SERIAL_MAX);
		memcpy(identity->huk, slot.bytes + HUK_AT, OTP_HUK_SIZE);
		memcpy(identity->iak, slot.bytes + IAK_AT, OTP_IAK_SIZE);
		memcpy(identity->instance, slot.bytes + INSTANCE_AT, OTP_INSTANCE_SIZE);
	}
	mem_wipe(&slot, sizeof slot);
	return status;
}

static bool is_serial(const char serial[OTP_SERIAL_MAX + 1])
{
	const char *end = memchr(serial, '\0', OTP_SERIAL_MAX + 1);
	if (end == NULL || end == serial)
		return false;
	for (const char *c = serial; c < end; c++)
		if (*c <= ' ' || *c > '~')
			return false;
	return true;
}

psa_status_t otp_identity_set(const struct medium *otp, const struct otp_identity *identity)
{
	uint8_t payload[IDENTITY_PAYLOAD] = { 0 };
	if (!is_serial(identity->serial))
		return PSA_ERROR_INVALID_ARGUMENT;
	psa_status_t status = check_provisioning(otp);
	for (uint8_t i = 0; i < OTP_IDENTITY_SLOTS && status == PSA_SUCCESS; i++) {
		struct slot slot;
		status = slot_read(otp, &identity_kind, i, &slot);
		if (status == PSA_SUCCESS && slot.state == SLOT_VALID)
			status = slot_settle(otp, &identity_kind, i, &slot);
		mem_wipe(&slot, sizeof slot);
	}
	if (status != PSA_SUCCESS)
		return status;
	memcpy(payload + SERIAL_AT, identity->serial, strlen(identity->serial));
	memcpy(payload + HUK_AT, identity->huk, OTP_HUK_SIZE);
	memcpy(payload + IAK_AT, identity->iak, OTP_IAK_SIZE);
	memcpy(payload + INSTANCE_AT, identity->instance, OTP_INSTANCE_SIZE);
	status = slot_append(otp, &identity_kind, payload);
	mem_wipe(payload, sizeof payload);
	return status;
}

static bool is_key(uint8_t der_size, uint8_t role)
{
	return der_size > 0 && der_size <= IMAGE_KEY_DER_MAX && role > 0 && role <= IMAGE_KEY_FOR_BOTH;
}

static void decode_key(const uint8_t *payload, struct image_key *key)
{
	*key = (struct image_key) { .der_size = payload[KEY_DER_SIZE_AT],
				    .role = payload[KEY_ROLE_AT],
				    .development = payload[KEY_DEVELOPMENT_AT] != 0 };
	memcpy(key->der, payload + KEY_DER_AT, key->der_size);
}

/* A slot that holds a key, whole. */
static bool holds_key(const struct slot *slot)
{
	return slot->state == SLOT_VALID && is_key(slot->bytes[KEY_DER_SIZE_AT], slot->bytes[KEY_ROLE_AT]);
}

/* A slot whose writing was cut may read as whole at one time and not at another: its key then stands in the next slot, too. */
static bool is_first(const struct image_key *keys, uint8_t index)
{
	for (uint8_t i = 0; i < index; i++)
		if (memcmp(keys[i].der, keys[index].der, sizeof keys[i].der) == 0)
			return false;
	return true;
}

psa_status_t otp_keys_get(const struct medium *otp, struct image_key keys[IMAGE_KEY_MAX], uint8_t *count)
{
	struct slot slot;
	struct tally revoked;
	uint8_t found = 0;
	*count = 0;
	psa_status_t status = tally_numbers(otp, &revocation_table, 0, &revoked);
	for (uint8_t i = 0; i < OTP_KEY_SLOTS && found < IMAGE_KEY_MAX && status == PSA_SUCCESS; i++) {
		status = slot_read(otp, &key_kind, i, &slot);
		if (status != PSA_SUCCESS || !holds_key(&slot))
			continue;
		decode_key(slot.bytes, &keys[found]);
		keys[found].slot = i;
		keys[found].revoked = (revoked.result >> i & 1) != 0;
		found += is_first(keys, found);
	}
	if (status == PSA_SUCCESS)
		*count = found;
	return status;
}

psa_status_t otp_key_add(const struct medium *otp, const struct image_key *key)
{
	uint8_t payload[KEY_PAYLOAD] = { 0 }, count = 0;
	if (!is_key(key->der_size, key->role))
		return PSA_ERROR_INVALID_ARGUMENT;
	psa_status_t status = check_provisioning(otp);
	for (uint8_t i = 0; i < OTP_KEY_SLOTS && status == PSA_SUCCESS; i++) {
		struct slot slot;
		status = slot_read(otp, &key_kind, i, &slot);
		if (status != PSA_SUCCESS || !holds_key(&slot))
			continue;
		count++;
		if (slot.bytes[KEY_DER_SIZE_AT] == key->der_size && memcmp(slot.bytes + KEY_DER_AT, key->der, key->der_size) == 0)
			status = slot_settle(otp, &key_kind, i, &slot);
	}
	if (status != PSA_SUCCESS)
		return status;
	if (count == IMAGE_KEY_MAX)
		return PSA_ERROR_INSUFFICIENT_STORAGE;
	payload[KEY_DER_SIZE_AT] = key->der_size;
	payload[KEY_ROLE_AT] = key->role;
	payload[KEY_DEVELOPMENT_AT] = key->development;
	memcpy(payload + KEY_DER_AT, key->der, key->der_size);
	return slot_append(otp, &key_kind, payload);
}

/* Where a number stands that reads as whole; `end` when it does not stand anywhere. */
static uint32_t find_number(const struct medium *otp, const struct numbers *table, uint32_t end, uint32_t value)
{
	uint8_t number[NUMBER_SIZE];
	for (uint32_t i = 0; i < end; i++)
		if (medium_read(otp, table->offset + i * NUMBER_SIZE, number, sizeof number) == PSA_SUCCESS &&
		    le32_load(number) == value && le32_load(number + 4) == ~value)
			return i;
	return end;
}

psa_status_t otp_key_revoke(const struct medium *otp, uint8_t slot)
{
	struct tally tally;
	psa_status_t status = tally_numbers(otp, &revocation_table, 0, &tally);
	if (status != PSA_SUCCESS)
		return status;
	/* A number whose writing was cut may read as whole by chance: writing it again makes it so for good. */
	return write_number(otp, &revocation_table, find_number(otp, &revocation_table, tally.next, slot), slot);
}

psa_status_t otp_counter_get(const struct medium *otp, uint8_t image, uint32_t *value, uint32_t *room)
{
	struct tally tally;
	struct numbers table = counter_table(image);
	psa_status_t status = tally_numbers(otp, &table, 0, &tally);
	*value = tally.result;
	*room = table.slots - tally.next;
	return status;
}

psa_status_t otp_counter_raise(const struct medium *otp, uint8_t image, uint32_t value)
{
	struct tally tally;
	struct numbers table = counter_table(image);
	psa_status_t status = tally_numbers(otp, &table, 0, &tally);
	if (status != PSA_SUCCESS || value <= tally.result)
		return status;
	return write_number(otp, &table, tally.next, value);
}
