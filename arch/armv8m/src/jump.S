/* SPDX-License-Identifier: Apache-2.0 */
	.syntax unified
	.text

/* jump_to_image(vectors r0, wipe r1, size r2) */
	.section .text.jump_to_image, "ax"
	.global jump_to_image
	.type jump_to_image, %function
jump_to_image:
	cpsid	i
	movs	r3, #0
	msr	msplim, r3
	add	r2, r1
1:	str	r3, [r1], #4
	cmp	r1, r2
	blo	1b
	ldr	r1, =0xe000ed08		/* VTOR */
	str	r0, [r1]
	dsb
	isb
	ldr	r1, [r0]
	msr	msp, r1
	ldr	lr, [r0, #4]
	movs	r0, #0
	mov	r1, r0
	mov	r2, r0
	mov	r4, r0
	mov	r5, r0
	mov	r6, r0
	mov	r7, r0
	mov	r8, r0
	mov	r9, r0
	mov	r10, r0
	mov	r11, r0
	mov	r12, r0
	msr	psp, r0
	bx	lr
	.ltorg
	.size jump_to_image, . - jump_to_image

/* jump_to_nonsecure(vectors r0) */
	.section .text.jump_to_nonsecure, "ax"
	.global jump_to_nonsecure
	.type jump_to_nonsecure, %function
jump_to_nonsecure:
	ldr	r1, =0xe002ed08		/* VTOR of the Non-secure world */
	str	r0, [r1]
	dsb
	isb
	ldr	r1, =stack_top		/* nothing below the seal: a forged return finds it first */
	msr	msp, r1
	ldr	r1, [r0]
	msr	msp_ns, r1
	ldr	lr, [r0, #4]
	movs	r0, #0
	msr	msplim_ns, r0
	msr	psplim_ns, r0
	msr	psp_ns, r0
	msr	control_ns, r0
	bic	lr, lr, #1		/* bit 0 clear: BXNS changes the state */
	mov	r1, r0
	mov	r2, r0
	mov	r3, r0
	mov	r4, r0
	mov	r5, r0
	mov	r6, r0
	mov	r7, r0
	mov	r8, r0
	mov	r9, r0
	mov	r10, r0
	mov	r11, r0
	mov	r12, r0
	cpsie	i
	msr	apsr_nzcvq, r0
	bxns	lr
	.ltorg
	.size jump_to_nonsecure, . - jump_to_nonsecure
