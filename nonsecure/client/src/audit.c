/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/audit.h>
#include <psa/client.h>
#include <psa_manifest/sid.h>

psa_status_t merlon_audit_read(uint32_t after, struct merlon_audit_record *record)
{
	psa_invec in = { &after, sizeof after };
	psa_outvec out = { record, sizeof *record };
	return psa_call(AUDIT_HANDLE, MERLON_AUDIT_READ, &in, 1, &out, 1);
}

psa_status_t merlon_audit_state(struct merlon_audit_state *state)
{
	psa_outvec out = { state, sizeof *state };
	return psa_call(AUDIT_HANDLE, MERLON_AUDIT_STATE, NULL, 0, &out, 1);
}

psa_status_t merlon_audit_acknowledge(uint32_t sequence)
{
	psa_invec in = { &sequence, sizeof sequence };
	return psa_call(AUDIT_HANDLE, MERLON_AUDIT_ACKNOWLEDGE, &in, 1, NULL, 0);
}

psa_status_t merlon_audit_add(const struct merlon_audit_record *record)
{
	psa_invec in = { record, sizeof *record };
	return psa_call(AUDIT_HANDLE, MERLON_AUDIT_ADD, &in, 1, NULL, 0);
}
