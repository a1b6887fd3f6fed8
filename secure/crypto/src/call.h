/* SPDX-License-Identifier: Apache-2.0 */
/** Inside the Crypto partition: one call, its operation and its data. */
#ifndef MERLON_CRYPTO_CALL_H
#define MERLON_CRYPTO_CALL_H

#include <merlon/lib/crypto_wire.h>
#include <psa/crypto.h>
#include <psa/service.h>
#include <stdbool.h>

enum {
	CRYPTO_CHUNK_SIZE = 512, /* bytes of input or output that are under work at a time */
	CRYPTO_CHUNK_SLACK = 32,
	CRYPTO_BUFFER_MAX = 4096,     /* bytes of an input or output that must be whole: keys, signatures, derivation inputs */
	CRYPTO_OPERATION_COUNT = 8,   /* multi-part operations at once */
	CRYPTO_OPERATION_RESERVED = 2 /* of them, for partitions: the Non-secure world cannot use up the last ones */
};

enum crypto_kind {
	CRYPTO_KIND_NONE,
	CRYPTO_KIND_HASH,
	CRYPTO_KIND_MAC,
	CRYPTO_KIND_CIPHER,
	CRYPTO_KIND_AEAD,
	CRYPTO_KIND_DERIVATION,
	CRYPTO_KIND_PAKE,
	CRYPTO_KIND_INTERRUPTIBLE,
};

/** What the core keeps of a multi-part operation: a place in the arena, as large as the operation's kind needs. */
union crypto_state {
	psa_hash_operation_t hash;
	psa_mac_operation_t mac;
	psa_cipher_operation_t cipher;
	psa_aead_operation_t aead;
	psa_key_derivation_operation_t derivation;
#ifdef PSA_WANT_ALG_JPAKE
	psa_pake_operation_t pake;
#endif
#ifdef MBEDTLS_ECP_RESTARTABLE
	struct crypto_interruptible {
		bool verifies;
		psa_sign_hash_interruptible_operation_t sign;
		psa_verify_hash_interruptible_operation_t verify;
	} interruptible;
#endif
};

/** A multi-part operation, named by a handle and bound to the client that began it. */
struct crypto_operation {
	uint32_t handle; /* 0: free */
	int32_t owner;
	enum crypto_kind kind;
	union crypto_state *state;
};

/** Input vector 0, whole or its first part. */
union crypto_head {
	struct crypto_request request;
	struct crypto_aead_request aead;
};

struct crypto_call {
	const psa_msg_t *msg;
	const union crypto_head *head;
	const struct crypto_request *request; /* &head->request */
	struct crypto_operation *operation;   /* of rows with an operation: valid, of the row's kind, the caller's own */
	struct crypto_operation *source;      /* CRYPTO_HASH_CLONE */
	size_t written[PSA_MAX_IOVEC];        /* bytes emitted so far */
};

/**
 * What a function does to its operation. Those that keep it lose it when they fail, except a derivation's; one that resumes it keeps it
 * while it answers PSA_OPERATION_INCOMPLETE.
 */
enum crypto_effect { CRYPTO_PLAIN, CRYPTO_BEGINS, CRYPTO_CLONES, CRYPTO_KEEPS, CRYPTO_RESUMES, CRYPTO_ENDS, CRYPTO_ABORTS };

/** A row of a group's table. All checks that can be made without knowing the function are made from here, before `run`. */
struct crypto_row {
	psa_status_t (*run)(struct crypto_call *call); /* NULL: nothing to do beyond `effect` */
	uint8_t inputs, outputs;                       /* vectors that may be there, without input vector 0 */
	enum crypto_effect effect;
	uint16_t head_size; /* bytes of input vector 0 */
	uint16_t in_fixed;  /* exact size of input vector 1; 0: any */
	uint16_t out_fixed; /* exact size of output vector 0; 0: any */
};

struct crypto_rows {
	const struct crypto_row *rows;
	size_t count;
	enum crypto_kind kind; /* of the operations in this group */
	psa_status_t (*abort)(struct crypto_operation *operation);
	size_t state_size; /* bytes */
};

/* One per file; a group that a product leaves out has no rows: its calls answer PSA_ERROR_NOT_SUPPORTED (absent.c). */
extern const struct crypto_rows crypto_key_rows, crypto_random_rows, crypto_hash_rows, crypto_mac_rows, crypto_cipher_rows,
	crypto_aead_rows, crypto_asymmetric_rows, crypto_derivation_rows, crypto_pake_rows, crypto_interruptible_rows;

