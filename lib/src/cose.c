/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/cose.h>
#include <string.h>

enum { TAG_SIGN1 = 18, PARTS = 4 };

static const uint8_t protected_header[] = { 0xa1, 0x01, 0x26 }; /* { 1: -7 } */
static const char context[] = "Signature1";

void cose_begin_signed(struct cbor_writer *writer, const char *use, size_t payload_size)
{
	cbor_begin_array(writer, PARTS);
	cbor_write_text(writer, context, sizeof context - 1);
	cbor_write_bytes(writer, protected_header, sizeof protected_header);
	cbor_write_bytes(writer, use, strlen(use));
	cbor_begin_bytes(writer, payload_size);
}

void cose_begin_message(struct cbor_writer *writer, size_t payload_size)
{
	cbor_write_tag(writer, TAG_SIGN1);
	cbor_begin_array(writer, PARTS);
	cbor_write_bytes(writer, protected_header, sizeof protected_header);
	cbor_begin_map(writer, 0);
	cbor_begin_bytes(writer, payload_size);
}

void cose_end_message(struct cbor_writer *writer, const uint8_t signature[COSE_SIGNATURE_SIZE])
{
	cbor_write_bytes(writer, signature, COSE_SIGNATURE_SIZE);
}

psa_status_t cose_parse(const uint8_t *data, size_t size, struct cose_message *message)
{
	struct cbor_reader reader = { data, size, 0 };
	struct cbor_item tag, array, header, unprotected, payload, signature;
	if (!cbor_expect(&reader, CBOR_TAG, &tag) || tag.value != TAG_SIGN1 || !cbor_expect(&reader, CBOR_ARRAY, &array) ||
	    array.value != PARTS || !cbor_expect(&reader, CBOR_BYTES, &header) || header.value != sizeof protected_header ||
	    memcmp(header.data, protected_header, sizeof protected_header) != 0 || !cbor_expect(&reader, CBOR_MAP, &unprotected) ||
	    unprotected.value != 0 || !cbor_expect(&reader, CBOR_BYTES, &payload) ||
	    !cbor_expect(&reader, CBOR_BYTES, &signature) || signature.value != COSE_SIGNATURE_SIZE || !cbor_at_end(&reader))
		return PSA_ERROR_DATA_INVALID;
	*message = (struct cose_message) { payload.data, signature.data, (size_t)payload.value };
	return PSA_SUCCESS;
}
