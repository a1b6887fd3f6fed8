/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The world split of one board, as tables: what `boardgen` writes from board.dts and what the Secure image programs and reads back.
 *
 * Source: Armv8-M Architecture Reference Manual (Arm DDI 0553) for the SAU; Arm CoreLink SIE-200 (DDI 0571) for MPC and PPC.
 */
#ifndef MERLON_ARCH_WORLD_H
#define MERLON_ARCH_WORLD_H

#include <psa/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Byte addresses; both are granular to 32 bytes; `limit` is the last byte. */
struct world_sau_region {
	uint32_t base, limit;
	uint32_t nsc; /* 1: Non-secure callable, 0: Non-secure */
};

/** One memory protection controller. Blocks from `first_block` to before `end_block` are Non-secure, all others Secure. */
struct world_mpc {
	uint32_t controller; /* Secure address of the MPC's registers */
	uint32_t first_block, end_block, block_count;
};

/** One peripheral protection register: the whole word is written and read back. */
struct world_ppc {
	uint32_t address, value;
};

struct world_table {
	const struct world_sau_region *sau; /* without the veneers, whose place the linker knows */
	const struct world_mpc *mpc;
	const struct world_ppc *ppc;
	const uint32_t *interrupt_targets; /* NVIC_ITNS words: bit 1 = Non-secure */
	size_t sau_count, mpc_count, ppc_count, interrupt_word_count;
};

/**
 * Lock a memory protection controller as it stands: nobody changes the owner of a block before the next reset.
 * @return False when the lock does not read back.
 */
bool world_lock(uint32_t controller);

/** What differed when the tables were read back. */
struct world_difference {
	const char *what; /* "SAU", "MPC", "PPC", "ITNS" */
	uint32_t index, wanted, found;
};

/** The board's table, written by boardgen into the Secure image. */
extern const struct world_table board_world_table;

/**
 * Program SAU, MPC, PPC and interrupt targets, then read everything back.
 *
 * @param veneers  The Non-secure callable range of the Secure image, from the linker.
 * @retval PSA_ERROR_CORRUPTION_DETECTED  Something read back differs; *difference says what. The caller stops the boot.
 * @retval PSA_ERROR_INVALID_ARGUMENT     More SAU regions than the core has, or a range that is not granular.
 */
psa_status_t world_set_up(const struct world_table *table, const struct world_sau_region *veneers,
			  struct world_difference *difference);

#endif
