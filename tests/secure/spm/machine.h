/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The partition manager's machine, simulated: it notes what it is told. Threads do not run by themselves; the test makes their calls with
 * spm_serve(), in whatever order it likes.
 */
#ifndef SPM_TEST_MACHINE_H
#define SPM_TEST_MACHINE_H

#include <merlon/spm/machine.h>
#include <setjmp.h>

enum { MACHINE_RANGE = 64, MACHINE_INTERRUPTS = 112 };

struct machine {
	jmp_buf panicked;
	int panics, reports;
	uint8_t partition;
	enum spm_error error;
	bool restarts; /* the product's policy */
	unsigned resets, reschedules, renewals, begins;
	struct spm_thread *begun;
	void (*function)(void);
	psa_msg_t message;
	bool has_message;
	struct spm_thread *answered;
	uintptr_t answer;
	bool interrupt_on[MACHINE_INTERRUPTS];
	void (*others)(void); /* what other threads do while the agent waits; it must come to the end of the agent's message */
};
extern struct machine machine;

/** Memory of which the Non-secure client may use neither the second third nor write the last. */
extern uint8_t machine_memory[3 * MACHINE_RANGE];
#define machine_forbidden (machine_memory + MACHINE_RANGE)
#define machine_constant  (machine_memory + 2 * MACHINE_RANGE)

/** The call ends in a panic of this partition (index) for this reason. */
#define CHECK_PANICS(index, why, call)                                                                                             \
	do {                                                                                                                       \
		machine.panics = 0;                                                                                                \
		if (setjmp(machine.panicked) == 0)                                                                                 \
			(void)(call);                                                                                              \
		CHECK_EQ(machine.panics, 1);                                                                                       \
		CHECK_EQ(machine.partition, index);                                                                                \
		CHECK_EQ(machine.error, why);                                                                                      \
		spm.plain = NULL;                                                                                                  \
	} while (0)

#endif
