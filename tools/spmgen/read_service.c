/* SPDX-License-Identifier: Apache-2.0 */
/* The services of a partition. */
#include "reader.h"
#include <string.h>

static bool service_name(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_name(reader, node, key, ((struct service *)target)->name);
}

static bool service_signal(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	char name[WORD_MAX_SIZE];
	if (!read_name(reader, node, key, name))
		return false;
	strcpy(((struct service *)target)->signal_name, name);
	return true;
}

static bool service_sid(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_number(reader, node, key, &((struct service *)target)->sid);
}

static bool service_version(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	uint32_t *version = &((struct service *)target)->version;
	if (!read_number(reader, node, key, version))
		return false;
	return *version > 0 || reader_fail(reader, node, key, "write a number from 1 on", "0 means that there is no service");
}

static bool service_policy(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	static const char *const choices[] = { "RELAXED", "STRICT" };
	unsigned choice = 0;
	bool good = read_choice(reader, node, key, choices, 2, &choice);
	((struct service *)target)->strict = choice == 1;
	return good;
}

static bool service_nonsecure(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_bool(reader, node, key, &((struct service *)target)->nonsecure);
}

static bool service_connection(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_bool(reader, node, key, &((struct service *)target)->connection_based);
}

static bool service_handle(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	struct service *service = target;
	const char *text = yaml_text(node);
	service->stateless_given = true;
	if (text != NULL && strcmp(text, "auto") == 0)
		return true;
	if (!read_number(reader, node, key, &service->handle))
		return false;
	return (service->handle >= 1 && service->handle <= SERVICES_MAX) ||
	       reader_fail(reader, node, key, "write auto, or 1 to 32", "is out of range");
}

static bool service_mm_iovec(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	static const char *const choices[] = { "disable", "enable" };
	unsigned choice = 0;
	if (!read_choice(reader, node, key, choices, 2, &choice))
		return false;
	((struct service *)target)->mm_iovec = choice == 1;
	return choice == 0 || reader->model->options.isolation == 1 ||
	       reader_fail(reader, node, key, "write disable: read and write the vectors instead",
			   "exists at isolation level 1 only, and this product has a higher one");
}

static bool read_service(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	static const struct key_rule rules[] = {
		{ "name", service_name, true, KEY_ALWAYS },
		{ "sid", service_sid, true, KEY_ALWAYS },
		{ "signal", service_signal, false, KEY_ONLY_1_0 },
		{ "version", service_version, false, KEY_ALWAYS },
		{ "version_policy", service_policy, false, KEY_ALWAYS },
		{ "non_secure_clients", service_nonsecure, true, KEY_ALWAYS },
		{ "connection_based", service_connection, false, KEY_ONLY_1_1 },
		{ "stateless_handle", service_handle, false, KEY_ONLY_1_1 },
		{ "mm_iovec", service_mm_iovec, false, KEY_ONLY_1_1 },
		{ "description", read_description, false, KEY_ALWAYS },
		{ 0 },
	};
	struct model *model = reader->model;
	if (model->service_count == SERVICES_MAX)
		return reader_fail(reader, node, key, "use fewer services", "are more than the partition manager has room for");
	struct service *service = &model->services[model->service_count++];
	*service = (struct service) { .version = 1, .strict = true, .connection_based = true };
	service->partition = (size_t)((struct partition *)target - model->partitions);
	yaml_place(reader->path, node, service->place, PLACE_MAX_SIZE);
	if (!read_mapping(reader, node, key, rules, service))
		return false;
	if (service->signal_name[0] == '\0')
		name_signal(service->signal_name, service->name, "_SIGNAL");
	return true;
}

bool read_services(struct reader *reader, const yaml_node_t *node, const char *key, void *target)
{
	return read_list(reader, node, key, read_service, target);
}
