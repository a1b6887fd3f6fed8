/* SPDX-License-Identifier: Apache-2.0 */
/** Four partitions with threads of their own on the simulated machine, and how a test makes their calls. */
#ifndef SPM_TEST_THREADS_H
#define SPM_TEST_THREADS_H

#include "machine.h"
#include <merlon/test.h>
#include <merlon/veneer.h>

enum { P_PLAIN, P_SERVER, P_FUNCTION, P_CLIENT, PARTITIONS };
enum { ID_PLAIN = 11, ID_SERVER, ID_FUNCTION, ID_CLIENT };
enum { S_STATELESS, S_CONNECTED, S_FUNCTION, S_PLAIN, SERVICES };
enum { SID = 0x100, HANDLE_STATELESS = SPM_STATELESS_FLAG | 1, HANDLE_FUNCTION = SPM_STATELESS_FLAG | 2 };
enum { HANDLE_PLAIN = SPM_STATELESS_FLAG | 3 };
enum { SIGNAL_STATELESS = 1 << 4, SIGNAL_CONNECTED = 1 << 5, SIGNAL_SLIH = 1 << 6, SIGNAL_FLIH = 1 << 7 };
enum { IRQ_SLIH = 9, IRQ_FLIH = 10 };

extern struct spm_thread threads[PARTITIONS];
extern struct spm_partition partitions[PARTITIONS];
extern struct spm_region maps[PARTITIONS][SPM_MAP_REGIONS];
extern const struct spm_interrupt interrupts[2];
extern uint8_t client_memory[64], server_memory[128], other_memory[64], shared_code[64];
/** What happens while a plain call runs. */
extern void (*during)(void);

#define server          (&threads[P_SERVER])
#define function_thread (&threads[P_FUNCTION])
#define client          (&threads[P_CLIENT])

/** The client's vectors lie in its memory, as do their bytes. */
struct client_vectors {
	psa_invec in;
	psa_outvec out;
	uint8_t from[8], to[8];
};

psa_status_t function(const psa_msg_t *message);
uintptr_t call(struct spm_thread *thread, enum spm_api api, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d);
/** Everybody runs, and the server and the client wait. */
void start(void);
/** The client runs: its doorbell has rung. */
void wake_client(void);
/** Where the server has its message. */
psa_msg_t *message(void);
/** The server takes the one message of a service. */
psa_handle_t take(psa_signal_t signal);
void call_from_client(psa_handle_t handle, const psa_invec *in, size_t in_len, psa_outvec *out, size_t out_len);
struct client_vectors *vectors(void);
/** Client and server do it all. */
psa_handle_t connect_client(void);

#endif
