/* SPDX-License-Identifier: Apache-2.0 */
/* The machine of a host program: one address space, in which the program itself is the Non-secure client. */
#include <merlon/spm/machine.h>
#include <merlon/spm/table.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_range(const void *base, size_t size)
{
	return size == 0 || (base != NULL && size - 1 <= UINTPTR_MAX - (uintptr_t)base);
}

bool spm_machine_may_read(int32_t client_id, const void *base, size_t size)
{
	(void)client_id;
	return is_range(base, size);
}

bool spm_machine_may_write(int32_t client_id, const void *base, size_t size)
{
	(void)client_id;
	return is_range(base, size);
}

_Noreturn void spm_machine_panic(int32_t partition_id, const char *why)
{
	fprintf(stderr, "S: panic in %s: %s\n", spm_partition_name(partition_id), why);
	abort();
}
