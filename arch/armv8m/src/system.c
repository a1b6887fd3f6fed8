/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/arch/registers.h>
#include <merlon/arch/system.h>

#define SCB_AIRCR 0xe000ed0cu
#define SCB_CCR   0xe000ed14u
#define SCB_SHCSR 0xe000ed24u
#define SCB_CPACR 0xe000ed88u
#define SCB_NSACR 0xe000ed8cu

#define AIRCR_KEY          0x05fa0000u
#define AIRCR_KEY_MASK     0xffff0000u
#define AIRCR_PRIS         (1u << 14)
#define AIRCR_SYSRESETREQS (1u << 3)
#define AIRCR_SYSRESETREQ  (1u << 2)
#define SHCSR_FAULTS       (1u << 16 | 1u << 17 | 1u << 18 | 1u << 19) /* MemManage, Bus, Usage, Secure */
#define CCR_DIV_0_TRP      (1u << 4)

/* `mask`: the bits that must read back as written; other bits of the register report something else. */
static const struct {
	uint32_t address, set, value, mask;
} settings[] = {
	{ SCB_AIRCR, AIRCR_KEY, AIRCR_PRIS | AIRCR_SYSRESETREQS, 0xffffu & ~AIRCR_SYSRESETREQ },
	{ SCB_SHCSR, 0, SHCSR_FAULTS, SHCSR_FAULTS },
	{ SCB_CPACR, 0, 0, 0xffffffffu },
	{ SCB_NSACR, 0, 0, 0xffffffffu },
};
enum { SETTING_COUNT = sizeof settings / sizeof settings[0] };

psa_status_t system_harden(void)
{
	for (unsigned i = 0; i < SETTING_COUNT; i++)
		register_write(settings[i].address, settings[i].set | settings[i].value);
	register_write(SCB_CCR, register_read(SCB_CCR) | CCR_DIV_0_TRP);
	register_barrier();
	for (unsigned i = 0; i < SETTING_COUNT; i++)
		if ((register_read(settings[i].address) & settings[i].mask) != settings[i].value)
			return PSA_ERROR_CORRUPTION_DETECTED;
	return (register_read(SCB_CCR) & CCR_DIV_0_TRP) != 0 ? PSA_SUCCESS : PSA_ERROR_CORRUPTION_DETECTED;
}

_Noreturn void system_reset(void)
{
	register_barrier();
	register_write(SCB_AIRCR, AIRCR_KEY | (register_read(SCB_AIRCR) & ~AIRCR_KEY_MASK) | AIRCR_SYSRESETREQ);
	for (;;)
		register_barrier();
}
