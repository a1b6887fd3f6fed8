/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that hold between manifests. */
#include "model.h"
#include <inttypes.h>
#include <string.h>

/* FNV-1a: an id depends on the name alone, so that stored objects keep their owner whatever is added to the image. */
static uint32_t id_of(const char *name)
{
	uint32_t hash = 2166136261u;
	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return (hash & INT32_MAX) | 1;
}

static void check_pairs_of_partitions(const struct model *model, struct report *report)
{
	for (size_t i = 1; i < model->partition_count; i++)
		for (size_t j = 0; j < i; j++) {
			const struct partition *a = &model->partitions[i], *b = &model->partitions[j];
			if (strcmp(a->name, b->name) == 0)
				report_error(report, a->place, "name", "choose another name", "%s is the name of %s, too", a->name,
					     b->place);
			else if (strcmp(a->folder, b->folder) == 0 && strcmp(a->file, b->file) == 0 && a->folder[0] != '\0')
				report_error(report, a->place, "name", "rename the folder: it names the partition in the build",
					     "%s lies in a folder of the same name as %s", a->name, b->name);
			else if (a->id == b->id)
				report_error(report, a->place, "name", "choose another name", "%s gives the id of %s", a->name,
					     b->name);
		}
}

static void check_pairs_of_services(const struct model *model, struct report *report)
{
	for (size_t i = 1; i < model->service_count; i++)
		for (size_t j = 0; j < i; j++) {
			const struct service *a = &model->services[i], *b = &model->services[j];
			if (strcmp(a->name, b->name) == 0)
				report_error(report, a->place, "name", "choose another name", "%s is the name of %s, too", a->name,
					     b->place);
			if (a->sid == b->sid)
				report_error(report, a->place, "sid", "choose another SID", "0x%08" PRIx32 " is that of %s", a->sid,
					     b->name);
			if (a->handle != 0 && a->handle == b->handle)
				report_error(report, a->place, "stateless_handle", "choose another, or auto",
					     "%" PRIu32 " is that of %s", a->handle, b->name);
		}
}

static bool handle_is_taken(const struct model *model, uint32_t handle)
{
	for (size_t i = 0; i < model->service_count; i++)
		if (model->services[i].handle == handle)
			return true;
	return false;
}

static void give_handles(struct model *model, struct report *report)
{
	for (size_t i = 0; i < model->service_count; i++) {
		struct service *service = &model->services[i];
		if (service->connection_based && service->stateless_given)
			report_error(report, service->place, "stateless_handle", "set connection_based to false",
				     "belongs to services without connections");
		while (!service->connection_based && service->handle == 0) {
			uint32_t handle = 1;
			while (handle_is_taken(model, handle))
				handle++;
			service->handle = handle; /* there are no more services than handles */
		}
	}
}

static void find_dependency(struct model *model, size_t partition, struct dependency *dependency, struct report *report)
{
	dependency->service = 0;
	while (dependency->service < model->service_count &&
	       strcmp(model->services[dependency->service].name, dependency->name) != 0)
		dependency->service++;
	if (dependency->service == model->service_count && dependency->weak)
		dependency->service = SERVICES_MAX;
	else if (dependency->service == model->service_count)
		report_error(report, dependency->place, dependency->name,
			     "name a service of this image, or add its partition to the product's partitions",
			     "is no service of this image");
	else if (model->services[dependency->service].partition == partition)
		report_error(report, dependency->place, dependency->name, "call the function instead",
			     "is a service of this very partition");
}

static void find_dependencies(struct model *model, struct report *report)
{
	for (size_t i = 0; i < model->partition_count; i++)
		for (size_t j = 0; j < model->partitions[i].dependency_count; j++)
			find_dependency(model, i, &model->partitions[i].dependencies[j], report);
}

static bool is_ready(const struct model *model, size_t partition, const bool *placed)
{
	for (size_t j = 0; j < model->partitions[partition].dependency_count; j++) {
		size_t service = model->partitions[partition].dependencies[j].service;
		if (service != SERVICES_MAX && !placed[model->services[service].partition])
			return false;
	}
	return true;
}

