/* SPDX-License-Identifier: Apache-2.0 */
/* The rules. Each breach is one message; all are told, so that one run shows all there is to mend. */
#include "board.h"
#include <inttypes.h>
#include <string.h>

#define HEX "0x%" PRIx32

enum { SAU_GRANULE = 32, SYSTEM_EXCEPTIONS = 16, PLACES_MAX = 2 * (CONTROLLERS_MAX + MEMORIES_MAX + DEVICES_MAX) };

static const char world_remedy[] = "write merlon,world = \"secure\"; or \"non-secure\"; in the node";

/** A run of addresses or offsets and whose it is. */
struct extent {
	uint64_t base, end;
	const char *path;
};

static bool is_power_of_two(uint32_t value)
{
	return value != 0 && (value & (value - 1)) == 0;
}

/* A range is not empty and does not run over the end of the address space, or of what contains it. */
static bool check_range(struct report *report, const char *path, uint32_t base, uint32_t size, uint64_t end, const char *home)
{
	if (size == 0)
		report_error(report, path, "reg", "give it a size", "is empty");
	else if ((uint64_t)base + size > end && home == NULL)
		report_error(report, path, "reg", "make the size smaller",
			     "wraps around the end of the address space: " HEX " + " HEX, base, size);
	else if ((uint64_t)base + size > end)
		report_error(report, path, "reg", "make it smaller, or what contains it larger",
			     HEX " + " HEX " does not fit in %s of 0x%" PRIx64, base, size, home, end);
	else
		return true;
	return false;
}

static void check_overlaps(struct report *report, const struct extent *extents, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		for (unsigned j = 0; j < i; j++)
			if (extents[i].base < extents[j].end && extents[j].base < extents[i].end)
				report_error(report, extents[i].path, "reg", "move one of the two, or make it smaller",
					     "0x%" PRIx64 " to 0x%" PRIx64 " overlaps %s, 0x%" PRIx64 " to 0x%" PRIx64,
					     extents[i].base, extents[i].end - 1, extents[j].path, extents[j].base,
					     extents[j].end - 1);
}

static struct extent extent_of(const char *path, uint32_t base, uint32_t size)
{
	return (struct extent) { base, (uint64_t)base + size, path };
}

/* Memories in both their aliases, and the bus in both: all that answers on the address lines. */
static void check_memories(const struct board *board, struct report *report)
{
	struct extent extents[2 * MEMORIES_MAX + 2];
	unsigned count = 0;
	for (unsigned i = 0; i < board->memory_count; i++) {
		const struct memory *memory = &board->memories[i];
		const char *path = memory->place.path;
		check_range(report, path, memory->base, memory->size, 1ull << 32, NULL);
		check_range(report, path, memory->secure_base, memory->size, 1ull << 32, NULL);
		extents[count++] = extent_of(path, memory->base, memory->size);
		if (memory->secure_base != memory->base)
			extents[count++] = extent_of(path, memory->secure_base, memory->size);
		if (memory->mpc != NONE && memory->size % board->mpcs[memory->mpc].block_size != 0)
			report_error(report, path, "reg", "round it to whole blocks", HEX " bytes are not whole blocks of " HEX,
				     memory->size, board->mpcs[memory->mpc].block_size);
		for (unsigned j = 0; j < i; j++)
			if (memory->mpc != NONE && memory->mpc == board->memories[j].mpc)
				report_error(report, path, "merlon,mpc", "name the controller in front of this memory",
					     "is also the controller of %s", board->memories[j].place.path);
	}
	check_range(report, board->bus_place.path, board->bus_base, board->bus_size, 1ull << 32, NULL);
	check_range(report, board->bus_place.path, board->bus_secure_base, board->bus_size, 1ull << 32, NULL);
	extents[count++] = extent_of(board->bus_place.path, board->bus_base, board->bus_size);
	extents[count++] = extent_of(board->bus_place.path, board->bus_secure_base, board->bus_size);
	check_overlaps(report, extents, count);
}

