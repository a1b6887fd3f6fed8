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

const struct flash *flash_of_images(const struct board *board)
{
	const struct area *slot = slot_find(board, SLOT_PRIMARY, 0);
	return &board->flashes[slot != NULL ? slot->flash : 0];
}

struct window nonsecure_place(const struct board *board)
{
	const struct image_place *image = &board->images[IMAGE_NONSECURE];
	if (image->rom_area == NONE) {
		const struct region *region = &board->regions[image->rom_region];
		return (struct window) { region_address(board, region, WORLD_NONSECURE), region->size };
	}
	const struct area *slot = &board->areas[image->rom_area];
	return (struct window) { area_address(board, slot), slot->size - board->flashes[slot->flash].erase_size };
}

/* The lower of two windows that begin at or above `from`; an empty one does not count. */
static struct window lower(struct window best, struct window window, uint64_t from)
{
	return window.size > 0 && window.base >= from && (best.size == 0 || window.base < best.base) ? window : best;
}

/* The lowest Non-secure run of the memory at or above address `from`: a region, or the slot that the Non-secure image runs in. */
static struct window next_nonsecure(const struct board *board, int memory, uint64_t from)
{
	struct window best = { 0, 0 };
	int area = board->images[IMAGE_NONSECURE].rom_area;
	for (unsigned i = 0; i < board->region_count; i++) {
		const struct region *region = &board->regions[i];
		if (region->memory == memory && region->world == WORLD_NONSECURE)
			best = lower(best, (struct window) { board->memories[memory].base + region->offset, region->size }, from);
	}
	if (area != NONE && board->regions[board->flashes[board->areas[area].flash].region].memory == memory)
		best = lower(best, nonsecure_place(board), from);
	return best;
}

unsigned memory_windows(const struct board *board, int memory, struct window *windows, unsigned capacity)
{
	unsigned count = 0;
	uint64_t from = 0;
	for (struct window next; (next = next_nonsecure(board, memory, from)).size > 0;) {
		if (count > 0 && windows[count - 1].base + windows[count - 1].size == next.base)
			windows[count - 1].size += next.size;
		else if (count < capacity)
			windows[count++] = next;
		from = (uint64_t)next.base + next.size;
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
