/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/cose.h>
#include <merlon/lib/token.h>
#include <merlon/test.h>
#include <string.h>

static const uint8_t bytes[64] = { 0x01, 2, 3, 4, 5, 6, 7, 8, 9 };
static uint8_t buffer[1024];

static struct token_claims whole(void)
{
	return (struct token_claims) {
		.nonce = { bytes, 32 },
		.instance = { bytes, TOKEN_INSTANCE_SIZE },
		.implementation = { bytes, TOKEN_IMPLEMENTATION_SIZE },
		.boot_seed = { bytes, TOKEN_BOOT_SEED_MAX },
		.certification = { "0123456789012-34567", 19 },
		.service = { "https://verify.example", 22 },
		.client = -1,
		.lifecycle = 0x3000,
		.components = { { .type = { "SPE", 3 },
				  .version = { "1.2.3", 5 },
				  .description = { "sha-256", 7 },
				  .measurement = { bytes, 32 },
				  .signer = { bytes, 32 } },
				{ .measurement = { bytes, 48 }, .signer = { bytes, 64 } } },
		.component_count = 2,
	};
}

static size_t write(const struct token_claims *claims)
{
	struct cbor_writer writer = { buffer, sizeof buffer, 0 };
	token_write_claims(&writer, claims);
	CHECK(cbor_fits(&writer));
	return writer.size;
}

static bool same(const struct token_slice *a, const struct token_slice *b)
{
	return a->size == b->size && (a->data == NULL) == (b->data == NULL) &&
	       (a->size == 0 || memcmp(a->data, b->data, a->size) == 0);
}

TEST(claims_are_read_as_they_were_written, CLAIM("token.claims"), FUNCTIONAL)
{
	struct token_claims claims = whole(), read;
	CHECK_EQ(token_read_claims(buffer, write(&claims), &read), TOKEN_ACCEPTED);
	CHECK(same(&read.nonce, &claims.nonce) && same(&read.instance, &claims.instance));
	CHECK(same(&read.implementation, &claims.implementation) && same(&read.boot_seed, &claims.boot_seed));
	CHECK(same(&read.certification, &claims.certification) && same(&read.service, &claims.service));
	CHECK(read.client == -1 && read.lifecycle == 0x3000 && read.component_count == 2);
	for (size_t i = 0; i < 2; i++) {
		CHECK(same(&read.components[i].type, &claims.components[i].type));
		CHECK(same(&read.components[i].version, &claims.components[i].version));
		CHECK(same(&read.components[i].description, &claims.components[i].description));
		CHECK(same(&read.components[i].measurement, &claims.components[i].measurement));
		CHECK(same(&read.components[i].signer, &claims.components[i].signer));
	}
}

static enum token_refusal judge(const struct token_claims *claims)
{
	struct token_claims read;
	return token_read_claims(buffer, write(claims), &read);
}

/* A whole token with this pair taken out. */
static enum token_refusal judge_without(uint64_t claim)
{
	uint8_t rest[sizeof buffer];
	struct token_claims claims = whole(), read;
	struct cbor_reader reader = { buffer, write(&claims), 0 };
	struct cbor_writer writer = { rest, sizeof rest, 0 };
	struct cbor_item map, key;
	CHECK(cbor_expect(&reader, CBOR_MAP, &map));
	cbor_begin_map(&writer, (size_t)map.value - 1);
	for (uint64_t i = 0; i < map.value; i++) {
		size_t start = reader.offset;
		CHECK(cbor_expect(&reader, CBOR_UNSIGNED, &key) && cbor_skip(&reader));
		if (key.value != claim)
			cbor_append(&writer, buffer + start, reader.offset - start);
	}
	return token_read_claims(rest, writer.size, &read);
}

TEST(optional_claims_may_be_absent_and_no_other, CLAIM("token.claims"), FUNCTIONAL)
{
	static const uint64_t mandatory[] = { 10, 256, 2394, 2395, 2396, 2399 };
	struct token_claims claims = whole();
	claims.boot_seed.data = claims.certification.data = claims.service.data = NULL;
	CHECK_EQ(judge(&claims), TOKEN_ACCEPTED);
	for (size_t i = 0; i < sizeof mandatory / sizeof mandatory[0]; i++)
		CHECK_THAT(judge_without(mandatory[i]) == TOKEN_CLAIM_MISSING, "claim %u", (unsigned)mandatory[i]);
	CHECK_EQ(judge_without(265), TOKEN_BAD_PROFILE);
}

