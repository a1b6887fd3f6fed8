/* SPDX-License-Identifier: Apache-2.0 */
/** Inside the Attestation partition: what is the same in every token of a start. */
#ifndef MERLON_ATTEST_FACTS_H
#define MERLON_ATTEST_FACTS_H

#include <merlon/secure_attest/attest.h>

enum { ATTEST_TYPE_MAX = 32, ATTEST_VERSION_MAX = 32, ATTEST_TEXT_MAX = 64 };

struct attest_image {
	char type[ATTEST_TYPE_MAX], version[ATTEST_VERSION_MAX];
	size_t type_size, version_size;
	struct handover_measurement found;
};

struct attest_facts {
	bool has_key;
	psa_status_t status; /* PSA_SUCCESS: BL2 left everything that a token must say */
	uint8_t instance[TOKEN_INSTANCE_SIZE];
	char implementation[ATTEST_TEXT_MAX + 1], certification[TOKEN_REFERENCE_SIZE + 1], service[ATTEST_SERVICE_MAX + 1];
	uint32_t lifecycle;
	struct attest_image images[IMAGE_COUNT];
};

void attest_facts_collect(struct attest_facts *facts, const struct attest_config *config);

/** Everything but nonce, boot seed, implementation and client. The claims point into the facts. */
void attest_facts_claim(const struct attest_facts *facts, struct token_claims *claims);

#endif
