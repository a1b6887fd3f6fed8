/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The messages of the Firmware Update, Attestation and Platform services: what `nonsecure/client` packs, what `secure/fwu`,
 * `secure/attest` and `secure/platform` unpack. The message type says which function; comments: input vectors -> output vector 0.
 */
#ifndef MERLON_LIB_SERVICE_WIRE_H
#define MERLON_LIB_SERVICE_WIRE_H

#include <stdint.h>

enum fwu_call {
	FWU_CALL_QUERY,  /* struct fwu_request -> psa_fwu_component_info_t */
	FWU_CALL_START,  /* struct fwu_request, manifest */
	FWU_CALL_WRITE,  /* struct fwu_request, block */
	FWU_CALL_FINISH, /* struct fwu_request; CANCEL and CLEAN, too */
	FWU_CALL_CANCEL,
	FWU_CALL_CLEAN,
	FWU_CALL_INSTALL, /* nothing; REBOOT and ACCEPT, too */
	FWU_CALL_REBOOT,
	FWU_CALL_REJECT, /* psa_status_t */
	FWU_CALL_ACCEPT,
	FWU_CALL_COUNT,
};

struct fwu_request {
	uint32_t component;
	uint32_t offset; /* FWU_CALL_WRITE: of the block in the image, bytes; otherwise 0 */
};

enum attest_call {
	ATTEST_CALL_GET_TOKEN,      /* challenge -> token */
	ATTEST_CALL_GET_TOKEN_SIZE, /* uint32_t bytes of the challenge -> uint32_t bytes of the token */
};

enum platform_call {
	PLATFORM_CALL_BOOT_REPORT,  /* -> struct merlon_boot_report */
	PLATFORM_CALL_FACTORY_READ, /* uint32_t item -> its bytes */
	PLATFORM_CALL_ALIVE,
	PLATFORM_CALL_RESET, /* uint32_t cause */
	PLATFORM_CALL_WINDOW_CLOSE,
	PLATFORM_CALL_DEBUG_CHALLENGE, /* -> challenge */
	PLATFORM_CALL_DEBUG_AUTHORISE, /* token */
	PLATFORM_CALL_COUNT,
};

#endif
