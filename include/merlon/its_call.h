/* SPDX-License-Identifier: Apache-2.0 */
/**
 * How psa/internal_trusted_storage.h travels through psa_call(). For the client and the service; programs use the PSA API.
 *
 * Input 0 is always the request. SET: input 1 is the data. GET: output 0 takes the data; what is written there is the length.
 * GET_INFO: output 0 takes a struct merlon_its_info.
 */
#ifndef MERLON_ITS_CALL_H
#define MERLON_ITS_CALL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum merlon_its_call { MERLON_ITS_SET = 1, MERLON_ITS_GET = 2, MERLON_ITS_GET_INFO = 3, MERLON_ITS_REMOVE = 4 };

struct merlon_its_request {
	uint64_t uid;
	uint32_t flags;  /* SET */
	uint32_t offset; /* GET, bytes */
};

struct merlon_its_info {
	uint32_t size, flags;
};

#ifdef __cplusplus
}
#endif

#endif
