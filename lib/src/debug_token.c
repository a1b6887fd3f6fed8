/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/debug_token.h>

enum { KEY_STATE = 1, KEY_CHALLENGE, KEY_SERIAL, PAIRS = 3 };

void debug_token_write(struct cbor_writer *writer, const struct debug_token *token)
{
	cbor_begin_map(writer, PAIRS);
	cbor_write_unsigned(writer, KEY_STATE);
	cbor_write_unsigned(writer, token->state);
	cbor_write_unsigned(writer, KEY_CHALLENGE);
	cbor_write_bytes(writer, token->challenge, DEBUG_CHALLENGE_SIZE);
	cbor_write_unsigned(writer, KEY_SERIAL);
	cbor_write_text(writer, token->serial, token->serial_size);
}

static bool read_pair(struct cbor_reader *reader, uint64_t key, enum cbor_kind kind, struct cbor_item *value)
{
	struct cbor_item item;
	return cbor_expect(reader, CBOR_UNSIGNED, &item) && item.value == key && cbor_expect(reader, kind, value);
}

psa_status_t debug_token_read(const uint8_t *data, size_t size, struct debug_token *token)
{
	struct cbor_reader reader = { data, size, 0 };
	struct cbor_item map, state, challenge, serial;
	if (!cbor_expect(&reader, CBOR_MAP, &map) || map.value != PAIRS || !read_pair(&reader, KEY_STATE, CBOR_UNSIGNED, &state) ||
	    !read_pair(&reader, KEY_CHALLENGE, CBOR_BYTES, &challenge) || !read_pair(&reader, KEY_SERIAL, CBOR_TEXT, &serial) ||
	    !cbor_at_end(&reader))
		return PSA_ERROR_DATA_INVALID;
	if (state.value > UINT16_MAX || !debug_token_may_order((uint32_t)state.value) || challenge.value != DEBUG_CHALLENGE_SIZE ||
	    serial.value == 0 || serial.value > DEBUG_SERIAL_MAX)
		return PSA_ERROR_DATA_INVALID;
	*token = (struct debug_token) { (uint32_t)state.value, challenge.data, (const char *)serial.data, (size_t)serial.value };
	return PSA_SUCCESS;
}
