/* SPDX-License-Identifier: Apache-2.0 */
/* The machine of a host program: one address space, in which the program itself is the Non-secure client. */
#include <merlon/spm/machine.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_range(const void *base, size_t size)
{
	return size == 0 || (base != NULL && size - 1 <= UINTPTR_MAX - (uintptr_t)base);
}

bool spm_machine_may_read(const void *base, size_t size)
{
	return is_range(base, size);
}

bool spm_machine_may_write(const void *base, size_t size)
{
	return is_range(base, size);
}

_Noreturn void spm_machine_panic(uint8_t partition, uint8_t api, enum spm_error error)
{
	fprintf(stderr, "S: panic in %s: %s: %s\n",
		partition != SPM_NONSECURE ? spm_table.partitions[partition].name : "the partition manager", spm_api_name(api),
		spm_error_text(error));
	abort();
}

_Noreturn void spm_machine_reset(uint32_t cause)
{
	fprintf(stderr, "S: restart, cause %u\n", (unsigned)cause);
	abort();
}
