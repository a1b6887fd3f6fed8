/* SPDX-License-Identifier: Apache-2.0 */
/* psa_ps_*() as a client sees it. */
#include "rig.h"
#include <merlon/ps_call.h>
#include <merlon/test.h>
#include <psa_manifest/sid.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIZE_MAX_OBJECT = 2048, OBJECTS_MAX = 64 };

TEST(set_get_info_remove, CLAIM("ps.api"), FUNCTIONAL)
{
	static const char text[] = "what is kept here survives";
	char read[64];
	size_t length = 99;
	struct psa_storage_info_t info;
	rig_new(1, false);
	CHECK_EQ(psa_ps_set(7, sizeof text, text, PSA_STORAGE_FLAG_NO_REPLAY_PROTECTION), PSA_SUCCESS);
	for (int again = 0; again < 2; again++) {
		CHECK_EQ(psa_ps_get_info(7, &info), PSA_SUCCESS);
		CHECK(info.size == sizeof text && info.capacity == sizeof text);
		CHECK_EQ(info.flags, PSA_STORAGE_FLAG_NO_REPLAY_PROTECTION);
		CHECK_EQ(psa_ps_get(7, 0, sizeof read, read, &length), PSA_SUCCESS);
		CHECK(length == sizeof text && memcmp(read, text, sizeof text) == 0);
		rig_start();
	}
	CHECK_EQ(psa_ps_get(7, 5, 4, read, &length), PSA_SUCCESS);
	CHECK(length == 4 && memcmp(read, text + 5, 4) == 0);
	CHECK_EQ(psa_ps_set(7, 3, "new", 0), PSA_SUCCESS);
	CHECK_EQ(psa_ps_get(7, 0, sizeof read, read, &length), PSA_SUCCESS);
	CHECK(length == 3 && memcmp(read, "new", 3) == 0);
	CHECK_EQ(psa_ps_remove(7), PSA_SUCCESS);
	CHECK_EQ(psa_ps_get(7, 0, sizeof read, read, &length), PSA_ERROR_DOES_NOT_EXIST);
	CHECK_EQ(psa_ps_remove(7), PSA_ERROR_DOES_NOT_EXIST);
	rig_start();
	CHECK_EQ(psa_ps_get_info(7, &info), PSA_ERROR_DOES_NOT_EXIST);
}

