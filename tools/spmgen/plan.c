/* SPDX-License-Identifier: Apache-2.0 */
/* Who runs how. Isolation level 1: nobody is confined. 2: the Application root of trust. 3: everybody. */
#include "model.h"

enum {
	/* Bytes of the main stack beyond the services' own: the gate, the partition manager's frames for each call, exceptions. */
	MAIN_STACK_BASE = 0x400,
	MAIN_STACK_CALL = 0x100,
};

static bool is_confined(const struct model *model, const struct partition *partition)
{
	return model->options.isolation == 3 || (model->options.isolation == 2 && partition->application);
}

/* Does a partition with a thread call a service of this one? Then it needs a stack of its own. */
static bool has_threaded_client(const struct model *model, size_t index)
{
	for (size_t i = 0; i < model->partition_count; i++)
		for (size_t j = 0; j < model->partitions[i].dependency_count; j++) {
			size_t service = model->partitions[i].dependencies[j].service;
			if (service != SERVICES_MAX && model->services[service].partition == index && model->partitions[i].threaded)
				return true;
		}
	return false;
}

/* The deepest chain of plain calls that begins in this partition. Clients stand behind whom they call, so one pass suffices. */
static uint32_t chain_of(const struct model *model, size_t index, const uint32_t *chains)
{
	uint32_t deepest = 0;
	const struct partition *partition = &model->partitions[index];
	for (size_t j = 0; j < partition->dependency_count; j++) {
		size_t service = partition->dependencies[j].service;
		uint32_t below = service != SERVICES_MAX ? chains[model->services[service].partition] : 0;
		deepest = below > deepest ? below : deepest;
	}
	bool is_plain = !partition->confined && !partition->ipc;
	return is_plain ? deepest + partition->stack_size + MAIN_STACK_CALL : 0;
}

void model_plan(struct model *model)
{
	uint32_t chains[PARTITIONS_MAX] = { 0 };
	for (size_t i = 0; i < model->partition_count; i++) {
		struct partition *partition = &model->partitions[i];
		partition->confined = model->options.layout && is_confined(model, partition);
		partition->threaded = partition->confined || partition->ipc;
	}
	/* Clients before those whom they call. */
	for (size_t rank = model->partition_count; rank-- > 0;) {
		size_t index = model->order[rank];
		if (has_threaded_client(model, index))
			model->partitions[index].threaded = true;
	}
	for (size_t rank = 0; rank < model->partition_count; rank++) {
		size_t index = model->order[rank];
		chains[index] = chain_of(model, index, chains);
		if (chains[index] > model->main_stack_size)
			model->main_stack_size = chains[index];
	}
	model->main_stack_size = (model->main_stack_size + MAIN_STACK_BASE + 7) & ~UINT32_C(7);
}
