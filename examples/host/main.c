/* SPDX-License-Identifier: Apache-2.0 */
/* Counts its own starts: a key that never leaves the device seals the count, Internal Trusted Storage keeps it. */
#include <merlon/host.h>
#include <psa/crypto.h>
#include <psa/internal_trusted_storage.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEY = 1, COUNT = 1, NONCE = 12, SEALED = NONCE + sizeof(unsigned) + 16 };

static void must(psa_status_t status, const char *what)
{
	if (status != PSA_SUCCESS) {
		fprintf(stderr, "%s: %d\n", what, (int)status);
		exit(1);
	}
}

static void make_key(void)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_set_key_id(&attributes, KEY);
	psa_set_key_type(&attributes, PSA_KEY_TYPE_AES);
	psa_set_key_bits(&attributes, 256);
	psa_set_key_algorithm(&attributes, PSA_ALG_GCM);
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT);
	must(psa_generate_key(&attributes, &(psa_key_id_t) { 0 }), "generate");
}

int main(void)
{
	unsigned count = 0;
	unsigned char sealed[SEALED], *body = sealed + NONCE, *plain = (unsigned char *)&count;
	size_t size;
	must(psa_crypto_init(), "init");
	if (psa_its_get(COUNT, 0, SEALED, sealed, &size) == PSA_ERROR_DOES_NOT_EXIST)
		make_key();
	else
		must(psa_aead_decrypt(KEY, PSA_ALG_GCM, sealed, NONCE, NULL, 0, body, size - NONCE, plain, sizeof count, &size),
		     "decrypt");
	count++;
	must(psa_generate_random(sealed, NONCE), "random");
	must(psa_aead_encrypt(KEY, PSA_ALG_GCM, sealed, NONCE, NULL, 0, plain, sizeof count, body, SEALED - NONCE, &size),
	     "encrypt");
	must(psa_its_set(COUNT, NONCE + size, sealed, PSA_STORAGE_FLAG_NONE), "set");
	must(merlon_host_reset(), "reset"); /* a power cycle */
	printf("started %u time%s\n", count, count == 1 ? "" : "s");
	return 0;
}
