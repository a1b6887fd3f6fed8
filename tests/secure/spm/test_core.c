/* SPDX-License-Identifier: Apache-2.0 */
/* Plain calls: a table of three SFN partitions of one domain, and memory that a client may not use. */
#include "machine.h"
#include <merlon/test.h>
#include <merlon/veneer.h>
#include <string.h>

enum { HANDLE_ECHO = SPM_STATELESS_FLAG | 1, HANDLE_INNER = SPM_STATELESS_FLAG | 2, HANDLE_SECRET = SPM_STATELESS_FLAG | 3 };
enum { SID_ECHO = 0x100, SID_INNER, SID_SECRET, SID_STRICT, SID_RELAXED };

struct spm spm;

/* What the services do is set by each test. */
static psa_status_t (*behaviour)(const psa_msg_t *message);
static psa_status_t (*inner_behaviour)(const psa_msg_t *message);
static unsigned calls;

static psa_status_t echo_function(const psa_msg_t *message)
{
	calls++;
	return behaviour != NULL ? behaviour(message) : PSA_SUCCESS;
}

static psa_status_t inner_function(const psa_msg_t *message)
{
	return inner_behaviour != NULL ? inner_behaviour(message) : 77;
}

static const struct spm_partition partitions[] = {
	{ .name = "P_INNER", .id = 30 },
	{ .name = "P_ECHO", .id = 10, .dependencies = 1u << 1 },
	{ .name = "P_CONNECTED", .id = 20 },
};
static const struct spm_service services[] = {
	{ echo_function, SID_ECHO, 3, .partition = 1, .strict = true, .nonsecure = true },
	{ inner_function, SID_INNER, 1, .partition = 0, .strict = true, .nonsecure = true },
	{ inner_function, SID_SECRET, 1, .partition = 0, .strict = true },
	{ echo_function, SID_STRICT, 2, .partition = 2, .strict = true, .connection_based = true, .nonsecure = true },
	{ echo_function, SID_RELAXED, 2, .partition = 2, .connection_based = true, .nonsecure = true },
};
static const uint8_t stateless[SPM_SERVICES_MAX + 1] = {
	0xff, 0,    1,    2,    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};
const struct spm_table spm_table = {
	.partitions = partitions, .services = services, .stateless = stateless, .partition_count = 3, .service_count = 5
};

static void start(void)
{
	memset(&spm, 0, sizeof spm);
	behaviour = inner_behaviour = NULL;
	calls = 0;
	machine.panics = 0;
	CHECK_EQ(spm_start(), PSA_SUCCESS);
}

static psa_status_t copy_through(const psa_msg_t *message)
{
	uint8_t buffer[16];
	CHECK_EQ(message->client_id, SPM_CLIENT_NONSECURE);
	CHECK_EQ(psa_read(message->handle, 0, buffer, 2), 2);
	CHECK_EQ(psa_skip(message->handle, 0, 1), 1);
	CHECK_EQ(psa_read(message->handle, 0, buffer + 2, sizeof buffer - 2), message->in_size[0] - 3);
	CHECK_EQ(psa_read(message->handle, 0, buffer, 1), 0);
	CHECK_EQ(psa_read(message->handle, 3, buffer, 1), 0);
	psa_write(message->handle, 0, buffer, 2);
	psa_write(message->handle, 0, buffer + 2, message->in_size[0] - 3);
	return message->type;
}

TEST(data_passes_in_order_and_lengths_come_back, CLAIM("spm.call"), FUNCTIONAL)
{
	uint8_t result[16] = { 0 };
	const psa_invec in = { "abXcdef", 7 };
	psa_outvec out = { result, sizeof result };
	start();
	behaviour = copy_through;
	CHECK_EQ(psa_call(HANDLE_ECHO, 1234, &in, 1, &out, 1), 1234);
	CHECK_EQ(out.len, 6);
	CHECK(memcmp(result, "abcdef", 7) == 0);
	CHECK(spm.plain == NULL);
}

