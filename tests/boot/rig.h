/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device for the tests of BL2: simulated slots, journal and OTP behind one power supply, images made on the spot, and the little
 * that an application and the update service do (ask, confirm, reboot).
 *
 * Cryptography is a stand-in that keeps the shape (a hash over the same bytes, a signature that only the key's owner can make) and
 * costs little; tests/boot/test_real_crypto.c runs the same images with the real one.
 */
#ifndef TESTS_BOOT_RIG_H
#define TESTS_BOOT_RIG_H

#include <merlon/boot/boot.h>
#include <merlon/sim/flash.h>

enum {
	RIG_UNIT = 512,
	RIG_SLOT = 8 * RIG_UNIT, /* seven units for an image, one for the trailer */
	RIG_JOURNAL_HALF = 512,
	RIG_HEADER = 64,
	RIG_RUN_SECURE = 0x10000,
	RIG_RUN_NONSECURE = 0x20000,
	RIG_OTHER_SLOT = 0x40000, /* direct-XIP: how far the secondary's address is from the primary's */
	RIG_CONSOLE_SIZE = 16384,
};

/** What to make an image of. Zero means nothing special. */
struct rig_image {
	uint8_t image, major; /* version major.0.0 */
	uint32_t counter;
	uint16_t payload_size; /* 0: one that gives three units */
	uint8_t key;           /* index into rig_keys; RIG_KEY_STRANGER signs with a key that is not in OTP */
	bool spoil_payload, spoil_signature, no_counter, boot_record, wrong_address;
	uint8_t revokes;    /* mask over keys: whom its TLVs ask to revoke */
	bool is_command;    /* marked non-bootable */
	uint8_t needs;      /* depends on the other image at `needs`.0.0 */
	bool for_secondary; /* direct-XIP: linked for the secondary slot; rig_flash() sets it */
};

/** In the order of OTP: the older first. */
enum { RIG_KEY_BOTH, RIG_KEY_SECURE, RIG_KEY_DEVELOPMENT, RIG_KEY_NEWER, RIG_KEY_STRANGER, RIG_KEY_COUNT };

/** What a product chooses. */
struct rig_product {
	const struct boot_mode *mode;
	uint32_t secondary_unit; /* bytes of a sector of the secondary slots; those of the primaries have RIG_UNIT */
	const struct boot_fallback *fallback;
};
extern const struct rig_product rig_swap, rig_swap_external, rig_overwrite, rig_xip;

struct rig {
	const struct rig_product *product;
	struct sim_power power;
	struct sim_flash primary[IMAGE_COUNT], secondary[IMAGE_COUNT], journal, otp, commands;
	uint8_t run_memory[RIG_SLOT]; /* RAM that image 1 is copied to */
	struct image_crypto crypto;
	const struct image_crypto *other_crypto; /* NULL: the stand-in */
	struct boot boot;
	uint8_t handover[HANDOVER_SIZE];
	uint16_t handover_limit; /* what BL2 is told of it; 0: all */
	struct console console;
	struct watchdog watchdog;
	char said[RIG_CONSOLE_SIZE]; /* since the last boot began */
	size_t said_size;
	uint32_t hash_state, feeds;
	enum reset_cause reset_cause; /* of the next boot */
	bool run_is_faulty;           /* one bit of what is copied to RAM does not take */
	/* Seen at the last start. */
	uint8_t version[IMAGE_COUNT];
};

/** A blank, provisioned device: all keys but the STRANGER in OTP. Free with rig_deinit(). */
void rig_init(struct rig *rig, enum otp_lifecycle lifecycle); /* of rig_swap */
void rig_init_product(struct rig *rig, enum otp_lifecycle lifecycle, const struct rig_product *product);
void rig_deinit(struct rig *rig);

/** Make `to` the same device as `from`, switched off. Both were initialised. */
void rig_copy(struct rig *to, const struct rig *from);

/** The simulated slot that image `image` runs from, or the other one. */
struct sim_flash *rig_slot(struct rig *rig, uint8_t image, bool other);
/** Put an image into the slot that runs, or into the other one. */
void rig_flash(struct rig *rig, bool other, const struct rig_image *image);
/** Pad the other slot: its trailer asks for an update. */
void rig_pad(struct rig *rig, uint8_t image, bool permanent);
/** The image as bytes, `*size` of them. Static memory, overwritten by the next call. */
const uint8_t *rig_image_build(const struct rig_image *image, uint32_t *size);

/** Put a command where BL2 looks for one. */
void rig_command(struct rig *rig, const struct rig_image *command);
/** Is the key at this index revoked, as OTP says now? */
bool rig_is_revoked(struct rig *rig, uint8_t key);

/** Switch on. Afterwards rig->version holds what runs, read from where it runs. */
enum boot_outcome rig_boot(struct rig *rig);

/** The memories of the device, one by one; NULL behind the last. */
struct sim_flash *rig_memory(struct rig *rig, unsigned i);

/** What the update service does. Each opens the journal anew. */
psa_status_t rig_request(struct rig *rig, uint8_t images, bool permanent, uint8_t attempts);
psa_status_t rig_confirm(struct rig *rig);
struct journal_state rig_state(struct rig *rig);

uint32_t rig_counter(struct rig *rig, uint8_t image);
/** True when the console has this text since the last boot began. */
bool rig_said(const struct rig *rig, const char *text);

#endif
