/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The gates of the Secure image: what `nonsecure/client` calls, and nobody else. Each takes at most four arguments, because a gate
 * cannot take any from the stack of the other world.
 *
 * A gate answers from thread mode only, and one call at a time: a call from an exception handler, or while another runs, is refused
 * (PSA_VERSION_NONE, PSA_ERROR_CONNECTION_REFUSED, PSA_ERROR_PROGRAMMER_ERROR). Whoever has threads serialises them before.
 *
 * `client`: 0 to 7, which thread or group of threads calls. Services see it as client id -1 - `client`: its objects and keys are its own.
 * The Non-secure world alone says which of its own ids a call has; no value makes it anybody of the Secure world.
 */
#ifndef MERLON_VENEER_H
#define MERLON_VENEER_H

#include <psa/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/** `type`, `client`, `in_len` and `out_len` of psa_call() in one word: bits 31 to 16, 15 to 8, 7 to 4, 3 to 0. */
typedef uint32_t merlon_veneer_control;

#define MERLON_VENEER_TYPE_INVALID  0x8000u /* any `type` that does not fit 0 to INT16_MAX */
#define MERLON_VENEER_COUNT_INVALID 0xfu    /* any count that does not fit 4 bits */
#define MERLON_VENEER_CLIENT_SHIFT  8

/**
 * Not now: a partition that serves an interrupt was itself interrupted, and the thread in whose place it runs has to go on first. Let
 * other threads run and try again; nothing has happened. No service answers with this value. Any gate may, as its own type.
 */
#define MERLON_VENEER_AGAIN ((psa_status_t)-0x7fff0001)

/** Pack; what does not fit becomes a value that the Secure side refuses. Client 0. */
static inline merlon_veneer_control merlon_veneer_pack(int32_t type, size_t in_len, size_t out_len)
{
	uint32_t kind = type < 0 || type > INT16_MAX ? MERLON_VENEER_TYPE_INVALID : (uint32_t)type;
	uint32_t in = in_len > MERLON_VENEER_COUNT_INVALID ? MERLON_VENEER_COUNT_INVALID : (uint32_t)in_len;
	uint32_t out = out_len > MERLON_VENEER_COUNT_INVALID ? MERLON_VENEER_COUNT_INVALID : (uint32_t)out_len;
	return kind << 16 | in << 4 | out;
}

uint32_t merlon_veneer_framework_version(void);
uint32_t merlon_veneer_version(uint32_t sid);
psa_handle_t merlon_veneer_connect(uint32_t sid, uint32_t version, uint32_t client);
psa_status_t merlon_veneer_call(psa_handle_t handle, merlon_veneer_control control, const psa_invec *in_vec, psa_outvec *out_vec);
/** @return PSA_SUCCESS or MERLON_VENEER_AGAIN. */
psa_status_t merlon_veneer_close(psa_handle_t handle, uint32_t client);

#ifdef __cplusplus
}
#endif

#endif
