/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PendSV: save the running thread, ask the kernel for the next, restore it.
 *
 * A thread's stack holds, below the frame that the core stacked: r4 to r11 and EXC_RETURN. EXC_RETURN is kept per thread because
 * a thread that was preempted inside a Secure call returns into the Secure world (EXC_RETURN.S = 1); its registers r4 to r11 are
 * then stacked by the core itself on the Secure stack and read as zero here.
 */
	.syntax unified
	.cpu cortex-m33
	.thumb

	.section .bss.arch_thread_running, "aw", %nobits
	.balign 4
arch_thread_running:
	.space 4

	.section .text.PendSV_Handler, "ax"
	.balign 4
	.global PendSV_Handler
	.type PendSV_Handler, %function
	.thumb_func
PendSV_Handler:
	ldr	r2, =arch_thread_running
	ldr	r1, [r2]
	cbz	r1, 1f                  /* the first switch: nothing to save */
	mrs	r0, psp
	stmdb	r0!, {r4-r11, lr}
	str	r0, [r1, #0]
1:	push	{r2, lr}
	bl	arch_thread_next
	pop	{r2, lr}
	str	r0, [r2]
	ldr	r1, [r0, #4]
	movs	r3, #0
	msr	psplim, r3              /* no limit while PSP and limit belong to different threads */
	ldr	r0, [r0, #0]
	ldmia	r0!, {r4-r11, lr}
	msr	psp, r0
	msr	psplim, r1
	bx	lr
	.size PendSV_Handler, . - PendSV_Handler
