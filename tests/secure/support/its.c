/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/test_secure/its.h>
#include <string.h>

static struct object {
	uint64_t uid;
	size_t size;
	uint8_t data[ITS_SIZE_MAX];
} objects[ITS_OBJECT_MAX];
static unsigned object_limit = ITS_OBJECT_MAX;

static struct object *find(uint64_t uid)
{
	for (unsigned i = 0; i < object_limit; i++)
		if (objects[i].uid == uid)
			return &objects[i];
	return NULL;
}

void its_reset(unsigned limit)
{
	memset(objects, 0, sizeof objects);
	object_limit = limit;
}

unsigned its_count(void)
{
	unsigned count = 0;
	for (unsigned i = 0; i < object_limit; i++)
		count += objects[i].uid != 0;
	return count;
}

psa_status_t psa_its_set(psa_storage_uid_t uid, size_t data_length, const void *p_data, psa_storage_create_flags_t create_flags)
{
	struct object *object = find(uid);
	(void)create_flags;
	if (object == NULL)
		object = find(0);
	if (object == NULL || data_length > ITS_SIZE_MAX)
		return PSA_ERROR_INSUFFICIENT_STORAGE;
	object->uid = uid;
	object->size = data_length;
	memcpy(object->data, p_data, data_length);
	return PSA_SUCCESS;
}

psa_status_t psa_its_get(psa_storage_uid_t uid, size_t data_offset, size_t data_size, void *p_data, size_t *p_data_length)
{
	const struct object *object = find(uid);
	if (object == NULL)
		return PSA_ERROR_DOES_NOT_EXIST;
	if (data_offset > object->size)
		return PSA_ERROR_INVALID_ARGUMENT;
	*p_data_length = data_size < object->size - data_offset ? data_size : object->size - data_offset;
	memcpy(p_data, object->data + data_offset, *p_data_length);
	return PSA_SUCCESS;
}

psa_status_t psa_its_get_info(psa_storage_uid_t uid, struct psa_storage_info_t *p_info)
{
	const struct object *object = find(uid);
	if (object == NULL)
		return PSA_ERROR_DOES_NOT_EXIST;
	*p_info = (struct psa_storage_info_t) { .capacity = object->size, .size = object->size };
	return PSA_SUCCESS;
}

psa_status_t psa_its_remove(psa_storage_uid_t uid)
{
	struct object *object = find(uid);
	if (object == NULL)
		return PSA_ERROR_DOES_NOT_EXIST;
	memset(object, 0, sizeof *object);
	return PSA_SUCCESS;
}