/* Whoever is depended on comes first. Whatever is left over depends on itself in a circle. */
static void find_order(struct model *model, struct report *report)
{
	bool placed[PARTITIONS_MAX] = { false };
	size_t count = 0;
	for (size_t round = 0; round < model->partition_count; round++)
		for (size_t i = 0; i < model->partition_count; i++) {
			if (!placed[i] && is_ready(model, i, placed)) {
				placed[i] = true;
				model->order[count++] = i;
			}
		}
	for (size_t i = 0; i < model->partition_count; i++)
		if (!placed[i])
			report_error(report, model->partitions[i].place, "dependencies", "break the circle: who starts first?",
				     "of %s lead back to it", model->partitions[i].name);
}

static void check_signal_name(const struct model *model, const struct irq *irq, size_t partition, struct report *report)
{
	for (size_t i = 0; i < model->service_count; i++)
		if (model->services[i].partition == partition && strcmp(model->services[i].signal_name, irq->signal_name) == 0)
			report_error(report, irq->place, irq->name, "choose another name", "gives %s, as a service does",
				     irq->signal_name);
	for (const struct irq *other = model->partitions[partition].irqs; other < irq; other++)
		if (strcmp(other->signal_name, irq->signal_name) == 0)
			report_error(report, irq->place, irq->name, "choose another name", "is the name of two interrupts");
}

/* Signals count up from SIGNAL_FIRST: services in the manifest's order, then interrupts. */
static void give_signals(struct model *model, size_t partition, struct report *report)
{
	struct partition *owner = &model->partitions[partition];
	unsigned count = 0;
	for (size_t i = 0; i < model->service_count && owner->ipc; i++)
		if (model->services[i].partition == partition)
			model->services[i].signal = count < SIGNAL_COUNT ? UINT32_C(1) << (SIGNAL_FIRST + count++) : 0;
	for (size_t i = 0; i < owner->irq_count && count < SIGNAL_COUNT; i++)
		owner->irqs[i].signal = UINT32_C(1) << (SIGNAL_FIRST + count++);
	owner->signals = (uint32_t)(((UINT64_C(1) << count) - 1) << SIGNAL_FIRST);
	if (count == SIGNAL_COUNT)
		report_error(report, owner->place, "services", "use fewer services and interrupts", "need more than %u signals",
			     SIGNAL_COUNT - 1);
}

static void check_interrupts(const struct model *model, size_t partition, struct report *report)
{
	const struct partition *owner = &model->partitions[partition];
	for (size_t i = 0; i < owner->irq_count; i++) {
		const struct irq *irq = &owner->irqs[i];
		check_signal_name(model, irq, partition, report);
		if (!owner->ipc && !irq->flih)
			report_error(report, irq->place, irq->name, "write handling: FLIH, or model: IPC",
				     "is handled at second level, and an SFN partition never waits for a signal");
	}
}

/* Merlon's own services are all of one model: docs/decisions/0005. */
static void warn_of_a_mix(const struct model *model, struct report *report)
{
	const struct partition *first = NULL;
	for (size_t i = 0; i < model->partition_count; i++) {
		const struct partition *partition = &model->partitions[i];
		if (partition->outside)
			continue;
		if (first == NULL)
			first = partition;
		else if (partition->ipc != first->ipc) {
			report_warning(report, partition->place, "model", "use one model for all services of a product",
				       "%s is %s and %s is %s", partition->name, partition->ipc ? "IPC" : "SFN", first->name,
				       first->ipc ? "IPC" : "SFN");
			return;
		}
	}
}

void model_give_ids(struct model *model)
{
	for (size_t i = 0; i < model->partition_count; i++)
		model->partitions[i].id = id_of(model->partitions[i].name);
}

bool model_check(struct model *model, struct report *report)
{
	model_give_ids(model);
	check_pairs_of_partitions(model, report);
	check_pairs_of_services(model, report);
	give_handles(model, report);
	find_dependencies(model, report);
	for (size_t i = 0; i < model->partition_count; i++) {
		give_signals(model, i, report);
		check_interrupts(model, i, report);
	}
	warn_of_a_mix(model, report);
	if (report->errors == 0)
		find_order(model, report);
	return report->errors == 0;
}
