/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The PSA security lifecycle: its states, its edges, and what each state permits. Page: docs/lifecycle.md.
 *
 * Source: Arm DEN 0128 (Platform Security Model), "Security lifecycle"; values: Arm DEN 0063, psa/lifecycle.h.
 */
#ifndef MERLON_LIB_LIFECYCLE_H
#define MERLON_LIB_LIFECYCLE_H

#include <stdbool.h>
#include <stdint.h>

/** As psa_rot_lifecycle_state() reports it. */
enum otp_lifecycle {
	OTP_LIFECYCLE_UNKNOWN = 0x0000,
	OTP_LIFECYCLE_ASSEMBLY = 0x1000, /* assembly and test: a blank device */
	OTP_LIFECYCLE_PROVISIONING = 0x2000,
	OTP_LIFECYCLE_SECURED = 0x3000,
	OTP_LIFECYCLE_NON_PSA_DEBUG = 0x4000,     /* what lies outside the PSA Root of Trust is open */
	OTP_LIFECYCLE_RECOVERABLE_DEBUG = 0x5000, /* the PSA Root of Trust is open; its secrets are out of reach */
	OTP_LIFECYCLE_DECOMMISSIONED = 0x6000,
};
enum { LIFECYCLE_COUNT = 7, LIFECYCLE_STEP = 0x1000 };

/** What a state may permit. Everything else is prohibited in it. */
enum lifecycle_right {
	LIFECYCLE_PROVISION = 1 << 0,        /* write identity and image keys */
	LIFECYCLE_DEVELOPMENT_KEYS = 1 << 1, /* boot images signed with keys marked development */
	LIFECYCLE_SECRETS = 1 << 2,          /* load the hardware unique key and the attestation key: derive, attest, unseal */
	LIFECYCLE_DEBUG_TOKENS = 1 << 3,     /* be opened or ended by a signed debug token */
};

struct lifecycle_state {
	enum otp_lifecycle state;
	uint8_t rights;
	const char *name; /* one word, for tools and reports */
};

/** All states, by value / LIFECYCLE_STEP. */
extern const struct lifecycle_state lifecycle_states[LIFECYCLE_COUNT];

/** One edge of the diagram. */
struct otp_lifecycle_edge {
	enum otp_lifecycle from, to;
};
extern const struct otp_lifecycle_edge otp_lifecycle_edges[];
extern const uint8_t otp_lifecycle_edge_count;

bool lifecycle_has_edge(uint32_t from, uint32_t to);

/** @return False also for a value that is no state. */
bool lifecycle_allows(uint32_t state, enum lifecycle_right right);

/** A state from which the device returns to *secured* by itself at its next start. */
static inline bool lifecycle_is_debug(uint32_t state)
{
	return state == OTP_LIFECYCLE_NON_PSA_DEBUG || state == OTP_LIFECYCLE_RECOVERABLE_DEBUG;
}

/** "unknown" for a value that is no state. */
const char *lifecycle_name(uint32_t state);

#endif
