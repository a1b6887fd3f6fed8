/* SPDX-License-Identifier: Apache-2.0 */
/** The two one-way jumps of a boot. */
#ifndef MERLON_ARCH_JUMP_H
#define MERLON_ARCH_JUMP_H

#include <stddef.h>
#include <stdint.h>

/**
 * BL2 to the Secure image: wipe `size` bytes at `wipe`, clear all registers, take stack and entry from `vectors`.
 *
 * The range may hold the caller's own stack: nothing on it is used any more.
 *
 * @param vectors  The image's vector table; its alignment fits VTOR.
 * @param wipe     Word-aligned; `size` is a multiple of 4, not 0.
 */
_Noreturn void jump_to_image(const void *vectors, void *wipe, size_t size);

/**
 * Secure to Non-secure: set the other world's VTOR and stack from its vector table, clear all registers and flags, BXNS.
 *
 * @param vectors  Non-secure address; the caller has checked that the table lies in the Non-secure image.
 */
_Noreturn void jump_to_nonsecure(uint32_t vectors);

#endif
