/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <merlon/sim/power.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const tear_names[SIM_TEAR_COUNT] = {
	[SIM_TEAR_BEFORE] = "before", [SIM_TEAR_HALFWAY] = "halfway",   [SIM_TEAR_AFTER] = "after",
	[SIM_TEAR_RANDOM] = "random", [SIM_TEAR_MARGINAL] = "marginal",
};

void sim_power_init(struct sim_power *power, uint64_t seed)
{
	memset(power, 0, sizeof *power);
	power->random = seed;
}

/* splitmix64 */
uint64_t sim_power_random(struct sim_power *power)
{
	uint64_t z = power->random += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

void sim_power_cut(struct sim_power *power, uint32_t change, enum sim_tear tear)
{
	size_t used = strlen(power->where);
	power->armed = true;
	power->cut_at = power->changes + change;
	power->tear = tear;
	snprintf(power->where + used, sizeof power->where - used, "%scut %s change %" PRIu32, used > 0 ? ", then " : "",
		 tear_names[tear], change);
}

enum sim_tear sim_power_change(struct sim_power *power)
{
	bool cut = power->running && power->armed && power->changes == power->cut_at;
	power->changes++;
	return cut ? power->tear : SIM_TEAR_COUNT;
}

_Noreturn void sim_power_off(struct sim_power *power)
{
	power->cuts++;
	longjmp(power->reset, 1);
}

bool sim_power_run(struct sim_power *power, void (*body)(void *context), void *context)
{
	volatile bool cut = true;
	if (setjmp(power->reset) == 0) {
		power->running = true;
		body(context);
		cut = false;
	}
	power->running = power->armed = false;
	return cut;
}

const char *sim_power_where(const struct sim_power *power)
{
	return power->where[0] == '\0' ? "not cut" : power->where;
}

#define NO_CUT UINT32_MAX

struct outcome {
	bool first, second;
	uint32_t changes, recovery; /* changes in the body, and in the last run of the recovery */
};

static void recover(const struct sim_scenario *scenario)
{
	if (scenario->recover != NULL)
		scenario->recover(scenario->context);
}

/* One run with a cut in the body and, unless `second_change` is NO_CUT, one in the recovery. */
static struct outcome run(const struct sim_scenario *scenario, uint64_t seed, uint32_t change, enum sim_tear tear,
			  uint32_t second_change, enum sim_tear second_tear)
{
	struct sim_power *power = scenario->power;
	struct outcome outcome = { false, false, 0, 0 };
	snprintf(power->where, sizeof power->where, "seed %" PRIu64 ": ", seed);
	scenario->setup(scenario->context);
	uint32_t before = power->changes;
	sim_power_cut(power, change, tear);
	outcome.first = sim_power_run(power, scenario->body, scenario->context);
	outcome.changes = power->changes - before;
	if (second_change != NO_CUT && outcome.first) {
		sim_power_cut(power, second_change, second_tear);
		outcome.second = sim_power_run(power, scenario->recover, scenario->context);
	}
	before = power->changes;
	if (second_change == NO_CUT || !outcome.first || outcome.second)
		recover(scenario);
	outcome.recovery = power->changes - before;
	scenario->check(scenario->context, outcome.first);
	return outcome;
}

static enum sim_tear sample_tear(struct sim_power *power, enum sim_tear end)
{
	return (enum sim_tear)(sim_power_random(power) % end);
}

/* A device whose power goes again and again while it recovers. @return The cuts that happened. */
static unsigned run_chain(const struct sim_scenario *scenario, uint64_t seed, uint32_t changes, uint32_t recovery,
			  enum sim_tear end)
{
	enum { CHAIN_MAX = 5 };
	struct sim_power *power = scenario->power;
	unsigned wanted = 1 + (unsigned)(sim_power_random(power) % CHAIN_MAX), cuts = 0;
	bool cut = true;
	snprintf(power->where, sizeof power->where, "seed %" PRIu64 ": ", seed);
	scenario->setup(scenario->context);
	while (cut && cuts < wanted) {
		uint32_t change = (uint32_t)(sim_power_random(power) % (cuts == 0 ? changes : recovery));
		sim_power_cut(power, change, sample_tear(power, end));
		cut = sim_power_run(power, cuts == 0 ? scenario->body : scenario->recover, scenario->context);
		cuts += cut;
	}
	if (cut)
		recover(scenario);
	scenario->check(scenario->context, cuts > 0);
	return cuts;
}

static uint64_t choose_seed(const struct sim_scenario *scenario)
{
	const char *given = getenv("MERLON_SEED");
	if (scenario->seed != 0)
		return scenario->seed;
	return given != NULL ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
}

static void all_pairs(const struct sim_scenario *scenario, uint64_t seed, uint32_t recovery, enum sim_tear end,
		      struct sim_campaign *campaign)
{
	for (uint32_t first = 0; first < campaign->changes; first++)
		for (uint32_t second = 0; second < recovery; second++)
			for (unsigned tears = 0; tears < (unsigned)end * end; tears++)
				campaign->pairs += run(scenario, seed, first, (enum sim_tear)(tears / end), second,
						       (enum sim_tear)(tears % end))
							   .second;
}

/* Pairs and chains. Each has a stream of its own: what is sampled does not depend on how much chance the tears used up. */
static void cut_again(const struct sim_scenario *scenario, uint64_t seed, uint32_t recovery, enum sim_tear end,
		      struct sim_campaign *campaign)
{
	struct sim_power *power = scenario->power;
	uint64_t dice = seed;
	if (scenario->pairs == SIM_PAIRS_ALL)
		all_pairs(scenario, seed, recovery, end, campaign);
	for (unsigned i = 0; i < scenario->pairs && scenario->pairs != SIM_PAIRS_ALL; i++) {
		power->random = dice += 1;
		uint32_t first = (uint32_t)(sim_power_random(power) % campaign->changes);
		uint32_t second = (uint32_t)(sim_power_random(power) % recovery);
		enum sim_tear tears[2] = { sample_tear(power, end), sample_tear(power, end) };
		campaign->pairs += run(scenario, seed, first, tears[0], second, tears[1]).second;
	}
	for (unsigned i = 0; i < scenario->chains; i++) {
		power->random = dice += 1;
		campaign->chains += run_chain(scenario, seed, campaign->changes, recovery, end) > 0;
	}
}

struct sim_campaign sim_cut_everywhere(const struct sim_scenario *scenario)
{
	struct sim_campaign campaign = { 0 };
	uint32_t recovery = 0;
	struct sim_power *power = scenario->power;
	enum sim_tear end = scenario->marginal ? SIM_TEAR_COUNT : SIM_TEAR_MARGINAL;
	uint64_t seed = choose_seed(scenario);
	power->random = seed;
	for (enum sim_tear tear = 0; tear < end; tear++) {
		struct outcome outcome;
		for (uint32_t change = 0; (outcome = run(scenario, seed, change, tear, NO_CUT, tear)).first; change++) {
			campaign.cuts++;
			recovery = outcome.recovery > recovery ? outcome.recovery : recovery;
		}
		campaign.changes = outcome.changes;
	}
	if (campaign.changes > 0 && recovery > 0)
		cut_again(scenario, seed, recovery, end, &campaign);
	printf("power cut: %" PRIu32 " changes, %" PRIu32 " single cuts, %" PRIu32 " pairs, %" PRIu32 " chains, seed %" PRIu64 "\n",
	       campaign.changes, campaign.cuts, campaign.pairs, campaign.chains, seed);
	return campaign;
}
