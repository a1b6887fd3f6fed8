/* SPDX-License-Identifier: Apache-2.0 */
#include "key.h"
#include "json.h"
#include "random.h"
#include <mbedtls/asn1.h>
#include <mbedtls/ecp.h>
#include <mbedtls/error.h>
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>
#include <merlon/lib/mem.h>
#include <stdio.h>
#include <string.h>

static const char development_line[] = "Merlon-Key: development\n";

static const struct {
	const char *name;
	mbedtls_ecp_group_id group;
	size_t scalar_size;
} types[] = {
	{ "ecdsa-p256", MBEDTLS_ECP_DP_SECP256R1, 32 },
	{ "ecdsa-p384", MBEDTLS_ECP_DP_SECP384R1, 48 },
};
enum { TYPE_COUNT = sizeof types / sizeof types[0] };

static bool library_failed(struct error *error, const char *step, int code)
{
	char cause[128];
	mbedtls_strerror(code, cause, sizeof cause);
	return error_set(error, "%s: %s", step, cause);
}

/* Fill in what follows from the library's key. */
static bool adopt(struct key *key, struct error *error)
{
	key->scalar_size = 0;
	if (mbedtls_pk_can_do(&key->pk, MBEDTLS_PK_ECDSA))
		for (unsigned i = 0; i < TYPE_COUNT; i++)
			if (mbedtls_ecp_keypair_get_group_id(mbedtls_pk_ec(key->pk)) == types[i].group)
				key->scalar_size = types[i].scalar_size;
	if (key->scalar_size == 0) {
		error_set(error, "neither an ECDSA P-256 nor a P-384 key");
		return error_try(error, "merlon key generate --type ecdsa-p256 -o KEY.pem");
	}
	/* The library writes at the end of the buffer. */
	uint8_t der[2 * KEY_DER_MAX];
	int size = mbedtls_pk_write_pubkey_der(&key->pk, der, sizeof der);
	if (size <= 0 || size > KEY_DER_MAX)
		return library_failed(error, "encode the public key", size);
	memcpy(key->der, der + sizeof der - size, (size_t)size);
	key->der_size = (size_t)size;
	return true;
}

static bool is_marked(const char *text)
{
	static const char line[] = "Merlon-Key: development";
	const size_t size = sizeof line - 1;
	for (const char *at = text; (at = strstr(at, line)) != NULL; at++)
		if ((at == text || at[-1] == '\n') && (at[size] == '\n' || at[size] == '\r'))
			return true;
	return false;
}

static bool parse(const struct buffer *text, struct key *key, struct error *error)
{
	int code = mbedtls_pk_parse_public_key(&key->pk, text->data, text->size + 1);
	key->is_private = code != 0;
	if (code != 0) {
		mbedtls_pk_free(&key->pk);
		mbedtls_pk_init(&key->pk);
		code = mbedtls_pk_parse_key(&key->pk, text->data, text->size + 1, NULL, 0, random_bytes, NULL);
	}
	if (code == MBEDTLS_ERR_PK_PASSWORD_REQUIRED)
		return error_set(error, "the key is encrypted with a password, which this tool does not ask for") ||
		       error_try(error, "openssl pkcs8 -topk8 -nocrypt -in KEY -out PLAIN.pem, or keep the key in an HSM");
	if (code != 0)
		return library_failed(error, "no PEM key", code);
	key->development = is_marked((const char *)text->data);
	return adopt(key, error);
}

static bool load_file(const char *path, struct key *key, struct error *error)
{
	struct buffer text;
	if (!file_read(path, &text, error))
		return error_within(error, "load key");
	mbedtls_pk_init(&key->pk);
	bool loaded = parse(&text, key, error);
	buffer_free(&text);
	if (loaded)
		return true;
	mbedtls_pk_free(&key->pk);
	return error_within(error, "load key: %s", path);
}

static bool load_hsm(const char *uri, struct key *key, struct error *error)
{
	const struct ecdsa_key_form *form;
	uint8_t der[KEY_DER_MAX], point[2 * ECDSA_SCALAR_MAX];
	key->hsm = pkcs11_open(uri, &form, point, error);
	if (key->hsm == NULL)
		return error_within(error, "load key");
	memcpy(der, form->prefix, form->prefix_size);
	memcpy(der + form->prefix_size, point, 2u * form->scalar_size);
	mbedtls_pk_init(&key->pk);
	int code = mbedtls_pk_parse_public_key(&key->pk, der, form->prefix_size + 2u * form->scalar_size);
	key->is_private = true;
	if (code == 0 ? adopt(key, error) : library_failed(error, "the token's public key", code))
		return true;
	key_free(key);
	return error_within(error, "load key");
}

bool key_load(const char *path, struct key *key, struct error *error)
{
	*key = (struct key) { .hsm = NULL };
	return pkcs11_is_uri(path) ? load_hsm(path, key, error) : load_file(path, key, error);
}

