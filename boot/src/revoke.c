/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Revoking keys: only here, and only while everything that runs is confirmed and was verified in this boot. Who asks is a running
 * image, through a protected TLV, or a signed command in its own area. Page: docs/format/revocation.md.
 */
#include "internal.h"

static uint8_t keys_in_use(const struct boot *boot)
{
	return (uint8_t)(1u << boot->running[IMAGE_SECURE].key_index | 1u << boot->running[IMAGE_NONSECURE].key_index);
}

/* What `verdict`, verified, asks for. Again is right for a command: its record may have been cut, and it is asked only once. */
static enum refusal revoke_asked(struct boot *boot, const struct image_verdict *verdict, bool again)
{
	enum refusal refusal = REFUSAL_NONE;
	for (uint8_t i = 0; i < boot->trust.key_count; i++) {
		struct image_key *key = &boot->trust.keys[i];
		if ((verdict->revokes >> i & 1) == 0 || (key->revoked && !again))
			continue;
		if (!key->revoked && !trust_may_revoke(&boot->trust, verdict->key_index, i, keys_in_use(boot)))
			refusal = REFUSAL_REVOCATION;
		else if (otp_key_revoke(boot->otp, key->slot) != PSA_SUCCESS)
			refusal = REFUSAL_OTP;
		else {
			key->revoked = true;
			boot_say(boot, LINE_REVOKED, i, verdict->key_index);
		}
	}
	return refusal;
}

/* A command is answered once: then it is erased, unless it or OTP could not be read or written and may be at the next start. */
static void run_command(struct boot *boot)
{
	struct image_verdict verdict;
	const struct medium *area = boot->commands;
	struct image_policy policy = trust_policy(&boot->trust, IMAGE_SECURE, area->size, 0);
	policy.is_command = true;
	policy.counter_checked = false;
	enum refusal refusal = image_judge(area, &policy, boot->crypto, &verdict);
	if (refusal == REFUSAL_EMPTY)
		return;
	if (refusal == REFUSAL_NONE)
		refusal = verdict.revokes != 0 ? revoke_asked(boot, &verdict, true) : REFUSAL_REVOCATION;
	if (refusal != REFUSAL_NONE) {
		verdict.refusal = refusal;
		boot_report_refusal(boot, IMAGE_COMMAND, &verdict);
	}
	if (refusal != REFUSAL_READ && refusal != REFUSAL_OTP)
		(void)medium_erase(area, 0, area->size);
}

/** The images in the active slots are confirmed: do what they, and a command, ask for. Writes nothing when nobody asks for more. */
void boot_revoke_keys(struct boot *boot)
{
	for (uint8_t i = 0; i < IMAGE_COUNT; i++)
		(void)revoke_asked(boot, &boot->running[i], false);
	if (boot->commands != NULL)
		run_command(boot);
}
