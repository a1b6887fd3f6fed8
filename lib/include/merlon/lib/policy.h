/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The image policy: what is accepted, judged by the same code in BL2, the update service and the host tools.
 *
 * Cryptography comes in as callbacks so that this code stands on nothing. Rules: docs/format/image.md, "What is accepted".
 */
#ifndef MERLON_LIB_POLICY_H
#define MERLON_LIB_POLICY_H

#include <merlon/lib/image.h>

enum {
	IMAGE_KEY_MAX = 4,
	IMAGE_KEY_DER_MAX = 120, /* SubjectPublicKeyInfo: P-256 91 bytes, P-384 120 bytes */
};

enum image_key_role { IMAGE_KEY_FOR_SECURE = 1, IMAGE_KEY_FOR_NONSECURE = 2, IMAGE_KEY_FOR_BOTH = 3 };
enum image_key_form { IMAGE_KEY_FORM_HASH = 1, IMAGE_KEY_FORM_FULL = 2, IMAGE_KEY_FORM_BOTH = 3 };

/** A trusted key as OTP holds it. */
struct image_key {
	uint8_t der[IMAGE_KEY_DER_MAX];  /* SubjectPublicKeyInfo */
	uint8_t hash[IMAGE_DIGEST_SIZE]; /* SHA-256 of der */
	uint8_t der_size;
	uint8_t role; /* enum image_key_role, a bit mask over images */
	bool development;
	bool revoked; /* signs nothing any more */
	uint8_t slot; /* in OTP; a key in a higher slot is newer */
};

/** Callbacks; `context` is passed through. A hash is 32 bytes of SHA-256. */
struct image_crypto {
	void *context;
	psa_status_t (*hash_begin)(void *context);
	psa_status_t (*hash_update)(void *context, const void *data, size_t size);
	psa_status_t (*hash_finish)(void *context, uint8_t digest[IMAGE_DIGEST_SIZE]);
	/** `signature` is the DER of the TLV. PSA_ERROR_INVALID_ARGUMENT: not exact DER; PSA_ERROR_INVALID_SIGNATURE: wrong. */
	psa_status_t (*verify)(void *context, const struct image_key *key, const uint8_t digest[IMAGE_DIGEST_SIZE],
			       const uint8_t *signature, size_t signature_size);
	void (*progress)(void *context); /* called at least every 1 KB hashed: feeds a watchdog; may be NULL */
};

struct image_policy {
	const struct image_key *keys;
	uint8_t key_count;
	uint8_t image;            /* 0 or 1: whose slot this is */
	uint8_t key_forms;        /* enum image_key_form */
	bool development_allowed; /* false once the device is secured */
	bool is_command;          /* a signed command is expected, which is marked non-bootable, and not an image */
	bool counter_checked;     /* then the image must carry a counter >= counter_minimum */
	uint32_t counter_minimum;
	uint32_t limit;       /* bytes of the slot that an image may occupy */
	bool address_checked; /* then an image with flag ROM_FIXED must be linked for `address` */
	uint32_t address;     /* where the image's header lies when the image runs */
};

/** What was found, filled as far as judging went; also for a refused image. */
struct image_verdict {
	enum refusal refusal;
	struct image_header header;           /* valid when refusal is not EMPTY, READ, MAGIC, HEADER, SIZE of the header */
	uint32_t image_size;                  /* header to end of TLVs, bytes */
	uint8_t digest[IMAGE_DIGEST_SIZE];    /* computed over header, payload and protected TLVs */
	bool hash_matches, signature_matches; /* reported apart */
	bool has_counter;
	uint32_t counter;
	uint8_t key_index;        /* of the key that signed; valid when signature_matches */
	uint8_t dependency_count; /* several on one image are folded into the highest */
	struct image_dependency dependencies[IMAGE_DEPENDENCY_MAX];
	uint8_t revokes; /* keys of the policy that the image asks to revoke: a mask over their indices. Asked, not judged */
	uint32_t boot_record_offset; /* of the BOOT_RECORD TLV's data in the slot, 0 when absent */
	uint16_t boot_record_size;
};

/**
 * Judge the image in `slot`. The payload hash is checked on its own, before and apart from the signature.
 *
 * @return verdict->refusal. REFUSAL_NONE only when every rule of the page held. Dependencies are collected, not judged.
 */
enum refusal image_judge(const struct medium *slot, const struct image_policy *policy, const struct image_crypto *crypto,
			 struct image_verdict *verdict);

/**
 * Judge the dependencies of a set: `running[i]` is the version of image i that will run after the set is installed.
 * @return REFUSAL_NONE or REFUSAL_DEPENDENCY; then *unmet is the first dependency that fails.
 */
enum refusal image_dependencies_judge(const struct image_verdict *verdict, const struct image_version running[IMAGE_COUNT],
				      struct image_dependency *unmet);

/**
 * Judge where an accepted image begins: its vectors follow the header, and their second word, the reset vector, must lie in it.
 *
 * @param address  Where the image's header lies when the image runs.
 * @return REFUSAL_NONE, REFUSAL_READ or REFUSAL_ADDRESS.
 */
enum refusal image_entry_judge(const struct medium *slot, uint32_t address, const struct image_verdict *verdict);

#endif
