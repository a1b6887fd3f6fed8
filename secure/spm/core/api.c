/* SPDX-License-Identifier: Apache-2.0 */
/* Which call is which, and who may make it. */
#include "core.h"
#include <psa/lifecycle.h>

#define LOG_TEXT __attribute__((section(".rodata.log"))) static const char

#define ERROR_TEXT(name, reason) reason,
LOG_TEXT texts[SPM_ERROR_COUNT][44] = { SPM_ERRORS(ERROR_TEXT) };

const char *spm_error_text(enum spm_error error)
{
	return texts[error < SPM_ERROR_COUNT ? error : SPM_ERROR_NONE];
}

static uintptr_t version(struct spm_thread *thread, const uintptr_t arguments[4])
{
	return spm_version_of(spm_partition_of(thread), (uint32_t)arguments[0]);
}

static uintptr_t panic(struct spm_thread *thread, const uintptr_t arguments[4])
{
	(void)arguments;
	return spm_error(thread, SPM_ERROR_PANIC);
}

static uintptr_t leave(struct spm_thread *thread, const uintptr_t arguments[4])
{
	(void)arguments;
	return spm_error(thread, SPM_ERROR_EXIT);
}

static uintptr_t reset(struct spm_thread *thread, const uintptr_t arguments[4])
{
	uint8_t partition = spm_partition_of(thread);
	if (spm_table.partitions[partition].type == SPM_PSA_ROT)
		spm_machine_reset((uint32_t)arguments[0]);
	return spm_error(thread, SPM_ERROR_CALL);
}

static uintptr_t lifecycle(struct spm_thread *thread, const uintptr_t arguments[4])
{
	(void)thread;
	(void)arguments;
	return spm.lifecycle;
}

enum {
	IPC = SPM_CONTEXT_IPC,
	SERVING = SPM_CONTEXT_IPC | SPM_CONTEXT_SFN,
	CLIENT = SPM_CONTEXT_IPC | SPM_CONTEXT_SFN | SPM_CONTEXT_INIT,
	ALL = CLIENT | SPM_CONTEXT_FIRST_LEVEL,
};

const struct spm_call spm_calls[SPM_API_COUNT] = {
	[SPM_API_VERSION] = { version, ALL | SPM_CONTEXT_NONSECURE },
	[SPM_API_CONNECT] = { spm_serve_connect, CLIENT },
	[SPM_API_CALL] = { spm_serve_call, CLIENT },
	[SPM_API_CLOSE] = { spm_serve_close, CLIENT },
	[SPM_API_WAIT] = { spm_serve_wait, IPC },
	[SPM_API_GET] = { spm_serve_get, IPC },
	[SPM_API_READ] = { spm_serve_read, SERVING },
	[SPM_API_SKIP] = { spm_serve_skip, SERVING },
	[SPM_API_WRITE] = { spm_serve_write, SERVING },
	[SPM_API_SET_RHANDLE] = { spm_serve_rhandle, SERVING },
	[SPM_API_REPLY] = { spm_serve_reply, IPC },
	[SPM_API_NOTIFY] = { spm_serve_notify, CLIENT },
	[SPM_API_CLEAR] = { spm_serve_clear, IPC },
	[SPM_API_EOI] = { spm_serve_eoi, IPC },
	[SPM_API_RESET_SIGNAL] = { spm_serve_reset_signal, IPC },
	[SPM_API_IRQ_ENABLE] = { spm_serve_irq_enable, ALL },
	[SPM_API_IRQ_DISABLE] = { spm_serve_irq_disable, ALL },
	[SPM_API_PANIC] = { panic, ALL },
	[SPM_API_LIFECYCLE] = { lifecycle, ALL | SPM_CONTEXT_NONSECURE },
	[SPM_API_MAP_INVEC] = { spm_serve_map_invec, SERVING },
	[SPM_API_UNMAP_INVEC] = { spm_serve_unmap_invec, SERVING },
	[SPM_API_MAP_OUTVEC] = { spm_serve_map_outvec, SERVING },
	[SPM_API_UNMAP_OUTVEC] = { spm_serve_unmap_outvec, SERVING },
	[SPM_API_RESET] = { reset, CLIENT },
	[SPM_API_RETURN] = { spm_serve_return, SPM_CONTEXT_SFN | SPM_CONTEXT_INIT },
	[SPM_API_EXIT] = { leave, IPC },
	[SPM_API_FIRST_LEVEL] = { spm_serve_first_level, SPM_CONTEXT_FIRST_LEVEL },
};

LOG_TEXT names[SPM_API_COUNT][24] = {
	"psa_version",
	"psa_connect",
	"psa_call",
	"psa_close",
	"psa_wait",
	"psa_get",
	"psa_read",
	"psa_skip",
	"psa_write",
	"psa_set_rhandle",
	"psa_reply",
	"psa_notify",
	"psa_clear",
	"psa_eoi",
	"psa_reset_signal",
	"psa_irq_enable",
	"psa_irq_disable",
	"psa_panic",
	"psa_rot_lifecycle_state",
	"psa_map_invec",
	"psa_unmap_invec",
	"psa_map_outvec",
	"psa_unmap_outvec",
	"reset",
	"return",
	"entry point",
	"first level",
};

const char *spm_api_name(unsigned api)
{
	return api < SPM_API_COUNT ? names[api] : "";
}

static uint8_t context_of(const struct spm_thread *thread)
{
	if (thread == spm.first_level)
		return SPM_CONTEXT_FIRST_LEVEL;
	if (thread != &spm.agent)
		return thread->context_kind;
	if (spm.plain == NULL)
		return SPM_CONTEXT_NONSECURE;
	return spm.plain->service == SPM_NO_SERVICE ? SPM_CONTEXT_INIT : SPM_CONTEXT_SFN;
}

uintptr_t spm_serve(struct spm_thread *thread, unsigned api, const uintptr_t arguments[4])
{
	thread->api = (uint8_t)api;
	thread->error = SPM_ERROR_NONE;
	if (api >= SPM_API_COUNT || (spm_calls[api].contexts & context_of(thread)) == 0)
		return spm_error(thread, SPM_ERROR_CALL);
	return spm_calls[api].function(thread, arguments);
}

uintptr_t spm_plain(enum spm_api api, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d)
{
	const uintptr_t arguments[4] = { a, b, c, d };
	uintptr_t value = spm_serve(&spm.agent, api, arguments);
	if (spm.agent.error != SPM_ERROR_NONE)
		spm_machine_panic(spm_partition_of(&spm.agent), spm.agent.api, (enum spm_error)spm.agent.error);
	return value;
}
