/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wycheproof's vectors through the PSA API and the Crypto service. A valid vector must be accepted with the published result, an invalid
 * one refused, an acceptable one answered without a wrong result.
 */
#include "wycheproof.h"
#include <merlon/test.h>
#include <merlon/test_secure/crypto.h>
#include <string.h>

#define FILE_OF(name) VECTORS "/" name "_test.txt"

/* What the API said and whether the result is the published one. */
static void judge(const struct vector *vector, psa_status_t status, bool right)
{
	enum vector_result result = vector_result(vector);
	bool accepted = status == PSA_SUCCESS && right;
	CHECK_THAT(status != PSA_SUCCESS || right || result == VECTOR_INVALID, "%s: a wrong result", vector_name(vector));
	CHECK_THAT(result == VECTOR_ACCEPTABLE || accepted == (result == VECTOR_VALID), "%s: %s, but the answer is %d",
		   vector_name(vector), vector_text(vector, "result"), (int)status);
}

static psa_algorithm_t hash_named(const char *name)
{
	static const struct {
		const char *name;
		psa_algorithm_t hash;
	} hashes[] = { { "SHA-224", PSA_ALG_SHA_224 },
		       { "SHA-256", PSA_ALG_SHA_256 },
		       { "SHA-384", PSA_ALG_SHA_384 },
		       { "SHA-512", PSA_ALG_SHA_512 } };
	for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++)
		if (strcmp(name, hashes[i].name) == 0)
			return hashes[i].hash;
	return 0;
}

static psa_status_t import(psa_key_type_t type, psa_algorithm_t algorithm, psa_key_usage_t usage, const uint8_t *data, size_t size,
			   psa_key_id_t *key)
{
	psa_key_attributes_t attributes = psa_key_attributes_init();
	psa_set_key_type(&attributes, type);
	psa_set_key_algorithm(&attributes, algorithm);
	psa_set_key_usage_flags(&attributes, usage);
	return psa_import_key(&attributes, data, size, key);
}

static bool equals(const struct vector_bytes *expected, const uint8_t *data, size_t size)
{
	return size == expected->size && memcmp(expected->data, data, size) == 0;
}

static void aead(const struct vector *vector, psa_key_type_t type, psa_algorithm_t algorithm)
{
	const struct vector_bytes *iv = vector_bytes(vector, "iv"), *aad = vector_bytes(vector, "aad"),
				  *msg = vector_bytes(vector, "msg"), *tag = vector_bytes(vector, "tag"),
				  *secret = vector_bytes(vector, "key");
	struct vector_bytes sealed = *vector_bytes(vector, "ct");
	uint8_t out[VECTOR_MAX];
	size_t size;
	psa_key_id_t key;
	memcpy(sealed.data + sealed.size, tag->data, tag->size);
	sealed.size += tag->size;
	CHECK_EQ(import(type, algorithm, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, secret->data, secret->size, &key),
		 PSA_SUCCESS);
	psa_status_t status = psa_aead_decrypt(key, algorithm, iv->data, iv->size, aad->data, aad->size, sealed.data, sealed.size,
					       out, sizeof out, &size);
	if (iv->size > 16) /* longer than the service takes (docs/crypto.md) */
		CHECK_EQ(status, PSA_ERROR_NOT_SUPPORTED);
	else
		judge(vector, status, equals(msg, out, size));
	if (status == PSA_SUCCESS) {
		CHECK_EQ(psa_aead_encrypt(key, algorithm, iv->data, iv->size, aad->data, aad->size, msg->data, msg->size, out,
					  sizeof out, &size),
			 PSA_SUCCESS);
		CHECK_THAT(equals(&sealed, out, size), "%s", vector_name(vector));
	}
	CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
}

static void gcm(const struct vector *vector)
{
	aead(vector, PSA_KEY_TYPE_AES, PSA_ALG_GCM);
}

static void chachapoly(const struct vector *vector)
{
	aead(vector, PSA_KEY_TYPE_CHACHA20, PSA_ALG_CHACHA20_POLY1305);
}

