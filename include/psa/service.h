/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Calls of the PSA Firmware Framework for M that a partition uses to serve its clients. Only partitions have them.
 *
 * A partition of the SFN model has one function per service, `psa_status_t <service>_sfn(const psa_msg_t *msg)`, which is called with
 * each message and whose result is the reply. Breaking a rule below panics the partition: the device restarts.
 *
 * Source: Arm DEN 0063 sections 4.3 and 4.4; Arm AES 0039 (SFN model).
 */
#ifndef PSA_SERVICE_H
#define PSA_SERVICE_H

#include <psa/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Message types below 0: a client connects or disconnects (connection-based services only). Those of calls are 0 or more. */
#define PSA_IPC_CONNECT    (-1)
#define PSA_IPC_DISCONNECT (-2)

/** One message. Owned by the partition manager, valid until the service function returns. Sizes in bytes, 0 for absent vectors. */
typedef struct psa_msg_t {
	int32_t type;
	psa_handle_t handle; /* names this message in the calls below */
	int32_t client_id;   /* who calls: negative Non-secure, positive a partition */
	void *rhandle;       /* what psa_set_rhandle() set for this connection, else NULL */
	size_t in_size[PSA_MAX_IOVEC];
	size_t out_size[PSA_MAX_IOVEC];
} psa_msg_t;

/**
 * Copy the next `num_bytes` of input vector `invec_idx` to `buffer`.
 * @return Bytes copied: fewer than asked for when the vector ends, 0 when it is used up.
 */
size_t psa_read(psa_handle_t msg_handle, uint32_t invec_idx, void *buffer, size_t num_bytes);

/** Pass over `num_bytes` of an input vector. @return Bytes passed over. */
size_t psa_skip(psa_handle_t msg_handle, uint32_t invec_idx, size_t num_bytes);

/** Append `num_bytes` to output vector `outvec_idx`. Writing past its end is a programmer error. */
void psa_write(psa_handle_t msg_handle, uint32_t outvec_idx, const void *buffer, size_t num_bytes);

/** Set what later messages of this connection carry in `rhandle`. A programmer error for a stateless service. */
void psa_set_rhandle(psa_handle_t msg_handle, void *rhandle);

/** Give up: the reason is written to the Secure console and the device restarts. */
__attribute__((noreturn)) void psa_panic(void);

#ifdef __cplusplus
}
#endif

#endif
