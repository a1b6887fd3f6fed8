/* SPDX-License-Identifier: Apache-2.0 */
/* From labels to addresses and numbers: the board's own model says what there is and who owns it. */
#include "board.h"
#include "model.h"
#include <inttypes.h>
#include <string.h>

/* What of the board a label may mean to a partition. */
struct thing {
	const char *label;
	uint32_t base, size;
	int world;
	bool memory;
};

struct resolver {
	struct model *model;
	const struct board *board;
	struct report *report;
};

static struct thing thing_of_device(const struct board *board, const struct device *device)
{
	return (struct thing) { device->place.label, device_address(board, device, WORLD_SECURE), device->size, device->world,
				false };
}

static struct thing thing_of_region(const struct board *board, const struct region *region)
{
	return (struct thing) { region->place.label, region_address(board, region, WORLD_SECURE), region->size, region->world,
				true };
}

/* The device or region that fits; `fits` compares one with the resource. */
static bool find_thing(const struct board *board, const struct resource *resource,
		       bool (*fits)(const struct thing *thing, const struct resource *resource), struct thing *found)
{
	for (unsigned i = 0; i < board->device_count; i++) {
		*found = thing_of_device(board, &board->devices[i]);
		if (fits(found, resource))
			return true;
	}
	for (unsigned i = 0; i < board->region_count; i++) {
		*found = thing_of_region(board, &board->regions[i]);
		if (fits(found, resource))
			return true;
	}
	return false;
}

static bool has_label(const struct thing *thing, const struct resource *resource)
{
	return strcmp(thing->label, resource->label) == 0;
}

static bool holds_range(const struct thing *thing, const struct resource *resource)
{
	uint32_t offset = resource->base - thing->base;
	return offset < thing->size && resource->size <= thing->size - offset;
}

/* What the boot and the partition manager work with is nobody else's. */
static const char *keeper_of(const struct board *board, const struct thing *thing)
{
	const struct device *console = &board->devices[board->roles[ROLE_CONSOLE_SECURE]];
	if (!thing->memory && strcmp(thing->label, console->place.label) == 0)
		return "the partition manager's console";
	if (thing->memory && (strcmp(thing->label, "handover") == 0 || strcmp(thing->label, "retained") == 0))
		return "what the boot loader and the partition manager tell each other";
	static const enum image images[] = { IMAGE_BL2, IMAGE_SECURE };
	for (size_t i = 0; i < sizeof images / sizeof images[0] && thing->memory; i++) {
		const struct image_place *image = &board->images[images[i]];
		if (strcmp(thing->label, board->regions[image->ram_region].place.label) == 0 ||
		    (image->rom_region != NONE && strcmp(thing->label, board->regions[image->rom_region].place.label) == 0))
			return "where the boot loader or the Secure image itself lies";
	}
	return NULL;
}

static void judge(struct resolver *resolver, const struct resource *resource, const struct thing *thing)
{
	const char *keeper = keeper_of(resolver->board, thing);
	if (thing->world != WORLD_SECURE)
		report_error(resolver->report, resource->place, thing->label,
			     "set merlon,world = \"secure\" in board.dts, or in the partition's board.dtso",
			     "belongs to the Non-secure world");
	else if (keeper != NULL)
		report_error(resolver->report, resource->place, thing->label, "choose another one", "is %s", keeper);
	else if (resource->base % REGION_GRANULE != 0 || resource->size % REGION_GRANULE != 0 || resource->size == 0)
		report_error(resolver->report, resource->place, thing->label, "give it whole 32-byte blocks",
			     "is not granular: 0x%08" PRIx32 ", size 0x%" PRIx32, resource->base, resource->size);
}

static void find_resource(struct resolver *resolver, struct resource *resource)
{
	struct thing thing;
	bool named = resource->label[0] != '\0';
	if (!find_thing(resolver->board, resource, named ? has_label : holds_range, &thing)) {
		if (named)
			report_error(resolver->report, resource->place, resource->label,
				     "use a label of board.dts, or add a board.dtso that has it",
				     "is no device or memory of the board");
		else
			report_error(resolver->report, resource->place, "base",
				     "name a device by its label, or add one in a board.dtso",
				     "0x%08" PRIx32 ", size 0x%" PRIx32 ", lies in no device or memory of the board",
				     resource->base, resource->size);
		return;
	}
	if (named) {
		resource->base = thing.base;
		resource->size = thing.size;
	} else {
		snprintf(resource->label, sizeof resource->label, "%s", thing.label);
	}
	resource->memory = thing.memory;
	judge(resolver, resource, &thing);
}

/* Matches LABEL, its first interrupt, or LABEL_NAME, the interrupt of that name. */
static bool is_source(const struct device *device, unsigned index, const char *source)
{
	size_t size = strlen(device->place.label);
	if (strncmp(source, device->place.label, size) != 0)
		return false;
	return source[size] == '\0' ? index == 0
				    : source[size] == '_' && strcmp(source + size + 1, device->interrupts[index].name) == 0;
}

static const struct device *find_interrupt(const struct board *board, struct irq *irq)
{
	for (unsigned i = 0; i < board->device_count; i++)
		for (unsigned n = 0; n < board->devices[i].interrupt_count; n++) {
			const struct device *device = &board->devices[i];
			if (irq->source[0] == '\0' ? irq->number == device->interrupts[n].number
						   : is_source(device, n, irq->source)) {
				irq->number = device->interrupts[n].number;
				return device;
			}
		}
	return NULL;
}

