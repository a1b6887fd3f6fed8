/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/token.h>
#include <string.h>

/* Keys of the claims, ascending: that is also their order in deterministic encoding. */
enum claim {
	CLAIM_NONCE = 10,
	CLAIM_INSTANCE = 256,
	CLAIM_PROFILE = 265,
	CLAIM_BOOT_SEED = 268,
	CLAIM_CLIENT = 2394,
	CLAIM_LIFECYCLE = 2395,
	CLAIM_IMPLEMENTATION = 2396,
	CLAIM_CERTIFICATION = 2398,
	CLAIM_COMPONENTS = 2399,
	CLAIM_SERVICE = 2400,
};

enum component_key {
	COMPONENT_TYPE = 1,
	COMPONENT_MEASUREMENT = 2,
	COMPONENT_VERSION = 4,
	COMPONENT_SIGNER = 5,
	COMPONENT_DESCRIPTION = 6
};

enum { LIFECYCLE_STATE_STEP = 0x1000, LIFECYCLE_STATE_LAST = 6, LIFECYCLE_SUBSTATE_MASK = 0xff };

const char *token_refusal_name(enum token_refusal refusal)
{
	static const char *const names[TOKEN_REFUSAL_COUNT] = {
		[TOKEN_ACCEPTED] = "ACCEPTED",           [TOKEN_NOT_COSE] = "NOT_COSE",
		[TOKEN_NOT_CBOR] = "NOT_CBOR",           [TOKEN_BAD_PROFILE] = "BAD_PROFILE",
		[TOKEN_CLAIM_MISSING] = "CLAIM_MISSING", [TOKEN_CLAIM_INVALID] = "CLAIM_INVALID",
		[TOKEN_BAD_SIGNATURE] = "BAD_SIGNATURE", [TOKEN_WRONG_KEY] = "WRONG_KEY",
		[TOKEN_NOT_FRESH] = "NOT_FRESH",         [TOKEN_NOT_REFERENCE] = "NOT_REFERENCE",
	};
	return names[refusal];
}

const char *token_refusal_reason(enum token_refusal refusal)
{
	static const char *const reasons[TOKEN_REFUSAL_COUNT] = {
		[TOKEN_ACCEPTED] = "the token is accepted",
		[TOKEN_NOT_COSE] = "this is no COSE_Sign1 message with ES256",
		[TOKEN_NOT_CBOR] = "the claims are no map in deterministic CBOR, or one is unknown, out of order or there twice",
		[TOKEN_BAD_PROFILE] = "the token has another profile, or none",
		[TOKEN_CLAIM_MISSING] = "a mandatory claim is absent",
		[TOKEN_CLAIM_INVALID] = "a claim has another type, size or range than it must",
		[TOKEN_BAD_SIGNATURE] = "the signature is wrong",
		[TOKEN_WRONG_KEY] = "the instance is not the one that this key belongs to",
		[TOKEN_NOT_FRESH] = "the nonce is not the challenge",
		[TOKEN_NOT_REFERENCE] = "a claim differs from its reference value",
	};
	return reasons[refusal];
}

bool token_lifecycle_ok(uint64_t lifecycle)
{
	uint64_t state = lifecycle & ~(uint64_t)LIFECYCLE_SUBSTATE_MASK;
	return state % LIFECYCLE_STATE_STEP == 0 && state / LIFECYCLE_STATE_STEP <= LIFECYCLE_STATE_LAST;
}

