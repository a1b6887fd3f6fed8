/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A board as boardgen sees it: what `board_read()` takes out of the device tree, `board_check()` judges and `emit_*()` write out.
 *
 * Addresses are absolute unless called offset; sizes in bytes. All text is copied, so that the model outlives the blob.
 */
#ifndef BOARDGEN_BOARD_H
#define BOARDGEN_BOARD_H

#include "report.h"
#include <stdint.h>

enum {
	NAME_MAX_SIZE = 32,
	PATH_MAX_SIZE = 96,
	CONTROLLERS_MAX = 32,
	MEMORIES_MAX = 16,
	REGIONS_MAX = 48,
	FLASHES_MAX = 4,
	AREAS_MAX = 48,
	DEVICES_MAX = 96,
	DEVICE_PORTS_MAX = 3,
	DEVICE_INTERRUPTS_MAX = 6,
	SLOTS_PER_KIND = 2,
	NONE = -1,
};

enum world { WORLD_SECURE, WORLD_NONSECURE, WORLD_COUNT };

/** Where a thing stands in the device tree, for messages, and its label, which makes the names of its macros. */
struct place {
	char path[PATH_MAX_SIZE];
	char label[NAME_MAX_SIZE];
};

/** A register with one bit per port, 1 = Non-secure; or, with `fixed`, a word that is always `value`. */
struct protection {
	struct place place;
	uint32_t address, ports, value;
	bool fixed;
};

struct mpc {
	struct place place;
	uint32_t address, size, block_size;
};

struct memory {
	struct place place;
	uint32_t base, size;  /* Non-secure alias, or the only address */
	uint32_t secure_base; /* the same as base for a memory without aliases */
	int mpc;              /* index, or NONE */
};

/** A piece of a memory with an owner. A flash device is one, too. */
struct region {
	struct place place;
	int memory;
	uint32_t offset, size;
	int world; /* enum world, or NONE when the node names no world or no valid one */
};

struct flash {
	int region;
	uint32_t erase_size, write_size;
};

enum slot_kind { SLOT_NOT, SLOT_PRIMARY, SLOT_SECONDARY };

struct area {
	struct place place;
	int flash;
	uint32_t offset, size; /* from the start of its flash device */
	enum slot_kind slot;
	uint32_t image;
};

struct device {
	struct place place;
	uint32_t base, size;
	int world, wired; /* enum world, or NONE */
	bool bus_master;
	uint32_t clock_hz;
	unsigned port_count, interrupt_count;
	struct {
		int protection;
		uint32_t port;
	} ports[DEVICE_PORTS_MAX];
	struct {
		char name[NAME_MAX_SIZE];
		uint32_t number;
	} interrupts[DEVICE_INTERRUPTS_MAX];
};

/** What `chosen` gives a name to: drivers are composed by role, not by device. */
enum role {
	ROLE_CONSOLE_SECURE,
	ROLE_CONSOLE_NONSECURE,
	ROLE_NOISE,
	ROLE_OTP,
	ROLE_WATCHDOG,
	ROLE_CONFIRM_TIMER,
	ROLE_TIME_BASE,
	ROLE_ETHERNET,
	ROLE_COUNT,
};

struct role_rule {
	const char *property, *macro;
	enum world world;
};
extern const struct role_rule role_rules[ROLE_COUNT];

enum image { IMAGE_BL2, IMAGE_SECURE, IMAGE_NONSECURE, IMAGES };

struct image_place {
	char path[PATH_MAX_SIZE];
	int rom_region, rom_area; /* one of them is NONE */
	int ram_region;
	uint32_t mpu_regions;
};

struct board {
	struct place cpu, nvic, bus_place, images_place;
	uint32_t clock_hz, sau_regions, mpu_regions, interrupts;
	uint32_t bus_base, bus_size, bus_secure_base;
	uint32_t header_size;
	struct protection protections[CONTROLLERS_MAX];
	struct mpc mpcs[CONTROLLERS_MAX];
	struct memory memories[MEMORIES_MAX];
	struct region regions[REGIONS_MAX];
	struct flash flashes[FLASHES_MAX];
	struct area areas[AREAS_MAX];
	struct device devices[DEVICES_MAX];
	unsigned protection_count, mpc_count, memory_count, region_count, flash_count, area_count, device_count;
	int roles[ROLE_COUNT]; /* index of a device, or NONE */
	struct image_place images[IMAGES];
};

/** A run of Non-secure bytes: what one SAU region opens, and one MPC window. */
struct window {
	uint32_t base, size;
};

/**
 * Take the board out of a flattened device tree of `size` bytes, which may be anything: it is checked first.
 * @return False after a message when a property has not the shape that docs/board_dts.md gives it.
 */
bool board_read(struct board *board, const void *fdt, size_t size, struct report *report);

/** Judge every rule. Each breach is one message. @return True when there was none. */
bool board_check(const struct board *board, struct report *report);

const char *world_name(int world);

/** Address of a region in the alias of one world. */
uint32_t region_address(const struct board *board, const struct region *region, enum world alias);
uint32_t area_address(const struct board *board, const struct area *area);
/** Offset of an area from the start of the memory that holds its flash device: an offset in flash.bin. */
uint32_t area_offset(const struct board *board, const struct area *area);
uint32_t device_address(const struct board *board, const struct device *device, enum world world);
const struct area *slot_find(const struct board *board, enum slot_kind kind, uint32_t image);
/** The Non-secure windows of one memory, neighbours merged, in rising order. @return Their count, at most `capacity`. */
unsigned memory_windows(const struct board *board, int memory, struct window *windows, unsigned capacity);
/** The flash device that the Secure image runs from; the first one where there is no slot. Its sectors are the smallest. */
const struct flash *flash_of_images(const struct board *board);
/** Where the Non-secure image runs: the region that it is copied to, or its primary slot without the trailer's sector. */
struct window nonsecure_place(const struct board *board);
/** Word that a protection register must hold. */
uint32_t protection_word(const struct board *board, int protection);

#endif