static void check_region(const struct board *board, struct report *report, const struct region *region)
{
	const struct memory *memory = &board->memories[region->memory];
	const char *path = region->place.path;
	uint32_t granule = memory->mpc != NONE ? board->mpcs[memory->mpc].block_size : SAU_GRANULE;
	check_range(report, path, region->offset, region->size, memory->size, memory->place.path);
	if (region->world == NONE)
		report_error(report, path, "merlon,world", world_remedy, "is missing: the region has no owner");
	if (region->offset % granule != 0 || region->size % granule != 0)
		report_error(report, path, "reg", "round both to the granule", HEX " + " HEX " are not whole %s of " HEX,
			     region->offset, region->size, memory->mpc != NONE ? "MPC blocks" : "SAU granules", granule);
}

static void check_regions(const struct board *board, struct report *report)
{
	for (unsigned m = 0; m < board->memory_count; m++) {
		struct extent extents[REGIONS_MAX];
		struct window windows[REGIONS_MAX];
		unsigned count = 0;
		for (unsigned i = 0; i < board->region_count; i++) {
			const struct region *region = &board->regions[i];
			if (region->memory != (int)m)
				continue;
			check_region(board, report, region);
			extents[count++] = extent_of(region->place.path, region->offset, region->size);
		}
		check_overlaps(report, extents, count);
		if (board->memories[m].mpc != NONE && memory_windows(board, (int)m, windows, REGIONS_MAX) > 1)
			report_error(report, board->memories[m].place.path, NULL, "move the non-secure regions next to each other",
				     "the non-secure regions are not one run, and a table row holds one window per MPC");
	}
}

static void check_area(const struct board *board, struct report *report, const struct area *area)
{
	const struct flash *flash = &board->flashes[area->flash];
	const struct region *device = &board->regions[flash->region];
	check_range(report, area->place.path, area->offset, area->size, device->size, device->place.path);
	if (area->offset % flash->erase_size != 0 || area->size % flash->erase_size != 0)
		report_error(report, area->place.path, "reg", "round both to the erase sector",
			     HEX " + " HEX " are not whole erase sectors of " HEX, area->offset, area->size, flash->erase_size);
}

static void check_flashes(const struct board *board, struct report *report)
{
	for (unsigned f = 0; f < board->flash_count; f++) {
		struct extent extents[AREAS_MAX];
		unsigned count = 0;
		const struct flash *flash = &board->flashes[f], *first = flash_of_images(board);
		const struct region *region = &board->regions[flash->region];
		if (region->size % flash->erase_size != 0 || flash->erase_size % flash->write_size != 0)
			report_error(report, region->place.path, "merlon,erase-size",
				     "make the device whole sectors of whole units",
				     "the device is not whole sectors of " HEX ", or a sector not whole units of " HEX,
				     flash->erase_size, flash->write_size);
		if (flash->erase_size % first->erase_size != 0 || flash->write_size != first->write_size)
			report_error(report, region->place.path, "merlon,erase-size",
				     "give it the write unit and whole sectors of the device that the Secure image runs from",
				     "differs from that of %s", board->regions[first->region].place.path);
		if (region->memory != board->regions[first->region].memory)
			report_error(report, region->place.path, NULL, "put all flash devices into one memory",
				     "lies in another memory than %s", board->regions[first->region].place.path);
		for (unsigned i = 0; i < board->area_count; i++) {
			const struct area *area = &board->areas[i];
			if (area->flash != (int)f)
				continue;
			check_area(board, report, area);
			extents[count++] = extent_of(area->place.path, area->offset, area->size);
		}
		check_overlaps(report, extents, count);
	}
}

/* Two slots of each image; all primary slots of one size; a secondary slot has one more sector, the swap's spare, which images that run
 * in place do without. */
