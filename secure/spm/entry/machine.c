/* SPDX-License-Identifier: Apache-2.0 */
/* What the core's decisions do to the machine: contexts, stacks, interrupts, the end. */
#include "entry.h"
#include <arm_cmse.h>
#include <merlon/arch/cpu.h>
#include <merlon/arch/fault_print.h>
#include <merlon/arch/nvic.h>
#include <merlon/arch/reset_cause.h>
#include <merlon/arch/supervisor.h>
#include <merlon/arch/system.h>
#include <merlon/spm/entry.h>
#include <merlon/spm/machine.h>

_Static_assert(sizeof(struct spm_context) == sizeof(struct arch_context), "the core reserves what the machine needs");

#define MPU_CTRL_NS 0xe002ed94u

static struct console *panic_console;
static const struct spm_memory *shared;
static size_t shared_count;
static bool restarts;

void spm_entry_init(struct console *console)
{
	panic_console = console;
	arch_running = (struct arch_context *)&spm.agent.context;
	arch_supervisor_start();
}

void spm_entry_restart_partitions(bool enable)
{
	restarts = enable;
}

static void say(const char *begin, const char *who, const char *call, const char *why)
{
	const char *const words[] = { begin, " panic in ", who, ": ", call, *call != '\0' ? ": " : "", why, "\n" };
	for (size_t i = 0; panic_console != NULL && i < sizeof words / sizeof words[0]; i++)
		console_write_text(panic_console, words[i]);
}

void spm_entry_tell(const char *who, const struct fault_record *record)
{
	if (record->error != SPM_ERROR_NONE)
		say(who, spm_partition_name(record->partition), spm_api_name(record->call),
		    spm_error_text((enum spm_error)record->error));
	else if (panic_console != NULL)
		fault_print(panic_console, who, record);
}

_Noreturn void spm_entry_stop(const char *who, const char *why)
{
	say("S:", who, "", why);
	reset_cause_record(RESET_CAUSE_PANIC);
	system_reset();
}

void spm_entry_share(const struct spm_memory *memory, size_t count)
{
	shared = memory;
	shared_count = count;
}

/* TT judges addresses, not what answers there. It calls the core's own registers Non-secure, of which each world sees its own set, and any
 * hole in the map; so only memory counts that is known to be there. */
static bool is_shared(uint32_t base, uint32_t size)
{
	for (size_t i = 0; i < shared_count; i++) {
		uint32_t offset = base - shared[i].base;
		if (offset < shared[i].size && size <= shared[i].size - offset)
			return true;
	}
	return false;
}

static bool nonsecure_thread_is_unprivileged(void)
{
	uint32_t control;
	__asm volatile("mrs %0, control_ns" : "=r"(control));
	return (control & 1) != 0;
}

/* What is shared is Non-secure by the board's table. Only a memory protection unit of that world itself can say more. */
static bool nonsecure_unit_allows(const void *base, size_t size, int access)
{
	int flags = CMSE_NONSECURE | access | (nonsecure_thread_is_unprivileged() ? CMSE_MPU_UNPRIV : 0);
	return cmse_check_address_range((void *)(uintptr_t)base, size, flags) != NULL;
}

static inline __attribute__((always_inline)) bool may(const void *base, size_t size, int access)
{
	if (size == 0)
		return true;
	if (!is_shared((uint32_t)base, size))
		return false;
	return (*(const volatile uint32_t *)MPU_CTRL_NS & 1) == 0 || nonsecure_unit_allows(base, size, access);
}

bool spm_machine_may_read(const void *base, size_t size)
{
	return may(base, size, CMSE_MPU_READ);
}

bool spm_machine_may_write(const void *base, size_t size)
{
	return may(base, size, CMSE_MPU_READWRITE);
}

uint32_t spm_machine_lock(void)
{
	return cpu_interrupts_disable();
}

void spm_machine_unlock(uint32_t state)
{
	cpu_interrupts_restore(state);
}

void spm_machine_reschedule(void)
{
	arch_supervisor_pend();
}

/* With interrupts masked the core still wakes for one: none is slept through. */
void spm_machine_agent_wait(const volatile uint8_t *state, uint8_t wanted)
{
	for (;;) {
		arch_supervisor_pend();
		if (*state == wanted)
			return;
		uint32_t mask = cpu_interrupts_disable();
		if (spm.ready == spm.agent.bit && spm.arrived == 0 && *state != wanted)
			cpu_wait_for_interrupt();
		cpu_interrupts_restore(mask);
	}
}

void spm_machine_begin(struct spm_thread *thread, void (*function)(void), const psa_msg_t *message)
{
	const struct spm_partition *partition = &spm_table.partitions[thread->partition];
	uint32_t top = arch_stack_seal((uint32_t)partition->stack + partition->stack_size), argument = 0;
	if (message != NULL) {
		top -= sizeof *message;
		argument = top;
		*(psa_msg_t *)argument = *message;
	}
	arch_context_begin((struct arch_context *)&thread->context, top, function, argument,
			   partition->model == SPM_IPC ? spm_leave_entry : (void (*)(void))spm_leave_function);
}

void spm_machine_answer(struct spm_thread *thread, uintptr_t value)
{
	arch_frame((struct arch_context *)&thread->context)->r0 = value;
}

void spm_machine_renew(const struct spm_partition *partition)
{
	const struct spm_memory_image *memory = partition->memory;
	const uint32_t *from = memory->load;
	for (uint32_t *to = memory->start; to < memory->end; to++)
		*to = to < memory->initialised ? *from++ : 0;
	if (partition->prepare != NULL)
		partition->prepare();
}

void spm_machine_interrupt(uint16_t number, bool enable)
{
	nvic_set_priority(number, NVIC_PRIORITY_SECURE);
	if (enable)
		nvic_enable(number);
	else
		nvic_disable(number);
}

bool spm_machine_restarts(void)
{
	return restarts;
}

void spm_machine_report(uint8_t partition, uint8_t api, enum spm_error error)
{
	const struct fault_record record = {
		.cause = RESET_CAUSE_PANIC,
		.partition = partition != SPM_NONSECURE ? spm_table.partitions[partition].id : 0,
		.call = api,
		.error = error,
	};
	spm_entry_tell("S:", &record);
	reset_fault_record(&record);
}

_Noreturn void spm_machine_reset(uint32_t cause)
{
	reset_cause_record((enum reset_cause)cause);
	system_reset();
}

_Noreturn void spm_machine_panic(uint8_t partition, uint8_t api, enum spm_error error)
{
	spm_machine_report(partition, api, error);
	reset_cause_record(RESET_CAUSE_PANIC);
	system_reset();
}
