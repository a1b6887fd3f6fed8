/* SPDX-License-Identifier: Apache-2.0 */
/** The Attestation partition, for the image that holds it and for its manifest. Clients include psa/initial_attestation.h. */
#ifndef MERLON_SECURE_ATTEST_H
#define MERLON_SECURE_ATTEST_H

#include <merlon/lib/handover.h>
#include <merlon/lib/token.h>
#include <psa/service.h>

enum { ATTEST_INSTANCE_HASH_SIZE = TOKEN_INSTANCE_SIZE - 1, ATTEST_SERVICE_MAX = 64 };

/** What the start-up knows and every token says. */
struct attest_config {
	const uint8_t *handover; /* shared data of BL2: lifecycle, images */
	uint16_t handover_size;
	const uint8_t *instance;    /* ATTEST_INSTANCE_HASH_SIZE bytes of OTP; NULL: there is no attestation key in this start */
	const char *implementation; /* text whose SHA-256 is the implementation id */
	const char *certification;  /* PSA certification reference; "": none */
	const char *service;        /* where to verify, at most ATTEST_SERVICE_MAX characters; "": not said */
};

/**
 * Before attest_init(). Copies what it needs into the partition: nothing of `config` is touched later.
 * A text that is too long or no certification reference is left out of every token.
 */
void attest_configure(const struct attest_config *config);

/** Entry of the partition. Forgets the boot seed. */
psa_status_t attest_init(void);

/** The service: one message of merlon/lib/service_wire.h. */
psa_status_t attestation_sfn(const psa_msg_t *msg);

#endif
