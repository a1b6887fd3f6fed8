/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/test_secure/spm.h>
#include <psa/lifecycle.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SERVICE_MAX = 33, DEPTH_MAX = 4, STATELESS = 0x40000000 };

int32_t spm_client = -1;
uint32_t spm_lifecycle = PSA_LIFECYCLE_SECURED;

static struct {
	psa_status_t (*sfn)(const psa_msg_t *msg);
	int32_t identity;
} services[SERVICE_MAX];

/* Calls under way; the message handle is the depth. */
static struct {
	const psa_invec *in;
	psa_outvec *out;
	size_t read[PSA_MAX_IOVEC], written[PSA_MAX_IOVEC], room[PSA_MAX_IOVEC];
	size_t in_len, out_len;
	int32_t identity;
} calls[DEPTH_MAX + 1];
static int depth;
static psa_status_t failure;

static _Noreturn void breach(const char *what)
{
	fprintf(stderr, "a service broke a rule: %s\n", what);
	abort();
}

void spm_register(psa_handle_t handle, psa_status_t (*sfn)(const psa_msg_t *msg), int32_t identity)
{
	services[handle - STATELESS].sfn = sfn;
	services[handle - STATELESS].identity = identity;
	depth = 0; /* a test that failed in the middle of a call left it there */
}

void spm_fail(psa_status_t status)
{
	failure = status;
}

psa_status_t psa_call(psa_handle_t handle, int32_t type, const psa_invec *in_vec, size_t in_len, psa_outvec *out_vec,
		      size_t out_len)
{
	int service = handle - STATELESS;
	if (service < 0 || service >= SERVICE_MAX || services[service].sfn == NULL || type < 0 || in_len + out_len > PSA_MAX_IOVEC)
		return PSA_ERROR_PROGRAMMER_ERROR;
	if (failure != PSA_SUCCESS)
		return failure;
	psa_msg_t msg = { .type = type, .client_id = depth == 0 ? spm_client : calls[depth].identity };
	if (++depth > DEPTH_MAX)
		breach("calls nest too deep");
	memset(&calls[depth], 0, sizeof calls[depth]);
	calls[depth].in = in_vec;
	calls[depth].out = out_vec;
	calls[depth].in_len = in_len;
	calls[depth].out_len = out_len;
	calls[depth].identity = services[service].identity;
	for (size_t i = 0; i < in_len; i++)
		msg.in_size[i] = in_vec[i].len;
	for (size_t i = 0; i < out_len; i++)
		msg.out_size[i] = calls[depth].room[i] = out_vec[i].len;
	msg.handle = depth;
	psa_status_t status = services[service].sfn(&msg);
	for (size_t i = 0; i < out_len; i++)
		out_vec[i].len = calls[depth].written[i];
	depth--;
	return status;
}

/* Every service that a test asks for is there. */
uint32_t psa_version(uint32_t sid)
{
	(void)sid;
	return 1;
}

size_t psa_read(psa_handle_t msg_handle, uint32_t invec_idx, void *buffer, size_t num_bytes)
{
	if (msg_handle != depth || invec_idx >= PSA_MAX_IOVEC)
		breach("psa_read");
	if (invec_idx >= calls[depth].in_len)
		return 0;
	size_t left = calls[depth].in[invec_idx].len - calls[depth].read[invec_idx];
	size_t size = num_bytes < left ? num_bytes : left;
	if (size > 0)
		memcpy(buffer, (const uint8_t *)calls[depth].in[invec_idx].base + calls[depth].read[invec_idx], size);
	calls[depth].read[invec_idx] += size;
	return size;
}

void psa_write(psa_handle_t msg_handle, uint32_t outvec_idx, const void *buffer, size_t num_bytes)
{
	if (msg_handle != depth || outvec_idx >= calls[depth].out_len ||
	    num_bytes > calls[depth].room[outvec_idx] - calls[depth].written[outvec_idx])
		breach("psa_write past the end of a vector");
	if (num_bytes > 0)
		memcpy((uint8_t *)calls[depth].out[outvec_idx].base + calls[depth].written[outvec_idx], buffer, num_bytes);
	calls[depth].written[outvec_idx] += num_bytes;
}

uint32_t psa_rot_lifecycle_state(void)
{
	return spm_lifecycle;
}
