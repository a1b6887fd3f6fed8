/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Calls of the PSA Firmware Framework for M that a partition uses to serve its clients. Only partitions have them.
 *
 * A partition of the SFN model has one function per service, `psa_status_t <service>_sfn(const psa_msg_t *msg)`, which is called with
 * each message and whose result is the reply. A partition of the IPC model has a thread, which waits for signals, gets a message for each
 * signal of a service and replies to it. "IPC only" below: an SFN partition that makes the call breaks a rule.
 *
 * Breaking a rule panics the partition: it never gets control back, and the product decides whether the device restarts or that
 * partition alone (docs/partition_manager.md). Every message handle must be one that the partition has got and not replied to.
 *
 * Source: Arm DEN 0063 sections 4.3 and 4.4; Arm AES 0039 (SFN model, interrupts, MM-IOVEC).
 */
#ifndef PSA_SERVICE_H
#define PSA_SERVICE_H

#include <psa/client.h>
#include <psa/framework_feature.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Message types below 0: a client connects or disconnects (connection-based services only). Those of calls are 0 or more. */
#define PSA_IPC_CONNECT    (-1)
#define PSA_IPC_DISCONNECT (-2)

/** A set of signals. `psa_manifest/<manifest>.h` names those of the partition's services and interrupts. */
typedef uint32_t psa_signal_t;
/** An interrupt of the partition's own: 1 enabled, 0 not. What psa_irq_disable() answers. */
typedef uint32_t psa_irq_status_t;
/** What a first-level interrupt function answers: leave its signal alone, or assert it. */
typedef uint32_t psa_flih_result_t;
#define PSA_FLIH_NO_SIGNAL ((psa_flih_result_t)0)
#define PSA_FLIH_SIGNAL    ((psa_flih_result_t)1)

/** psa_wait(): return at once, or block until a signal of the mask is asserted. Other bits of the argument are reserved and ignored. */
#define PSA_POLL  0x00000000u
#define PSA_BLOCK 0x80000000u
/** psa_wait(): every signal that the partition has. */
#define PSA_WAIT_ANY 0xffffffffu
/** What psa_notify() asserts and psa_clear() clears. */
#define PSA_DOORBELL 0x00000008u

/** One message. Owned by the partition, a copy of what the partition manager keeps. Sizes in bytes, 0 for absent vectors. */
typedef struct psa_msg_t {
	int32_t type;
	psa_handle_t handle; /* names this message in the calls below */
	int32_t client_id;   /* who calls: negative Non-secure, positive a partition */
	void *rhandle;       /* what psa_set_rhandle() set for this connection, else NULL */
	size_t in_size[PSA_MAX_IOVEC];
	size_t out_size[PSA_MAX_IOVEC];
} psa_msg_t;

/**
 * IPC only. The asserted signals of `signal_mask`.
 *
 * @param signal_mask  At least one signal that the partition has; others are ignored.
 * @param timeout      PSA_BLOCK: wait until there is one. PSA_POLL: the answer may be 0.
 */
psa_signal_t psa_wait(psa_signal_t signal_mask, uint32_t timeout);

/**
 * IPC only. Take the next message of a service.
 *
 * @param signal  Exactly one, of a service, and asserted.
 * @param msg     Written; memory that the partition may write.
 * @retval PSA_SUCCESS               *msg is the message; psa_reply() ends it.
 * @retval PSA_ERROR_DOES_NOT_EXIST  Its client is gone; nothing was written.
 */
psa_status_t psa_get(psa_signal_t signal, psa_msg_t *msg);

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

/**
 * IPC only. End a message.
 *
 * @param status  Of a call: any; PSA_ERROR_PROGRAMMER_ERROR also makes the client's connection dead. Of PSA_IPC_CONNECT: PSA_SUCCESS,
 *                PSA_ERROR_CONNECTION_REFUSED or PSA_ERROR_CONNECTION_BUSY. Of PSA_IPC_DISCONNECT: ignored.
 */
void psa_reply(psa_handle_t msg_handle, psa_status_t status);

/** Assert PSA_DOORBELL of the partition with this id (`psa_manifest/pid.h`). */
void psa_notify(int32_t partition_id);

/** IPC only. Clear the caller's own PSA_DOORBELL, which must be asserted. */
void psa_clear(void);

/** IPC only. End a second-level interrupt: clear its one asserted signal and let the interrupt come again. */
void psa_eoi(psa_signal_t irq_signal);

/** IPC only. Clear the one asserted signal of an interrupt with a first-level function. */
void psa_reset_signal(psa_signal_t irq_signal);

/** Let an interrupt of the partition's own come. */
void psa_irq_enable(psa_signal_t irq_signal);

/** Keep an interrupt of the partition's own from coming. @return 1: it was enabled, 0: it was not. */
psa_irq_status_t psa_irq_disable(psa_signal_t irq_signal);

/** Give up: the reason is written to the Secure console and the partition is ended. */
__attribute__((noreturn)) void psa_panic(void);

#if PSA_FRAMEWORK_HAS_MM_IOVEC == 1

/**
 * Map a vector of a message of a service with `mm_iovec: enable`: the client's own bytes. Once per vector, and not after psa_read(),
 * psa_skip() or psa_write() on it, nor those after it. The message must be a call and the vector not empty.
 * @return The first byte; valid until the vector is unmapped or the message replied to.
 */
const void *psa_map_invec(psa_handle_t msg_handle, uint32_t invec_idx);
void *psa_map_outvec(psa_handle_t msg_handle, uint32_t outvec_idx);

/** End a mapping. `len`: bytes written, which the client sees; without this call it sees 0. */
void psa_unmap_invec(psa_handle_t msg_handle, uint32_t invec_idx);
void psa_unmap_outvec(psa_handle_t msg_handle, uint32_t outvec_idx, size_t len);

#endif

#ifdef __cplusplus
}
#endif

#endif
