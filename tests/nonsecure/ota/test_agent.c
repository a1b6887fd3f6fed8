/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"
#include <merlon/lib/refusal.h>
#include <merlon/test.h>
#include <string.h>

TEST(updates_both_images_and_confirms, CLAIM("ota.update"), FUNCTIONAL)
{
	world_init();
	world_run(40);
	CHECK(world_is_at("1.1.0"));
	CHECK_EQ(world.reboots, 1);
	CHECK_EQ(world.bytes_served, world.sizes[0] + world.sizes[1]);
	CHECK_EQ(world.events[OTA_EVENT_RESUMED], 0);
	static const char *const wanted[] = { "boot", "found", "verified", "verified", "staged", "boot", "trial", "confirmed" };
	for (unsigned i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
		CHECK_THAT(strcmp(world.events_reported[i], wanted[i]) == 0, "report %u: %s", i, world.events_reported[i]);
	CHECK_EQ(world.reports, sizeof wanted / sizeof wanted[0]);
	unsigned before = world.connections;
	world_run(10); /* one boot more: nothing to do */
	CHECK_EQ(world.bytes_served, world.sizes[0] + world.sizes[1]);
	CHECK_EQ(world.connections, before + 1); /* kept between polls */
}

TEST(fetches_only_what_does_not_run_yet, CLAIM("ota.update"), FUNCTIONAL)
{
	world_init();
	world.components[0].version = (psa_fwu_image_version_t) { 1, 1, 0, 0 };
	world_run(40);
	CHECK(world_is_at("1.1.0"));
	CHECK_EQ(world.bytes_served, world.sizes[1]);
}

TEST(report_of_a_boot_carries_what_bl2_refused, CLAIM("ota.report"), FUNCTIONAL)
{
	world_init();
	world_offer(3, "1.0.0");
	world_run(4);
	CHECK_THAT(strcmp(world.last_report,
			  "{\"format\":1,\"serial\":\"SN-1\",\"number\":0,\"event\":\"boot\",\"running\":"
			  "{\"secure\":\"1.0.0+0\",\"nonsecure\":\"1.0.0+0\"},\"reset_cause\":\"requested\","
			  "\"lifecycle\":12288,\"refusals\":[{\"image\":1,\"version\":\"9.8.7+6\",\"refusal\":16,"
			  "\"reason\":\"SIGNATURE\",\"digest\":\"ab00000000000000\"}]}\n") == 0,
		   "%s", world.last_report);
}

/* A report that did not fit could never be sent, and everything else waits for it. */
TEST(largest_report_fits, CLAIM("ota.report"), PROPERTY)
{
	world_init();
	world_offer(3, "1.0.0");
	world.boot.lifecycle = UINT16_MAX;
	world.boot.refusal_count = UINT8_MAX; /* more than there are */
	memset(world.boot.refusals, 0xff, sizeof world.boot.refusals);
	for (unsigned i = 0; i < MERLON_REFUSAL_MAX; i++)
		world.boot.refusals[i].code = REFUSAL_TLV_UNPROTECTED;
	for (unsigned i = 0; i < MERLON_FWU_COMPONENT_COUNT; i++)
		world.components[i].version = (psa_fwu_image_version_t) { UINT8_MAX, UINT8_MAX, UINT16_MAX, UINT32_MAX };
	world.mood = SERVER_GOOD;
	world_run(2);
	CHECK_EQ(world.reports, 1);
	size_t margin = OTA_SERIAL_MAX - strlen(world_config.serial) + 9; /* a serial and a number of full length */
	CHECK_THAT(strlen(world.last_report) + margin < CATALOGUE_SIZE_MAX, "%zu bytes", strlen(world.last_report) + margin);
	CHECK(strstr(world.last_report, "\"reason\":\"TLV_UNPROTECTED\"") != NULL);
}

/* The power goes before and after every change, up to the end of the update: it always ends at 1.1.0, and no byte that was
 * committed is asked for again. */
TEST(power_cut_at_every_change_ends_updated, CLAIM("ota.resume"), POWER_CUT)
{
	unsigned cuts = 0, resumed = 0;
	for (int cut = 0;; cut++, cuts++) {
		world_init();
		world.cut_after = cut;
		world_run(60);
		bool was_cut = world.cut_after < 0;
		CHECK_THAT(world_is_at("1.1.0"), "cut %d: states %u %u", cut, world.components[0].state, world.components[1].state);
		/* A cut on trial reverts, and the set is fetched once more. Else one range may be lost with the connection, and what a
		 * sector had not committed. */
		uint32_t whole = (world.sizes[0] + world.sizes[1]) * (1 + world_reported("reverted"));
		CHECK_THAT(world.bytes_served <= whole + OTA_RANGE_SIZE + 4096, "cut %d: %u bytes served", cut, world.bytes_served);
		resumed += world.events[OTA_EVENT_RESUMED] > 0;
		if (world.first_offset > 0)
			CHECK_THAT(world.first_offset % 4096 == 0 || world.first_offset == world.sizes[0] ||
					   world.first_offset == world.sizes[1],
				   "cut %d: %u", cut, world.first_offset);
		if (!was_cut)
			break;
	}
	CHECK_THAT(cuts > 200 && resumed > 50, "%u cuts, %u resumed", cuts, resumed);
}

/* A supply that fails in every trial: after a few tries the device stays with what it has. */
TEST(power_cut_in_each_trial_ends_the_tries, CLAIM("ota.resume"), POWER_CUT)
{
	world_init();
	world.health = PSA_ERROR_BAD_STATE; /* never well: the trial lasts until the power goes */
	for (unsigned life = 0; life < 8; life++) {
		world.is_cold = true;
		world_run(40);
		world_reset();
	}
	world.is_cold = true;
	world_run(40);
	CHECK(world_is_at("1.0.0"));
	CHECK_EQ(world.reboots, OTA_TRIES_MAX);
	CHECK_EQ(world_reported("reverted"), OTA_TRIES_MAX);
}

TEST(resumes_at_the_committed_byte, CLAIM("ota.resume"), FUNCTIONAL)
{
	world_init();
	world_run(4); /* START, POLL, PREPARE, one range */
	CHECK_EQ(world.components[0].impl.resume_offset, OTA_RANGE_SIZE);
	world_reset();
	uint32_t before = world.bytes_served;
	world_run(40);
	CHECK_EQ(world.first_offset, OTA_RANGE_SIZE);
	CHECK_EQ(world.bytes_served - before, world.sizes[0] + world.sizes[1] - OTA_RANGE_SIZE);
	CHECK(world_is_at("1.1.0"));
}

TEST(another_set_starts_anew, CLAIM("ota.resume"), FUNCTIONAL)
{
	world_init();
	world_run(4);
	world_offer(3, "1.2.0");
	world_run(40);
	CHECK(world_is_at("1.2.0"));
	CHECK_EQ(world.events[OTA_EVENT_RESUMED], 0);
	CHECK_EQ(world.bytes_served, OTA_RANGE_SIZE + world.sizes[0] + world.sizes[1]);
}

/* Whatever the server does: no candidate, nothing written that it should not, bounded steps; and when it behaves, the update. */
TEST(hostile_server_changes_nothing, CLAIM("ota.server_input"), ATTACK)
{
	for (enum server_mood mood = SERVER_GOOD + 1; mood < SERVER_MOOD_COUNT; mood++) {
		world_init();
		world_run(3); /* the catalogue is known, the download prepared */
		world.mood = mood;
		world_run(200);
		for (unsigned i = 0; i < MERLON_FWU_COMPONENT_COUNT; i++)
			CHECK_THAT(world.components[i].state <= PSA_FWU_WRITING, "mood %d component %u: state %u", mood, i,
				   world.components[i].state);
		CHECK_THAT(memcmp(world.staging[0], world.files[0], world.components[0].impl.resume_offset) == 0, "mood %d", mood);
		CHECK_EQ(world.reboots, 0);
		world.mood = SERVER_GOOD;
		world_run(60);
		CHECK_THAT(world_is_at("1.1.0"), "mood %d", mood);
	}
}

/* Failures spread out: after many of them the agent asks at most once in half the longest pause. */
TEST(backs_off_to_a_cap, CLAIM("ota.backoff"), PROPERTY)
{
	world_init();
	world.mood = SERVER_404;
	world_run(20);
	uint32_t before = world.now;
	world_run(1 + 100);
	uint32_t mean = (world.now - before) / 100;
	CHECK_THAT(mean >= world_config.backoff_max_ms / 2 && mean <= world_config.backoff_max_ms, "mean pause %u ms", mean);
}

TEST(refused_image_is_reported_and_not_fetched_again, CLAIM("ota.report"), ATTACK)
{
	world_init();
	world.finish_verdict = PSA_ERROR_NOT_PERMITTED;
	world.finish_refusal = 18;
	world_run(40);
	CHECK(world_is_at("1.0.0"));
	CHECK_EQ(world_reported("refused"), 1);
	CHECK(strstr(world.last_report, "\"status\":-133,\"refusal\":18,\"reason\":\"COUNTER\"") != NULL);
	CHECK_EQ(world.bytes_served, world.sizes[0]);
	world_run(40); /* remembered over a reset */
	CHECK_EQ(world.bytes_served, world.sizes[0]);
	world.finish_verdict = PSA_SUCCESS;
	world_offer(3, "1.2.0");
	world_run(40);
	CHECK(world_is_at("1.2.0"));
}

TEST(unmet_dependency_is_reported_and_cleared, CLAIM("ota.report"), FUNCTIONAL)
{
	world_init();
	world.install_verdict = PSA_ERROR_DEPENDENCY_NEEDED;
	world_run(40);
	CHECK(world_is_at("1.0.0"));
	CHECK_EQ(world_reported("refused"), 1);
	CHECK_EQ(world.reboots, 0);
}

TEST(set_that_does_not_come_up_is_reported_as_reverted, CLAIM("ota.report"), FUNCTIONAL)
{
	world_init();
	world.is_set_bad = true;
	world_run(60);
	CHECK(world_is_at("1.0.0"));
	CHECK_EQ(world_reported("reverted"), 1);
	CHECK_EQ(world.reboots, 1);
	CHECK_EQ(world_reported("confirmed"), 0);
}

TEST(sick_application_rejects_the_trial, CLAIM("ota.health"), FUNCTIONAL)
{
	world_init();
	world.health = PSA_ERROR_SERVICE_FAILURE;
	world_run(60);
	CHECK(world_is_at("1.0.0"));
	CHECK_EQ(world_reported("rejected"), 1);
	CHECK_EQ(world_reported("confirmed"), 0);
	CHECK_EQ(world.reboots, 2);
}

/* On trial without a server, or with an application that is not ready, nothing is accepted: the window will end it. */
TEST(no_contact_means_no_accept, CLAIM("ota.health"), ATTACK)
{
	static const enum server_mood moods[] = { SERVER_REFUSES, SERVER_IMPOSTOR, SERVER_SILENT, SERVER_GARBAGE };
	for (unsigned i = 0; i <= sizeof moods / sizeof moods[0]; i++) {
		world_init();
		world.components[0].state = world.components[1].state = PSA_FWU_TRIAL;
		if (i < sizeof moods / sizeof moods[0])
			world.mood = moods[i];
		else
			world.health = PSA_ERROR_BAD_STATE;
		world_run(30);
		CHECK_THAT(world.components[0].state == PSA_FWU_TRIAL && world.components[1].state == PSA_FWU_TRIAL, "case %u", i);
	}
}

TEST(image_larger_than_its_slot_is_not_fetched, CLAIM("ota.server_input"), ATTACK)
{
	world_init();
	world.components[1].max_size = world.sizes[1] - 1;
	world_run(20);
	CHECK_EQ(world.ranges_served, 0);
	CHECK(world.events[OTA_EVENT_FAILED] > 0);
}

/* All of the log arrives, in pieces that fit a report, and only what arrived is given up. */
TEST(audit_records_are_acknowledged_when_the_server_has_them, CLAIM("ota.audit"), FUNCTIONAL)
{
	world_init();
	world.audit_first = 5;
	world.audit_next = 25;
	world_run(200);
	CHECK(world.audit_first == 25 && world.audit_told == 24);
	CHECK_EQ(world_reported("audit"), (20 + OTA_AUDIT_MAX - 1) / OTA_AUDIT_MAX);
	CHECK(strstr(world.last_report, "\"dropped\":3,\"records\":[") != NULL);
}

TEST(audit_records_stay_when_the_server_refuses_them, CLAIM("ota.audit"), ATTACK)
{
	world_init();
	world.audit_first = 1;
	world.audit_next = 4;
	world.report_status = 503;
	world_run(50);
	CHECK(world.audit_first == 1 && world_reported("audit") >= 1);
	CHECK(world_is_at("1.1.0")); /* and nothing else waits for it */
	world.report_status = 0;
	world_run(20);
	CHECK_EQ(world.audit_first, 4);
}

TEST(configuration_is_checked, CLAIM("ota.server_input"), MALFORMED)
{
	static const char *const bad[] = { "",
					   "http://10.0.2.2",
					   "https://",
					   "https://host:0",
					   "https://host:65536",
					   "https://host:80x",
					   "https://host/path",
					   "https://us er",
					   "https://a@b",
					   "https://host:99999999999" };
	struct ota_agent agent;
	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct ota_config config = world_config;
		config.url = bad[i];
		CHECK_THAT(ota_agent_init(&agent, &config) == PSA_ERROR_INVALID_ARGUMENT, "%s", bad[i]);
	}
	struct ota_config config = world_config;
	config.url = "https://host/";
	CHECK_EQ(ota_agent_init(&agent, &config), PSA_SUCCESS);
	CHECK_EQ(agent.http.port, 443);
	config.serial = "../1";
	CHECK_EQ(ota_agent_init(&agent, &config), PSA_ERROR_INVALID_ARGUMENT);
	config = world_config;
	config.server_name = "a\r\nb";
	CHECK_EQ(ota_agent_init(&agent, &config), PSA_ERROR_INVALID_ARGUMENT);
}
