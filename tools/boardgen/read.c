/* SPDX-License-Identifier: Apache-2.0 */
/* Takes the board out of a flattened device tree. Shapes are judged here, meaning in check.c. */
#include "board.h"
#include <ctype.h>
#include <libfdt.h>
#include <string.h>

struct reader {
	const void *fdt;
	struct board *board;
	struct report *report;
};

static const char cells_remedy[] = "give it the shape that docs/board_dts.md lists";

static void path_of(const struct reader *reader, int node, char path[PATH_MAX_SIZE])
{
	if (fdt_get_path(reader->fdt, node, path, PATH_MAX_SIZE) != 0)
		snprintf(path, PATH_MAX_SIZE, "node at offset %d", node);
}

static bool fail(struct reader *reader, int node, const char *property, const char *remedy, const char *what)
{
	char path[PATH_MAX_SIZE];
	path_of(reader, node, path);
	report_error(reader->report, path, property, remedy, "%s", what);
	return false;
}

static bool is_label(const char *text)
{
	size_t length = strlen(text);
	if (length == 0 || length >= NAME_MAX_SIZE || !islower((unsigned char)text[0]))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!islower((unsigned char)text[i]) && !isdigit((unsigned char)text[i]) && text[i] != '_')
			return false;
	return true;
}

/* Path and label of a node; dtc -@ keeps the labels in /__symbols__. */
static bool read_place(struct reader *reader, int node, struct place *place)
{
	path_of(reader, node, place->path);
	int symbols = fdt_path_offset(reader->fdt, "/__symbols__");
	int property;
	fdt_for_each_property_offset(property, reader->fdt, symbols)
	{
		const char *label;
		int size;
		const char *path = fdt_getprop_by_offset(reader->fdt, property, &label, &size);
		if (path == NULL || size == 0 || path[size - 1] != '\0' || strcmp(path, place->path) != 0)
			continue;
		if (!is_label(label))
			return fail(reader, node, label, "use small letters, digits and _ only, fewer than 32",
				    "the label makes no macro name");
		strcpy(place->label, label);
		return true;
	}
	return fail(reader, node, NULL, "write `label: name@address { ... }` and compile with `dtc -@`", "the node has no label");
}

/* The property's cells, from `least` to `most` of them; *count tells how many. An absent property has 0. */
static bool read_cells(struct reader *reader, int node, const char *property, unsigned least, unsigned most, uint32_t *cells,
		       unsigned *count)
{
	int size = 0;
	const fdt32_t *data = fdt_getprop(reader->fdt, node, property, &size);
	unsigned found = data == NULL ? 0 : (unsigned)size / sizeof *data;
	if (data == NULL && least > 0)
		return fail(reader, node, property, cells_remedy, "is missing");
	if (data != NULL && ((unsigned)size % sizeof *data != 0 || found < least || found > most))
		return fail(reader, node, property, cells_remedy, "has the wrong number of cells");
	for (unsigned i = 0; i < found; i++)
		cells[i] = fdt32_ld(data + i);
	*count = found;
	return true;
}

static bool read_u32(struct reader *reader, int node, const char *property, uint32_t *value)
{
	unsigned count;
	return read_cells(reader, node, property, 1, 1, value, &count);
}

static bool read_optional_u32(struct reader *reader, int node, const char *property, uint32_t *value)
{
	unsigned count;
	return read_cells(reader, node, property, 0, 1, value, &count);
}

static bool read_range(struct reader *reader, int node, uint32_t *base, uint32_t *size)
{
	uint32_t cells[2];
	unsigned count;
	if (!read_cells(reader, node, "reg", 2, 2, cells, &count))
		return false;
	*base = cells[0];
	*size = cells[1];
	return true;
}

/* One of two words; NONE when the property is absent. */
static bool read_choice(struct reader *reader, int node, const char *property, const char *const words[2], const char *remedy,
			int *choice)
{
	int count = fdt_stringlist_count(reader->fdt, node, property);
	*choice = NONE;
	if (count == -FDT_ERR_NOTFOUND)
		return true;
	if (count > 1)
		return fail(reader, node, property, remedy, "names two owners");
	const char *text = fdt_stringlist_get(reader->fdt, node, property, 0, NULL);
	for (int i = 0; text != NULL && i < 2; i++)
		if (strcmp(text, words[i]) == 0)
			*choice = i;
	return *choice != NONE || fail(reader, node, property, remedy, "is not a word that it may be");
}

static bool read_world(struct reader *reader, int node, const char *property, int *world)
{
	static const char *const words[] = { "secure", "non-secure" };
	return read_choice(reader, node, property, words, "write \"secure\" or \"non-secure\"", world);
}

