/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The partition manager: who may call whom, with which memory, who runs, and what happens to those who break the rules.
 *
 * `core/` decides and runs on the host as well; it reaches the machine through machine.h and never blocks: a call that has to wait
 * changes the state of its thread, and the machine goes on with spm_next().
 *
 * Threads. The Non-secure world calls in on one thread, the agent: the lowest of all, always ready. SFN partitions without a memory map
 * are called plainly on it; all others have a thread of their own (table.h), which waits for messages.
 *
 * Source: Arm DEN 0063 (FF-M 1.0), Arm AES 0039 (1.1 extensions).
 */
#ifndef MERLON_SPM_SPM_H
#define MERLON_SPM_SPM_H

#include <merlon/spm/fault.h>
#include <merlon/spm/table.h>

enum {
	SPM_CONNECTIONS_MAX = 8,
	SPM_NONSECURE_CLIENTS = 8, /* client ids -1 to -8; the Non-secure world says which with each call */
	SPM_CLIENT_NONSECURE = -1, /* of a Non-secure world that has not named any other */
	SPM_NONSECURE = 0xff,      /* in place of a partition's index */
	SPM_RESTARTS_MAX = 4,      /* of one partition; then the device restarts */
};

/** What a thread does, and what can happen to it. spm_transitions[] says what follows from what. */
enum spm_state { SPM_IDLE, SPM_LENT, SPM_READY, SPM_WAITING, SPM_CALLING, SPM_DEAD, SPM_STATE_COUNT };
enum spm_event {
	SPM_BEGIN,  /* a message for an SFN thread, or the start of an IPC thread */
	SPM_REST,   /* its SFN function has returned and no message is left */
	SPM_LEND,   /* its SFN function runs plainly on the agent */
	SPM_REGAIN, /* and has returned */
	SPM_WAIT,   /* psa_wait() without an asserted signal */
	SPM_WAKE,
	SPM_CALL, /* psa_call(), psa_connect(), psa_close() */
	SPM_ANSWER,
	SPM_END,     /* it has erred */
	SPM_RESTART, /* it begins anew */
	SPM_EVENT_COUNT
};
enum { SPM_IMPOSSIBLE = 0xff };
extern const uint8_t spm_transitions[SPM_STATE_COUNT][SPM_EVENT_COUNT];

/** A connection. Its handle is the generation and the place; a handle of an earlier generation names nothing. */
struct spm_connection {
	void *rhandle;
	int32_t client_id; /* 0: free */
	uint16_t generation;
	uint8_t service;
	bool dead : 1; /* its client erred: every further call gets PSA_ERROR_PROGRAMMER_ERROR */
	bool lost : 1; /* its partition was ended: every further call gets PSA_ERROR_COMMUNICATION_FAILURE */
	bool busy : 1; /* a message of it is under way */
};

enum spm_message_state { SPM_MESSAGE_FREE, SPM_MESSAGE_QUEUED, SPM_MESSAGE_SERVED, SPM_MESSAGE_DONE };
enum { SPM_NO_SERVICE = 0xff };

/** A call under way: in the client's thread, or on the agent's stack. */
struct spm_message {
	struct spm_message *next; /* in its partition's queue; plain calls: the one around it */
	struct spm_thread *client;
	struct spm_connection *connection; /* NULL: stateless */
	psa_outvec *lengths;               /* the client's, `out_count` of them */
	int32_t type, client_id;
	psa_handle_t handle; /* sequence above, place of the client's thread below */
	psa_status_t result;
	psa_signal_t signal;        /* of its service; SFN: 0 */
	uint8_t partition, service; /* who serves; SPM_NO_SERVICE: its init */
	uint8_t state, out_count;
	uint8_t mapped, touched; /* bit i: input i, bit 4 + i: output i */
	bool orphan;             /* its client was ended: nobody reads or writes its memory any more */
	struct {
		const uint8_t *next;
		size_t left;
	} in[PSA_MAX_IOVEC];
	struct {
		uint8_t *next;
		size_t left, used;
	} out[PSA_MAX_IOVEC];
};

/** Registers of a thread that does not run. Only the machine looks inside. */
struct spm_context {
	uint32_t saved[8];
	uintptr_t stack_pointer;
	uint32_t exception_return;
};

struct spm_thread {
	struct spm_context context;
	struct spm_message message;  /* the call that it makes; the agent's lie on its stack */
	struct spm_message *queue;   /* for its partition, oldest first */
	struct spm_message *serving; /* SFN */
	uint32_t bit;                /* in spm.ready */
	psa_signal_t asserted, mask;
	uint8_t partition; /* index; SPM_NONSECURE: the agent */
	uint8_t state;     /* enum spm_state */
	uint8_t context_kind, api, error, restarts;
};

