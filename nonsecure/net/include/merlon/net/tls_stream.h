/* SPDX-License-Identifier: Apache-2.0 */
/**
 * TLS 1.3 as a stream over any stream: a client that authenticates the server. mbedTLS speaks the protocol; every key, hash and
 * signature is the PSA Crypto service's (mbedTLS is a PSA client only).
 *
 * Checked at each connection: the certificate chain ends at the one pinned CA, every signature in it, basic constraints and key
 * usage, and the host name against subjectAltName (or, without one, the common name). TLS 1.3 only, ECDHE and ECDSA on P-256 and P-384.
 *
 * NOT checked, because the device has no trusted time: notBefore and notAfter of the certificates; and, having no way to fetch
 * them, revocation lists and OCSP. A server key that leaked stays good until the CA in the factory data is no longer trusted.
 * What an update may do does not rest on this: images are signed.
 */
#ifndef MERLON_NET_TLS_STREAM_H
#define MERLON_NET_TLS_STREAM_H

#include <mbedtls/ssl.h>
#include <merlon/hal/stream.h>

/** Hand out &tls.stream; one connection at a time. All other members private. */
struct tls_stream {
	struct stream stream;
	struct stream *below;
	const char *server_name;
	uint32_t (*now_ms)(void);
	uint32_t started_ms, allowed_ms;
	mbedtls_x509_crt ca;
	mbedtls_ssl_config config;
	mbedtls_ssl_context context;
	psa_status_t below_status; /* of the last call of the stream below that failed */
};

/** Give mbedTLS its memory, once, before the first tls_stream_init(). `arena` stays its own. */
void tls_memory_init(void *arena, size_t size);

/**
 * @param below        Connected and closed by this stream; stays the caller's.
 * @param ca           The pinned CA certificate, DER; copied.
 * @param server_name  The name that the server's certificate must bear; kept by reference.
 * @retval PSA_ERROR_INVALID_ARGUMENT     The CA is not a certificate that this build can check, or the name is too long.
 * @retval PSA_ERROR_INSUFFICIENT_MEMORY  The arena is too small. Otherwise as psa_crypto_init().
 */
psa_status_t tls_stream_init(struct tls_stream *tls, struct stream *below, const uint8_t *ca, size_t ca_size,
			     const char *server_name, uint32_t (*now_ms)(void));

/** Give back what init allocated. */
void tls_stream_deinit(struct tls_stream *tls);

#endif
