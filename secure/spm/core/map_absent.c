/* SPDX-License-Identifier: Apache-2.0 */
/* Without MM-IOVEC: a client's memory lies in another domain. No partition has a stub for these calls; whoever forges one errs. */
#include "core.h"

static uintptr_t refuse(struct spm_thread *thread)
{
	return spm_error(thread, SPM_ERROR_CALL);
}

uintptr_t spm_serve_map_invec(struct spm_thread *thread, const uintptr_t arguments[4])
{
	(void)arguments;
	return refuse(thread);
}

uintptr_t spm_serve_unmap_invec(struct spm_thread *thread, const uintptr_t arguments[4])
{
	(void)arguments;
	return refuse(thread);
}

uintptr_t spm_serve_map_outvec(struct spm_thread *thread, const uintptr_t arguments[4])
{
	(void)arguments;
	return refuse(thread);
}

uintptr_t spm_serve_unmap_outvec(struct spm_thread *thread, const uintptr_t arguments[4])
{
	(void)arguments;
	return refuse(thread);
}
