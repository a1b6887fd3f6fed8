/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/lifecycle.h>

const struct lifecycle_state lifecycle_states[LIFECYCLE_COUNT] = {
	{ OTP_LIFECYCLE_UNKNOWN, 0, "unknown" },
	{ OTP_LIFECYCLE_ASSEMBLY, LIFECYCLE_PROVISION | LIFECYCLE_DEVELOPMENT_KEYS | LIFECYCLE_SECRETS, "assembly" },
	{ OTP_LIFECYCLE_PROVISIONING, LIFECYCLE_PROVISION | LIFECYCLE_DEVELOPMENT_KEYS | LIFECYCLE_SECRETS, "provisioning" },
	{ OTP_LIFECYCLE_SECURED, LIFECYCLE_SECRETS | LIFECYCLE_DEBUG_TOKENS, "secured" },
	{ OTP_LIFECYCLE_NON_PSA_DEBUG, LIFECYCLE_SECRETS, "non-psa-debug" },
	{ OTP_LIFECYCLE_RECOVERABLE_DEBUG, 0, "recoverable-debug" },
	{ OTP_LIFECYCLE_DECOMMISSIONED, 0, "decommissioned" },
};

const struct otp_lifecycle_edge otp_lifecycle_edges[] = {
	{ OTP_LIFECYCLE_ASSEMBLY, OTP_LIFECYCLE_PROVISIONING },
	{ OTP_LIFECYCLE_PROVISIONING, OTP_LIFECYCLE_SECURED },
	{ OTP_LIFECYCLE_SECURED, OTP_LIFECYCLE_NON_PSA_DEBUG },
	{ OTP_LIFECYCLE_SECURED, OTP_LIFECYCLE_RECOVERABLE_DEBUG },
	{ OTP_LIFECYCLE_SECURED, OTP_LIFECYCLE_DECOMMISSIONED },
	{ OTP_LIFECYCLE_NON_PSA_DEBUG, OTP_LIFECYCLE_SECURED },
	{ OTP_LIFECYCLE_NON_PSA_DEBUG, OTP_LIFECYCLE_DECOMMISSIONED },
	{ OTP_LIFECYCLE_RECOVERABLE_DEBUG, OTP_LIFECYCLE_SECURED },
	{ OTP_LIFECYCLE_RECOVERABLE_DEBUG, OTP_LIFECYCLE_DECOMMISSIONED },
};
const uint8_t otp_lifecycle_edge_count = sizeof otp_lifecycle_edges / sizeof otp_lifecycle_edges[0];

bool lifecycle_has_edge(uint32_t from, uint32_t to)
{
	for (uint8_t i = 0; i < otp_lifecycle_edge_count; i++)
		if ((uint32_t)otp_lifecycle_edges[i].from == from && (uint32_t)otp_lifecycle_edges[i].to == to)
			return true;
	return false;
}

static const struct lifecycle_state *find(uint32_t state)
{
	bool known = state % LIFECYCLE_STEP == 0 && state / LIFECYCLE_STEP < LIFECYCLE_COUNT;
	return &lifecycle_states[known ? state / LIFECYCLE_STEP : OTP_LIFECYCLE_UNKNOWN];
}

bool lifecycle_allows(uint32_t state, enum lifecycle_right right)
{
	return (find(state)->rights & right) != 0;
}

const char *lifecycle_name(uint32_t state)
{
	return find(state)->name;
}
