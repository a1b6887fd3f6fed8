/* SPDX-License-Identifier: Apache-2.0 */
/* https_get PORT CA.der NAME PATH TIMEOUT_MS [FIRST LAST]: one GET from 127.0.0.1 by the device's own code.
 * Prints `connect STATUS`, `exchange STATUS HTTP-STATUS LENGTH`, `body STATUS SIZE SUM` as far as it comes. */
#define _POSIX_C_SOURCE 200809L
#include <merlon/net/socket_stream.h>
#include <merlon/net/tls_stream.h>
#include <merlon/ota/http.h>
#include <psa/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static unsigned char arena[96 * 1024];

static uint32_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint32_t)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

psa_status_t mbedtls_psa_external_get_random(mbedtls_psa_external_random_context_t *context, uint8_t *output, size_t size,
					     size_t *length)
{
	(void)context;
	FILE *file = fopen("/dev/urandom", "rb");
	*length = file == NULL ? 0 : fread(output, 1, size, file);
	if (file != NULL)
		fclose(file);
	return *length == size ? PSA_SUCCESS : PSA_ERROR_INSUFFICIENT_ENTROPY;
}

static size_t file_read(const char *path, uint8_t *data, size_t capacity)
{
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return 0;
	size_t size = fread(data, 1, capacity, file);
	fclose(file);
	return size;
}

static void body_print(struct http_client *client)
{
	uint8_t block[1024];
	size_t size;
	unsigned long total = 0, sum = 0;
	psa_status_t status;
	do {
		status = http_body_read(client, block, sizeof block, &size);
		for (size_t i = 0; i < size; i++)
			sum = (sum * 31 + block[i]) % 1000003;
		total += size;
	} while (status == PSA_SUCCESS && size > 0);
	printf("body %d %lu %lu\n", (int)status, total, sum);
}

int main(int argc, char **argv)
{
	static struct socket_stream socket;
	static struct tls_stream tls;
	uint8_t ca[2048];
	if (argc != 6 && argc != 8)
		return 2;
	uint16_t port = (uint16_t)atoi(argv[1]);
	uint32_t timeout_ms = (uint32_t)atoi(argv[5]);
	tls_memory_init(arena, sizeof arena);
	socket_stream_init(&socket);
	psa_status_t status = tls_stream_init(&tls, &socket.stream, ca, file_read(argv[2], ca, sizeof ca), argv[3], now_ms);
	if (status == PSA_SUCCESS)
		status = stream_connect(&tls.stream, "127.0.0.1", port, timeout_ms);
	printf("connect %d\n", (int)status);
	if (status != PSA_SUCCESS)
		return 1;
	struct http_client client = {
		.stream = &tls.stream, .host = "127.0.0.1", .name = argv[3], .port = port, .now_ms = now_ms, .is_connected = true
	};
	struct http_request request = { .method = "GET", .path = argv[4], .has_range = argc == 8 };
	request.first = argc == 8 ? (uint32_t)atoi(argv[6]) : 0;
	request.last = argc == 8 ? (uint32_t)atoi(argv[7]) : 0;
	struct http_head head;
	status = http_exchange_begin(&client, &request, timeout_ms, &head);
	printf("exchange %d %u %u\n", (int)status, status == PSA_SUCCESS ? head.status : 0,
	       status == PSA_SUCCESS ? head.length : 0);
	if (status != PSA_SUCCESS)
		return 1;
	body_print(&client);
	http_close(&client);
	tls_stream_deinit(&tls);
	return 0;
}