static bool owns(const struct partition *partition, const struct device *device)
{
	for (size_t i = 0; i < partition->resource_count; i++)
		if (strcmp(partition->resources[i].label, device->place.label) == 0)
			return true;
	return false;
}

static void find_irq(struct resolver *resolver, const struct partition *partition, struct irq *irq)
{
	const struct device *device = find_interrupt(resolver->board, irq);
	if (device == NULL)
		report_error(resolver->report, irq->place, irq->source[0] != '\0' ? irq->source : "source",
			     "use the label of a device with interrupts, or LABEL_NAME for one of several",
			     "is no interrupt of the board");
	else if (device->world != WORLD_SECURE)
		report_error(resolver->report, irq->place, device->place.label,
			     "set merlon,world = \"secure\" in board.dts, or in the partition's board.dtso",
			     "belongs to the Non-secure world");
	else if (!owns(partition, device))
		report_error(resolver->report, irq->place, device->place.label, "add the device to mmio_regions",
			     "interrupts, and is not the partition's own");
	for (const struct irq *other = partition->irqs; other < irq; other++)
		if (device != NULL && other->number == irq->number)
			report_error(resolver->report, irq->place, irq->name, "remove one of the two",
				     "is interrupt %" PRIu32 ", as is %s", irq->number, other->name);
}

/* One owner each: two partitions on one device would see each other's data. */
static void check_owners(struct resolver *resolver, const struct partition *a, const struct partition *b)
{
	for (size_t i = 0; i < a->resource_count; i++)
		for (size_t j = 0; j < (a == b ? i : b->resource_count); j++) {
			const struct resource *one = &a->resources[i], *other = &b->resources[j];
			if (one->base < (uint64_t)other->base + other->size && other->base < (uint64_t)one->base + one->size)
				report_error(resolver->report, one->place, one->label,
					     "let one partition own it and serve the other", "has two owners: %s is given it, too",
					     b->name);
		}
}

/* Insert in rising order. */
static void add_range(struct partition *partition, struct range range)
{
	size_t at = partition->range_count++;
	for (; at > 0 && partition->ranges[at - 1].base > range.base; at--)
		partition->ranges[at] = partition->ranges[at - 1];
	partition->ranges[at] = range;
}

/* Nobody writes the image that runs: it is taken out of the memory around it. */
static void add_resource(const struct model *model, struct partition *partition, const struct resource *resource)
{
	struct range range = { resource->base, resource->size, resource->memory, resource->writable };
	uint32_t before = model->image_start - resource->base;
	if (!resource->memory || before >= resource->size) {
		add_range(partition, range);
		return;
	}
	partition->sees_image = true;
	range.size = before;
	if (before > 0)
		add_range(partition, range);
	range.base = model->image_start + model->image_size;
	range.size = resource->size - before - model->image_size;
	add_range(partition, range);
}

static void find_ranges(const struct model *model, struct partition *partition)
{
	size_t kept = 0;
	for (size_t i = 0; i < partition->resource_count; i++)
		add_resource(model, partition, &partition->resources[i]);
	for (size_t i = 1; i < partition->range_count; i++) {
		struct range *last = &partition->ranges[kept], *next = &partition->ranges[i];
		if (last->base + last->size == next->base && last->memory == next->memory && last->writable == next->writable)
			last->size += next->size;
		else
			partition->ranges[++kept] = *next;
	}
	partition->range_count = partition->range_count > 0 ? kept + 1 : 0;
}

bool range_is_in_sram(const struct range *range)
{
	return range->memory && range->base >= SRAM_START && range->base < SRAM_END;
}

/* A range in SRAM splits what is privileged around the partition's own data once more. */
static unsigned regions_needed(const struct partition *partition)
{
	unsigned count = 0;
	for (size_t i = 0; i < partition->range_count; i++)
		count += range_is_in_sram(&partition->ranges[i]) ? 2 : 1;
	return count;
}

static void find_image(struct model *model, const struct board *board)
{
	const struct region *ram = &board->regions[board->images[IMAGE_SECURE].ram_region];
	model->data_start = region_address(board, ram, WORLD_SECURE);
	const struct area *slot = slot_find(board, SLOT_PRIMARY, 0);
	model->image_start = area_address(board, slot);
	model->image_size = slot->size - board->flashes[slot->flash].erase_size;
}

bool model_resolve(struct model *model, const void *dtb, size_t size, const char *dtb_name, struct report *report)
{
	static struct board board;
	struct report board_report = { "spmgen", dtb_name, ": ", report->stream, 0, 0 };
	struct resolver resolver = { model, &board, report };
	if (!board_read(&board, dtb, size, &board_report) || !board_check(&board, &board_report)) {
		report->errors += board_report.errors;
		return false;
	}
	find_image(model, &board);
	for (size_t i = 0; i < model->partition_count; i++) {
		struct partition *partition = &model->partitions[i];
		for (size_t j = 0; j < partition->resource_count; j++)
			find_resource(&resolver, &partition->resources[j]);
		for (size_t j = 0; j < partition->irq_count; j++)
			find_irq(&resolver, partition, &partition->irqs[j]);
		find_ranges(model, partition);
		if (regions_needed(partition) > DEVICE_REGIONS_MAX)
			report_error(report, partition->place, "mmio_regions",
				     "give the partition at most three devices, or neighbours",
				     "need %u regions of the memory protection unit, and %u are left of its eight",
				     regions_needed(partition), DEVICE_REGIONS_MAX);
		for (size_t j = 0; j <= i && report->errors == 0; j++)
			check_owners(&resolver, partition, &model->partitions[j]);
	}
	return report->errors == 0;
}
