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
		if (service->connection_based && service->handle != 0)
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

static void find_dependencies(struct model *model, struct report *report)
{
	for (size_t i = 0; i < model->partition_count; i++)
		for (size_t j = 0; j < model->partitions[i].dependency_count; j++) {
			struct dependency *dependency = &model->partitions[i].dependencies[j];
			dependency->service = 0;
			while (dependency->service < model->service_count &&
			       strcmp(model->services[dependency->service].name, dependency->name) != 0)
				dependency->service++;
			if (dependency->service == model->service_count)
				report_error(report, dependency->place, dependency->name, "name a service of this image",
					     "is no service of this image");
			else if (model->services[dependency->service].partition == i)
				report_error(report, dependency->place, dependency->name, "call the function instead",
					     "is a service of this very partition");
		}
}

/* Whoever is depended on comes first. Whatever is left over depends on itself in a circle. */
static void find_order(struct model *model, struct report *report)
{
	bool placed[PARTITIONS_MAX] = { false };
	size_t count = 0;
	for (size_t round = 0; round < model->partition_count; round++)
		for (size_t i = 0; i < model->partition_count; i++) {
			bool ready = !placed[i];
			for (size_t j = 0; j < model->partitions[i].dependency_count && ready; j++)
				ready = placed[model->services[model->partitions[i].dependencies[j].service].partition];
			if (ready) {
				placed[i] = true;
				model->order[count++] = i;
			}
		}
	for (size_t i = 0; i < model->partition_count; i++)
		if (!placed[i])
			report_error(report, model->partitions[i].place, "dependencies",
				     "break the circle: an SFN call cannot come back", "of %s lead back to it",
				     model->partitions[i].name);
}

bool model_check(struct model *model, struct report *report)
{
	for (size_t i = 0; i < model->partition_count; i++)
		model->partitions[i].id = id_of(model->partitions[i].name);
	check_pairs_of_partitions(model, report);
	check_pairs_of_services(model, report);
	give_handles(model, report);
	find_dependencies(model, report);
	if (report->errors == 0)
		find_order(model, report);
	return report->errors == 0;
}
