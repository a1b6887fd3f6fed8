/* SPDX-License-Identifier: Apache-2.0 */
/* Devices and interrupts of a partition. */
#include "reader.h"
#include <string.h>

static bool region_name(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_name(reader, node, key, ((struct resource *)target)->label);
}

static bool region_base(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	((struct resource *)target)->has_base = true;
	return read_number(reader, node, key, &((struct resource *)target)->base);
}

static bool region_size(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	((struct resource *)target)->has_size = true;
	return read_number(reader, node, key, &((struct resource *)target)->size);
}

static bool region_permission(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	static const char *const choices[] = { "READ-ONLY", "READ-WRITE" };
	unsigned choice = 0;
	bool good = read_choice(reader, node, key, choices, 2, &choice);
	((struct resource *)target)->writable = choice == 1;
	return good;
}

static bool read_region(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	static const struct key_rule rules[] = {
		{ "name", region_name, false, KEY_ALWAYS },
		{ "base", region_base, false, KEY_ALWAYS },
		{ "size", region_size, false, KEY_ALWAYS },
		{ "permission", region_permission, true, KEY_ALWAYS },
		{ "description", read_description, false, KEY_ALWAYS },
		{ 0 },
	};
	struct partition *partition = target;
	if (partition->resource_count == RESOURCES_MAX)
		return reader_fail(reader, node, key, "give the partition less", "are more than a partition may have");
	struct resource *region = &partition->resources[partition->resource_count++];
	yaml_place(reader->path, node, region->place, PLACE_MAX_SIZE);
	if (!read_mapping(reader, node, key, rules, region))
		return false;
	bool named = region->label[0] != '\0', numbered = region->has_base && region->has_size;
	if (named ? region->has_base || region->has_size : !numbered)
		return reader_fail(reader, node, key, "write name: LABEL, or base and size", "names no one place");
	return true;
}

bool read_regions(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_list(reader, node, key, read_region, target);
}

/* A label of board.dts, or the number of an interrupt. */
static bool irq_source(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	struct irq *irq = target;
	const char *text = yaml_text(node);
	if (text != NULL && text[0] >= '0' && text[0] <= '9')
		return read_number(reader, node, key, &irq->number);
	return read_name(reader, node, key, irq->source);
}

static bool irq_name(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_name(reader, node, key, ((struct irq *)target)->name);
}

static bool irq_handling(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	static const char *const choices[] = { "SLIH", "FLIH" };
	unsigned choice = 0;
	bool good = read_choice(reader, node, key, choices, 2, &choice);
	((struct irq *)target)->flih = choice == 1;
	return good;
}

static bool read_irq(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	static const struct key_rule rules[] = {
		{ "source", irq_source, true, KEY_ALWAYS },
		{ "signal", irq_name, true, KEY_ONLY_1_0 },
		{ "name", irq_name, true, KEY_ONLY_1_1 },
		{ "handling", irq_handling, true, KEY_ONLY_1_1 },
		{ "description", read_description, false, KEY_ALWAYS },
		{ 0 },
	};
	struct partition *partition = target;
	if (partition->irq_count == IRQS_MAX)
		return reader_fail(reader, node, key, "use fewer interrupts", "are more than a partition may have");
	struct irq *irq = &partition->irqs[partition->irq_count++];
	yaml_place(reader->path, node, irq->place, PLACE_MAX_SIZE);
	if (!read_mapping(reader, node, key, rules, irq))
		return false;
	name_signal(irq->signal_name, irq->name, partition->framework == FRAMEWORK_1_0 ? "" : "_SIGNAL");
	return true;
}

bool read_irqs(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_list(reader, node, key, read_irq, target);
}