TEST(bad_arguments_of_a_nonsecure_client_are_answered, CLAIM("spm.args"), MALFORMED)
{
	static uint32_t aligned[8];
	uint8_t data[8];
	const psa_invec in[5] = { { data, 4 }, { data, 4 }, { data, 4 }, { data, 4 }, { data, 4 } };
	psa_outvec out[2] = { { data, 4 }, { data + 4, 4 } };
	const psa_invec secret = { machine_forbidden, 1 }, straddles = { machine_forbidden - 4, 8 };
	psa_outvec secret_out = { machine_forbidden + 63, 1 }, constant_out = { machine_constant, 4 };
	psa_outvec overlap[2] = { { data, 5 }, { data + 4, 4 } };
	const struct {
		const char *what;
		psa_handle_t handle;
		int32_t type;
		const psa_invec *in;
		size_t in_len;
		psa_outvec *out;
		size_t out_len;
	} rows[] = {
		{ "null handle", 0, 0, NULL, 0, NULL, 0 },
		{ "unknown stateless handle", SPM_STATELESS_FLAG | 4, 0, NULL, 0, NULL, 0 },
		{ "stateless handle 0", SPM_STATELESS_FLAG, 0, NULL, 0, NULL, 0 },
		{ "stateless handle past the table", SPM_STATELESS_FLAG | (SPM_SERVICES_MAX + 1), 0, NULL, 0, NULL, 0 },
		{ "negative handle", -1, 0, NULL, 0, NULL, 0 },
		{ "forged connection", 0x101, 0, NULL, 0, NULL, 0 },
		{ "service for partitions only", HANDLE_SECRET, 0, NULL, 0, NULL, 0 },
		{ "negative type", HANDLE_ECHO, -1, NULL, 0, NULL, 0 },
		{ "type too large", HANDLE_ECHO, INT16_MAX + 1, NULL, 0, NULL, 0 },
		{ "five inputs", HANDLE_ECHO, 0, in, 5, NULL, 0 },
		{ "three and two", HANDLE_ECHO, 0, in, 3, out, 2 },
		{ "count that wraps", HANDLE_ECHO, 0, in, SIZE_MAX, out, 2 },
		{ "misaligned vectors", HANDLE_ECHO, 0, (const psa_invec *)(void *)((uint8_t *)aligned + 2), 1, NULL, 0 },
		{ "vectors in forbidden memory", HANDLE_ECHO, 0, (const psa_invec *)(void *)machine_forbidden, 1, NULL, 0 },
		{ "output vectors in constant memory", HANDLE_ECHO, 0, NULL, 0, (psa_outvec *)(void *)machine_constant, 1 },
		{ "input in forbidden memory", HANDLE_ECHO, 0, &secret, 1, NULL, 0 },
		{ "input that straddles", HANDLE_ECHO, 0, &straddles, 1, NULL, 0 },
		{ "output in forbidden memory", HANDLE_ECHO, 0, NULL, 0, &secret_out, 1 },
		{ "output in constant memory", HANDLE_ECHO, 0, NULL, 0, &constant_out, 1 },
		{ "outputs that overlap", HANDLE_ECHO, 0, NULL, 0, overlap, 2 },
	};
	start();
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		CHECK_THAT(psa_call(rows[i].handle, rows[i].type, rows[i].in, rows[i].in_len, rows[i].out, rows[i].out_len) ==
				   PSA_ERROR_PROGRAMMER_ERROR,
			   "%s", rows[i].what);
	CHECK_EQ(calls, 0);
	CHECK_EQ(machine.panics, 0);
	CHECK_EQ(psa_call(HANDLE_ECHO, 0, in, 2, out, 2), PSA_SUCCESS); /* nothing was left behind */
}

static psa_invec *hostile_in;
static psa_outvec *hostile_out;

static psa_status_t change_vectors(const psa_msg_t *message)
{
	uint8_t byte = 0;
	hostile_in->base = machine_forbidden;
	hostile_in->len = 64;
	hostile_out->base = machine_forbidden;
	hostile_out->len = 64;
	CHECK_EQ(message->in_size[0], 1);
	CHECK_EQ(psa_read(message->handle, 0, &byte, 1), 1);
	CHECK_EQ(byte, 'x');
	CHECK_EQ(psa_read(message->handle, 0, &byte, 1), 0);
	psa_write(message->handle, 0, &byte, 1);
	return PSA_SUCCESS;
}

TEST(vectors_that_change_during_the_call_do_not_count, CLAIM("spm.args"), ATTACK)
{
	uint8_t result = 0;
	psa_invec in = { "x", 1 };
	psa_outvec out = { &result, 1 };
	start();
	behaviour = change_vectors;
	hostile_in = &in;
	hostile_out = &out;
	memset(machine_forbidden, 0, MACHINE_RANGE);
	CHECK_EQ(psa_call(HANDLE_ECHO, 0, &in, 1, &out, 1), PSA_SUCCESS);
	CHECK_EQ(result, 'x');
	CHECK_EQ(machine_forbidden[0], 0);
}