static bool is_compatible(const struct reader *reader, int node, const char *name)
{
	return fdt_node_check_compatible(reader->fdt, node, name) == 0;
}

static bool claim(struct reader *reader, int node, unsigned *count, unsigned capacity)
{
	if (*count >= capacity)
		return fail(reader, node, NULL, "raise the table sizes in tools/boardgen/board.h",
			    "is one node too many of its kind");
	++*count;
	return true;
}

/* Index of the entry whose path is that of the node with `phandle`; NONE when there is none. Entries begin with a struct place. */
static int find_phandle(const struct reader *reader, uint32_t phandle, const void *entries, size_t stride, unsigned count)
{
	char path[PATH_MAX_SIZE];
	int node = fdt_node_offset_by_phandle(reader->fdt, phandle);
	if (node < 0)
		return NONE;
	path_of(reader, node, path);
	for (unsigned i = 0; i < count; i++)
		if (strcmp(((const struct place *)((const char *)entries + i * stride))->path, path) == 0)
			return (int)i;
	return NONE;
}

#define FIND(reader, phandle, table, count)                                                                                        \
	find_phandle(reader, phandle, (reader)->board->table, sizeof(reader)->board->table[0], (reader)->board->count)

static bool read_cpu(struct reader *reader)
{
	struct board *board = reader->board;
	int cpu = fdt_path_offset(reader->fdt, "/cpus/cpu@0");
	if (cpu < 0)
		return fail(reader, 0, NULL, "describe the core in /cpus/cpu@0", "there is no /cpus/cpu@0");
	path_of(reader, cpu, board->cpu.path);
	int nvic = fdt_node_offset_by_compatible(reader->fdt, -1, "arm,v8m-nvic");
	if (nvic < 0)
		return fail(reader, 0, NULL, "add a node compatible with \"arm,v8m-nvic\"", "there is no interrupt controller");
	path_of(reader, nvic, board->nvic.path);
	return read_u32(reader, cpu, "clock-frequency", &board->clock_hz) &&
	       read_u32(reader, cpu, "merlon,sau-regions", &board->sau_regions) &&
	       read_u32(reader, cpu, "merlon,mpu-regions", &board->mpu_regions) &&
	       read_u32(reader, nvic, "merlon,interrupts", &board->interrupts);
}

static bool read_protection(struct reader *reader, int node, bool fixed)
{
	struct board *board = reader->board;
	struct protection *protection = &board->protections[board->protection_count];
	uint32_t size;
	if (!claim(reader, node, &board->protection_count, CONTROLLERS_MAX))
		return false;
	protection->fixed = fixed;
	return read_place(reader, node, &protection->place) && read_range(reader, node, &protection->address, &size) &&
	       read_u32(reader, node, fixed ? "merlon,value" : "merlon,ports", fixed ? &protection->value : &protection->ports);
}

static bool read_mpc(struct reader *reader, int node)
{
	struct board *board = reader->board;
	struct mpc *mpc = &board->mpcs[board->mpc_count];
	return claim(reader, node, &board->mpc_count, CONTROLLERS_MAX) && read_place(reader, node, &mpc->place) &&
	       read_range(reader, node, &mpc->address, &mpc->size) && read_u32(reader, node, "merlon,block-size", &mpc->block_size);
}

static bool read_ports(struct reader *reader, int node, struct device *device)
{
	uint32_t cells[2 * DEVICE_PORTS_MAX];
	unsigned count;
	if (!read_cells(reader, node, "merlon,protect", 0, 2 * DEVICE_PORTS_MAX, cells, &count))
		return false;
	if (count % 2 != 0)
		return fail(reader, node, "merlon,protect", cells_remedy, "is not a list of controller and port");
	for (unsigned i = 0; i < count; i += 2) {
		int protection = FIND(reader, cells[i], protections, protection_count);
		if (protection == NONE || reader->board->protections[protection].fixed)
			return fail(reader, node, "merlon,protect",
				    "name the label of a node compatible with \"merlon,protection\"",
				    "refers to no protection controller");
		device->ports[device->port_count].protection = protection;
		device->ports[device->port_count++].port = cells[i + 1];
	}
	return true;
}

static bool read_interrupts(struct reader *reader, int node, struct device *device)
{
	uint32_t cells[DEVICE_INTERRUPTS_MAX];
	if (!read_cells(reader, node, "interrupts", 0, DEVICE_INTERRUPTS_MAX, cells, &device->interrupt_count))
		return false;
	for (unsigned i = 0; i < device->interrupt_count; i++) {
		device->interrupts[i].number = cells[i];
		const char *name = fdt_stringlist_get(reader->fdt, node, "interrupt-names", (int)i, NULL);
		if (name == NULL && device->interrupt_count == 1)
			continue;
		if (name == NULL || !is_label(name))
			return fail(reader, node, "interrupt-names", "give each interrupt a name in small letters",
				    "does not name every interrupt");
		strcpy(device->interrupts[i].name, name);
	}
	return true;
}

