/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/lifecycle.h>
#include <merlon/test.h>
#include <psa/lifecycle.h>
#include <string.h>

/* Each state has its row, and the rows are those of psa/lifecycle.h. */
TEST(the_table_of_states_is_complete, CLAIM("lifecycle.states"), PROPERTY)
{
	static const uint32_t states[LIFECYCLE_COUNT] = {
		PSA_LIFECYCLE_UNKNOWN,        PSA_LIFECYCLE_ASSEMBLY_AND_TEST, PSA_LIFECYCLE_PSA_ROT_PROVISIONING,
		PSA_LIFECYCLE_SECURED,        PSA_LIFECYCLE_NON_PSA_ROT_DEBUG, PSA_LIFECYCLE_RECOVERABLE_PSA_ROT_DEBUG,
		PSA_LIFECYCLE_DECOMMISSIONED,
	};
	for (unsigned i = 0; i < LIFECYCLE_COUNT; i++) {
		CHECK_EQ(lifecycle_states[i].state, states[i]);
		CHECK_EQ(lifecycle_states[i].state, i * LIFECYCLE_STEP);
		CHECK(lifecycle_states[i].name != NULL && lifecycle_name(states[i]) == lifecycle_states[i].name);
		for (unsigned other = 0; other < i; other++)
			CHECK(strcmp(lifecycle_states[i].name, lifecycle_states[other].name) != 0);
	}
}

/* Rows: from; columns: to; from unknown to decommissioned. */
TEST(the_edges_are_those_of_the_diagram, CLAIM("lifecycle.edges"), PROPERTY)
{
	static const char *const edges[LIFECYCLE_COUNT] = { ".......", "..x....", "...x...", "....xxx",
							    "...x..x", "...x..x", "......." };
	unsigned count = 0;
	for (unsigned from = 0; from < LIFECYCLE_COUNT; from++)
		for (unsigned to = 0; to < LIFECYCLE_COUNT; to++) {
			CHECK_THAT(lifecycle_has_edge(from * LIFECYCLE_STEP, to * LIFECYCLE_STEP) == (edges[from][to] == 'x'),
				   "%u to %u", from, to);
			count += edges[from][to] == 'x';
		}
	CHECK_EQ(count, otp_lifecycle_edge_count);
}

/* P write identity and keys, d development keys, s secrets, t debug tokens. */
TEST(each_state_prohibits_what_it_must, CLAIM("lifecycle.prohibitions"), PROPERTY)
{
	static const char *const rights[LIFECYCLE_COUNT] = { "....", "Pds.", "Pds.", "..st", "..s.", "....", "...." };
	for (unsigned i = 0; i < LIFECYCLE_COUNT; i++)
		for (unsigned right = 0; right < 4; right++)
			CHECK_THAT(lifecycle_allows(i * LIFECYCLE_STEP, (enum lifecycle_right)(1u << right)) ==
					   (rights[i][right] != '.'),
				   "state %u, right %u", i, right);
}

TEST(what_is_no_state_permits_nothing, CLAIM("lifecycle.prohibitions"), MALFORMED)
{
	for (uint32_t value = 0; value < 0x20000; value++) {
		if (value % LIFECYCLE_STEP == 0 && value / LIFECYCLE_STEP < LIFECYCLE_COUNT)
			continue;
		for (unsigned right = 0; right < 8; right++)
			CHECK_THAT(!lifecycle_allows(value, (enum lifecycle_right)(1u << right)), "0x%x", value);
		CHECK(strcmp(lifecycle_name(value), "unknown") == 0);
	}
	CHECK(!lifecycle_allows(UINT32_MAX, LIFECYCLE_SECRETS) && !lifecycle_allows(0x80003000u, LIFECYCLE_SECRETS));
}
