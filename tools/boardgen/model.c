/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about a board that both the rules and the writers ask. */
#include "board.h"

const struct role_rule role_rules[ROLE_COUNT] = {
	[ROLE_CONSOLE_SECURE] = { "merlon,console-secure", "CONSOLE", WORLD_SECURE },
	[ROLE_CONSOLE_NONSECURE] = { "merlon,console-nonsecure", "CONSOLE", WORLD_NONSECURE },
	[ROLE_NOISE] = { "merlon,noise", "NOISE", WORLD_SECURE },
	[ROLE_OTP] = { "merlon,otp", "OTP", WORLD_SECURE },
	[ROLE_WATCHDOG] = { "merlon,watchdog", "WATCHDOG", WORLD_SECURE },
	[ROLE_CONFIRM_TIMER] = { "merlon,confirm-timer", "CONFIRM_TIMER", WORLD_SECURE },
	[ROLE_TIME_BASE] = { "merlon,time-base", "TIME_BASE", WORLD_NONSECURE },
	[ROLE_ETHERNET] = { "merlon,ethernet", "NETWORK", WORLD_NONSECURE },
};

const char *world_name(int world)
{
	return world == WORLD_SECURE ? "secure" : world == WORLD_NONSECURE ? "non-secure" : "no world";
}

uint32_t region_address(const struct board *board, const struct region *region, enum world alias)
{
	const struct memory *memory = &board->memories[region->memory];
	return (alias == WORLD_SECURE ? memory->secure_base : memory->base) + region->offset;
}

uint32_t area_offset(const struct board *board, const struct area *area)
{
	return board->regions[board->flashes[area->flash].region].offset + area->offset;
}

uint32_t area_address(const struct board *board, const struct area *area)
{
	const struct region *region = &board->regions[board->flashes[area->flash].region];
	return region_address(board, region, WORLD_SECURE) + area->offset;
}

uint32_t device_address(const struct board *board, const struct device *device, enum world world)
{
	bool aliased = device->wired == NONE;
	return device->base + (aliased && world == WORLD_SECURE ? board->bus_secure_base - board->bus_base : 0);
}

const struct area *slot_find(const struct board *board, enum slot_kind kind, uint32_t image)
{
	for (unsigned i = 0; i < board->area_count; i++)
		if (board->areas[i].slot == kind && board->areas[i].image == image)
			return &board->areas[i];
	return NULL;
}

/* The lowest Non-secure region of the memory at or above `from`. */
static const struct region *next_nonsecure(const struct board *board, int memory, uint64_t from)
{
	const struct region *best = NULL;
	for (unsigned i = 0; i < board->region_count; i++) {
		const struct region *region = &board->regions[i];
		if (region->memory == memory && region->world == WORLD_NONSECURE && region->size > 0 && region->offset >= from &&
		    (best == NULL || region->offset < best->offset))
			best = region;
	}
	return best;
}

unsigned memory_windows(const struct board *board, int memory, struct window *windows, unsigned capacity)
{
	unsigned count = 0;
	const struct memory *home = &board->memories[memory];
	uint64_t from = 0;
	for (const struct region *region; (region = next_nonsecure(board, memory, from)) != NULL;) {
		uint32_t base = home->base + region->offset;
		if (count > 0 && windows[count - 1].base + windows[count - 1].size == base)
			windows[count - 1].size += region->size;
		else if (count < capacity)
			windows[count++] = (struct window) { base, region->size };
		from = (uint64_t)region->offset + region->size;
	}
	return count;
}

uint32_t protection_word(const struct board *board, int protection)
{
	uint32_t word = board->protections[protection].value;
	for (unsigned i = 0; i < board->device_count; i++) {
		const struct device *device = &board->devices[i];
		for (unsigned p = 0; p < device->port_count; p++)
			if (device->world == WORLD_NONSECURE && device->ports[p].protection == protection)
				word |= 1u << device->ports[p].port;
	}
	return word;
}
