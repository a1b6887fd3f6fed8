/* SPDX-License-Identifier: Apache-2.0 */
/* Headers of macros, and the host simulator's map. */
#include "emit.h"
#include <ctype.h>
#include <inttypes.h>

void emit_capitals(FILE *file, const char *label)
{
	for (; *label != '\0'; label++)
		fputc(toupper((unsigned char)*label), file);
}

static void begin(FILE *file, const char *guard, const char *what)
{
	fprintf(file, "/* SPDX-License-Identifier: Apache-2.0 */\n/* Written by boardgen: %s. */\n#ifndef %s\n#define %s\n\n", what,
		guard, guard);
}

static void end(FILE *file)
{
	fputs("\n#endif\n", file);
}

static void define(FILE *file, const char *prefix, const char *label, const char *suffix)
{
	fprintf(file, "#define BOARD_%s", prefix);
	emit_capitals(file, label);
	fputs(suffix, file);
}

static void define_hex(FILE *file, const char *prefix, const char *label, const char *suffix, uint32_t value)
{
	define(file, prefix, label, suffix);
	fprintf(file, " 0x%08" PRIx32 "u\n", value);
}

static void define_count(FILE *file, const char *label, const char *suffix, uint32_t value)
{
	define(file, "", label, suffix);
	fprintf(file, " %" PRIu32 "u\n", value);
}

void emit_flash_map(FILE *file, const struct board *board)
{
	const struct flash *flash = flash_of_images(board);
	const struct memory *memory = &board->memories[board->regions[flash->region].memory];
	begin(file, "MERLON_BOARD_FLASH_MAP_H", "what lies where on flash. Offsets count from the start of flash.bin");
	define_hex(file, "FLASH_", "base", "", memory->secure_base);
	define_hex(file, "FLASH_", "size", "", memory->size);
	define_hex(file, "FLASH_", "erase_size", "", flash->erase_size);
	define_hex(file, "FLASH_", "write_size", "", flash->write_size);
	define_hex(file, "", "slot_size", "", slot_find(board, SLOT_PRIMARY, 0)->size);
	define_hex(file, "", "image_header_size", "", board->header_size);
	for (unsigned i = 0; i < board->flash_count; i++) {
		const struct region *region = &board->regions[board->flashes[i].region];
		define_hex(file, "FLASH_", region->place.label, "_OFFSET", region->offset);
		define_hex(file, "FLASH_", region->place.label, "_SIZE", region->size);
	}
	for (unsigned i = 0; i < board->area_count; i++) {
		define_hex(file, "FLASH_", board->areas[i].place.label, "_OFFSET", area_offset(board, &board->areas[i]));
		define_hex(file, "FLASH_", board->areas[i].place.label, "_SIZE", board->areas[i].size);
		define_hex(file, "FLASH_", board->areas[i].place.label, "_ERASE_SIZE",
			   board->flashes[board->areas[i].flash].erase_size);
	}
	end(file);
}

void emit_memory(FILE *file, const struct board *board)
{
	begin(file, "MERLON_BOARD_MEMORY_H",
	      "memories. _BASE is the Secure alias, which answers for Secure memory and,\n * until the world is split, for all; "
	      "_NS_BASE is where both worlds find Non-secure memory after that");
	define_count(file, "clock", "_HZ", board->clock_hz);
	define_count(file, "sau", "_REGIONS", board->sau_regions);
	define_count(file, "mpu", "_REGIONS", board->mpu_regions);
	define_count(file, "interrupt", "_COUNT", board->interrupts);
	for (unsigned i = 0; i < board->region_count; i++) {
		const struct region *region = &board->regions[i];
		define_hex(file, "", region->place.label, "_BASE", region_address(board, region, WORLD_SECURE));
		if (region->world == WORLD_NONSECURE)
			define_hex(file, "", region->place.label, "_NS_BASE", region_address(board, region, WORLD_NONSECURE));
		define_hex(file, "", region->place.label, "_SIZE", region->size);
		if (board->memories[region->memory].mpc != NONE)
			define_hex(file, "", region->place.label, "_MPC", board->mpcs[board->memories[region->memory].mpc].address);
	}
	struct window nonsecure = nonsecure_place(board);
	fputs("\n/* Where the Non-secure image runs, header first. */\n", file);
	define_hex(file, "", "ns_image", "_BASE", nonsecure.base);
	define_hex(file, "", "ns_image", "_SIZE", nonsecure.size);
	end(file);
}