/** The partition manager's state. One instance, defined by the image. */
struct spm {
	struct spm_thread *running;
	struct spm_thread *first_level; /* whose first-level interrupt function runs; NULL: none */
	struct spm_message *plain;      /* innermost plain call on the agent; NULL: the Non-secure world itself */
	struct spm_message *agent_call; /* that the agent waits for */
	uint32_t ready;                 /* bit of each thread that could run */
	uint32_t arrived;               /* interrupts, by index in the table: noted by the machine's handler */
	uint32_t pending, enabled;      /* not yet served; wanted by their partition */
	uint32_t first_level_index;
	uint32_t lifecycle; /* psa_rot_lifecycle_state() */
	int32_t last_message;
	struct spm_thread agent;
	struct spm_thread *order[SPM_PARTITIONS_MAX + 1]; /* highest priority first */
	struct spm_connection connections[SPM_CONNECTIONS_MAX];
};
extern struct spm spm;

/**
 * Initialise all partitions in the order of the table and start the threads. Called once, before the first Non-secure call.
 * @return The first error of an `init`, or PSA_ERROR_GENERIC_ERROR for a table that cannot work; the caller stops the boot.
 */
psa_status_t spm_start(void);

/*
 * What the gates call, on the agent. Arguments are as untrusted as the caller. `client_id` is one of the Non-secure ids; `control` as
 * merlon_veneer_pack() makes it, whatever it says of the client.
 */
uint32_t spm_version_of(uint8_t partition, uint32_t sid);
psa_handle_t spm_connect(int32_t client_id, uint32_t sid, uint32_t version);
psa_status_t spm_call(int32_t client_id, psa_handle_t handle, uint32_t control, const psa_invec *in_vec, psa_outvec *out_vec);
void spm_close(int32_t client_id, psa_handle_t handle);

/**
 * What partitions may ask for, by number: the order of spm_calls[]. Arguments are those of the function of that name, of psa_call()
 * `type`, `in_len` and `out_len` in one word as merlon_veneer_pack() makes it, and then both vectors.
 */
enum spm_api {
	SPM_API_VERSION,
	SPM_API_CONNECT,
	SPM_API_CALL,
	SPM_API_CLOSE,
	SPM_API_WAIT,
	SPM_API_GET,
	SPM_API_READ,
	SPM_API_SKIP,
	SPM_API_WRITE,
	SPM_API_SET_RHANDLE,
	SPM_API_REPLY,
	SPM_API_NOTIFY,
	SPM_API_CLEAR,
	SPM_API_EOI,
	SPM_API_RESET_SIGNAL,
	SPM_API_IRQ_ENABLE,
	SPM_API_IRQ_DISABLE,
	SPM_API_PANIC,
	SPM_API_LIFECYCLE,
	SPM_API_MAP_INVEC,
	SPM_API_UNMAP_INVEC,
	SPM_API_MAP_OUTVEC,
	SPM_API_UNMAP_OUTVEC,
	SPM_API_RESET,       /* PSA-ROT only: restart the device because of ... */
	SPM_API_RETURN,      /* an SFN function has returned; argument: its result */
	SPM_API_EXIT,        /* an IPC entry point has */
	SPM_API_FIRST_LEVEL, /* a first-level interrupt function has; argument: its result */
	SPM_API_COUNT
};

/** Who may make a call: the kinds of `context_kind`. */
enum { SPM_CONTEXT_IPC = 1, SPM_CONTEXT_SFN = 2, SPM_CONTEXT_INIT = 4, SPM_CONTEXT_FIRST_LEVEL = 8, SPM_CONTEXT_NONSECURE = 16 };

/** One row for each call. Pointers and sizes in `arguments` as the caller gave them. */
struct spm_call {
	uintptr_t (*function)(struct spm_thread *thread, const uintptr_t arguments[4]);
	uint8_t contexts;
};
extern const struct spm_call spm_calls[SPM_API_COUNT];
/** Its name for people. */
const char *spm_api_name(unsigned api);

/**
 * Make a call for a thread. Afterwards `thread->error` says whether it erred; otherwise, while `thread->state` is SPM_READY, the result
 * is its answer; else the answer comes through spm_machine_answer().
 */
uintptr_t spm_serve(struct spm_thread *thread, unsigned api, const uintptr_t arguments[4]);

/** The same for whoever runs on the agent's stack: an error does not return. SPM_API_CONNECT, _CALL and _CLOSE have functions above. */
uintptr_t spm_plain(enum spm_api api, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d);

/** The thread that shall run now. */
static inline struct spm_thread *spm_next(void)
{
	return spm.order[__builtin_clz(spm.ready)];
}

/**
 * The partition of the thread erred and does not run on: report thread->api and thread->error. The device restarts, or, where the
 * product and the partition allow it, its clients are answered, its calls ended, and it begins anew when nobody holds a message of it.
 */
void spm_erred(struct spm_thread *thread);
/** May it begin anew? Only an unprivileged one cannot have spoilt others. */
bool spm_may_restart(const struct spm_thread *thread);

/**
 * The machine's interrupt handler has noted interrupts in spm.arrived: assert the signals of those without a first-level function.
 * Called where no other code of core/ is interrupted.
 */
void spm_interrupts_take(void);
/** The next first-level function to run, in the domain of spm.first_level; NULL: none, or one runs. */
const struct spm_interrupt *spm_first_level_begin(void);

#endif
