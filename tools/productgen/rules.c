/* SPDX-License-Identifier: Apache-2.0 */
#include "product.h"
#include <inttypes.h>

const struct key_rule key_rules[KEY_COUNT] = {
	[KEY_PSA_CERTIFIED_LEVEL] = { "psa_certified_level",
				      "PSA_CERTIFIED_LEVEL",
				      1,
				      3,
				      { NULL },
				      "PSA Certified Level that the product is for" },
	[KEY_ISOLATION_LEVEL] = { "isolation_level",
				  "ISOLATION_LEVEL",
				  1,
				  3,
				  { NULL },
				  "isolation level of the partition manager" },
	[KEY_AROTLESS] = { "arotless", "AROTLESS", 0, 1, { "no", "yes" }, "ARoT-less profile: no APPLICATION-ROT partition" },
	[KEY_UPGRADE_MODE] = { "upgrade_mode",
			       "UPGRADE_MODE",
			       0,
			       2,
			       { "swap", "overwrite", "xip" },
			       "how BL2 puts an update in place" },
	[KEY_FALLBACK] = { "fallback",
			   "FALLBACK",
			   0,
			   1,
			   { "no", "yes" },
			   "whether what an update replaced comes back for a damaged image" },
	[KEY_SECONDARY] = { "secondary", "SECONDARY", 0, 1, { "internal", "external" }, "which flash holds the secondary slots" },
	[KEY_PS_EPOCH] = { "ps_epoch",
			   "PS_EPOCH",
			   0,
			   1,
			   { "no", "yes" },
			   "whether internal flash that was put back is noticed, at a bit of OTP per start with changes" },
	[KEY_SIGNATURE] = { "signature",
			    "SIGNATURE",
			    0,
			    1,
			    { "p256", "p256m" },
			    "what verifies images in BL2: P-256 by its own fast code or by the smaller p256-m" },
	[KEY_CONFIRM_WINDOW_S] = { "confirm_window_s",
				   "CONFIRM_WINDOW_S",
				   1,
				   3600,
				   { NULL },
				   "seconds that a set on trial has to confirm itself" },
	[KEY_TRIAL_ATTEMPTS] = { "trial_attempts",
				 "TRIAL_ATTEMPTS",
				 1,
				 15,
				 { NULL },
				 "starts of a set on trial before the old set comes back" },
	[KEY_WATCHDOG_MS] = { "watchdog_ms",
			      "WATCHDOG_MS",
			      100,
			      60000,
			      { NULL },
			      "milliseconds without a sign of life before a reset" },
	[KEY_CRYPTO_SET] = { "crypto_set",
			     "CRYPTO_SET",
			     0,
			     2,
			     { "mission", "medium", "full" },
			     "algorithms of the Crypto service" },
	[KEY_PANIC_POLICY] = { "panic_policy",
			       "PANIC_POLICY",
			       0,
			       1,
			       { "reset", "restart" },
			       "what follows a partition's panic: reset of the device, or restart of that partition" },
	[KEY_PARTITIONS] = { "partitions",
			     "PARTITIONS",
			     1,
			     12,
			     { NULL },
			     "partitions of the Secure image, folders of secure/",
			     KIND_NAMES },
	[KEY_HARDWARE_KEY_USERS] = { "hardware_key_users",
				     "HARDWARE_KEY_USERS",
				     0,
				     3,
				     { NULL },
				     "partitions that derive keys from the hardware unique key",
				     KIND_NAMES },
	[KEY_ATTESTATION_KEY_USERS] = { "attestation_key_users",
					"ATTESTATION_KEY_USERS",
					0,
					1,
					{ NULL },
					"partition that signs with the attestation key",
					KIND_NAMES },
	[KEY_CERTIFICATION_REFERENCE] = { .name = "certification_reference",
					  .macro = "CERTIFICATION_REFERENCE",
					  .least = 19,
					  .most = 19,
					  .meaning = "PSA Certified reference in every attestation token",
					  .kind = KIND_TEXT,
					  .form = "9999999999999-99999" },
	[KEY_VERIFICATION_SERVICE] = { .name = "verification_service",
				       .macro = "VERIFICATION_SERVICE",
				       .least = 1,
				       .most = 64,
				       .meaning = "where tokens are verified, in every attestation token",
				       .kind = KIND_TEXT },
};

const struct certification_rule certification_rules[] = {
	{ 1, 0, 1, 3, "PSA Certified Level 1 takes any isolation level" },
	{ 2, 0, 2, 3, "PSA Certified Level 2 asks for isolation level 2 or higher" },
	{ 2, 1, 1, 1, "the ARoT-less profile of PSA Certified Level 2 is isolation level 1" },
	{ 3, 0, 3, 3, "PSA Certified Level 3 asks for isolation level 3" },
};
const size_t certification_rule_count = sizeof certification_rules / sizeof certification_rules[0];

const struct certification_rule *certification_rule_find(uint32_t certified_level, uint32_t arotless)
{
	for (size_t i = 0; i < certification_rule_count; i++)
		if (certification_rules[i].certified_level == certified_level && certification_rules[i].arotless == arotless)
			return &certification_rules[i];
	return NULL;
}

bool product_check(const struct product *product, struct report *report)
{
	const struct value *values = product->values;
	uint32_t level = values[KEY_PSA_CERTIFIED_LEVEL].number, isolation = values[KEY_ISOLATION_LEVEL].number;
	const struct certification_rule *rule = certification_rule_find(level, values[KEY_AROTLESS].number);
	if (rule == NULL) {
		report_error(report, values[KEY_AROTLESS].place, key_rules[KEY_AROTLESS].name,
			     "write no, or psa_certified_level: 2", "PSA Certified Level %" PRIu32 " has no ARoT-less profile",
			     level);
		return false;
	}
	if (isolation < rule->isolation_least || isolation > rule->isolation_most)
		report_error(report, values[KEY_ISOLATION_LEVEL].place, key_rules[KEY_ISOLATION_LEVEL].name,
			     "write another isolation_level, or a psa_certified_level that takes this one",
			     "%s, and this product has %" PRIu32, rule->text, isolation);
	return report->errors == 0;
}