static void check_slots(const struct board *board, struct report *report)
{
	const struct area *first = slot_find(board, SLOT_PRIMARY, 0);
	bool in_place = board->images[IMAGE_NONSECURE].rom_area != NONE;
	for (unsigned i = 0; i < board->area_count; i++) {
		const struct area *area = &board->areas[i];
		const char *path = area->place.path;
		if (area->slot == SLOT_NOT)
			continue;
		uint64_t wanted = first == NULL
					  ? 0
					  : (uint64_t)first->size +
						    (area->slot == SLOT_SECONDARY ? board->flashes[area->flash].erase_size : 0);
		if (area->image >= SLOTS_PER_KIND)
			report_error(report, path, "merlon,image", "write <0> for the Secure, <1> for the Non-secure image",
				     "%" PRIu32 " is no image", area->image);
		else if (slot_find(board, area->slot, area->image) != area)
			report_error(report, path, "merlon,slot", "remove one of the two",
				     "is a second slot of its kind for image %" PRIu32, area->image);
		else if (first != NULL && area->size != wanted && (!in_place || area->size != first->size))
			report_error(report, path, "reg", "make all primary slots equal, and each secondary slot one sector larger",
				     "the slot is " HEX " bytes and has to be 0x%" PRIx64, area->size, wanted);
	}
	for (uint32_t image = 0; image < SLOTS_PER_KIND; image++)
		for (enum slot_kind kind = SLOT_PRIMARY; kind <= SLOT_SECONDARY; kind++)
			if (slot_find(board, kind, image) == NULL)
				report_error(report, board->images_place.path, "merlon,slot",
					     "mark a flash area with merlon,slot and merlon,image",
					     "image %" PRIu32 " has no %s slot", image,
					     kind == SLOT_PRIMARY ? "primary" : "secondary");
}

static void check_protections(const struct board *board, struct report *report)
{
	for (unsigned i = 0; i < board->protection_count; i++) {
		const struct protection *protection = &board->protections[i];
		if (!protection->fixed && (protection->ports == 0 || protection->ports > 32))
			report_error(report, protection->place.path, "merlon,ports", "write a number from 1 to 32",
				     "%" PRIu32 " ports do not fit one register", protection->ports);
		if (protection->address % 4 != 0)
			report_error(report, protection->place.path, "reg", "give the address of the register",
				     HEX " is no address of a word", protection->address);
	}
}

static void check_device_owner(const struct board *board, struct report *report, const struct device *device)
{
	const char *path = device->place.path;
	uint64_t window = device->wired == WORLD_SECURE ? board->bus_secure_base : board->bus_base;
	if (device->world == NONE)
		report_error(report, path, "merlon,world", world_remedy, "is missing: the peripheral has no owner");
	if (device->wired != NONE && device->world != NONE && device->wired != device->world)
		report_error(report, path, "merlon,world", "give it to the world that it is wired to",
			     "the hardware shows it to %s only", world_name(device->wired));
	if (device->wired == NONE && device->port_count == 0)
		report_error(report, path, "merlon,protect", "name the controller and port, or say merlon,wired",
			     "is missing: nothing would keep the other world out");
	if (device->bus_master && device->world != WORLD_SECURE)
		report_error(report, path, "merlon,bus-master", "write merlon,world = \"secure\";",
			     "a bus master outside the Secure world reads Secure memory that has no MPC");
	if (check_range(report, path, device->base, device->size, 1ull << 32, NULL) &&
	    (device->base < window || (uint64_t)device->base + device->size > window + board->bus_size))
		report_error(report, path, "reg", "write the Non-secure address, or the Secure one with merlon,wired = \"secure\"",
			     HEX " + " HEX " is outside the bus", device->base, device->size);
}

static void check_device_ports(const struct board *board, struct report *report, unsigned index)
{
	const struct device *device = &board->devices[index];
	for (unsigned p = 0; p < device->port_count; p++) {
		const struct protection *protection = &board->protections[device->ports[p].protection];
		if (device->ports[p].port >= protection->ports)
			report_error(report, device->place.path, "merlon,protect", "write the number of the port",
				     "%s has no port %" PRIu32, protection->place.label, device->ports[p].port);
		for (unsigned other = 0; other < index; other++)
			for (unsigned o = 0; o < board->devices[other].port_count; o++)
				if (board->devices[other].ports[o].protection == device->ports[p].protection &&
				    board->devices[other].ports[o].port == device->ports[p].port)
					report_error(report, device->place.path, "merlon,protect", "give each port to one device",
						     "port %" PRIu32 " of %s already belongs to %s: two owners",
						     device->ports[p].port, protection->place.label,
						     board->devices[other].place.path);
	}
}