TEST(corner_cases, CLAIM("ps.api"), MALFORMED)
{
	static uint8_t data[4096], read[4096];
	size_t length;
	struct psa_storage_info_t info;
	rig_new(1, false);
	memset(data, 0x5a, sizeof data);
	CHECK_EQ(psa_ps_set(0, 1, data, 0), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_ps_get(0, 0, 1, read, &length), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_ps_get_info(0, &info), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_ps_remove(0), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_ps_create(0, 1, 0), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_ps_set_extended(0, 0, 1, data), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_ps_set(1, 0, NULL, 0), PSA_SUCCESS);
	CHECK_EQ(psa_ps_get(1, 0, 0, NULL, &length), PSA_SUCCESS);
	CHECK_EQ(psa_ps_get(1, 1, 0, read, &length), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_ps_set(1, 10, data, 0), PSA_SUCCESS);
	CHECK_EQ(psa_ps_get(1, 10, 5, read, &length), PSA_SUCCESS);
	CHECK_EQ(length, 0);
	memset(read, 0x77, sizeof read);
	CHECK_EQ(psa_ps_get(1, 11, 5, read, &length), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_ps_get(1, SIZE_MAX, 5, read, &length), PSA_ERROR_INVALID_ARGUMENT);
	CHECK(read[0] == 0x77 && length == 0);
	CHECK_EQ(psa_ps_get(1, 0, 5, read, NULL), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_ps_get_info(1, NULL), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_ps_set(1, 10, data, 8), PSA_ERROR_NOT_SUPPORTED);
	CHECK_EQ(psa_ps_set(1, SIZE_MAX_OBJECT, data, 0), PSA_SUCCESS);
	CHECK_EQ(psa_ps_get(1, 0, sizeof read, read, &length), PSA_SUCCESS);
	CHECK(length == SIZE_MAX_OBJECT && memcmp(read, data, length) == 0);
	CHECK_EQ(psa_ps_set(1, SIZE_MAX_OBJECT + 1, data, 0), PSA_ERROR_INSUFFICIENT_STORAGE);
	CHECK_EQ(psa_ps_get_info(1, &info), PSA_SUCCESS);
	CHECK_EQ(info.size, SIZE_MAX_OBJECT);
	CHECK_EQ(psa_ps_set(1, 10, data, PSA_STORAGE_FLAG_WRITE_ONCE), PSA_SUCCESS);
	CHECK_EQ(psa_ps_set(1, 10, data, 0), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(psa_ps_set_extended(1, 0, 1, data), PSA_ERROR_NOT_PERMITTED);
	CHECK_EQ(psa_ps_remove(1), PSA_ERROR_NOT_PERMITTED);
}

TEST(objects_grow_as_far_as_their_capacity, CLAIM("ps.extended"), FUNCTIONAL)
{
	uint8_t read[64];
	size_t length;
	struct psa_storage_info_t info;
	rig_new(1, false);
	CHECK_EQ(psa_ps_get_support(), PSA_STORAGE_SUPPORT_SET_EXTENDED);
	CHECK_EQ(psa_ps_create(5, 20, PSA_STORAGE_FLAG_NO_CONFIDENTIALITY), PSA_SUCCESS);
	CHECK_EQ(psa_ps_create(5, 20, 0), PSA_ERROR_ALREADY_EXISTS);
	CHECK_EQ(psa_ps_create(6, 20, PSA_STORAGE_FLAG_WRITE_ONCE), PSA_ERROR_NOT_SUPPORTED);
	CHECK_EQ(psa_ps_create(6, 20, 0x100), PSA_ERROR_NOT_SUPPORTED);
	CHECK_EQ(psa_ps_create(6, SIZE_MAX_OBJECT + 1, 0), PSA_ERROR_INSUFFICIENT_STORAGE);
	CHECK_EQ(psa_ps_create(6, SIZE_MAX, 0), PSA_ERROR_INSUFFICIENT_STORAGE);
	CHECK_EQ(psa_ps_get_info(5, &info), PSA_SUCCESS);
	CHECK(info.capacity == 20 && info.size == 0 && info.flags == PSA_STORAGE_FLAG_NO_CONFIDENTIALITY);
	CHECK_EQ(psa_ps_set_extended(5, 1, 4, "abcd"), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_ps_set_extended(5, 0, 10, "0123456789"), PSA_SUCCESS);
	CHECK_EQ(psa_ps_set_extended(5, 4, 2, "xy"), PSA_SUCCESS);
	CHECK_EQ(psa_ps_set_extended(5, 10, 10, "ABCDEFGHIJ"), PSA_SUCCESS);
	CHECK_EQ(psa_ps_set_extended(5, 20, 1, "!"), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_ps_set_extended(5, 15, 6, "......"), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_ps_set_extended(5, SIZE_MAX, 2, ".."), PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(psa_ps_set_extended(6, 0, 1, "."), PSA_ERROR_DOES_NOT_EXIST);
	rig_start();
	CHECK_EQ(psa_ps_get(5, 0, sizeof read, read, &length), PSA_SUCCESS);
	CHECK(length == 20 && memcmp(read, "0123xy6789ABCDEFGHIJ", 20) == 0);
	CHECK_EQ(psa_ps_set(5, 3, "new", 0), PSA_SUCCESS);
	CHECK_EQ(psa_ps_get_info(5, &info), PSA_SUCCESS);
	CHECK(info.capacity == 3 && info.size == 3);
}

TEST(clients_do_not_meet, CLAIM("ps.separation"), ATTACK)
{
	static const int32_t clients[] = { -1, -2, 300, 301 };
	struct psa_storage_info_t info;
	char read[8];
	size_t length;
	rig_new(1, false);
	for (size_t i = 0; i < 4; i++) {
		spm_client = clients[i];
		CHECK_EQ(psa_ps_get_info(5, &info), PSA_ERROR_DOES_NOT_EXIST);
		CHECK_EQ(psa_ps_remove(5), PSA_ERROR_DOES_NOT_EXIST);
		CHECK_EQ(psa_ps_set_extended(5, 0, 1, "x"), PSA_ERROR_DOES_NOT_EXIST);
		CHECK_EQ(psa_ps_set(5, i + 1, "abcd", 0), PSA_SUCCESS);
	}
	for (size_t i = 0; i < 4; i++) {
		spm_client = clients[i];
		CHECK_EQ(psa_ps_get(5, 0, sizeof read, read, &length), PSA_SUCCESS);
		CHECK_EQ(length, i + 1);
	}
}

static psa_status_t send(int32_t type, size_t in_size)
{
	struct {
		struct merlon_ps_request request;
		uint8_t more[16];
	} in = { { 5, 0, 0 }, { 0 } };
	psa_invec in_vec = { &in, in_size };
	return psa_call(PROTECTED_STORAGE_HANDLE, type, &in_vec, in_size > 0, NULL, 0);
}

TEST(refuses_malformed_messages, CLAIM("ps.api"), ATTACK)
{
	rig_new(1, false);
	CHECK_EQ(send(0, sizeof(struct merlon_ps_request)), PSA_ERROR_NOT_SUPPORTED);
	CHECK_EQ(send(MERLON_PS_SET_EXTENDED + 1, sizeof(struct merlon_ps_request)), PSA_ERROR_NOT_SUPPORTED);
	for (int32_t type = MERLON_PS_SET; type <= MERLON_PS_SET_EXTENDED; type++)
		for (size_t size = 0; size <= 32; size++)
			CHECK(size == sizeof(struct merlon_ps_request) || send(type, size) == PSA_ERROR_INVALID_ARGUMENT);
	CHECK_EQ(send(MERLON_PS_SET, sizeof(struct merlon_ps_request)), PSA_SUCCESS);
	CHECK_EQ(send(MERLON_PS_GET_INFO, sizeof(struct merlon_ps_request)), PSA_ERROR_BUFFER_TOO_SMALL);
}

/* Fill with objects of one size, some only set aside. @return how many fit. */
static uint32_t fill(uint32_t size)
{
	static uint8_t data[SIZE_MAX_OBJECT];
	uint32_t count = 0;
	psa_status_t status = PSA_SUCCESS;
	while (status == PSA_SUCCESS && count <= OBJECTS_MAX) {
		status = count % 5 == 4 ? psa_ps_create(count + 1, size, 0) : psa_ps_set(count + 1, size, data, 0);
		count += status == PSA_SUCCESS;
	}
	CHECK_EQ(status, PSA_ERROR_INSUFFICIENT_STORAGE);
	return count;
}

TEST(fills_to_the_same_count_each_time, CLAIM("ps.bounded"), FUNCTIONAL)
{
	static const uint32_t sizes[] = { 0, 32, 500, 1000, SIZE_MAX_OBJECT };
	static uint8_t data[SIZE_MAX_OBJECT];
	rig_new(1, false);
	for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
		uint32_t expected = fill(sizes[k]);
		CHECK(expected >= 4 && (sizes[k] > 32 || expected == OBJECTS_MAX));
		for (int again = 0; again < 3; again++) {
			for (uint32_t i = 0; i < expected; i++)
				CHECK_EQ(psa_ps_set(i + 1, sizes[k], data, 0), PSA_SUCCESS);
			for (uint32_t i = 0; i < expected; i++)
				CHECK_EQ(psa_ps_remove(expected - i), PSA_SUCCESS);
			if (again == 1)
				rig_start();
			CHECK_EQ(fill(sizes[k]), expected);
		}
		for (uint32_t i = 0; i < expected; i++)
			CHECK_EQ(psa_ps_remove(i + 1), PSA_SUCCESS);
	}
}

struct model {
	bool exists;
	uint32_t size, capacity;
	uint8_t data[300];
};

static void check_model(const struct model *model, uint32_t i)
{
	static uint8_t read[512];
	size_t length;
	psa_status_t status = psa_ps_get(i + 1, 0, sizeof read, read, &length);
	CHECK_EQ(status, model->exists ? PSA_SUCCESS : PSA_ERROR_DOES_NOT_EXIST);
	CHECK(!model->exists || (length == model->size && memcmp(read, model->data, length) == 0));
}

/* Random calls against a model, with restarts, on a store that is nearly full. By night more of them, with another seed each time. */
TEST(follows_a_model, CLAIM("ps.store"), PROPERTY)
{
	enum { OBJECTS = 70, STEPS = 20000, NIGHTLY_STEPS = 1000000 };
	static struct model models[OBJECTS];
	const char *given = getenv("MERLON_SEED");
	bool night = getenv("MERLON_NIGHTLY") != NULL;
	unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 0) : night ? (unsigned)time(NULL) : 1;
	rig_new(1, true);
	printf("ps: seed %u\n", seed);
	srand(seed);
	for (int step = night ? NIGHTLY_STEPS : STEPS; step > 0; step--) {
		uint32_t i = (uint32_t)rand() % OBJECTS, size = (uint32_t)rand() % 300, dice = (uint32_t)rand() % 100;
		struct model *model = &models[i];
		uint8_t data[300];
		memset(data, rand(), sizeof data);
		spm_client = -1 - (int32_t)(i % 3);
		if (dice < 20) {
			CHECK_EQ(psa_ps_remove(i + 1), model->exists ? PSA_SUCCESS : PSA_ERROR_DOES_NOT_EXIST);
			model->exists = false;
		} else if (dice < 60) {
			psa_status_t status = psa_ps_set(i + 1, size, data, 0);
			CHECK(status == PSA_SUCCESS || status == PSA_ERROR_INSUFFICIENT_STORAGE);
			if (status == PSA_SUCCESS) {
				*model = (struct model) { .exists = true, .size = size, .capacity = size };
				memcpy(model->data, data, size);
			}
		} else if (dice < 80 && model->exists) {
			uint32_t offset = (uint32_t)rand() % (model->capacity + 2);
			bool fits = offset <= model->size && size <= model->capacity - offset;
			CHECK_EQ(psa_ps_set_extended(i + 1, offset, size, data), fits ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT);
			if (fits) {
				memcpy(model->data + offset, data, size);
				model->size = offset + size > model->size ? offset + size : model->size;
			}
		} else if (dice < 97) {
			check_model(model, i);
		} else {
			rig_start();
		}
	}
	for (uint32_t i = 0; i < OBJECTS; i++) {
		spm_client = -1 - (int32_t)(i % 3);
		check_model(&models[i], i);
	}
}

/* A device without identity, or a decommissioned one. */
TEST(no_key_no_storage, CLAIM("ps.key"), ATTACK)
{
	char read[8];
	size_t length;
	rig_new(1, false);
	CHECK_EQ(psa_ps_set(1, 3, "abc", 0), PSA_SUCCESS);
	rig.is_unprovisioned = true;
	rig_start();
	CHECK_EQ(psa_ps_set(2, 3, "abc", 0), PSA_ERROR_STORAGE_FAILURE);
	CHECK_EQ(psa_ps_get(1, 0, sizeof read, read, &length), PSA_ERROR_STORAGE_FAILURE);
	rig.is_unprovisioned = false;
	rig_start();
	CHECK_EQ(psa_ps_get(1, 0, sizeof read, read, &length), PSA_SUCCESS);
	CHECK_EQ(psa_ps_get(2, 0, sizeof read, read, &length), PSA_ERROR_DOES_NOT_EXIST);
}