static bool read_device(struct reader *reader, int node)
{
	struct board *board = reader->board;
	struct device *device = &board->devices[board->device_count];
	if (!claim(reader, node, &board->device_count, DEVICES_MAX))
		return false;
	device->bus_master = fdt_getprop(reader->fdt, node, "merlon,bus-master", NULL) != NULL;
	return read_place(reader, node, &device->place) && read_range(reader, node, &device->base, &device->size) &&
	       read_world(reader, node, "merlon,world", &device->world) &&
	       read_world(reader, node, "merlon,wired", &device->wired) &&
	       read_optional_u32(reader, node, "clock-frequency", &device->clock_hz) && read_ports(reader, node, device) &&
	       read_interrupts(reader, node, device);
}

static bool is_controller(const struct reader *reader, int node)
{
	return is_compatible(reader, node, "merlon,protection") || is_compatible(reader, node, "merlon,register") ||
	       is_compatible(reader, node, "arm,sie200-mpc");
}

/* Controllers first: devices refer to them, wherever they stand. */
static bool read_bus(struct reader *reader)
{
	struct board *board = reader->board;
	int bus = fdt_node_offset_by_compatible(reader->fdt, -1, "merlon,bus"), node;
	if (bus < 0)
		return fail(reader, 0, NULL, "add a node compatible with \"merlon,bus\"", "there is no peripheral bus");
	path_of(reader, bus, board->bus_place.path);
	if (!read_range(reader, bus, &board->bus_base, &board->bus_size) ||
	    !read_u32(reader, bus, "merlon,secure-base", &board->bus_secure_base))
		return false;
	fdt_for_each_subnode(node, reader->fdt, bus)
	{
		bool fixed = is_compatible(reader, node, "merlon,register");
		if (is_compatible(reader, node, "arm,sie200-mpc")
			    ? !read_mpc(reader, node)
			    : is_controller(reader, node) && !read_protection(reader, node, fixed))
			return false;
	}
	fdt_for_each_subnode(node, reader->fdt, bus) if (!is_controller(reader, node) && !read_device(reader, node)) return false;
	return true;
}

static bool read_area(struct reader *reader, int node, int flash)
{
	static const char *const words[] = { "primary", "secondary" };
	struct board *board = reader->board;
	struct area *area = &board->areas[board->area_count];
	int slot;
	if (!claim(reader, node, &board->area_count, AREAS_MAX) || !read_place(reader, node, &area->place) ||
	    !read_range(reader, node, &area->offset, &area->size) ||
	    !read_choice(reader, node, "merlon,slot", words, "write \"primary\" or \"secondary\"", &slot))
		return false;
	area->flash = flash;
	area->slot = slot == NONE ? SLOT_NOT : slot == 0 ? SLOT_PRIMARY : SLOT_SECONDARY;
	return area->slot == SLOT_NOT || read_u32(reader, node, "merlon,image", &area->image);
}

/* An area that an overlay has put somewhere else. */
static bool is_disabled(const struct reader *reader, int node)
{
	int size;
	const char *status = fdt_getprop(reader->fdt, node, "status", &size);
	return status != NULL && size == sizeof "disabled" && memcmp(status, "disabled", sizeof "disabled") == 0;
}

static bool read_flash(struct reader *reader, int node, int region)
{
	struct board *board = reader->board;
	struct flash *flash = &board->flashes[board->flash_count];
	int index = (int)board->flash_count, area;
	if (!claim(reader, node, &board->flash_count, FLASHES_MAX) ||
	    !read_u32(reader, node, "merlon,erase-size", &flash->erase_size) ||
	    !read_u32(reader, node, "merlon,write-size", &flash->write_size))
		return false;
	flash->region = region;
	fdt_for_each_subnode(area, reader->fdt,
			     node) if (!is_disabled(reader, area) && !read_area(reader, area, index)) return false;
	return true;
}

static bool read_region(struct reader *reader, int node, int memory)
{
	struct board *board = reader->board;
	int index = (int)board->region_count;
	struct region *region = &board->regions[index];
	if (!claim(reader, node, &board->region_count, REGIONS_MAX))
		return false;
	region->memory = memory;
	return read_place(reader, node, &region->place) && read_range(reader, node, &region->offset, &region->size) &&
	       read_world(reader, node, "merlon,world", &region->world) &&
	       (!is_compatible(reader, node, "merlon,flash") || read_flash(reader, node, index));
}

