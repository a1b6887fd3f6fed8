/* SPDX-License-Identifier: Apache-2.0 */
#include <mbedtls/memory_buffer_alloc.h>
#include <merlon/net/tls_stream.h>
#include <psa/crypto.h>
#include <string.h>

static struct tls_stream *tls_of(struct stream *stream)
{
	return (struct tls_stream *)stream;
}

void tls_memory_init(void *arena, size_t size)
{
	mbedtls_memory_buffer_alloc_init(arena, size);
}

static void begin(struct tls_stream *tls, uint32_t timeout_ms)
{
	tls->started_ms = tls->now_ms();
	tls->allowed_ms = timeout_ms;
	tls->below_status = PSA_SUCCESS;
}

static uint32_t time_left(const struct tls_stream *tls)
{
	uint32_t passed = tls->now_ms() - tls->started_ms;
	return passed < tls->allowed_ms ? tls->allowed_ms - passed : 0;
}

static int send_below(void *context, const unsigned char *data, size_t size)
{
	struct tls_stream *tls = context;
	tls->below_status = stream_write(tls->below, data, size, time_left(tls));
	return tls->below_status == PSA_SUCCESS ? (int)size : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}

static int receive_below(void *context, unsigned char *data, size_t capacity)
{
	struct tls_stream *tls = context;
	size_t size;
	tls->below_status = stream_read(tls->below, data, capacity, &size, time_left(tls));
	if (tls->below_status == STREAM_ERROR_TIMEOUT)
		return MBEDTLS_ERR_SSL_WANT_READ;
	return tls->below_status == PSA_SUCCESS ? (int)size : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}

static int random_bytes(void *context, unsigned char *out, size_t size)
{
	(void)context;
	return psa_generate_random(out, size) == PSA_SUCCESS ? 0 : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}

/* mbedTLS's codes become ours here and nowhere else. */
static psa_status_t translate(const struct tls_stream *tls, int error)
{
	if (tls->below_status != PSA_SUCCESS)
		return tls->below_status;
	switch (error) {
	case 0:
		return PSA_SUCCESS;
	case MBEDTLS_ERR_X509_CERT_VERIFY_FAILED:
	case MBEDTLS_ERR_SSL_BAD_CERTIFICATE:
	case MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE:
		return PSA_ERROR_INVALID_SIGNATURE;
	case MBEDTLS_ERR_SSL_ALLOC_FAILED:
		return PSA_ERROR_INSUFFICIENT_MEMORY;
	default:
		return PSA_ERROR_COMMUNICATION_FAILURE;
	}
}

static void tls_close(struct stream *stream)
{
	struct tls_stream *tls = tls_of(stream);
	enum { GOODBYE_MS = 1000 };
	if (mbedtls_ssl_is_handshake_over(&tls->context)) {
		begin(tls, GOODBYE_MS);
		(void)mbedtls_ssl_close_notify(&tls->context);
	}
	mbedtls_ssl_free(&tls->context);
	mbedtls_ssl_init(&tls->context);
	stream_close(tls->below);
}

static psa_status_t handshake(struct tls_stream *tls)
{
	int error = mbedtls_ssl_setup(&tls->context, &tls->config);
	if (error == 0)
		error = mbedtls_ssl_set_hostname(&tls->context, tls->server_name);
	if (error != 0)
		return translate(tls, error);
	mbedtls_ssl_set_bio(&tls->context, tls, send_below, receive_below, NULL);
	error = mbedtls_ssl_handshake(&tls->context);
	if (error == 0 && mbedtls_ssl_get_verify_result(&tls->context) != 0)
		error = MBEDTLS_ERR_X509_CERT_VERIFY_FAILED;
	return translate(tls, error);
}

