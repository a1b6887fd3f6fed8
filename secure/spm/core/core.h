/* SPDX-License-Identifier: Apache-2.0 */
/** What the files of core/ share. */
#ifndef MERLON_SPM_CORE_H
#define MERLON_SPM_CORE_H

#include <merlon/spm/machine.h>
#include <merlon/spm/spm.h>

/** Who asks: client id, and index of the partition or SPM_NONSECURE. */
struct spm_caller {
	int32_t client_id;
	uint8_t partition;
};

/** Bytes from one place to another that do not overlap: a word at a time. */
void spm_copy(uint8_t *to, const uint8_t *from, size_t size);

/* access.c */
bool spm_may_use(uint8_t partition, uint8_t service);
bool spm_may_access(uint8_t partition, const void *base, size_t size, bool write);
uint8_t spm_find_sid(uint32_t sid);

/* connection.c. Those that take a place change the pool: locked, or in a handler. */
psa_handle_t spm_connection_handle(const struct spm_connection *connection);
struct spm_connection *spm_connection_find(int32_t client_id, psa_handle_t handle);
struct spm_connection *spm_connection_take(struct spm_caller caller, uint8_t service);

/*
 * message.c. The first three fill a message: PSA_SUCCESS: it can be sent; PSA_ERROR_PROGRAMMER_ERROR: *why; any other: the answer. Of
 * spm_message_close(): PSA_ERROR_DOES_NOT_EXIST, there is nobody to tell any more.
 */
psa_status_t spm_message_call(struct spm_message *message, struct spm_caller caller, psa_handle_t handle, uint32_t control,
			      const psa_invec *in_vec, psa_outvec *out_vec, enum spm_error *why);
psa_status_t spm_message_connect(struct spm_message *message, struct spm_caller caller, uint32_t sid, uint32_t version,
				 enum spm_error *why);
psa_status_t spm_message_close(struct spm_message *message, struct spm_caller caller, psa_handle_t handle, enum spm_error *why);
/** Let the partition of a connection know that it ends. */
void spm_message_disconnect(struct spm_message *message, struct spm_connection *connection);
/** Give it a handle: sequence, and the place of its client. */
void spm_message_number(struct spm_message *message, struct spm_thread *client);
void spm_message_publish(const struct spm_message *message, psa_msg_t *public);
/** What the client gets, and what becomes of the connection. */
psa_status_t spm_message_conclude(struct spm_message *message, psa_status_t status);
/** The message that `thread` serves under this handle; NULL: none. */
struct spm_message *spm_message_find(const struct spm_thread *thread, psa_handle_t handle);
/** The message that the client of this place waits for: 0 the agent, 1 and more partitions; NULL: none. */
struct spm_message *spm_message_at(uint32_t place);
bool spm_status_fits(const struct spm_message *message, psa_status_t status);

/* thread.c */
void spm_thread_move(struct spm_thread *thread, enum spm_event event);
void spm_thread_start(struct spm_thread *thread);
void spm_thread_begin(struct spm_thread *thread);
void spm_signal(struct spm_thread *thread, psa_signal_t signals);
void spm_enqueue(struct spm_message *message);
void spm_dequeue(struct spm_message *message);
/** The service has answered. */
void spm_finish(struct spm_message *message, psa_status_t status);
/** The client of a thread of its own waits for its message. */
void spm_send(struct spm_thread *client);
/** Note the error of a call. @return 0. */
uintptr_t spm_error(struct spm_thread *thread, enum spm_error error);
struct spm_caller spm_caller_of(const struct spm_thread *thread);

/** Index of the partition whose code runs on the thread; SPM_NONSECURE: none. */
static inline uint8_t spm_partition_of(const struct spm_thread *thread)
{
	if (thread != &spm.agent)
		return thread->partition;
	return spm.plain != NULL ? spm.plain->partition : SPM_NONSECURE;
}

/* restart.c */
/** Go on with the end of a partition: close its connections one by one, then begin it anew. */
void spm_bury(struct spm_thread *thread);

/* interrupt.c */
void spm_interrupts_reset(uint8_t partition);

/* The functions of spm_calls[]. */
typedef uintptr_t spm_function(struct spm_thread *thread, const uintptr_t arguments[4]);
spm_function spm_serve_connect, spm_serve_call, spm_serve_close, spm_serve_wait, spm_serve_get, spm_serve_reply, spm_serve_notify,
	spm_serve_clear, spm_serve_return, spm_serve_read, spm_serve_skip, spm_serve_write, spm_serve_rhandle, spm_serve_eoi,
	spm_serve_reset_signal, spm_serve_irq_enable, spm_serve_irq_disable, spm_serve_map_invec, spm_serve_unmap_invec,
	spm_serve_map_outvec, spm_serve_unmap_outvec, spm_serve_first_level;

#endif
