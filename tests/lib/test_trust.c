/* SPDX-License-Identifier: Apache-2.0 */
/* Who may revoke whom, against a model that is written the other way round: over every set of up to three keys, and samples of four. */
#include <merlon/lib/trust.h>
#include <merlon/test.h>

enum { KINDS = 3 * 2 * 2 }; /* role, development, revoked */

static struct image_key key_of(unsigned kind, uint8_t slot)
{
	return (struct image_key) { .role = (uint8_t)(kind % 3 + 1),
				    .development = kind / 3 % 2 != 0,
				    .revoked = kind / 6 % 2 != 0,
				    .slot = slot,
				    .der_size = 91 };
}

/* May this image still be installed by somebody when the keys of `gone` sign nothing any more? */
static bool can_be_installed(const struct trust *trust, unsigned gone, unsigned image)
{
	unsigned signers = 0;
	for (unsigned i = 0; i < trust->key_count; i++)
		if ((gone >> i & 1) == 0 && (trust->development_allowed || !trust->keys[i].development))
			signers |= trust->keys[i].role;
	return (signers >> image & 1) != 0;
}

static bool model(const struct trust *trust, unsigned signer, unsigned index, unsigned in_use)
{
	unsigned gone = 1u << index;
	for (unsigned i = 0; i < trust->key_count; i++)
		gone |= (unsigned)trust->keys[i].revoked << i;
	if (signer <= index || trust->keys[signer].revoked || (in_use & 1u << index) != 0)
		return false;
	if ((trust->keys[signer].role | trust->keys[index].role) != trust->keys[signer].role)
		return false;
	return can_be_installed(trust, gone, IMAGE_SECURE) && can_be_installed(trust, gone, IMAGE_NONSECURE);
}

static unsigned check_all(const struct trust *trust)
{
	unsigned granted = 0;
	for (uint8_t signer = 0; signer < trust->key_count; signer++)
		for (uint8_t index = 0; index < trust->key_count; index++)
			for (uint8_t in_use = 0; in_use < 1u << trust->key_count; in_use++) {
				bool may = trust_may_revoke(trust, signer, index, in_use);
				CHECK_THAT(may == model(trust, signer, index, in_use), "%u keys, %u by %u, in use %u: %d",
					   trust->key_count, index, signer, in_use, may);
				granted += may;
			}
	return granted;
}

TEST(who_may_revoke_whom, CLAIM("key.revoke.usable"), PROPERTY)
{
	unsigned granted = 0;
	for (unsigned allowed = 0; allowed < 2; allowed++)
		for (unsigned kinds = 0; kinds < KINDS * KINDS * KINDS; kinds++) {
			struct trust trust = { .key_count = 3, .development_allowed = allowed != 0 };
			for (uint8_t i = 0; i < trust.key_count; i++) {
				static const unsigned power[] = { 1, KINDS, KINDS * KINDS };
				trust.keys[i] = key_of(kinds / power[i] % KINDS, i);
			}
			granted += check_all(&trust);
			trust.key_count = 2;
			granted += check_all(&trust);
		}
	CHECK(granted > 0);
}

TEST(a_key_that_is_not_there_neither_revokes_nor_is_revoked, CLAIM("key.revoke.authority"), MALFORMED)
{
	struct trust trust = { .key_count = 2 };
	for (uint8_t i = 0; i < IMAGE_KEY_MAX; i++)
		trust.keys[i] = key_of(2, i);
	CHECK(trust_may_revoke(&trust, 1, 0, 0));
	CHECK(!trust_may_revoke(&trust, 3, 0, 0));
	CHECK(!trust_may_revoke(&trust, 3, 2, 0));
}
