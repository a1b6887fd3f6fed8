/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The partition manager: who may call whom, with which memory, and what happens to those who break the rules.
 *
 * `core/` decides and runs on the host as well; it reaches the machine through machine.h. Partitions are of the SFN model: a call is a
 * plain call of the service's function, without a thread switch. One call chain at a time.
 *
 * Source: Arm DEN 0063 (FF-M 1.0), Arm AES 0039 (1.1 extensions).
 */
#ifndef MERLON_SPM_SPM_H
#define MERLON_SPM_SPM_H

#include <merlon/spm/table.h>

enum {
	SPM_CONNECTIONS_MAX = 8,
	SPM_CLIENT_NONSECURE = -1, /* client id of a Non-secure world that has not named any other */
};

/** A connection. Its handle is the generation and the place; a handle of an earlier generation names nothing. */
struct spm_connection {
	const struct spm_service *service; /* NULL: free */
	void *rhandle;
	int32_t client_id;
	uint16_t generation;
	bool dead; /* its client erred: every further call gets PSA_ERROR_PROGRAMMER_ERROR */
	bool busy; /* a message of it is being served */
};

/** A call being served, on the caller's stack. */
struct spm_message {
	psa_msg_t public;
	struct spm_message *caller;        /* what its client was serving; NULL: a Non-secure client */
	struct spm_connection *connection; /* NULL: stateless */
	uint8_t partition;                 /* who serves */
	uint8_t in_count, out_count;
	const uint8_t *in[PSA_MAX_IOVEC]; /* next byte; bytes left are in in_left */
	uint8_t *out[PSA_MAX_IOVEC];
	size_t in_left[PSA_MAX_IOVEC], out_used[PSA_MAX_IOVEC];
};

/** The partition manager's state. One instance, defined by the image. */
struct spm {
	struct spm_message *current; /* innermost message; its partition is the one that runs */
	psa_handle_t last_message;
	uint32_t lifecycle; /* psa_rot_lifecycle_state() */
	struct spm_connection connections[SPM_CONNECTIONS_MAX];
};
extern struct spm spm;

/**
 * Initialise all partitions in the order of the table. Called once, before the first Non-secure call.
 * @return The first error of an `init`; the caller stops the boot.
 */
psa_status_t spm_start(void);

/* What the gates call for Non-secure clients and psa/client.h for partitions. `caller` is NULL for a Non-secure client. Arguments are
 * as untrusted as the caller; an error of a partition does not return (machine.h). */
uint32_t spm_version(const struct spm_message *caller, uint32_t sid);
psa_handle_t spm_connect(struct spm_message *caller, int32_t client_id, uint32_t sid, uint32_t version);
psa_status_t spm_call(struct spm_message *caller, int32_t client_id, psa_handle_t handle, int32_t type, const psa_invec *in_vec,
		      size_t in_len, psa_outvec *out_vec, size_t out_len);
void spm_close(struct spm_message *caller, int32_t client_id, psa_handle_t handle);

#endif
