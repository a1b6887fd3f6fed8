/* SPDX-License-Identifier: Apache-2.0 */
/* Direct-XIP with revert: the images run in either slot, and the journal says in which. Nothing moves. */
#include "internal.h"

/* The trailers first, then the unit that decides. */
static psa_status_t begin(struct boot *boot)
{
	psa_status_t status = boot_mirror_trial(boot);
	return status == PSA_SUCCESS ? journal_switch(&boot->journal) : status;
}

static psa_status_t stay(struct boot *boot)
{
	(void)boot;
	return PSA_SUCCESS;
}

const struct boot_mode boot_mode_xip = { .begin = begin, .upgrade = stay, .revert = stay, .switches = true };
