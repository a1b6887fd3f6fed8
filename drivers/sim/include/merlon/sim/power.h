/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The power of a simulated device, and the campaign that cuts it everywhere.
 *
 * All simulated memories of one device share one `struct sim_power`, so that a cut falls on the n-th change of any of them. A change
 * is one program call or the erase of one sector. A cut leaves the code under test through longjmp: nothing runs after it.
 */
#ifndef MERLON_SIM_POWER_H
#define MERLON_SIM_POWER_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

/** What the change that is cut leaves behind. */
enum sim_tear {
	SIM_TEAR_BEFORE,   /* nothing happened */
	SIM_TEAR_HALFWAY,  /* the first half is done, down to half a program unit */
	SIM_TEAR_AFTER,    /* all is done, but the caller never learned it */
	SIM_TEAR_RANDOM,   /* a random number of units, and of the next one random bits */
	SIM_TEAR_MARGINAL, /* as RANDOM, but the torn bits read differently each time until they are erased */
	SIM_TEAR_COUNT,
};

struct sim_power {
	uint32_t changes; /* made since sim_power_init() */
	uint32_t cuts;
	bool whole_readings; /* after SIM_TEAR_MARGINAL some readings show all torn bits as they were, or as they were meant to be */
	/* Private to the simulator. */
	jmp_buf reset;
	bool running, armed;
	uint32_t cut_at;
	enum sim_tear tear;
	uint64_t random;
	char where[256];
};

void sim_power_init(struct sim_power *power, uint64_t seed);

/** Arm one cut: at the change `change` from now (0: the next one). It fires inside sim_power_run() only. */
void sim_power_cut(struct sim_power *power, uint32_t change, enum sim_tear tear);

/** Run body(context). Afterwards power stays on and nothing is armed. @return True when power was cut inside it. */
bool sim_power_run(struct sim_power *power, void (*body)(void *context), void *context);

/** The cuts of the current run in words, with the campaign's seed, for the messages of failed checks. */
const char *sim_power_where(const struct sim_power *power);

#define SIM_PAIRS_ALL UINT32_MAX

/** What to cut, and how to judge what is left. */
struct sim_scenario {
	struct sim_power *power;
	void *context;
	void (*setup)(void *context);           /* the device as it is before; power is on */
	void (*body)(void *context);            /* is cut at every change */
	void (*recover)(void *context);         /* the device starts again; NULL when there is nothing to do. Pairs cut here, too */
	void (*check)(void *context, bool cut); /* judges; `cut` is false in the one run per tear that was not cut */
	unsigned pairs;  /* how many pairs of cuts, one in `body` and one in `recover`, to sample; SIM_PAIRS_ALL */
	unsigned chains; /* how many chains of 1 to 5 cuts, the first in `body`, to sample */
	bool marginal;   /* also SIM_TEAR_MARGINAL */
	uint64_t seed;   /* of what is random; 0: from MERLON_SEED, else from the clock. Printed */
};

/** What a campaign did. A campaign without a cut proves nothing: check `cuts`. */
struct sim_campaign {
	uint32_t changes;             /* in an uncut body */
	uint32_t cuts, pairs, chains; /* single cuts, pairs and chains that really fired */
};

/**
 * Single cuts at every change of `body` in every tear, exhaustively; then pairs and chains.
 * Prints one line with the numbers and the seed.
 */
struct sim_campaign sim_cut_everywhere(const struct sim_scenario *scenario);

/* For simulated memories. */

/** Count one change. @return The tear to apply, or SIM_TEAR_COUNT when the change goes through. Memories call sim_power_off() after it. */
enum sim_tear sim_power_change(struct sim_power *power);
_Noreturn void sim_power_off(struct sim_power *power);
uint64_t sim_power_random(struct sim_power *power);

#endif
