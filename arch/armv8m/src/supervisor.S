/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SVC, PendSV, SysTick and faults of Secure threads: save the context that runs, let the kernel decide, restore the context that runs then.
 */
	.syntax unified
	.cpu cortex-m33
	.thumb

/* arch_running -> r2; process stack pointer -> r0; both saved with r4 to r11 and EXC_RETURN */
	.macro save
	ldr	r3, =arch_running
	ldr	r2, [r3]
	mrs	r0, psp
	stmia	r2, {r4-r11}
	strd	r0, lr, [r2, #32]
	.endm

	.section .text.context_restore, "ax"
	.balign 4
	.type context_restore, %function
	.thumb_func
context_restore:
	ldr	r3, =arch_running
	ldr	r2, [r3]
	ldrd	r0, lr, [r2, #32]
	ldmia	r2, {r4-r11}
	msr	psp, r0
	bx	lr
	.ltorg
	.size context_restore, . - context_restore

	.section .text.supervisor_entry, "ax"
	.balign 4
	.global supervisor_entry
	.type supervisor_entry, %function
	.thumb_func
supervisor_entry:
	tst	lr, #4			/* on the main stack: nobody who may */
	beq	fault_entry
	save
	tst	lr, #0x20
	it	eq
	addeq	r0, #40			/* r4 to r11 and the signature, see arch_frame() */
	ldr	r1, [r0, #24]
	ldrb	r1, [r1, #-2]		/* the number in the instruction */
	bl	arch_supervisor
	b	context_restore
	.ltorg
	.size supervisor_entry, . - supervisor_entry

	.section .text.pending_entry, "ax"
	.balign 4
	.global pending_entry
	.type pending_entry, %function
	.thumb_func
pending_entry:
	cpsid	i			/* PendSV would interrupt SysTick */
	save
	mov	r0, lr
	bl	arch_pending
	cpsie	i
	b	context_restore
	.ltorg
	.size pending_entry, . - pending_entry

/* Only a fault of a Secure thread on the process stack may be survived: the main stack, which the handler uses, is whole then. */
	.section .text.thread_fault_entry, "ax"
	.balign 4
	.global thread_fault_entry
	.type thread_fault_entry, %function
	.thumb_func
thread_fault_entry:
	and	r0, lr, #0x4c		/* Secure, thread mode, process stack */
	cmp	r0, #0x4c
	bne	fault_entry
	push	{r0, lr}
	bl	arch_thread_fault
	pop	{r1, lr}
	cmp	r0, #0
	beq	fault_entry
	bx	lr
	.size thread_fault_entry, . - thread_fault_entry

	.section .text.arch_map_load, "ax"
	.balign 4
	.global arch_map_load
	.type arch_map_load, %function
	.thumb_func
arch_map_load:
	push	{r4-r8, lr}
	ldr	r1, =0xe000ed98		/* MPU_RNR, then RBAR and RLAR of four regions */
	movs	r2, #0
1:	str	r2, [r1]
	ldmia	r0!, {r3-r8, r12, lr}
	add	r1, #4
	stmia	r1, {r3-r8, r12, lr}
	sub	r1, #4
	adds	r2, #4
	cmp	r2, #8
	bne	1b
	dsb
	isb
	pop	{r4-r8, pc}
	.ltorg
	.size arch_map_load, . - arch_map_load
