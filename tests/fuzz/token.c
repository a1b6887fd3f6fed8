/* SPDX-License-Identifier: Apache-2.0 */
/* CBOR, COSE and the claims of a token under libFuzzer: what is accepted is written again, byte for byte. */
#include <merlon/lib/cose.h>
#include <merlon/lib/token.h>
#include <stdlib.h>
#include <string.h>

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_claims(const uint8_t *data, size_t size)
{
	static uint8_t again[4096];
	struct token_claims claims;
	struct cbor_writer writer = { again, sizeof again, 0 };
	if (token_read_claims(data, size, &claims) != TOKEN_ACCEPTED)
		return;
	token_write_claims(&writer, &claims);
	require(writer.size == size);
	require(!cbor_fits(&writer) || memcmp(again, data, size) == 0);
}

static void check_cose(const uint8_t *data, size_t size)
{
	static uint8_t again[4096];
	struct cose_message message;
	struct cbor_writer writer = { again, sizeof again, 0 };
	if (cose_parse(data, size, &message) != PSA_SUCCESS)
		return;
	cose_begin_message(&writer, message.payload_size);
	cbor_append(&writer, message.payload, message.payload_size);
	cose_end_message(&writer, message.signature);
	require(writer.size == size);
	require(!cbor_fits(&writer) || memcmp(again, data, size) == 0);
	check_claims(message.payload, message.payload_size);
}

static void check_cbor(const uint8_t *data, size_t size)
{
	struct cbor_reader reader = { data, size, 0 };
	size_t before = 0;
	while (cbor_skip(&reader)) {
		require(reader.offset > before && reader.offset <= size);
		before = reader.offset;
	}
	require(reader.offset == before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_cbor(data, size);
	check_cose(data, size);
	check_claims(data, size);
	return 0;
}