static bool read_memory(struct reader *reader, int node)
{
	struct board *board = reader->board;
	int index = (int)board->memory_count, region;
	struct memory *memory = &board->memories[index];
	uint32_t phandle = 0;
	if (!claim(reader, node, &board->memory_count, MEMORIES_MAX) || !read_place(reader, node, &memory->place) ||
	    !read_range(reader, node, &memory->base, &memory->size))
		return false;
	memory->secure_base = memory->base;
	if (!read_optional_u32(reader, node, "merlon,secure-base", &memory->secure_base) ||
	    !read_optional_u32(reader, node, "merlon,mpc", &phandle))
		return false;
	memory->mpc = phandle == 0 ? NONE : FIND(reader, phandle, mpcs, mpc_count);
	if (phandle != 0 && memory->mpc == NONE)
		return fail(reader, node, "merlon,mpc", "name the label of a node compatible with \"arm,sie200-mpc\"",
			    "refers to no memory protection controller");
	fdt_for_each_subnode(region, reader->fdt, node) if (!read_region(reader, region, index)) return false;
	return true;
}

static bool read_memories(struct reader *reader)
{
	int node;
	fdt_for_each_subnode(node, reader->fdt,
			     0) if (is_compatible(reader, node, "merlon,memory") && !read_memory(reader, node)) return false;
	return true;
}

static bool read_roles(struct reader *reader)
{
	int chosen = fdt_path_offset(reader->fdt, "/chosen");
	for (enum role role = 0; role < ROLE_COUNT; role++) {
		const char *path = chosen < 0 ? NULL : fdt_getprop(reader->fdt, chosen, role_rules[role].property, NULL);
		reader->board->roles[role] = NONE;
		if (path == NULL)
			continue;
		path = fdt_stringlist_get(reader->fdt, chosen, role_rules[role].property, 0, NULL);
		for (unsigned i = 0; path != NULL && i < reader->board->device_count; i++)
			if (strcmp(path, reader->board->devices[i].place.path) == 0)
				reader->board->roles[role] = (int)i;
		if (reader->board->roles[role] == NONE)
			return fail(reader, chosen, role_rules[role].property,
				    "write `= &label;` with the label of a device on the bus", "refers to no device");
	}
	return true;
}

static bool read_image(struct reader *reader, int images, const char *name, struct image_place *image)
{
	uint32_t rom, ram;
	int node = fdt_subnode_offset(reader->fdt, images, name);
	if (node < 0)
		return fail(reader, images, name, "add the node with merlon,rom, merlon,ram and merlon,mpu-regions", "is missing");
	path_of(reader, node, image->path);
	if (!read_u32(reader, node, "merlon,rom", &rom) || !read_u32(reader, node, "merlon,ram", &ram) ||
	    !read_u32(reader, node, "merlon,mpu-regions", &image->mpu_regions))
		return false;
	image->rom_region = FIND(reader, rom, regions, region_count);
	image->rom_area = FIND(reader, rom, areas, area_count);
	image->ram_region = FIND(reader, ram, regions, region_count);
	if (image->rom_region == NONE && image->rom_area == NONE)
		return fail(reader, node, "merlon,rom", "name the label of a region or a flash area", "refers to no memory");
	return image->ram_region != NONE || fail(reader, node, "merlon,ram", "name the label of a region", "refers to no memory");
}

static bool read_images(struct reader *reader)
{
	struct board *board = reader->board;
	int images = fdt_node_offset_by_compatible(reader->fdt, -1, "merlon,images");
	if (images < 0)
		return fail(reader, 0, NULL, "add a node compatible with \"merlon,images\"", "it is not said where the images run");
	path_of(reader, images, board->images_place.path);
	return read_u32(reader, images, "merlon,header-size", &board->header_size) &&
	       read_image(reader, images, "bl2", &board->images[IMAGE_BL2]) &&
	       read_image(reader, images, "secure", &board->images[IMAGE_SECURE]) &&
	       read_image(reader, images, "nonsecure", &board->images[IMAGE_NONSECURE]);
}

bool board_read(struct board *board, const void *fdt, size_t size, struct report *report)
{
	struct reader reader = { fdt, board, report };
	memset(board, 0, sizeof *board);
	int status = size < sizeof(struct fdt_header) ? -FDT_ERR_TRUNCATED : fdt_check_full(fdt, size);
	if (status != 0) {
		report_error(report, "/", NULL, "compile the source with `dtc -@ -O dtb`", "not a device tree: %s",
			     fdt_strerror(status));
		return false;
	}
	return read_cpu(&reader) && read_bus(&reader) && read_memories(&reader) && read_roles(&reader) && read_images(&reader);
}
