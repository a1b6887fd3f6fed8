/* SPDX-License-Identifier: Apache-2.0 */
	.syntax unified
	.text

/*
 * fault_entry: gather the stack pointers of both worlds and go on in C, on the faults' own stack: what is wrong may be that the main
 * stack is full, and nothing returns from here.
 */
	.section .text.fault_entry, "ax"
	.global fault_entry
	.type fault_entry, %function
fault_entry:
	movs	r5, #0
	msr	msplim, r5
	mrs	r0, msp
	mrs	r1, psp
	mrs	r2, msp_ns
	mrs	r3, psp_ns
	mrs	r4, control_ns
	mov	r5, lr
	ldr	r6, =fault_stack_top
	msr	msp, r6
	push	{r0-r5}
	mov	r0, sp
	b	fault_handle
	.ltorg
	.size fault_entry, . - fault_entry

/* fault_entry_brief: the same for an image that keeps no record. */
	.section .text.fault_entry_brief, "ax"
	.global fault_entry_brief
	.type fault_entry_brief, %function
fault_entry_brief:
	movs	r5, #0
	msr	msplim, r5
	ldr	r6, =fault_stack_top
	msr	msp, r6
	b	fault_handle_brief
	.ltorg
	.size fault_entry_brief, . - fault_entry_brief