static psa_status_t call_inner(const psa_msg_t *message)
{
	(void)message;
	CHECK_EQ(psa_version(SID_INNER), 1);
	CHECK_EQ(psa_version(SID_SECRET), PSA_VERSION_NONE);
	return psa_call(HANDLE_INNER, 5, NULL, 0, NULL, 0);
}

static psa_status_t see_partition(const psa_msg_t *message)
{
	return message->client_id == 10 && message->type == 5 ? 42 : 0;
}

static psa_status_t call_secret(const psa_msg_t *message)
{
	(void)message;
	return psa_call(HANDLE_SECRET, 0, NULL, 0, NULL, 0);
}

static psa_status_t call_itself(const psa_msg_t *message)
{
	(void)message;
	return psa_call(HANDLE_ECHO, 0, NULL, 0, NULL, 0);
}

TEST(partitions_reach_what_they_depend_on_and_nothing_else, CLAIM("spm.access"), FUNCTIONAL)
{
	start();
	behaviour = call_inner;
	inner_behaviour = see_partition;
	CHECK_EQ(psa_call(HANDLE_ECHO, 0, NULL, 0, NULL, 0), 42);
	behaviour = call_secret;
	CHECK_PANICS(1, SPM_ERROR_HANDLE, psa_call(HANDLE_ECHO, 0, NULL, 0, NULL, 0));
	behaviour = call_itself;
	CHECK_PANICS(1, SPM_ERROR_HANDLE, psa_call(HANDLE_ECHO, 0, NULL, 0, NULL, 0));
}

static psa_status_t see_caller(const psa_msg_t *message)
{
	return message->client_id;
}

TEST(a_service_learns_who_calls, CLAIM("spm.caller"), ATTACK)
{
	start();
	behaviour = see_caller;
	CHECK_EQ(psa_call(HANDLE_ECHO, 0, NULL, 0, NULL, 0), SPM_CLIENT_NONSECURE);
	behaviour = call_inner;
	inner_behaviour = see_caller;
	CHECK_EQ(psa_call(HANDLE_ECHO, 0, NULL, 0, NULL, 0), 10); /* the partition, not who had called it */
}

static psa_handle_t outer_handle;

static psa_status_t use_outer(const psa_msg_t *message)
{
	uint8_t byte;
	(void)message;
	return (psa_status_t)psa_read(outer_handle, 0, &byte, 1);
}

static psa_status_t remember_and_call(const psa_msg_t *message)
{
	outer_handle = message->handle;
	return psa_call(HANDLE_INNER, 0, NULL, 0, NULL, 0);
}

static psa_status_t write_past_the_end(const psa_msg_t *message)
{
	psa_write(message->handle, 0, "abcde", 3);
	psa_write(message->handle, 0, "abcde", 2);
	return PSA_SUCCESS;
}

static psa_status_t write_a_size_that_wraps(const psa_msg_t *message)
{
	psa_write(message->handle, 0, "abcde", 3);
	psa_write(message->handle, 0, "abcde", SIZE_MAX - 1);
	return PSA_SUCCESS;
}

static psa_status_t read_index_4(const psa_msg_t *message)
{
	uint8_t byte;
	return (psa_status_t)psa_read(message->handle, PSA_MAX_IOVEC, &byte, 1);
}

static psa_status_t set_rhandle(const psa_msg_t *message)
{
	psa_set_rhandle(message->handle, &outer_handle);
	return PSA_SUCCESS;
}

static psa_status_t panic(const psa_msg_t *message)
{
	(void)message;
	psa_panic();
}

TEST(a_partition_that_errs_never_gets_control_back, CLAIM("spm.panic"), ATTACK)
{
	uint8_t data[4];
	psa_outvec out = { data, sizeof data };
	psa_status_t (*const errs[])(const psa_msg_t *) = { write_past_the_end, write_a_size_that_wraps, read_index_4, set_rhandle,
							    panic };
	const enum spm_error why[] = { SPM_ERROR_OVERRUN, SPM_ERROR_OVERRUN, SPM_ERROR_INDEX, SPM_ERROR_STATELESS,
				       SPM_ERROR_PANIC };
	start();
	for (size_t i = 0; i < sizeof errs / sizeof errs[0]; i++) {
		behaviour = errs[i];
		CHECK_PANICS(1, why[i], psa_call(HANDLE_ECHO, 0, NULL, 0, &out, 1));
	}
	behaviour = remember_and_call;
	inner_behaviour = use_outer; /* a message of another partition, still being served */
	CHECK_PANICS(0, SPM_ERROR_MESSAGE, psa_call(HANDLE_ECHO, 0, NULL, 0, &out, 1));
	behaviour = use_outer; /* a message that is over */
	CHECK_PANICS(1, SPM_ERROR_MESSAGE, psa_call(HANDLE_ECHO, 0, NULL, 0, &out, 1));
}