TEST(aes_gcm, CLAIM("crypto.wycheproof"), FUNCTIONAL)
{
	crypto_device_new();
	CHECK(vectors_run(FILE_OF("aes_gcm"), gcm) > 200);
}

TEST(chacha20_poly1305, CLAIM("crypto.wycheproof"), FUNCTIONAL)
{
	crypto_device_new();
	CHECK(vectors_run(FILE_OF("chacha20_poly1305"), chachapoly) > 200);
}

static void cbc(const struct vector *vector)
{
	const struct vector_bytes *iv = vector_bytes(vector, "iv"), *msg = vector_bytes(vector, "msg"),
				  *ct = vector_bytes(vector, "ct"), *secret = vector_bytes(vector, "key");
	struct vector_bytes sealed = *iv;
	uint8_t out[VECTOR_MAX];
	size_t size;
	psa_key_id_t key;
	memcpy(sealed.data + sealed.size, ct->data, ct->size);
	sealed.size += ct->size;
	CHECK_EQ(import(PSA_KEY_TYPE_AES, PSA_ALG_CBC_PKCS7, PSA_KEY_USAGE_DECRYPT, secret->data, secret->size, &key), PSA_SUCCESS);
	psa_status_t status = psa_cipher_decrypt(key, PSA_ALG_CBC_PKCS7, sealed.data, sealed.size, out, sizeof out, &size);
	judge(vector, status, equals(msg, out, size));
	CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
}

TEST(aes_cbc, CLAIM("crypto.wycheproof"), FUNCTIONAL)
{
	crypto_device_new();
	CHECK(vectors_run(FILE_OF("aes_cbc_pkcs5"), cbc) > 150);
}

static void mac(const struct vector *vector, psa_key_type_t type, psa_algorithm_t full)
{
	const struct vector_bytes *secret = vector_bytes(vector, "key"), *msg = vector_bytes(vector, "msg"),
				  *tag = vector_bytes(vector, "tag");
	size_t tag_size = (size_t)vector_number(vector, "tagSize") / 8;
	psa_algorithm_t algorithm = PSA_ALG_TRUNCATED_MAC(full, tag_size);
	psa_key_id_t key;
	psa_status_t status = import(type, algorithm, PSA_KEY_USAGE_VERIFY_MESSAGE, secret->data, secret->size, &key);
	if (status == PSA_SUCCESS) {
		status = psa_mac_verify(key, algorithm, msg->data, msg->size, tag->data, tag->size);
		CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
	}
	judge(vector, status, true);
}

static psa_algorithm_t file_hash; /* of the file under way, where its vectors do not say */

static void hmac(const struct vector *vector)
{
	mac(vector, PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(file_hash));
}

static void cmac(const struct vector *vector)
{
	mac(vector, PSA_KEY_TYPE_AES, PSA_ALG_CMAC);
}

TEST(macs, CLAIM("crypto.wycheproof"), FUNCTIONAL)
{
	crypto_device_new();
	file_hash = PSA_ALG_SHA_224;
	CHECK(vectors_run(FILE_OF("hmac_sha224"), hmac) > 100);
	file_hash = PSA_ALG_SHA_256;
	CHECK(vectors_run(FILE_OF("hmac_sha256"), hmac) > 100);
	file_hash = PSA_ALG_SHA_384;
	CHECK(vectors_run(FILE_OF("hmac_sha384"), hmac) > 100);
	file_hash = PSA_ALG_SHA_512;
	CHECK(vectors_run(FILE_OF("hmac_sha512"), hmac) > 100);
	CHECK(vectors_run(FILE_OF("aes_cmac"), cmac) > 200);
}

