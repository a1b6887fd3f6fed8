/* SPDX-License-Identifier: Apache-2.0 */
	.syntax unified
	.text

/*
 * fault_entry: gather the stack pointers of both worlds and go on in C. The main stack's limit is lifted first: the fault may be
 * its overflow, and what lies below the stack is of no more use because a reset follows.
 */
	.section .text.fault_entry, "ax"
	.global fault_entry
	.type fault_entry, %function
fault_entry:
	movs	r4, #0
	msr	msplim, r4
	mrs	r0, msp
	mrs	r1, psp
	mrs	r2, msp_ns
	mrs	r3, psp_ns
	mrs	r4, control_ns
	mov	r5, lr
	push	{r0-r5}
	mov	r0, sp
	b	fault_handle
	.size fault_entry, . - fault_entry