TEST(versions_follow_the_policy, CLAIM("spm.version"), FUNCTIONAL)
{
	start();
	CHECK_EQ(psa_framework_version(), PSA_FRAMEWORK_VERSION);
	CHECK_EQ(psa_version(SID_ECHO), 3);
	CHECK_EQ(psa_version(SID_SECRET), PSA_VERSION_NONE);
	CHECK_EQ(psa_version(0xdead), PSA_VERSION_NONE);
	CHECK_EQ(psa_connect(SID_STRICT, 1), PSA_ERROR_CONNECTION_REFUSED);
	CHECK_EQ(psa_connect(SID_STRICT, 3), PSA_ERROR_CONNECTION_REFUSED);
	CHECK(psa_connect(SID_STRICT, 2) > 0);
	CHECK(psa_connect(SID_RELAXED, 1) > 0);
	CHECK_EQ(psa_connect(SID_RELAXED, 3), PSA_ERROR_CONNECTION_REFUSED);
	CHECK_EQ(psa_connect(SID_ECHO, 3), PSA_ERROR_CONNECTION_REFUSED); /* stateless */
	CHECK_EQ(psa_connect(0xdead, 1), PSA_ERROR_CONNECTION_REFUSED);
}

static psa_status_t keep_state(const psa_msg_t *message)
{
	static int state;
	if (message->type == PSA_IPC_CONNECT)
		psa_set_rhandle(message->handle, &state);
	else
		CHECK(message->rhandle == &state);
	return PSA_SUCCESS;
}

static psa_status_t refuse_connection(const psa_msg_t *message)
{
	(void)message;
	return PSA_ERROR_CONNECTION_BUSY;
}

/* Two of the pool are kept for Secure clients. */
enum { NONSECURE_CONNECTIONS = SPM_CONNECTIONS_MAX - 2 };

TEST(connections_are_bounded_and_their_handles_die, CLAIM("spm.handles"), FUNCTIONAL)
{
	psa_handle_t handles[NONSECURE_CONNECTIONS];
	start();
	behaviour = refuse_connection;
	CHECK_EQ(psa_connect(SID_STRICT, 2), PSA_ERROR_CONNECTION_BUSY);
	behaviour = keep_state;
	for (size_t i = 0; i < NONSECURE_CONNECTIONS; i++)
		CHECK((handles[i] = psa_connect(SID_STRICT, 2)) > 0);
	CHECK_EQ(psa_connect(SID_STRICT, 2), PSA_ERROR_CONNECTION_BUSY);
	for (size_t i = 0; i < NONSECURE_CONNECTIONS; i++)
		CHECK_EQ(psa_call(handles[i], 1, NULL, 0, NULL, 0), PSA_SUCCESS);
	CHECK_EQ(spm_call(-2, handles[0], 0, NULL, NULL), PSA_ERROR_PROGRAMMER_ERROR); /* another client's */
	CHECK_EQ(psa_call(handles[0], 0, NULL, 0, NULL, 0), PSA_SUCCESS);              /* which harmed nobody */
	psa_close(handles[0]);
	CHECK_EQ(psa_call(handles[0], 0, NULL, 0, NULL, 0), PSA_ERROR_PROGRAMMER_ERROR);
	psa_handle_t next = psa_connect(SID_STRICT, 2);
	CHECK(next > 0 && next != handles[0]);
	CHECK_EQ(psa_call(handles[0], 0, NULL, 0, NULL, 0), PSA_ERROR_PROGRAMMER_ERROR);
	CHECK_EQ(psa_call(next, -5, NULL, 0, NULL, 0), PSA_ERROR_PROGRAMMER_ERROR);
	CHECK_EQ(psa_call(next, 0, NULL, 0, NULL, 0), PSA_ERROR_PROGRAMMER_ERROR); /* it erred: dead */
	psa_close(next);
	psa_close(PSA_NULL_HANDLE);
	psa_close(next);
	CHECK_EQ(machine.panics, 0);
}
