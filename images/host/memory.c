/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which memory a Non-secure client may name: what the process itself may read or write there, asked of the kernel. It answers without
 * a signal where the client's pointer is wrong, and changes nothing where it is right.
 */
#include <errno.h>
#include <linux/futex.h>
#include <merlon/spm/machine.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* One aligned word: FUTEX_WAIT reads it and comes back at once, whatever it holds. */
static bool word_is_readable(uintptr_t word)
{
	static const struct timespec at_once;
	return syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 0, &at_once, NULL, 0) == 0 || errno != EFAULT;
}

/* FUTEX_WAKE_OP adds 0 to it, atomically. */
static bool word_is_writable(uintptr_t word)
{
	uint32_t add_zero = FUTEX_OP(FUTEX_OP_ADD, 0, FUTEX_OP_CMP_EQ, 0);
	return syscall(SYS_futex, word, FUTEX_WAKE_OP_PRIVATE, 0, NULL, word, add_zero) >= 0 || errno != EFAULT;
}

static bool every_page(const void *base, size_t size, bool (*test)(uintptr_t word))
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), first = (uintptr_t)base;
	if (size == 0)
		return true;
	if (base == NULL || size - 1 > UINTPTR_MAX - first)
		return false;
	for (uintptr_t at = first;; at = (at / page + 1) * page) {
		if (!test(at & ~(uintptr_t)3))
			return false;
		if ((first + size - 1) / page == at / page)
			return true;
	}
}

bool spm_machine_may_read(const void *base, size_t size)
{
	return every_page(base, size, word_is_readable);
}

bool spm_machine_may_write(const void *base, size_t size)
{
	return every_page(base, size, word_is_writable);
}
