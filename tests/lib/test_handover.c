/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/handover.h>
#include <merlon/lib/journal.h>
#include <merlon/lib/le.h>
#include <merlon/test.h>
#include <string.h>

static const struct handover_refusal refusal = {
	.code = REFUSAL_SIGNATURE, .image = 1, .version = { 1, 2, 0x304, 0x5060708 }, .digest = { 1, 2, 3, 4, 5, 6, 7, 8 }
};

TEST(entries_come_back, CLAIM("lib.handover"), FUNCTIONAL)
{
	uint8_t buffer[HANDOVER_SIZE];
	struct handover_writer writer;
	struct handover_set set = { JOURNAL_TRIAL, 3, 2 }, set_back;
	struct handover_refusal back;
	static const struct handover_measurement measurement = { { 1, 2, 3, 4 }, { 5, 6 }, { 7, 8 } };
	struct handover_measurement measured;
	uint32_t value;
	handover_begin(&writer, buffer, sizeof buffer);
	handover_add_u32(&writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_RESET_CAUSE), RESET_CAUSE_PANIC);
	handover_add_set(&writer, &set);
	handover_add_measurement(&writer, 1, &measurement);
	for (unsigned i = 0; i < HANDOVER_REFUSAL_MAX; i++)
		handover_add_refusal(&writer, i, &refusal);
	CHECK(!writer.overflow);

	CHECK_EQ(le16_load(buffer), 0x2016);
	CHECK_EQ(le16_load(buffer + 2), writer.used);
	CHECK(handover_find_u32(buffer, sizeof buffer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_RESET_CAUSE), &value) ==
	      PSA_SUCCESS);
	CHECK_EQ(value, RESET_CAUSE_PANIC);
	CHECK(handover_find_set(buffer, sizeof buffer, &set_back) == PSA_SUCCESS);
	CHECK(set_back.phase == set.phase && set_back.images == set.images && set_back.attempts_left == set.attempts_left);
	CHECK(handover_find_measurement(buffer, sizeof buffer, 0, &measured) == PSA_ERROR_DOES_NOT_EXIST);
	CHECK(handover_find_measurement(buffer, sizeof buffer, 1, &measured) == PSA_SUCCESS);
	CHECK(memcmp(&measured, &measurement, sizeof measured) == 0);
	CHECK(handover_find_refusal(buffer, sizeof buffer, 3, &back) == PSA_SUCCESS);
	CHECK(back.code == refusal.code && back.image == 1 && back.version.revision == 0x304 && back.version.build == 0x5060708);
	CHECK(memcmp(back.digest, refusal.digest, sizeof back.digest) == 0);
	CHECK(handover_find_refusal(buffer, sizeof buffer, 4, &back) == PSA_ERROR_DOES_NOT_EXIST);
	CHECK(handover_find_u32(buffer, sizeof buffer, HANDOVER_BOOT_RECORD(1), &value) == PSA_ERROR_DOES_NOT_EXIST);
}

TEST(full_buffer_is_said, CLAIM("lib.handover"), FUNCTIONAL)
{
	uint8_t buffer[4 + 8 + 5];
	struct handover_writer writer;
	handover_begin(&writer, buffer, sizeof buffer);
	handover_add_u32(&writer, 1, 7);
	CHECK(!writer.overflow);
	handover_add(&writer, 2, "ab", 2);
	CHECK(writer.overflow);
	handover_add(&writer, 2, "a", 1);
	CHECK_EQ(writer.used, sizeof buffer);
}

TEST(malformed_is_refused, CLAIM("lib.handover.malformed"), MALFORMED)
{
	static const struct {
		const char *what;
		uint16_t capacity;
		uint8_t bytes[24];
	} cases[] = {
		{ "no magic", 24, { 0x17, 0x20, 4, 0 } },
		{ "smaller than a header", 3, { 0x16, 0x20, 4 } },
		{ "total below the header", 24, { 0x16, 0x20, 3, 0 } },
		{ "total beyond the memory", 23, { 0x16, 0x20, 24, 0, 9, 0, 16, 0 } },
		{ "half an entry header", 24, { 0x16, 0x20, 7, 0, 9, 0, 0 } },
		{ "entry beyond the end", 24, { 0x16, 0x20, 10, 0, 9, 0, 3, 0, 1, 2 } },
		{ "entry of 64 KB", 24, { 0x16, 0x20, 10, 0, 9, 0, 0xff, 0xff, 1, 2 } },
		{ "type twice", 24, { 0x16, 0x20, 12, 0, 1, 0, 0, 0, 1, 0, 0, 0 } },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const uint8_t *data;
		uint16_t size;
		CHECK_THAT(handover_find(cases[i].bytes, cases[i].capacity, 1, &data, &size) == PSA_ERROR_DATA_INVALID, "%s",
			   cases[i].what);
	}
}

TEST(wrong_size_is_refused, CLAIM("lib.handover.malformed"), MALFORMED)
{
	uint8_t buffer[64];
	struct handover_writer writer;
	struct handover_set set;
	struct handover_refusal back;
	uint32_t value;
	handover_begin(&writer, buffer, sizeof buffer);
	handover_add(&writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_SET), "abc", 3);
	handover_add(&writer, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_REFUSAL), "abc", 3);
	handover_add(&writer, 5, "abc", 3);
	CHECK(handover_find_set(buffer, sizeof buffer, &set) == PSA_ERROR_DATA_INVALID);
	CHECK(handover_find_refusal(buffer, sizeof buffer, 0, &back) == PSA_ERROR_DATA_INVALID);
	CHECK(handover_find_u32(buffer, sizeof buffer, 5, &value) == PSA_ERROR_DATA_INVALID);
}