static void hkdf(const struct vector *vector)
{
	const struct vector_bytes *ikm = vector_bytes(vector, "ikm"), *salt = vector_bytes(vector, "salt"),
				  *info = vector_bytes(vector, "info"), *okm = vector_bytes(vector, "okm");
	size_t size = (size_t)vector_number(vector, "size");
	static uint8_t out[VECTOR_MAX];
	psa_algorithm_t algorithm = PSA_ALG_HKDF(file_hash);
	psa_key_derivation_operation_t operation = psa_key_derivation_operation_init();
	psa_key_id_t key = crypto_key_of(PSA_KEY_TYPE_DERIVE, algorithm, PSA_KEY_USAGE_DERIVE, ikm->data, ikm->size);
	CHECK_EQ(psa_key_derivation_setup(&operation, algorithm), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_SALT, salt->data, salt->size), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, key), PSA_SUCCESS);
	CHECK_EQ(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_INFO, info->data, info->size), PSA_SUCCESS);
	psa_status_t status = psa_key_derivation_output_bytes(&operation, out, size);
	judge(vector, status, equals(okm, out, size));
	CHECK_EQ(psa_key_derivation_abort(&operation), PSA_SUCCESS);
	CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
}

TEST(hkdfs, CLAIM("crypto.wycheproof"), FUNCTIONAL)
{
	crypto_device_new();
	file_hash = PSA_ALG_SHA_256;
	CHECK(vectors_run(FILE_OF("hkdf_sha256"), hkdf) > 50);
	file_hash = PSA_ALG_SHA_384;
	CHECK(vectors_run(FILE_OF("hkdf_sha384"), hkdf) > 50);
	file_hash = PSA_ALG_SHA_512;
	CHECK(vectors_run(FILE_OF("hkdf_sha512"), hkdf) > 50);
}

/* One INTEGER of a DER signature, in its one right form, to `size` bytes. @return Bytes of the encoding, 0: refused. */
static size_t integer(const uint8_t *der, size_t left, uint8_t *out, size_t size)
{
	if (left < 3 || der[0] != 2 || der[1] == 0 || der[1] > 127 || left < 2u + der[1] || (der[2] & 0x80) != 0)
		return 0;
	size_t length = der[1], zero = der[2] == 0 && length > 1;
	if ((zero && (der[3] & 0x80) == 0) || length - zero > size)
		return 0;
	memset(out, 0, size);
	memcpy(out + size - (length - zero), der + 2 + zero, length - zero);
	return 2 + length;
}

/* SEQUENCE { r, s } to r || s. */
static bool raw_of(const struct vector_bytes *sig, uint8_t *raw, size_t half)
{
	const uint8_t *der = sig->data;
	size_t head = sig->size > 2 && der[1] == 0x81 ? 3 : 2;
	if (sig->size < head || der[0] != 0x30 || sig->size != head + der[head - 1] || (der[head - 1] > 127) != (head == 3))
		return false;
	size_t first = integer(der + head, sig->size - head, raw, half);
	size_t second = first == 0 ? 0 : integer(der + head + first, sig->size - head - first, raw + half, half);
	return second != 0 && head + first + second == sig->size;
}

static void ecdsa(const struct vector *vector)
{
	const struct vector_bytes *point = vector_bytes(vector, "key.uncompressed"), *msg = vector_bytes(vector, "msg"),
				  *sig = vector_bytes(vector, "sig");
	psa_algorithm_t algorithm = PSA_ALG_ECDSA(hash_named(vector_text(vector, "sha")));
	uint8_t raw[132];
	size_t half = point->size / 2;
	psa_key_id_t key;
	psa_status_t status = import(PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), algorithm, PSA_KEY_USAGE_VERIFY_MESSAGE,
				     point->data, point->size, &key);
	CHECK_EQ(status, PSA_SUCCESS);
	status = raw_of(sig, raw, half) ? psa_verify_message(key, algorithm, msg->data, msg->size, raw, 2 * half)
					: PSA_ERROR_INVALID_SIGNATURE;
	judge(vector, status, true);
	CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
}

TEST(ecdsas, CLAIM("crypto.wycheproof"), FUNCTIONAL)
{
	crypto_device_new();
	CHECK(vectors_run(FILE_OF("ecdsa_secp256r1_sha256"), ecdsa) > 300);
	CHECK(vectors_run(FILE_OF("ecdsa_secp384r1_sha384"), ecdsa) > 300);
	CHECK(vectors_run(FILE_OF("ecdsa_secp521r1_sha512"), ecdsa) > 300);
}