/* The first interrupt is the device's; when there are several, each has its name, too. */
static void emit_interrupts(FILE *file, const char *macro, const struct device *device)
{
	for (unsigned i = 0; i < device->interrupt_count; i++) {
		if (i == 0)
			define_count(file, macro, "_IRQ", device->interrupts[i].number);
		if (device->interrupt_count > 1) {
			define(file, "", macro, "_");
			emit_capitals(file, device->interrupts[i].name);
			fprintf(file, "_IRQ %" PRIu32 "u\n", device->interrupts[i].number);
		}
	}
}

static void emit_device(FILE *file, const struct board *board, const char *macro, const struct device *device, enum world world)
{
	define_hex(file, "", macro, "_BASE", device_address(board, device, world));
	define_hex(file, "", macro, "_SIZE", device->size);
	emit_interrupts(file, macro, device);
	if (device->clock_hz != 0)
		define_count(file, macro, "_CLOCK_HZ", device->clock_hz);
}

static void emit_devices(FILE *file, const struct board *board, enum world world)
{
	for (unsigned i = 0; i < board->device_count; i++)
		if (board->devices[i].world == (int)world)
			emit_device(file, board, board->devices[i].place.label, &board->devices[i], world);
	fputs("\n/* By role: `chosen` in board.dts. */\n", file);
	for (enum role role = 0; role < ROLE_COUNT; role++)
		if (role_rules[role].world == world)
			emit_device(file, board, role_rules[role].macro, &board->devices[board->roles[role]], world);
	end(file);
}

void emit_devices_secure(FILE *file, const struct board *board)
{
	begin(file, "MERLON_BOARD_DEVICES_SECURE_H", "the devices that the Secure world owns, at their Secure addresses");
	emit_devices(file, board, WORLD_SECURE);
}

void emit_devices_nonsecure(FILE *file, const struct board *board)
{
	begin(file, "MERLON_BOARD_DEVICES_NONSECURE_H",
	      "the devices that the Non-secure world owns, at their Non-secure addresses");
	emit_devices(file, board, WORLD_NONSECURE);
}

void emit_host_map_header(FILE *file, const struct board *board)
{
	begin(file, "MERLON_BOARD_HOST_MAP_H", "the flash map as a table, for the host simulator and the tools");
	fprintf(file,
		"#include <stddef.h>\n#include <stdint.h>\n\n"
		"/** One flash area; `offset` counts from the start of flash.bin; `device` is the flash device that holds it. */\n"
		"struct flash_area {\n\tconst char *name, *device;\n\tuint32_t offset, size;\n};\n\n"
		"enum { BOARD_FLASH_AREA_COUNT = %u };\n"
		"extern const struct flash_area board_flash_areas[BOARD_FLASH_AREA_COUNT];\n",
		board->area_count);
	end(file);
}

void emit_host_map(FILE *file, const struct board *board)
{
	fputs("/* SPDX-License-Identifier: Apache-2.0 */\n/* Written by boardgen. */\n#include <merlon/board/host_map.h>\n\n"
	      "const struct flash_area board_flash_areas[BOARD_FLASH_AREA_COUNT] = {\n",
	      file);
	for (unsigned i = 0; i < board->area_count; i++) {
		const struct area *area = &board->areas[i];
		fprintf(file, "\t{ \"%s\", \"%s\", 0x%08" PRIx32 "u, 0x%08" PRIx32 "u },\n", area->place.label,
			board->regions[board->flashes[area->flash].region].place.label, area_offset(board, area), area->size);
	}
	fputs("};\n", file);
}
