/* SPDX-License-Identifier: Apache-2.0 */
#include <agent_internal.h>
#include <merlon/test.h>
#include <string.h>

TEST(each_result_has_exactly_one_rule, CLAIM("ota.rules"), PROPERTY)
{
	for (unsigned state = 0; state < OTA_STATE_COUNT; state++) {
		CHECK_THAT(ota_works[state].run != NULL && ota_works[state].results != 0, "state %u", state);
		for (unsigned result = 0; result < OTA_RESULT_COUNT; result++) {
			unsigned rows = 0;
			for (size_t i = 0; i < ota_rule_count; i++)
				rows += ota_rules[i].state == state && ota_rules[i].result == result;
			CHECK_THAT(rows == (ota_works[state].results >> result & 1u), "state %u result %u: %u rows", state, result,
				   rows);
		}
	}
}

TEST(each_state_is_reached_from_the_start, CLAIM("ota.rules"), PROPERTY)
{
	bool reached[OTA_STATE_COUNT] = { [OTA_STATE_START] = true };
	for (unsigned round = 0; round < OTA_STATE_COUNT; round++)
		for (size_t i = 0; i < ota_rule_count; i++)
			reached[ota_rules[i].next] = reached[ota_rules[i].next] || reached[ota_rules[i].state];
	for (unsigned state = 0; state < OTA_STATE_COUNT; state++)
		CHECK_THAT(reached[state], "state %u", state);
}

TEST(accept_comes_only_after_a_good_check, CLAIM("ota.health"), PROPERTY)
{
	for (size_t i = 0; i < ota_rule_count; i++)
		if (ota_rules[i].next == OTA_STATE_ACCEPT)
			CHECK(ota_rules[i].state == OTA_STATE_CHECK && ota_rules[i].result == OTA_DONE);
}

TEST(record_survives_its_encoding, CLAIM("ota.record"), FUNCTIONAL)
{
	struct ota_record in = { .phase = OTA_PHASE_INSTALLING, .report_next = 0x01020304, .version = { 1, 2, 0x304, 0x05060708 } },
			  out;
	uint8_t bytes[OTA_RECORD_SIZE];
	memset(in.digests, 0x5a, sizeof in.digests);
	ota_record_encode(&in, bytes);
	CHECK_EQ(ota_record_decode(bytes, &out), PSA_SUCCESS);
	CHECK_EQ(out.phase, in.phase);
	CHECK_EQ(out.report_next, in.report_next);
	CHECK_EQ(memcmp(&out.version, &in.version, sizeof in.version), 0);
	CHECK_EQ(memcmp(out.digests, in.digests, sizeof in.digests), 0);
	CHECK_EQ(bytes[4], 0x04);
	bytes[0] = 2;
	CHECK_EQ(ota_record_decode(bytes, &out), PSA_ERROR_DATA_INVALID);
	bytes[0] = 1;
	bytes[1] = OTA_PHASE_COUNT;
	CHECK_EQ(ota_record_decode(bytes, &out), PSA_ERROR_DATA_INVALID);
}
