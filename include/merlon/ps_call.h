/* SPDX-License-Identifier: Apache-2.0 */
/**
 * How psa/protected_storage.h travels through psa_call(). For the client and the service; programs use the PSA API.
 *
 * Input 0 is always the request. SET and SET_EXTENDED: input 1 is the data. GET: output 0 takes the data; what is written there is the
 * length. GET_INFO: output 0 takes a struct merlon_ps_info.
 */
#ifndef MERLON_PS_CALL_H
#define MERLON_PS_CALL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum merlon_ps_call {
	MERLON_PS_SET = 1,
	MERLON_PS_GET = 2,
	MERLON_PS_GET_INFO = 3,
	MERLON_PS_REMOVE = 4,
	MERLON_PS_CREATE = 5,
	MERLON_PS_SET_EXTENDED = 6,
};

struct merlon_ps_request {
	uint64_t uid;
	uint32_t flags;  /* SET, CREATE */
	uint32_t offset; /* GET, SET_EXTENDED, bytes; CREATE: the capacity */
};

struct merlon_ps_info {
	uint32_t capacity, size, flags;
};

#ifdef __cplusplus
}
#endif

#endif