static void check_device_interrupts(const struct board *board, struct report *report, unsigned index)
{
	const struct device *device = &board->devices[index];
	for (unsigned i = 0; i < device->interrupt_count; i++) {
		uint32_t number = device->interrupts[i].number;
		if (number >= board->interrupts)
			report_error(report, device->place.path, "interrupts", "write the number from the board's manual",
				     "%" PRIu32 " is out of range: %s has %" PRIu32, number, board->nvic.path, board->interrupts);
		for (unsigned other = 0; other <= index; other++) {
			unsigned end = other == index ? i : board->devices[other].interrupt_count;
			for (unsigned o = 0; o < end; o++)
				if (board->devices[other].interrupts[o].number == number)
					report_error(report, device->place.path, "interrupts", "give each interrupt to one device",
						     "%" PRIu32 " already belongs to %s: two owners", number,
						     board->devices[other].place.path);
		}
	}
}

static void check_devices(const struct board *board, struct report *report)
{
	struct extent extents[PLACES_MAX];
	unsigned count = 0;
	for (unsigned i = 0; i < board->device_count; i++) {
		const struct device *device = &board->devices[i];
		check_device_owner(board, report, device);
		check_device_ports(board, report, i);
		check_device_interrupts(board, report, i);
		extents[count++] = extent_of(device->place.path, device->base, device->size);
		if (device->wired == NONE)
			extents[count++] = extent_of(device->place.path, device_address(board, device, WORLD_SECURE), device->size);
	}
	for (unsigned i = 0; i < board->protection_count; i++)
		extents[count++] = extent_of(board->protections[i].place.path, board->protections[i].address, 4);
	for (unsigned i = 0; i < board->mpc_count; i++)
		extents[count++] = extent_of(board->mpcs[i].place.path, board->mpcs[i].address, board->mpcs[i].size);
	check_overlaps(report, extents, count);
}

/* A label that would make the name of a macro that is there already. */
static void check_label(struct report *report, const struct place *place, const char *const *reserved)
{
	for (; *reserved != NULL; reserved++)
		if (strcmp(place->label, *reserved) == 0)
			report_error(report, place->path, place->label, "choose another label", "this label is reserved");
}

static void check_labels(const struct board *board, struct report *report)
{
	static const char *const of_flash[] = { "base", "erase", "write", NULL };
	static const char *const of_board[] = { "slot", "ns_image", "image_header",  "flash",     "console", "noise",
						"otp",  "watchdog", "confirm_timer", "time_base", "network", NULL };
	for (unsigned i = 0; i < board->area_count; i++)
		check_label(report, &board->areas[i].place, of_flash);
	for (unsigned i = 0; i < board->region_count; i++)
		check_label(report, &board->regions[i].place, of_board);
	for (unsigned i = 0; i < board->device_count; i++)
		check_label(report, &board->devices[i].place, of_board);
}

static void check_roles(const struct board *board, struct report *report)
{
	for (enum role role = 0; role < ROLE_COUNT; role++) {
		const struct role_rule *rule = &role_rules[role];
		if (board->roles[role] == NONE) {
			report_error(report, "/chosen", rule->property, "write `= &label;`", "is missing");
			continue;
		}
		const struct device *device = &board->devices[board->roles[role]];
		if (device->world != (int)rule->world)
			report_error(report, "/chosen", rule->property, "choose a device of that world, or move the device",
				     "%s is %s and has to be %s", device->place.path, world_name(device->world),
				     world_name((int)rule->world));
	}
}

static void check_core(const struct board *board, struct report *report)
{
	unsigned regions = 2; /* the bus, and the veneers */
	struct window windows[REGIONS_MAX];
	for (unsigned m = 0; m < board->memory_count; m++)
		regions += memory_windows(board, (int)m, windows, REGIONS_MAX);
	if (regions > board->sau_regions)
		report_error(report, board->cpu.path, "merlon,sau-regions", "merge the non-secure regions",
			     "the map needs %u SAU regions with the bus and the veneers, and the core has %" PRIu32, regions,
			     board->sau_regions);
	for (enum image i = 0; i < IMAGES; i++)
		if (board->images[i].mpu_regions > board->mpu_regions)
			report_error(report, board->images[i].path, "merlon,mpu-regions", "ask for no more than the core has",
				     "%" PRIu32 " MPU regions, and the core has %" PRIu32, board->images[i].mpu_regions,
				     board->mpu_regions);
	uint32_t table = 4 * (SYSTEM_EXCEPTIONS + board->interrupts);
	if (board->interrupts == 0 || board->interrupts > 480)
		report_error(report, board->nvic.path, "merlon,interrupts", "write a number from 1 to 480",
			     "%" PRIu32 " is out of range", board->interrupts);
	else if (!is_power_of_two(board->header_size) || board->header_size < table)
		report_error(report, board->images_place.path, "merlon,header-size", "write a power of two that is larger",
			     HEX " does not align a vector table of %" PRIu32 " bytes", board->header_size, table);
}

