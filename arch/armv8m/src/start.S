/* SPDX-License-Identifier: Apache-2.0 */
	.syntax unified
	.text

/*
 * start_reset: first instruction of each image. The stack pointer is set here too, because only a reset loads it from the table.
 * The seal lies above the stack: no forged return can unstack past it (VECTORS_STACK_SEAL).
 */
	.section .text.start_reset, "ax"
	.global start_reset
	.type start_reset, %function
start_reset:
	cpsid	i
	ldr	r0, =stack_limit
	msr	msplim, r0
	ldr	r0, =stack_top
	msr	msp, r0
	ldr	r1, =0xfef5eda5
	str	r1, [r0]
	str	r1, [r0, #4]
	b	start_memory
	.size start_reset, . - start_reset