TEST(each_claim_has_its_form, CLAIM("token.claims"), MALFORMED)
{
	static const size_t sizes[] = { 0, 1, 7, 31, 33, 47, 49, 63 };
	struct token_claims claims;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		claims = whole();
		claims.nonce.size = sizes[i];
		CHECK_EQ(judge(&claims), TOKEN_CLAIM_INVALID);
		claims = whole();
		claims.components[0].measurement.size = sizes[i];
		CHECK_EQ(judge(&claims), TOKEN_CLAIM_INVALID);
		claims = whole();
		claims.components[1].signer.size = sizes[i];
		CHECK_EQ(judge(&claims), TOKEN_CLAIM_INVALID);
		claims = whole();
		claims.implementation.size = sizes[i];
		CHECK_EQ(judge(&claims), TOKEN_CLAIM_INVALID);
	}
	claims = whole();
	claims.instance.size = 32;
	CHECK_EQ(judge(&claims), TOKEN_CLAIM_INVALID);
	claims = whole();
	claims.instance.data = bytes + 1; /* not of type RAND */
	CHECK_EQ(judge(&claims), TOKEN_CLAIM_INVALID);
	claims = whole();
	claims.boot_seed.size = 7;
	CHECK_EQ(judge(&claims), TOKEN_CLAIM_INVALID);
	claims = whole();
	claims.certification.data = "0123456789012 34567";
	CHECK_EQ(judge(&claims), TOKEN_CLAIM_INVALID);
	claims = whole();
	claims.component_count = 0;
	CHECK_EQ(judge(&claims), TOKEN_CLAIM_INVALID);
	for (uint32_t lifecycle = 0; lifecycle < 0x8000; lifecycle++) {
		claims = whole();
		claims.lifecycle = lifecycle;
		bool known = (lifecycle & 0xf00) == 0 && lifecycle < 0x7000;
		CHECK_THAT((judge(&claims) == TOKEN_ACCEPTED) == known, "0x%x", lifecycle);
	}
}

/* The profile's text lies behind the nonce and the instance. */
TEST(another_profile_is_refused, CLAIM("token.claims"), MALFORMED)
{
	struct token_claims claims = whole(), read;
	size_t size = write(&claims);
	for (size_t i = 0; i + sizeof TOKEN_PROFILE - 1 < size; i++) {
		if (memcmp(buffer + i, TOKEN_PROFILE, sizeof TOKEN_PROFILE - 1) != 0)
			continue;
		buffer[i + 5] ^= 1;
		CHECK_EQ(token_read_claims(buffer, size, &read), TOKEN_BAD_PROFILE);
		return;
	}
	CHECK(false);
}

TEST(any_byte_less_or_more_is_refused, CLAIM("token.claims"), MALFORMED)
{
	struct token_claims claims = whole(), read;
	size_t size = write(&claims);
	for (size_t shorter = 0; shorter < size; shorter++)
		CHECK_THAT(token_read_claims(buffer, shorter, &read) != TOKEN_ACCEPTED, "%zu of %zu", shorter, size);
	CHECK_EQ(token_read_claims(buffer, size + 1, &read), TOKEN_NOT_CBOR);
}

TEST(each_refusal_has_a_name, CLAIM("token.claims"), PROPERTY)
{
	for (unsigned i = 0; i < TOKEN_REFUSAL_COUNT; i++)
		CHECK(token_refusal_name((enum token_refusal)i) != NULL && token_refusal_reason((enum token_refusal)i) != NULL);
}

static size_t message(void)
{
	struct cbor_writer writer = { buffer, sizeof buffer, 0 };
	cose_begin_message(&writer, 5);
	CHECK(writer.size <= COSE_MESSAGE_HEAD_MAX);
	cbor_append(&writer, "hello", 5);
	cose_end_message(&writer, bytes);
	return writer.size;
}

TEST(a_message_is_read_as_it_was_written, CLAIM("cose.exact"), FUNCTIONAL)
{
	struct cose_message read;
	CHECK_EQ(cose_parse(buffer, message(), &read), PSA_SUCCESS);
	CHECK(read.payload_size == 5 && memcmp(read.payload, "hello", 5) == 0 && memcmp(read.signature, bytes, 64) == 0);
}

TEST(any_other_head_is_refused, CLAIM("cose.exact"), MALFORMED)
{
	struct cose_message read;
	size_t size = message();
	/* Tag, array, protected header, unprotected header; then each size. */
	for (size_t i = 0; i < 8; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			buffer[i] ^= (uint8_t)(1u << bit);
			CHECK_THAT(cose_parse(buffer, size, &read) == PSA_ERROR_DATA_INVALID, "byte %zu, bit %u", i, bit);
			buffer[i] ^= (uint8_t)(1u << bit);
		}
	for (size_t shorter = 0; shorter < size; shorter++)
		CHECK_EQ(cose_parse(buffer, shorter, &read), PSA_ERROR_DATA_INVALID);
	CHECK_EQ(cose_parse(buffer, size + 1, &read), PSA_ERROR_DATA_INVALID);
}

/* RFC 9052, appendix C.2.1 has this Sig_structure for the same headers and payload. */
TEST(the_signed_bytes_are_those_of_the_standard, CLAIM("cose.exact"), FUNCTIONAL)
{
	static const uint8_t head[] = { 0x84, 0x6a, 'S', 'i',  'g',  'n',  'a',  't',  'u',
					'r',  'e',  '1', 0x43, 0xa1, 0x01, 0x26, 0x40, 0x54 };
	struct cbor_writer writer = { buffer, sizeof buffer, 0 };
	cose_begin_signed(&writer, "", 20);
	CHECK(writer.size == sizeof head && memcmp(buffer, head, sizeof head) == 0);
	writer.size = 0;
	cose_begin_signed(&writer, "0123456789012345678901u", UINT32_MAX);
	CHECK(writer.size <= COSE_SIGNED_HEAD_MAX && buffer[16] == 0x57);
}
