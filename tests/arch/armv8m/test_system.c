/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_registers.h"
#include <merlon/arch/fault.h>
#include <merlon/arch/system.h>
#include <merlon/test.h>

#define AIRCR 0xe000ed0cu
#define CCR   0xe000ed14u
#define SHCSR 0xe000ed24u
/* EXC_RETURN: thread mode on the main stack of the Secure state, and of the Non-secure one. */
#define FROM_SECURE    0xfffffff9u
#define FROM_NONSECURE 0xffffffb8u

TEST(the_core_is_hardened, CLAIM("isolation.core"), FUNCTIONAL)
{
	fake_registers_reset();
	CHECK_EQ(system_harden(), PSA_SUCCESS);
	CHECK_EQ(fake_registers_get(AIRCR), 0x05fa4008u); /* key, PRIS, SYSRESETREQS; BFHFNMINS clear */
	CHECK_EQ(fake_registers_get(SHCSR), 0x000f0000u);
	CHECK_EQ(fake_registers_get(CCR), 1u << 4);
}

TEST(a_setting_that_does_not_hold_is_seen, CLAIM("isolation.core"), ATTACK)
{
	static const struct {
		uint32_t address, mask;
	} places[] = { { AIRCR, 1u << 14 }, { AIRCR, 1u << 3 }, { SHCSR, 1u << 19 }, { CCR, 1u << 4 } };
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		fake_registers_reset();
		fake_registers_stick(places[i].address, 0, places[i].mask);
		CHECK_THAT(system_harden() == PSA_ERROR_CORRUPTION_DETECTED, "place %zu", i);
	}
}

TEST(a_fault_is_blamed_on_who_ran, CLAIM("fault.recover"), FUNCTIONAL)
{
	static const struct {
		struct fault_record record;
		enum reset_cause cause;
	} cases[] = {
		{ { .exception = 2, .exception_return = FROM_SECURE }, RESET_CAUSE_WATCHDOG },
		{ { .exception = 2, .exception_return = FROM_NONSECURE }, RESET_CAUSE_WATCHDOG },
		{ { .exception = 7, .exception_return = FROM_NONSECURE, .sfsr = 8 }, RESET_CAUSE_SECURE_FAULT },
		{ { .exception = 3, .exception_return = FROM_NONSECURE, .sfsr = 1, .hfsr = 1u << 30 }, RESET_CAUSE_SECURE_FAULT },
		{ { .exception = 3, .exception_return = FROM_NONSECURE, .hfsr = 1u << 30, .cfsr_ns = 1u << 16 },
		  RESET_CAUSE_NONSECURE_FAULT },
		{ { .exception = 5, .exception_return = FROM_NONSECURE, .cfsr = 0x8200 }, RESET_CAUSE_NONSECURE_FAULT },
		{ { .exception = 4, .exception_return = FROM_SECURE, .cfsr = 0x82 }, RESET_CAUSE_PANIC },
		{ { .exception = 7, .exception_return = FROM_SECURE, .sfsr = 8 }, RESET_CAUSE_PANIC },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		CHECK_THAT(fault_classify(&cases[i].record) == cases[i].cause, "case %zu", i);
}
