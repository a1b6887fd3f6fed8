/* SPDX-License-Identifier: Apache-2.0 */
#include <arm_cmse.h>
#include <merlon/arch/reset_cause.h>
#include <merlon/arch/system.h>
#include <merlon/spm/entry.h>
#include <merlon/spm/machine.h>
#include <merlon/spm/table.h>

static struct console *panic_console;

void spm_entry_init(struct console *console)
{
	panic_console = console;
}

_Noreturn void spm_entry_stop(const char *who, const char *why)
{
	if (panic_console != NULL) {
		console_write_text(panic_console, "S: panic in ");
		console_write_text(panic_console, who);
		console_write_text(panic_console, ": ");
		console_write_text(panic_console, why);
		console_write_text(panic_console, "\n");
	}
	reset_cause_record(RESET_CAUSE_PANIC);
	system_reset();
}

static bool nonsecure_thread_is_unprivileged(void)
{
	uint32_t control;
	__asm volatile("mrs %0, control_ns" : "=r"(control));
	return (control & 1) != 0;
}

static const struct spm_memory *shared;
static size_t shared_count;

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

/* Partitions share one domain at isolation level 1, so theirs is every address. */
static bool may(int32_t client_id, const void *base, size_t size, int access)
{
	if (size == 0)
		return true;
	if (client_id > 0)
		return size <= UINTPTR_MAX - (uintptr_t)base;
	if (!is_shared((uint32_t)base, size))
		return false;
	int flags = CMSE_NONSECURE | access | (nonsecure_thread_is_unprivileged() ? CMSE_MPU_UNPRIV : 0);
	return cmse_check_address_range((void *)(uintptr_t)base, size, flags) != NULL;
}

bool spm_machine_may_read(int32_t client_id, const void *base, size_t size)
{
	return may(client_id, base, size, CMSE_MPU_READ);
}

bool spm_machine_may_write(int32_t client_id, const void *base, size_t size)
{
	return may(client_id, base, size, CMSE_MPU_READWRITE);
}

_Noreturn void spm_machine_panic(int32_t partition_id, const char *why)
{
	spm_entry_stop(spm_partition_name(partition_id), why);
}
