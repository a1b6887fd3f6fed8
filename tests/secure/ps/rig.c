/* SPDX-License-Identifier: Apache-2.0 */
#include "rig.h"
#include <merlon/builtin_keys.h>
#include <merlon/lib/otp_layout.h>
#include <merlon/secure_audit/audit.h>
#include <merlon/secure_crypto/crypto.h>
#include <merlon/secure_its/its.h>
#include <merlon/secure_ps/ps.h>
#include <merlon/sim/noise.h>
#include <psa/crypto.h>
#include <psa_manifest/pid.h>
#include <psa_manifest/sid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NONCE_SIZE = 12, NONCES_MAX = 200000 };

struct rig rig;

/* Fuzzers stand on this file as well: it ends the program by itself. */
static void require(bool holds, const char *what)
{
	if (!holds) {
		fprintf(stderr, "rig: %s\n", what);
		abort();
	}
}

static struct sim_noise source;
static struct noise noise;
static uint8_t nonces[NONCES_MAX][NONCE_SIZE];
static uint64_t noise_seed = 1;

psa_status_t __real_psa_aead_encrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *nonce, size_t nonce_length,
				     const uint8_t *additional_data, size_t additional_data_length, const uint8_t *plaintext,
				     size_t plaintext_length, uint8_t *ciphertext, size_t ciphertext_size,
				     size_t *ciphertext_length);
psa_status_t __wrap_psa_aead_encrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *nonce, size_t nonce_length,
				     const uint8_t *additional_data, size_t additional_data_length, const uint8_t *plaintext,
				     size_t plaintext_length, uint8_t *ciphertext, size_t ciphertext_size,
				     size_t *ciphertext_length);

void rig_nonces_forget(void)
{
	rig.nonces_used = rig.nonces_repeated = 0;
}

/* Every nonce that the service uses is seen here. A power cut takes back neither the nonce nor our memory of it. */
psa_status_t __wrap_psa_aead_encrypt(psa_key_id_t key, psa_algorithm_t alg, const uint8_t *nonce, size_t nonce_length,
				     const uint8_t *additional_data, size_t additional_data_length, const uint8_t *plaintext,
				     size_t plaintext_length, uint8_t *ciphertext, size_t ciphertext_size,
				     size_t *ciphertext_length)
{
	require(nonce_length == NONCE_SIZE, "a nonce has 12 bytes");
	/* The newest are the likely ones to come again. */
	for (unsigned i = rig.nonces_used; i > 0 && i + 2000 > rig.nonces_used; i--)
		rig.nonces_repeated += memcmp(nonces[i - 1], nonce, NONCE_SIZE) == 0;
	if (rig.nonces_used < NONCES_MAX)
		memcpy(nonces[rig.nonces_used++], nonce, NONCE_SIZE);
	return __real_psa_aead_encrypt(key, alg, nonce, nonce_length, additional_data, additional_data_length, plaintext,
				       plaintext_length, ciphertext, ciphertext_size, ciphertext_length);
}

static void copy_flash(struct rig_flash *to, const struct rig_flash *from)
{
	sim_flash_copy(&to->internal, &from->internal);
	sim_flash_copy(&to->external, &from->external);
	sim_flash_copy(&to->requests, &from->requests);
	sim_flash_copy(&to->audit, &from->audit);
	sim_flash_copy(&to->otp, &from->otp);
}

static void init_flash(struct rig_flash *flash, struct sim_power *power)
{
	sim_flash_init(&flash->internal, power, RIG_INTERNAL, RIG_SECTOR, 8);
	sim_flash_init(&flash->external, power, RIG_EXTERNAL, RIG_SECTOR, 8);
	sim_flash_init(&flash->requests, power, 2 * RIG_SECTOR, RIG_SECTOR, 8);
	sim_flash_init(&flash->audit, power, 4 * RIG_SECTOR, RIG_SECTOR, 8);
	sim_otp_init(&flash->otp, power, OTP_SIZE, OTP_WRITE_SIZE);
}

void rig_copy_free(struct rig_flash *copy)
{
	sim_flash_deinit(&copy->internal);
	sim_flash_deinit(&copy->external);
	sim_flash_deinit(&copy->requests);
	sim_flash_deinit(&copy->audit);
	sim_flash_deinit(&copy->otp);
}

void rig_copy_new(struct rig_flash *copy)
{
	rig_copy_free(copy);
	init_flash(copy, NULL);
}

void rig_take(struct rig_flash *copy)
{
	copy_flash(copy, &rig.flash);
}

void rig_start_services(void)
{
	static const struct crypto_builtin_user users[] = { { MERLON_KEY_HUK, SP_PS } };
	static const struct audit_boot nothing;
	struct crypto_builtin builtin = { .users = users, .user_count = 1 };
	struct ps_config config = { .area = &rig.flash.external.medium, .epoch_value = rig.epoch };
	sim_noise_init(&source, SIM_NOISE_UNIFORM, noise_seed++);
	noise = (struct noise) { 0 };
	require(noise_start(&noise, &source.source) == PSA_SUCCESS, "noise_start");
	memset(builtin.huk, rig.secret, sizeof builtin.huk);
	spm_client = RIG_CLIENT;
	spm_fail(PSA_SUCCESS);
	spm_register(CRYPTO_HANDLE, crypto_sfn, SP_CRYPTO);
	spm_register(INTERNAL_TRUSTED_STORAGE_HANDLE, internal_trusted_storage_sfn, SP_ITS);
	spm_register(AUDIT_HANDLE, audit_sfn, SP_AUDIT);
	spm_register(PROTECTED_STORAGE_HANDLE, protected_storage_sfn, SP_PS);
	its_configure(&rig.flash.internal.medium);
	audit_configure(&rig.flash.audit.medium, &nothing);
	crypto_noise_set(&noise);
	if (!rig.is_unprovisioned)
		crypto_builtin_set(&builtin);
	config.epoch = rig.has_epoch ? &rig.flash.requests.medium : NULL;
	ps_configure(&config);
	require(its_init() == PSA_SUCCESS, "its_init");
	require(crypto_init() == PSA_SUCCESS, "crypto_init");
	require(audit_init() == PSA_SUCCESS, "audit_init");
	require(ps_init() == PSA_SUCCESS, "ps_init");
}

void rig_start(void)
{
	rig.epoch = 0;
	if (rig.has_epoch)
		require(epoch_advance(&rig.flash.requests.medium, &rig.flash.otp.medium, &rig.epoch) == PSA_SUCCESS,
			"epoch_advance");
	rig_start_services();
}

void rig_new(uint8_t secret, bool has_epoch)
{
	rig_copy_free(&rig.flash);
	sim_power_init(&rig.power, 1);
	init_flash(&rig.flash, &rig.power);
	rig.secret = secret;
	rig.has_epoch = has_epoch;
	rig_nonces_forget();
	rig_start();
}

bool rig_audited(enum merlon_audit_kind kind, struct merlon_audit_record *record)
{
	struct merlon_audit_record next;
	bool found = false;
	uint32_t after = 0;
	while (merlon_audit_read(after, &next) == PSA_SUCCESS) {
		after = next.sequence;
		if (next.kind == kind)
			*record = next;
		found = found || next.kind == kind;
	}
	return found;
}
