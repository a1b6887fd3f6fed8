/* SPDX-License-Identifier: Apache-2.0 */
/** Inside the client library: how a call of psa/crypto.h becomes a message of merlon/lib/crypto_wire.h. */
#ifndef MERLON_CLIENT_SRC_CRYPTO_CALL_H
#define MERLON_CLIENT_SRC_CRYPTO_CALL_H

#include <merlon/lib/crypto_wire.h>
#include <psa/client.h>
#include <psa/crypto.h>

/** Where results go. A NULL `size` asks for exactly `capacity` bytes: fewer are a failure of the service. */
struct crypto_out {
	void *data;
	size_t capacity;
	size_t *size;
};

/** Data that goes in. */
struct crypto_in {
	const void *data;
	size_t size;
};

enum { CRYPTO_IN_MAX = 2, CRYPTO_OUT_MAX = 2 };

/** Everything about one call but the request itself; what a function does not need stays zero. */
struct crypto_vectors {
	struct crypto_in in[CRYPTO_IN_MAX];
	struct crypto_out out[CRYPTO_OUT_MAX];
	uint8_t in_count, out_count;
};

/** Send. Sizes are reported only on success and are 0 otherwise. */
psa_status_t crypto_call(const struct crypto_request *request, const struct crypto_vectors *vectors);
/** The same with the nonce of an AEAD call in one piece. */
psa_status_t crypto_call_nonce(const struct crypto_request *request, const struct crypto_in *nonce,
			       const struct crypto_vectors *vectors);

/** Begin an operation. `*handle` must be 0, else PSA_ERROR_BAD_STATE. */
psa_status_t crypto_begin(const struct crypto_request *request, uint32_t *handle);
/** The same with inputs. */
psa_status_t crypto_begin_with(const struct crypto_request *request, const struct crypto_in *in, uint8_t in_count,
			       uint32_t *handle);
/** A step of one, without vectors when `vectors` is NULL. `request->handle` is set here. The operation is forgotten when it failed. */
psa_status_t crypto_step(const struct crypto_request *request, uint32_t *handle, const struct crypto_vectors *vectors);
/** The same for an operation that an error does not end. */
psa_status_t crypto_ask(const struct crypto_request *request, uint32_t handle, const struct crypto_vectors *vectors);
/** The last step: the operation is forgotten in any case. */
psa_status_t crypto_end(const struct crypto_request *request, uint32_t *handle, const struct crypto_vectors *vectors);
/** Abort: nothing to do, and success, for an operation that has not begun. */
psa_status_t crypto_abort(enum crypto_function function, uint32_t *handle);

/** The service takes attributes in this form. */
void crypto_attributes_pack(const psa_key_attributes_t *attributes, struct crypto_attributes *wire);

#define CRYPTO_IN(...) .in = { __VA_ARGS__ }, .in_count = sizeof((struct crypto_in[]) { __VA_ARGS__ }) / sizeof(struct crypto_in)
#define CRYPTO_OUT(...)                                                                                                            \
	.out = { __VA_ARGS__ }, .out_count = sizeof((struct crypto_out[]) { __VA_ARGS__ }) / sizeof(struct crypto_out)

#endif