/* The macros of the tables. `CRYPTO_WORD`: a handle, a key identifier or a capacity. */
#define CRYPTO_WORD sizeof(uint32_t)
#define CRYPTO_ROW(function, ins, outs)                                                                                            \
	{                                                                                                                          \
		.run = (function), .inputs = (ins), .outputs = (outs), .effect = CRYPTO_PLAIN,                                     \
		.head_size = sizeof(struct crypto_request)                                                                         \
	}
#define CRYPTO_STEP(function, ins, outs, does)                                                                                     \
	{                                                                                                                          \
		.run = (function), .inputs = (ins), .outputs = (outs), .effect = (does),                                           \
		.head_size = sizeof(struct crypto_request)                                                                         \
	}
#define CRYPTO_SETUP(function)                                                                                                     \
	{                                                                                                                          \
		.run = (function), .outputs = 1, .effect = CRYPTO_BEGINS, .head_size = sizeof(struct crypto_request),              \
		.out_fixed = CRYPTO_WORD                                                                                           \
	}

/** A function that is called from outside the partition, which is optimised as a whole (cmake/sealed.cmake). */
#define CRYPTO_ENTRY __attribute__((externally_visible))

/** Answer one message. `init_status` is what the core said when it started: with another than PSA_SUCCESS nothing is served. */
psa_status_t crypto_dispatch(const psa_msg_t *msg, psa_status_t init_status);
/** The client's own operation of this kind; NULL: none has this handle. */
struct crypto_operation *crypto_operation_find(uint32_t handle, int32_t owner, enum crypto_kind kind);
/** End every operation and forget it. For a restart of the service. */
void crypto_operations_reset(void);

/* call.c: data in and out */

/** The key that the client names: one of its own, or a built-in one that it may use. */
mbedtls_svc_key_id_t crypto_request_key(const struct crypto_call *call);

/** The partition's two work buffers. The larger one takes an output with one cipher block more than the input. */
struct crypto_chunks {
	uint8_t in[CRYPTO_CHUNK_SIZE], out[CRYPTO_CHUNK_SIZE + CRYPTO_CHUNK_SLACK];
	size_t used; /* bytes of `in` that this call may have touched, and with CRYPTO_CHUNK_SLACK of `out` */
};
extern struct crypto_chunks crypto_chunks;

/** Announce that `size` bytes of the work buffers will be used: at most CRYPTO_CHUNK_SIZE. @return The size, cut to that. */
size_t crypto_chunk_use(size_t size);
/** Wipe what was used. */
void crypto_chunks_wipe(void);

/** The next at most `limit` bytes of input `index` into crypto_chunks.in. @return How many; 0 at the end. */
size_t crypto_next(struct crypto_call *call, uint32_t index, size_t limit);

/** Feed all of input `index` to `update`, piece by piece. */
psa_status_t crypto_feed(struct crypto_call *call, uint32_t index, psa_status_t (*update)(void *operation, const uint8_t *, size_t),
			 void *operation);

/** Append to output `index`. @retval PSA_ERROR_BUFFER_TOO_SMALL  It does not fit; nothing was written. */
psa_status_t crypto_emit(struct crypto_call *call, uint32_t index, const void *data, size_t size);
psa_status_t crypto_emit_word(struct crypto_call *call, uint32_t word);
size_t crypto_room(const struct crypto_call *call, uint32_t index);

/** A vector that must be whole, in the arena. Wiped when released. `data` is not NULL when the call succeeded. */
struct crypto_buffer {
	uint8_t *data;
	size_t size;
};
/** @retval PSA_ERROR_INSUFFICIENT_MEMORY  Larger than CRYPTO_BUFFER_MAX, or the arena is full. */
psa_status_t crypto_buffer_read(struct crypto_call *call, uint32_t index, struct crypto_buffer *buffer);
/** Room for output `index`, at most `limit` bytes of it. */
psa_status_t crypto_buffer_for(struct crypto_call *call, uint32_t index, size_t limit, struct crypto_buffer *buffer);
/** Write the first `size` bytes to output `index` when status is PSA_SUCCESS, then release. @return status */
psa_status_t crypto_buffer_emit(struct crypto_call *call, uint32_t index, struct crypto_buffer *buffer, size_t size,
				psa_status_t status);
void crypto_buffer_release(struct crypto_buffer *buffer);

/** Attributes from input vector 1, with the caller as owner. */
void crypto_attributes_read(struct crypto_call *call, psa_key_attributes_t *attributes);
/** Answer with the identifier of a new key; a key that was not made has none. @return status */
psa_status_t crypto_answer_key(struct crypto_call *call, psa_status_t status, mbedtls_svc_key_id_t key);

#endif