bool key_load_private(const char *path, struct key *key, struct error *error)
{
	if (!key_load(path, key, error))
		return false;
	if (key->is_private)
		return true;
	key_free(key);
	return error_set(error, "load key: %s: holds a public key; signing needs the private one", path);
}

bool key_generate(const char *type, bool development, struct key *key, struct error *error)
{
	unsigned i = 0;
	while (i < TYPE_COUNT && strcmp(types[i].name, type) != 0)
		i++;
	if (i == TYPE_COUNT) {
		error_set(error, "there is no key type '%s'", type);
		return error_try(error, "ecdsa-p256 or ecdsa-p384");
	}
	*key = (struct key) { .is_private = true, .development = development };
	mbedtls_pk_init(&key->pk);
	int code = mbedtls_pk_setup(&key->pk, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY));
	if (code == 0)
		code = mbedtls_ecp_gen_key(types[i].group, mbedtls_pk_ec(key->pk), random_bytes, NULL);
	if (code == 0 ? adopt(key, error) : library_failed(error, "generate key", code))
		return true;
	mbedtls_pk_free(&key->pk);
	return false;
}

void key_free(struct key *key)
{
	mbedtls_pk_free(&key->pk); /* wipes the private part */
	if (key->hsm != NULL)
		pkcs11_close(key->hsm);
}

const char *key_type(const struct key *key)
{
	unsigned i = 0;
	while (types[i].scalar_size != key->scalar_size)
		i++;
	return types[i].name;
}

bool key_encode(const struct key *key, bool with_private, struct buffer *pem, struct error *error)
{
	char text[1024];
	int code = with_private ? mbedtls_pk_write_key_pem(&key->pk, (unsigned char *)text, sizeof text)
				: mbedtls_pk_write_pubkey_pem(&key->pk, (unsigned char *)text, sizeof text);
	if (code != 0)
		return library_failed(error, "encode key", code);
	*pem = (struct buffer) { 0 };
	if (key->development)
		buffer_append(pem, development_line, sizeof development_line - 1);
	buffer_append(pem, text, strlen(text));
	mem_wipe(text, sizeof text);
	return true;
}

void key_hash(const struct key *key, size_t size, uint8_t *hash)
{
	if (size == 48)
		mbedtls_sha512(key->der, key->der_size, hash, 1);
	else
		mbedtls_sha256(key->der, key->der_size, hash, 0);
}

void key_print_json(const struct key *key)
{
	uint8_t hash[32];
	key_hash(key, sizeof hash, hash);
	json_begin(NULL);
	json_string("type", key_type(key));
	json_bool("development", key->development);
	json_bool("private", key->is_private);
	json_hex("hash", hash, sizeof hash);
	json_hex("der", key->der, key->der_size);
	json_end();
}

/* r and s as exact DER. @return the size. */
static size_t encode_signature(const uint8_t *raw, size_t scalar_size, uint8_t der[KEY_SIGNATURE_MAX])
{
	size_t at = 2;
	for (const uint8_t *end = raw + scalar_size; end <= raw + 2 * scalar_size; end += scalar_size) {
		const uint8_t *value = end - scalar_size;
		while (value < end - 1 && *value == 0)
			value++;
		size_t size = (size_t)(end - value), sign = *value >> 7; /* a leading zero keeps it positive */
		der[at++] = MBEDTLS_ASN1_INTEGER;
		der[at++] = (uint8_t)(size + sign);
		der[at] = 0;
		memcpy(der + at + sign, value, size);
		at += size + sign;
	}
	der[0] = MBEDTLS_ASN1_SEQUENCE | MBEDTLS_ASN1_CONSTRUCTED;
	der[1] = (uint8_t)(at - 2);
	return at;
}

bool key_sign(struct key *key, const uint8_t *digest, size_t digest_size, uint8_t signature[KEY_SIGNATURE_MAX],
	      size_t *signature_size, struct error *error)
{
	uint8_t buffer[MBEDTLS_PK_SIGNATURE_MAX_SIZE];
	if (key->hsm != NULL) {
		if (!pkcs11_sign(key->hsm, digest, digest_size, buffer, 2 * key->scalar_size, error))
			return error_within(error, "sign");
		*signature_size = encode_signature(buffer, key->scalar_size, signature);
		return true;
	}
	int code = mbedtls_pk_sign(&key->pk, digest_size == 48 ? MBEDTLS_MD_SHA384 : MBEDTLS_MD_SHA256, digest, digest_size, buffer,
				   sizeof buffer, signature_size, random_bytes, NULL);
	if (code != 0 || *signature_size > KEY_SIGNATURE_MAX)
		return library_failed(error, "sign", code);
	memcpy(signature, buffer, *signature_size);
	return true;
}
