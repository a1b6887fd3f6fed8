/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Client calls of the PSA Firmware Framework for M: what both worlds use to reach a service of the Secure world.
 *
 * The Non-secure world gets these calls from `nonsecure/client`, partitions from `secure/spm`, host programs from the same partition
 * manager over plain pointers. Client identities: negative for Non-secure callers, positive for partitions.
 *
 * A caller that breaks a rule below commits a programmer error. A Non-secure caller gets PSA_ERROR_PROGRAMMER_ERROR, and a connection
 * that has seen one answers the same to every later call. A partition never gets control back: the device restarts.
 *
 * Source: Arm DEN 0063, Firmware Framework for M 1.0, sections 3.4 and 4.3; Arm AES 0039, its 1.1 extensions.
 */
#ifndef PSA_CLIENT_H
#define PSA_CLIENT_H

#include <psa/error.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The framework that this header describes: 1.1. */
#define PSA_FRAMEWORK_VERSION 0x0101u

/** psa_version(): the service does not exist, or this caller may not use it. */
#define PSA_VERSION_NONE 0u

#define PSA_NULL_HANDLE             ((psa_handle_t)0)
#define PSA_HANDLE_IS_VALID(handle) ((psa_handle_t)(handle) > 0)
#define PSA_HANDLE_TO_ERROR(handle) ((psa_status_t)(handle))

/** Input and output vectors of one call together. */
#define PSA_MAX_IOVEC 4u

/** The call type of services that need only one. Others are 0 to INT16_MAX, as the service defines them. */
#define PSA_IPC_CALL 0

/** A connection, or the constant handle of a stateless service (`<SERVICE>_HANDLE` in psa_manifest/sid.h). */
typedef int32_t psa_handle_t;

/** What a service reads. `base` is owned by the caller and must be readable by it; `len` in bytes; `base` is ignored when `len` is 0. */
typedef struct psa_invec {
	const void *base;
	size_t len;
} psa_invec;

/** What a service writes. On return `len` holds the bytes written. `base` must be writable by the caller. */
typedef struct psa_outvec {
	void *base;
	size_t len;
} psa_outvec;

/** The version of the framework that runs. Equals PSA_FRAMEWORK_VERSION of the headers it was built with. */
uint32_t psa_framework_version(void);

/** The version of service `sid`, or PSA_VERSION_NONE when there is none or the caller may not use it. */
uint32_t psa_version(uint32_t sid);

/**
 * Connect to a connection-based service.
 *
 * @param version  What the caller needs. STRICT services accept their own version only, RELAXED ones any up to it.
 * @return A handle > 0, to be closed with psa_close(), or a negative status:
 * @retval PSA_ERROR_CONNECTION_REFUSED  The service or the partition manager refuses: unknown, not permitted, wrong version, stateless.
 * @retval PSA_ERROR_CONNECTION_BUSY     All connections are in use; later it may work.
 */
psa_handle_t psa_connect(uint32_t sid, uint32_t version);

/**
 * Call a service and wait for its answer.
 *
 * @param handle   From psa_connect(), or the constant handle of a stateless service.
 * @param type     0 to INT16_MAX.
 * @param in_vec   `in_len` vectors, aligned to 4 bytes; may be NULL when `in_len` is 0. Read once, before anything is checked.
 * @param out_vec  `out_len` vectors; each `len` is set to what was written. Two outputs that overlap are refused; an input and an
 *                 output may be the same memory.
 * @return What the service answers, or:
 * @retval PSA_ERROR_PROGRAMMER_ERROR  Bad handle, negative type, more than PSA_MAX_IOVEC vectors, memory that the caller may not use,
 *                                     a call from an exception handler or while another Secure call runs.
 * @retval PSA_ERROR_CONNECTION_BUSY   Stateless services: no room for one more call.
 */
psa_status_t psa_call(psa_handle_t handle, int32_t type, const psa_invec *in_vec, size_t in_len, psa_outvec *out_vec,
		      size_t out_len);

/** End a connection. PSA_NULL_HANDLE is allowed and does nothing; any other handle that is not the caller's is a programmer error. */
void psa_close(psa_handle_t handle);

#ifdef __cplusplus
}
#endif

#endif
