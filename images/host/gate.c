/* SPDX-License-Identifier: Apache-2.0 */
/* psa/client.h for the program, which plays the Non-secure world, and the power switch of merlon/host.h. */
#include "device.h"
#include <merlon/host.h>
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static struct host_device device;
static bool is_open, is_on;
static pid_t owner;
static bool cut_is_armed;
static uint32_t cut_at; /* number of the change */

/* One call on its way into the Secure world. */
struct call {
	psa_handle_t handle;
	int32_t type;
	const psa_invec *in_vec;
	psa_outvec *out_vec;
	size_t in_len, out_len;
	uint32_t sid, version;
	int32_t result;
};

static void boot(void *context)
{
	psa_status_t *status = context;
	*status = host_bl2_run(&device);
	if (*status == PSA_SUCCESS)
		*status = host_secure_start(&device);
}

/* With power, while it lasts. @return True when it did not: device.ending says why. */
static bool run_powered(void (*body)(void *context), void *context)
{
	if (cut_is_armed)
		sim_power_cut(&device.power, cut_at - device.power.changes, SIM_TEAR_HALFWAY);
	device.ending = RESET_CAUSE_POWER_ON;
	bool ended = sim_power_run(&device.power, body, context);
	if (ended && device.ending == RESET_CAUSE_POWER_ON)
		cut_is_armed = false;
	return ended;
}

/* A cut fires once, so that a second start ends. A partition that panics at the start is an error. */
static psa_status_t switch_on(enum reset_cause cause)
{
	psa_status_t status = PSA_ERROR_GENERIC_ERROR;
	bool ended = true;
	for (unsigned i = 0; ended && i < 2; i++) {
		device.cause = cause;
		ended = run_powered(boot, &status);
		cause = device.ending;
	}
	is_on = !ended && status == PSA_SUCCESS;
	return ended ? PSA_ERROR_GENERIC_ERROR : status;
}

/* A child has a copy of the memory, with the same random numbers to come: its device restarts. A folder stays its parent's. */
static psa_status_t see_fork(void)
{
	if (owner == getpid())
		return PSA_SUCCESS;
	if (is_open && device.folder[0] != '\0')
		return PSA_ERROR_BAD_STATE;
	owner = getpid();
	is_on = false;
	return PSA_SUCCESS;
}

static psa_status_t make_sure_it_is_on(void)
{
	psa_status_t status = see_fork();
	if (status == PSA_SUCCESS && !is_open) {
		status = host_device_open(&device);
		is_open = status == PSA_SUCCESS;
	}
	return status == PSA_SUCCESS && !is_on ? switch_on(RESET_CAUSE_POWER_ON) : status;
}

/* As the gates of the device: a call from inside a call, here of a signal handler, is its client's error. */
static psa_status_t enter(void)
{
	if (pthread_mutex_lock(&mutex) != 0)
		return PSA_ERROR_PROGRAMMER_ERROR;
	if (make_sure_it_is_on() == PSA_SUCCESS)
		return PSA_SUCCESS;
	pthread_mutex_unlock(&mutex);
	return PSA_ERROR_CONNECTION_REFUSED;
}

/* What has become of a call that the device did not survive: it asked for that, or a partition panicked, or the power failed. */
static psa_status_t explain(enum reset_cause cause)
{
	switch (cause) {
	case RESET_CAUSE_POWER_ON:
		return PSA_ERROR_COMMUNICATION_FAILURE;
	case RESET_CAUSE_PANIC:
		return PSA_ERROR_PROGRAMMER_ERROR;
	default:
		return PSA_SUCCESS;
	}
}

/* @return PSA_SUCCESS when the body ran to its end, or ended in the reset that it asked for. */
static psa_status_t pass(void (*body)(void *context), struct call *call)
{
	psa_status_t status = enter();
	if (status != PSA_SUCCESS)
		return status;
	if (run_powered(body, call)) {
		status = explain(device.ending);
		(void)switch_on(device.ending);
	}
	pthread_mutex_unlock(&mutex);
	return status;
}

static void do_version(void *context)
{
	struct call *call = context;
	call->version = host_secure_version(call->sid);
}

static void do_connect(void *context)
{
	struct call *call = context;
	call->result = host_secure_connect(call->sid, call->version);
}

static void do_call(void *context)
{
	struct call *call = context;
	call->result = host_secure_call(call->handle, call->type, call->in_vec, call->in_len, call->out_vec, call->out_len);
}

static void do_close(void *context)
{
	struct call *call = context;
	host_secure_close(call->handle);
}

uint32_t psa_framework_version(void)
{
	return PSA_FRAMEWORK_VERSION;
}

uint32_t psa_version(uint32_t sid)
{
	struct call call = { .sid = sid };
	return pass(do_version, &call) == PSA_SUCCESS ? call.version : PSA_VERSION_NONE;
}

psa_handle_t psa_connect(uint32_t sid, uint32_t version)
{
	struct call call = { .sid = sid, .version = version };
	return pass(do_connect, &call) == PSA_SUCCESS ? call.result : PSA_ERROR_CONNECTION_REFUSED;
}

psa_status_t psa_call(psa_handle_t handle, int32_t type, const psa_invec *in_vec, size_t in_len, psa_outvec *out_vec,
		      size_t out_len)
{
	struct call call = {
		.handle = handle, .type = type, .in_vec = in_vec, .in_len = in_len, .out_vec = out_vec, .out_len = out_len
	};
	psa_status_t status = pass(do_call, &call);
	return status == PSA_SUCCESS ? call.result : status;
}

void psa_close(psa_handle_t handle)
{
	struct call call = { .handle = handle };
	(void)pass(do_close, &call);
}

psa_status_t merlon_host_reset(void)
{
	if (pthread_mutex_lock(&mutex) != 0)
		return PSA_ERROR_BAD_STATE;
	is_on = false;
	psa_status_t status = make_sure_it_is_on();
	pthread_mutex_unlock(&mutex);
	return status;
}

void merlon_host_cut_power(uint32_t changes)
{
	if (pthread_mutex_lock(&mutex) != 0)
		return;
	if (make_sure_it_is_on() == PSA_SUCCESS) {
		cut_is_armed = true;
		cut_at = device.power.changes + changes;
	}
	pthread_mutex_unlock(&mutex);
}
