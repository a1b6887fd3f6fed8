/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/arch/vectors.h>
#include <stddef.h>

extern uint32_t data_start[], data_end[], bss_start[], bss_end[]; /* linker script; all word-aligned */
extern const uint32_t data_load[];

int main(void);
_Noreturn void start_memory(void);

_Noreturn void start_memory(void)
{
	const uint32_t *from = data_load;
	for (uint32_t *to = data_start; to < data_end; to++)
		*to = *from++;
	for (uint32_t *to = bss_start; to < bss_end; to++)
		*to = 0;
	main();
	for (;;)
		__asm__ volatile("udf #0"); /* main never returns; if it does, that is a fault */
}
