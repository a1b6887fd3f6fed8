/* SPDX-License-Identifier: Apache-2.0 */
/** Drives the kernel on Linux: see machine_ucontext.c. */
#ifndef MACHINE_UCONTEXT_H
#define MACHINE_UCONTEXT_H

/** osKernelStart(), until a thread calls machine_leave(). */
void machine_start(void);
/** One tick interrupt, from the running thread. */
void machine_tick(void);
/** From a thread: end osKernelStart() of the test's main context. */
_Noreturn void machine_leave(void);
/** Forget all threads of the previous test. */
void machine_reset(void);

#endif