static void check_images(const struct board *board, struct report *report)
{
	static const enum world worlds[IMAGES] = { WORLD_SECURE, WORLD_SECURE, WORLD_NONSECURE };
	for (enum image i = 0; i < IMAGES; i++) {
		const struct image_place *image = &board->images[i];
		int rom =
			image->rom_region != NONE ? image->rom_region : board->flashes[board->areas[image->rom_area].flash].region;
		/* A slot belongs to the Secure world; an image that runs in it gets its window of it. */
		if (image->rom_area == NONE && board->regions[rom].world != (int)worlds[i])
			report_error(report, image->path, "merlon,rom", "choose memory of that world", "%s is %s and has to be %s",
				     board->regions[rom].place.path, world_name(board->regions[rom].world),
				     world_name((int)worlds[i]));
		if (board->regions[image->ram_region].world != (int)worlds[i])
			report_error(report, image->path, "merlon,ram", "choose memory of that world", "%s is %s and has to be %s",
				     board->regions[image->ram_region].place.path,
				     world_name(board->regions[image->ram_region].world), world_name((int)worlds[i]));
	}
	const struct area *slot = slot_find(board, SLOT_PRIMARY, 0), *copied = slot_find(board, SLOT_PRIMARY, 1);
	if (slot != NULL && board->images[IMAGE_SECURE].rom_area != (int)(slot - board->areas))
		report_error(report, board->images[IMAGE_SECURE].path, "merlon,rom", "name the primary slot of image 0",
			     "the Secure image runs in place, and this is not its slot");
	const struct image_place *nonsecure = &board->images[IMAGE_NONSECURE];
	if (copied != NULL && nonsecure->rom_area != NONE && nonsecure->rom_area != (int)(copied - board->areas))
		report_error(report, nonsecure->path, "merlon,rom",
			     "name the primary slot of image 1, or a region that it is copied to",
			     "the Non-secure image runs in place, and this is not its slot");
	if (copied != NULL && nonsecure->rom_area == NONE && board->regions[nonsecure->rom_region].size < copied->size)
		report_error(report, nonsecure->path, "merlon,rom", "name a region that is as large as the slot of image 1",
			     "the Non-secure image is copied, and does not fit here");
}

/* Sizes by which others divide: a tree that has none of them is judged no further. */
static bool check_units(const struct board *board, struct report *report)
{
	unsigned before = report->errors;
	for (unsigned i = 0; i < board->mpc_count; i++)
		if (!is_power_of_two(board->mpcs[i].block_size) || board->mpcs[i].block_size < SAU_GRANULE)
			report_error(report, board->mpcs[i].place.path, "merlon,block-size",
				     "write the block size of the controller", HEX " is no power of two of at least 32",
				     board->mpcs[i].block_size);
	for (unsigned i = 0; i < board->flash_count; i++)
		if (!is_power_of_two(board->flashes[i].erase_size) || !is_power_of_two(board->flashes[i].write_size))
			report_error(report, board->regions[board->flashes[i].region].place.path, "merlon,erase-size",
				     "write powers of two", "a sector of " HEX " or a unit of " HEX " is none",
				     board->flashes[i].erase_size, board->flashes[i].write_size);
	if (board->flash_count == 0)
		report_error(report, "/", NULL, "add a node compatible with \"merlon,flash\" to a memory", "there is no flash");
	return report->errors == before;
}

bool board_check(const struct board *board, struct report *report)
{
	unsigned before = report->errors;
	if (!check_units(board, report))
		return false;
	check_memories(board, report);
	check_regions(board, report);
	check_flashes(board, report);
	check_slots(board, report);
	check_protections(board, report);
	check_devices(board, report);
	check_labels(board, report);
	check_roles(board, report);
	check_core(board, report);
	check_images(board, report);
	return report->errors == before;
}
