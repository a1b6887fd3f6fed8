/* SPDX-License-Identifier: Apache-2.0 */
#include <lwip/dns.h>
#include <lwip/tcp.h>
#include <merlon/net/network.h>
#include <string.h>

static struct tcp_stream *tcp_of(struct stream *stream)
{
	return (struct tcp_stream *)stream;
}

static void on_error(void *context, err_t error)
{
	struct tcp_stream *tcp = context;
	(void)error;
	tcp->pcb = NULL; /* lwIP has freed it */
	tcp->is_broken = true;
}

static err_t on_receive(void *context, struct tcp_pcb *pcb, struct pbuf *buffer, err_t error)
{
	struct tcp_stream *tcp = context;
	(void)pcb;
	(void)error;
	if (buffer == NULL)
		tcp->is_ended = true;
	else if (tcp->received == NULL)
		tcp->received = buffer;
	else
		pbuf_cat(tcp->received, buffer);
	return ERR_OK;
}

static err_t on_connected(void *context, struct tcp_pcb *pcb, err_t error)
{
	struct tcp_stream *tcp = context;
	(void)pcb;
	(void)error;
	tcp->is_connected = true;
	return ERR_OK;
}

static void on_name(const char *name, const ip_addr_t *address, void *context)
{
	struct tcp_stream *tcp = context;
	(void)name;
	tcp->is_resolved = true;
	tcp->address = address == NULL ? 0 : ip4_addr_get_u32(address);
}

static bool is_resolved(void *context)
{
	return ((struct tcp_stream *)context)->is_resolved;
}

static bool is_connected_or_broken(void *context)
{
	const struct tcp_stream *tcp = context;
	return tcp->is_connected || tcp->is_broken;
}

static bool has_something_to_say(void *context)
{
	const struct tcp_stream *tcp = context;
	return tcp->received != NULL || tcp->is_ended || tcp->is_broken;
}

static bool can_send(void *context)
{
	const struct tcp_stream *tcp = context;
	return tcp->is_broken || (tcp_sndbuf(tcp->pcb) > 0 && tcp_sndqueuelen(tcp->pcb) < TCP_SND_QUEUELEN);
}

static psa_status_t resolve(struct tcp_stream *tcp, const char *host, uint32_t timeout_ms)
{
	ip_addr_t address;
	err_t error = dns_gethostbyname(host, &address, on_name, tcp);
	if (error == ERR_OK)
		on_name(host, &address, tcp);
	else if (error != ERR_INPROGRESS)
		return PSA_ERROR_CONNECTION_REFUSED;
	if (!network_wait(is_resolved, tcp, timeout_ms))
		return STREAM_ERROR_TIMEOUT;
	return tcp->address != 0 ? PSA_SUCCESS : PSA_ERROR_CONNECTION_REFUSED;
}

static void disconnect(struct stream *stream)
{
	struct tcp_stream *tcp = tcp_of(stream);
	if (tcp->pcb != NULL) {
		tcp_arg(tcp->pcb, NULL);
		tcp_recv(tcp->pcb, NULL);
		tcp_err(tcp->pcb, NULL);
		if (!tcp->is_connected || tcp_close(tcp->pcb) != ERR_OK)
			tcp_abort(tcp->pcb);
	}
	if (tcp->received != NULL)
		pbuf_free(tcp->received);
	tcp_stream_init(tcp);
}

static psa_status_t connect(struct stream *stream, const char *host, uint16_t port, uint32_t timeout_ms)
{
	struct tcp_stream *tcp = tcp_of(stream);
	disconnect(stream);
	psa_status_t status = resolve(tcp, host, timeout_ms);
	if (status != PSA_SUCCESS)
		return status;
	tcp->pcb = tcp_new();
	if (tcp->pcb == NULL)
		return PSA_ERROR_INSUFFICIENT_MEMORY;
	ip_addr_t address;
	ip4_addr_set_u32(&address, tcp->address);
	tcp_arg(tcp->pcb, tcp);
	tcp_recv(tcp->pcb, on_receive);
	tcp_err(tcp->pcb, on_error);
	tcp_nagle_disable(tcp->pcb);
	if (tcp_connect(tcp->pcb, &address, port, on_connected) != ERR_OK)
		return PSA_ERROR_CONNECTION_REFUSED;
	if (!network_wait(is_connected_or_broken, tcp, timeout_ms)) {
		disconnect(stream);
		return STREAM_ERROR_TIMEOUT;
	}
	return tcp->is_broken ? PSA_ERROR_CONNECTION_REFUSED : PSA_SUCCESS;
}

static psa_status_t read(struct stream *stream, void *data, size_t capacity, size_t *size, uint32_t timeout_ms)
{
	struct tcp_stream *tcp = tcp_of(stream);
	if (!tcp->is_connected)
		return PSA_ERROR_COMMUNICATION_FAILURE;
	if (!network_wait(has_something_to_say, tcp, timeout_ms))
		return STREAM_ERROR_TIMEOUT;
	if (tcp->received == NULL)
		return tcp->is_ended ? PSA_SUCCESS : PSA_ERROR_COMMUNICATION_FAILURE;
	u16_t wanted = capacity < tcp->received->tot_len ? (u16_t)capacity : tcp->received->tot_len;
	*size = pbuf_copy_partial(tcp->received, data, wanted, 0);
	tcp->received = pbuf_free_header(tcp->received, (u16_t)*size);
	/* Only what has been taken opens the window again: nothing has to be buffered twice. */
	if (tcp->pcb != NULL)
		tcp_recved(tcp->pcb, (u16_t)*size);
	return PSA_SUCCESS;
}

static psa_status_t write(struct stream *stream, const void *data, size_t size, uint32_t timeout_ms)
{
	struct tcp_stream *tcp = tcp_of(stream);
	const uint8_t *byte = data;
	while (size > 0) {
		if (!tcp->is_connected || tcp->is_broken)
			return PSA_ERROR_COMMUNICATION_FAILURE;
		if (!network_wait(can_send, tcp, timeout_ms))
			return STREAM_ERROR_TIMEOUT;
		if (tcp->is_broken)
			return PSA_ERROR_COMMUNICATION_FAILURE;
		size_t piece = size < tcp_sndbuf(tcp->pcb) ? size : tcp_sndbuf(tcp->pcb);
		piece = piece < TCP_MSS ? piece : TCP_MSS;
		if (tcp_write(tcp->pcb, byte, (u16_t)piece, TCP_WRITE_FLAG_COPY) != ERR_OK || tcp_output(tcp->pcb) != ERR_OK)
			return PSA_ERROR_COMMUNICATION_FAILURE;
		byte += piece;
		size -= piece;
	}
	return PSA_SUCCESS;
}

void tcp_stream_init(struct tcp_stream *tcp)
{
	static const struct stream_ops ops = { .connect = connect, .read = read, .write = write, .close = disconnect };
	memset(tcp, 0, sizeof *tcp);
	tcp->stream.ops = &ops;
}