bool token_certification_ok(const char *text, size_t size)
{
	enum { DASH_AT = 13 };
	if (size != TOKEN_REFERENCE_SIZE)
		return false;
	for (size_t i = 0; i < size; i++)
		if (i == DASH_AT ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	return true;
}

static size_t present(const struct token_slice *slice)
{
	return slice->data != NULL;
}

static void write_bytes(struct cbor_writer *writer, uint64_t key, const struct token_slice *slice)
{
	if (!present(slice))
		return;
	cbor_write_unsigned(writer, key);
	cbor_write_bytes(writer, slice->data, slice->size);
}

static void write_text(struct cbor_writer *writer, uint64_t key, const struct token_slice *slice)
{
	if (!present(slice))
		return;
	cbor_write_unsigned(writer, key);
	cbor_write_text(writer, slice->data, slice->size);
}

static void write_component(struct cbor_writer *writer, const struct token_component *component)
{
	cbor_begin_map(writer, 2 + present(&component->type) + present(&component->version) + present(&component->description));
	write_text(writer, COMPONENT_TYPE, &component->type);
	write_bytes(writer, COMPONENT_MEASUREMENT, &component->measurement);
	write_text(writer, COMPONENT_VERSION, &component->version);
	write_bytes(writer, COMPONENT_SIGNER, &component->signer);
	write_text(writer, COMPONENT_DESCRIPTION, &component->description);
}

void token_write_claims(struct cbor_writer *writer, const struct token_claims *claims)
{
	static const struct token_slice profile = { TOKEN_PROFILE, sizeof TOKEN_PROFILE - 1 };
	enum { MANDATORY = 7 };
	cbor_begin_map(writer,
		       MANDATORY + present(&claims->boot_seed) + present(&claims->certification) + present(&claims->service));
	write_bytes(writer, CLAIM_NONCE, &claims->nonce);
	write_bytes(writer, CLAIM_INSTANCE, &claims->instance);
	write_text(writer, CLAIM_PROFILE, &profile);
	write_bytes(writer, CLAIM_BOOT_SEED, &claims->boot_seed);
	cbor_write_unsigned(writer, CLAIM_CLIENT);
	cbor_write_integer(writer, claims->client);
	cbor_write_unsigned(writer, CLAIM_LIFECYCLE);
	cbor_write_unsigned(writer, claims->lifecycle);
	write_bytes(writer, CLAIM_IMPLEMENTATION, &claims->implementation);
	write_text(writer, CLAIM_CERTIFICATION, &claims->certification);
	cbor_write_unsigned(writer, CLAIM_COMPONENTS);
	cbor_begin_array(writer, claims->component_count);
	for (size_t i = 0; i < claims->component_count; i++)
		write_component(writer, &claims->components[i]);
	write_text(writer, CLAIM_SERVICE, &claims->service);
}

/* How a string must look. */
enum form { FORM_DIGEST, FORM_INSTANCE, FORM_IMPLEMENTATION, FORM_BOOT_SEED, FORM_CERTIFICATION, FORM_TEXT };

static bool has_form(enum form form, const struct cbor_item *item)
{
	size_t size = (size_t)item->value;
	switch (form) {
	case FORM_DIGEST:
		return item->kind == CBOR_BYTES && token_nonce_size_ok(size);
	case FORM_INSTANCE:
		return item->kind == CBOR_BYTES && size == TOKEN_INSTANCE_SIZE && item->data[0] == TOKEN_UEID_RAND;
	case FORM_IMPLEMENTATION:
		return item->kind == CBOR_BYTES && size == TOKEN_IMPLEMENTATION_SIZE;
	case FORM_BOOT_SEED:
		return item->kind == CBOR_BYTES && size >= TOKEN_BOOT_SEED_MIN && size <= TOKEN_BOOT_SEED_MAX;
	case FORM_CERTIFICATION:
		return item->kind == CBOR_TEXT && token_certification_ok((const char *)item->data, size);
	default:
		return item->kind == CBOR_TEXT;
	}
}

static enum token_refusal read_slice(struct cbor_reader *reader, enum form form, struct token_slice *slice)
{
	struct cbor_item item;
	if (!cbor_next(reader, &item))
		return TOKEN_NOT_CBOR;
	if (!has_form(form, &item))
		return TOKEN_CLAIM_INVALID;
	*slice = (struct token_slice) { item.data, (size_t)item.value };
	return TOKEN_ACCEPTED;
}

/* Keys of a map ascend, so that none is there twice. */
static bool read_key(struct cbor_reader *reader, uint64_t *key)
{
	struct cbor_item item;
	uint64_t before = *key;
	bool read = cbor_expect(reader, CBOR_UNSIGNED, &item) && item.value > before;
	*key = read ? item.value : before;
	return read;
}

static enum token_refusal read_component_entry(struct cbor_reader *reader, uint64_t key, struct token_component *component)
{
	switch (key) {
	case COMPONENT_TYPE:
		return read_slice(reader, FORM_TEXT, &component->type);
	case COMPONENT_MEASUREMENT:
		return read_slice(reader, FORM_DIGEST, &component->measurement);
	case COMPONENT_VERSION:
		return read_slice(reader, FORM_TEXT, &component->version);
	case COMPONENT_SIGNER:
		return read_slice(reader, FORM_DIGEST, &component->signer);
	case COMPONENT_DESCRIPTION:
		return read_slice(reader, FORM_TEXT, &component->description);
	default:
		return TOKEN_NOT_CBOR;
	}
}

static enum token_refusal read_component(struct cbor_reader *reader, struct token_component *component)
{
	struct cbor_item map;
	uint64_t key = 0;
	if (!cbor_expect(reader, CBOR_MAP, &map))
		return TOKEN_CLAIM_INVALID;
	for (uint64_t i = 0; i < map.value; i++) {
		enum token_refusal refusal = read_key(reader, &key) ? read_component_entry(reader, key, component) : TOKEN_NOT_CBOR;
		if (refusal != TOKEN_ACCEPTED)
			return refusal;
	}
	return present(&component->measurement) && present(&component->signer) ? TOKEN_ACCEPTED : TOKEN_CLAIM_MISSING;
}

static enum token_refusal read_components(struct cbor_reader *reader, struct token_claims *claims)
{
	struct cbor_item array;
	if (!cbor_expect(reader, CBOR_ARRAY, &array) || array.value == 0 || array.value > TOKEN_COMPONENT_MAX)
		return TOKEN_CLAIM_INVALID;
	while (claims->component_count < array.value) {
		enum token_refusal refusal = read_component(reader, &claims->components[claims->component_count]);
		if (refusal != TOKEN_ACCEPTED)
			return refusal;
		claims->component_count++;
	}
	return TOKEN_ACCEPTED;
}

/* What is no slice. */
struct scalars {
	struct token_slice profile;
	bool has_client, has_lifecycle;
};

static enum token_refusal read_client(struct cbor_reader *reader, struct token_claims *claims, struct scalars *seen)
{
	int64_t value;
	if (!cbor_read_integer(reader, &value) || value < INT32_MIN || value > INT32_MAX)
		return TOKEN_CLAIM_INVALID;
	claims->client = (int32_t)value;
	seen->has_client = true;
	return TOKEN_ACCEPTED;
}

static enum token_refusal read_lifecycle(struct cbor_reader *reader, struct token_claims *claims, struct scalars *seen)
{
	struct cbor_item item;
	if (!cbor_expect(reader, CBOR_UNSIGNED, &item) || !token_lifecycle_ok(item.value))
		return TOKEN_CLAIM_INVALID;
	claims->lifecycle = (uint32_t)item.value;
	seen->has_lifecycle = true;
	return TOKEN_ACCEPTED;
}

static enum token_refusal read_claim(struct cbor_reader *reader, uint64_t key, struct token_claims *claims, struct scalars *seen)
{
	switch (key) {
	case CLAIM_NONCE:
		return read_slice(reader, FORM_DIGEST, &claims->nonce);
	case CLAIM_INSTANCE:
		return read_slice(reader, FORM_INSTANCE, &claims->instance);
	case CLAIM_PROFILE:
		return read_slice(reader, FORM_TEXT, &seen->profile) == TOKEN_ACCEPTED ? TOKEN_ACCEPTED : TOKEN_BAD_PROFILE;
	case CLAIM_BOOT_SEED:
		return read_slice(reader, FORM_BOOT_SEED, &claims->boot_seed);
	case CLAIM_CLIENT:
		return read_client(reader, claims, seen);
	case CLAIM_LIFECYCLE:
		return read_lifecycle(reader, claims, seen);
	case CLAIM_IMPLEMENTATION:
		return read_slice(reader, FORM_IMPLEMENTATION, &claims->implementation);
	case CLAIM_CERTIFICATION:
		return read_slice(reader, FORM_CERTIFICATION, &claims->certification);
	case CLAIM_COMPONENTS:
		return read_components(reader, claims);
	case CLAIM_SERVICE:
		return read_slice(reader, FORM_TEXT, &claims->service);
	default:
		return TOKEN_NOT_CBOR; /* the profile is complete: whoever adds a claim adds it here */
	}
}

static enum token_refusal judge(const struct token_claims *claims, const struct scalars *seen)
{
	if (seen->profile.size != sizeof TOKEN_PROFILE - 1 || memcmp(seen->profile.data, TOKEN_PROFILE, seen->profile.size) != 0)
		return TOKEN_BAD_PROFILE;
	bool complete = present(&claims->nonce) && present(&claims->instance) && present(&claims->implementation) &&
			seen->has_client && seen->has_lifecycle && claims->component_count > 0;
	return complete ? TOKEN_ACCEPTED : TOKEN_CLAIM_MISSING;
}

enum token_refusal token_read_claims(const uint8_t *data, size_t size, struct token_claims *claims)
{
	struct cbor_reader reader = { data, size, 0 };
	struct scalars seen = { 0 };
	struct cbor_item map;
	uint64_t key = 0;
	memset(claims, 0, sizeof *claims);
	if (!cbor_expect(&reader, CBOR_MAP, &map))
		return TOKEN_NOT_CBOR;
	for (uint64_t i = 0; i < map.value; i++) {
		enum token_refusal refusal = read_key(&reader, &key) ? read_claim(&reader, key, claims, &seen) : TOKEN_NOT_CBOR;
		if (refusal != TOKEN_ACCEPTED)
			return refusal;
	}
	return cbor_at_end(&reader) ? judge(claims, &seen) : TOKEN_NOT_CBOR;
}