/* The scalar without or with as many leading zeros as the curve's size asks for. */
static void fit(const struct vector_bytes *number, uint8_t *out, size_t size)
{
	size_t skip = number->size > size ? number->size - size : 0, length = number->size - skip;
	memset(out, 0, size);
	memcpy(out + size - length, number->data + skip, length);
}

static void agreement(const struct vector *vector, psa_ecc_family_t family, const uint8_t *secret, size_t secret_size,
		      const uint8_t *peer, size_t peer_size)
{
	const struct vector_bytes *shared = vector_bytes(vector, "shared");
	uint8_t out[66];
	size_t size = 0;
	psa_key_id_t key;
	psa_status_t status =
		import(PSA_KEY_TYPE_ECC_KEY_PAIR(family), PSA_ALG_ECDH, PSA_KEY_USAGE_DERIVE, secret, secret_size, &key);
	if (status == PSA_SUCCESS) {
		status = psa_raw_key_agreement(PSA_ALG_ECDH, key, peer, peer_size, out, sizeof out, &size);
		CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
	}
	judge(vector, status, equals(shared, out, size));
}

/* The key has to be the curve's named one in the uncompressed form, as PSA takes it: the last bytes of the SubjectPublicKeyInfo. */
static void ecdh(const struct vector *vector)
{
	static const struct {
		const char *curve, *head;
		size_t bytes;
	} curves[] = {
		{ "secp256r1", "3059301306072a8648ce3d020106082a8648ce3d030107034200", 32 },
		{ "secp384r1", "3076301006072a8648ce3d020106052b81040022036200", 48 },
		{ "secp521r1", "30819b301006072a8648ce3d020106052b8104002303818600", 66 },
	};
	const struct vector_bytes *public = vector_bytes(vector, "public"), *secret = vector_bytes(vector, "private");
	uint8_t scalar[66], head[32];
	for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
		if (strcmp(curves[i].curve, vector_text(vector, "curve")) != 0)
			continue;
		size_t head_size = hex(curves[i].head, head, sizeof head), bytes = curves[i].bytes;
		fit(secret, scalar, bytes);
		if (public->size <= head_size || memcmp(public->data, head, head_size) != 0)
			judge(vector, PSA_ERROR_INVALID_ARGUMENT, false);
		else
			agreement(vector, PSA_ECC_FAMILY_SECP_R1, scalar, bytes, public->data + head_size,
				  public->size - head_size);
	}
}

static void x25519(const struct vector *vector)
{
	const struct vector_bytes *public = vector_bytes(vector, "public"), *secret = vector_bytes(vector, "private");
	agreement(vector, PSA_ECC_FAMILY_MONTGOMERY, secret->data, secret->size, public->data, public->size);
}

TEST(ecdhs, CLAIM("crypto.wycheproof"), FUNCTIONAL)
{
	crypto_device_new();
	CHECK(vectors_run(FILE_OF("ecdh_secp256r1"), ecdh) > 200);
	CHECK(vectors_run(FILE_OF("ecdh_secp384r1"), ecdh) > 200);
	CHECK(vectors_run(FILE_OF("ecdh_secp521r1"), ecdh) > 200);
	CHECK(vectors_run(FILE_OF("x25519"), x25519) > 200);
}

static void rsa_verify(const struct vector *vector, psa_algorithm_t algorithm)
{
	const struct vector_bytes *public = vector_bytes(vector, "keyAsn"), *msg = vector_bytes(vector, "msg"),
				  *sig = vector_bytes(vector, "sig");
	psa_key_id_t key;
	psa_status_t status =
		import(PSA_KEY_TYPE_RSA_PUBLIC_KEY, algorithm, PSA_KEY_USAGE_VERIFY_MESSAGE, public->data, public->size, &key);
	CHECK_EQ(status, PSA_SUCCESS);
	status = psa_verify_message(key, algorithm, msg->data, msg->size, sig->data, sig->size);
	judge(vector, status, true);
	CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
}