static psa_status_t tls_connect(struct stream *stream, const char *host, uint16_t port, uint32_t timeout_ms)
{
	struct tls_stream *tls = tls_of(stream);
	tls_close(stream);
	begin(tls, timeout_ms);
	psa_status_t status = stream_connect(tls->below, host, port, timeout_ms);
	if (status == PSA_SUCCESS)
		status = handshake(tls);
	if (status != PSA_SUCCESS) {
		mbedtls_ssl_free(&tls->context); /* no farewell to a stranger */
		mbedtls_ssl_init(&tls->context);
		stream_close(tls->below);
	}
	return status;
}

static psa_status_t tls_read(struct stream *stream, void *data, size_t capacity, size_t *size, uint32_t timeout_ms)
{
	struct tls_stream *tls = tls_of(stream);
	if (!mbedtls_ssl_is_handshake_over(&tls->context))
		return PSA_ERROR_COMMUNICATION_FAILURE;
	begin(tls, timeout_ms);
	int result;
	do {
		result = mbedtls_ssl_read(&tls->context, data, capacity);
	} while (result == MBEDTLS_ERR_SSL_WANT_READ && tls->below_status == PSA_SUCCESS);
	if (result > 0) {
		*size = (size_t)result;
		return PSA_SUCCESS;
	}
	/* An end without the farewell of TLS may be an attacker's: it is an error. */
	return result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY ? PSA_SUCCESS
							   : translate(tls, result == 0 ? MBEDTLS_ERR_SSL_CONN_EOF : result);
}

static psa_status_t tls_write(struct stream *stream, const void *data, size_t size, uint32_t timeout_ms)
{
	struct tls_stream *tls = tls_of(stream);
	const unsigned char *byte = data;
	if (!mbedtls_ssl_is_handshake_over(&tls->context))
		return PSA_ERROR_COMMUNICATION_FAILURE;
	begin(tls, timeout_ms);
	while (size > 0) {
		int result = mbedtls_ssl_write(&tls->context, byte, size);
		if (result <= 0)
			return translate(tls, result == 0 ? MBEDTLS_ERR_SSL_CONN_EOF : result);
		byte += result;
		size -= (size_t)result;
	}
	return PSA_SUCCESS;
}

psa_status_t tls_stream_init(struct tls_stream *tls, struct stream *below, const uint8_t *ca, size_t ca_size,
			     const char *server_name, uint32_t (*now_ms)(void))
{
	static const struct stream_ops ops = { .connect = tls_connect, .read = tls_read, .write = tls_write, .close = tls_close };
	memset(tls, 0, sizeof *tls);
	tls->stream.ops = &ops;
	tls->below = below;
	tls->server_name = server_name;
	tls->now_ms = now_ms;
	mbedtls_x509_crt_init(&tls->ca);
	mbedtls_ssl_config_init(&tls->config);
	mbedtls_ssl_init(&tls->context);
	psa_status_t status = psa_crypto_init();
	if (status != PSA_SUCCESS)
		return status;
	if (server_name[0] == '\0' || memchr(server_name, '\0', STREAM_HOST_MAX + 1) == NULL ||
	    mbedtls_x509_crt_parse_der(&tls->ca, ca, ca_size) != 0)
		return PSA_ERROR_INVALID_ARGUMENT;
	if (mbedtls_ssl_config_defaults(&tls->config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
					MBEDTLS_SSL_PRESET_DEFAULT) != 0)
		return PSA_ERROR_INSUFFICIENT_MEMORY;
	mbedtls_ssl_conf_authmode(&tls->config, MBEDTLS_SSL_VERIFY_REQUIRED);
	mbedtls_ssl_conf_ca_chain(&tls->config, &tls->ca, NULL);
	mbedtls_ssl_conf_rng(&tls->config, random_bytes, NULL);
	return PSA_SUCCESS;
}

void tls_stream_deinit(struct tls_stream *tls)
{
	tls_close(&tls->stream);
	mbedtls_ssl_config_free(&tls->config);
	mbedtls_x509_crt_free(&tls->ca);
}