static void rsa_pkcs1(const struct vector *vector)
{
	rsa_verify(vector, PSA_ALG_RSA_PKCS1V15_SIGN(hash_named(vector_text(vector, "sha"))));
}

/* PSA's PSS with the salt as long as the hash, or with any salt: it has no name for another length. */
static void rsa_pss(const struct vector *vector)
{
	psa_algorithm_t hash = hash_named(vector_text(vector, "sha"));
	bool usual = (size_t)vector_number(vector, "sLen") == PSA_HASH_LENGTH(hash);
	rsa_verify(vector, usual ? PSA_ALG_RSA_PSS(hash) : PSA_ALG_RSA_PSS_ANY_SALT(hash));
}

TEST(rsa_signatures, CLAIM("crypto.wycheproof"), FUNCTIONAL)
{
	static const char *const pkcs1[] = { FILE_OF("rsa_signature_2048_sha224"), FILE_OF("rsa_signature_2048_sha256"),
					     FILE_OF("rsa_signature_2048_sha512"), FILE_OF("rsa_signature_3072_sha384"),
					     FILE_OF("rsa_signature_4096_sha384"), FILE_OF("rsa_signature_4096_sha512") };
	static const char *const pss[] = { FILE_OF("rsa_pss_2048_sha256_mgf1_32"), FILE_OF("rsa_pss_3072_sha256_mgf1_32"),
					   FILE_OF("rsa_pss_4096_sha256_mgf1_32") };
	crypto_device_new();
	for (size_t i = 0; i < sizeof pkcs1 / sizeof pkcs1[0]; i++)
		CHECK(vectors_run(pkcs1[i], rsa_pkcs1) > 200);
	for (size_t i = 0; i < sizeof pss / sizeof pss[0]; i++)
		CHECK(vectors_run(pss[i], rsa_pss) > 50);
}

enum { PKCS8_HEAD = 26 }; /* bytes before the RSAPrivateKey in a PrivateKeyInfo of these sizes */

static void rsa_decrypt(const struct vector *vector, psa_algorithm_t algorithm)
{
	const struct vector_bytes *private = vector_bytes(vector, "privateKeyPkcs8"), *msg = vector_bytes(vector, "msg"),
				  *ct = vector_bytes(vector, "ct"), *label = vector_bytes(vector, "label");
	uint8_t out[512];
	size_t size;
	psa_key_id_t key;
	psa_status_t status = import(PSA_KEY_TYPE_RSA_KEY_PAIR, algorithm, PSA_KEY_USAGE_DECRYPT, private->data + PKCS8_HEAD,
				     private->size - PKCS8_HEAD, &key);
	CHECK_EQ(status, PSA_SUCCESS);
	status = psa_asymmetric_decrypt(key, algorithm, ct->data, ct->size, label->size > 0 ? label->data : NULL, label->size, out,
					sizeof out, &size);
	judge(vector, status, equals(msg, out, size));
	CHECK_EQ(psa_destroy_key(key), PSA_SUCCESS);
}

static void rsa_oaep(const struct vector *vector)
{
	rsa_decrypt(vector, PSA_ALG_RSA_OAEP(hash_named(vector_text(vector, "sha"))));
}

static void rsa_crypt(const struct vector *vector)
{
	rsa_decrypt(vector, PSA_ALG_RSA_PKCS1V15_CRYPT);
}

TEST(rsa_decryption, CLAIM("crypto.wycheproof"), FUNCTIONAL)
{
	crypto_device_new();
	CHECK(vectors_run(FILE_OF("rsa_oaep_2048_sha256_mgf1sha256"), rsa_oaep) > 20);
	CHECK(vectors_run(FILE_OF("rsa_oaep_2048_sha512_mgf1sha512"), rsa_oaep) > 20);
	CHECK(vectors_run(FILE_OF("rsa_oaep_4096_sha512_mgf1sha512"), rsa_oaep) > 20);
	CHECK(vectors_run(FILE_OF("rsa_pkcs1_2048"), rsa_crypt) > 20);
	CHECK(vectors_run(FILE_OF("rsa_pkcs1_4096"), rsa_crypt) > 20);
}
