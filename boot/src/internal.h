/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of BL2 share with each other. Each function is described where it is defined. */
#ifndef MERLON_BOOT_INTERNAL_H
#define MERLON_BOOT_INTERNAL_H

#include <merlon/boot/boot.h>
#include <merlon/boot/rules.h>

/*
 * The lines of BL2's console: X(number, CODE, "text"). Numbers and codes are stable: append, never renumber. Printed as
 * "BL2: CODE (number): text". In a text: %a and %b numbers, %v and %w versions, %c the refusal code %b in words, %r its reason.
 */
#define BOOT_LINES(X)                                                                                                              \
	X(100, RESET, "Merlon BL2; reset cause %a")                                                                                \
	X(101, REQUEST, "a trailer asks for an update of images (mask) %a")                                                        \
	X(102, ACCEPTED, "image %a: update %v in place of %w is accepted")                                                         \
	X(103, REFUSED_SET, "the whole update is refused because of image %a")                                                     \
	X(104, UNMET, "image %a must be %v or newer; in this set it is %w")                                                        \
	X(105, SWAP, "moving image %a, %b sectors")                                                                                \
	X(106, RESUME, "power was cut while image %a moved; going on after half step %b")                                          \
	X(107, TRIAL, "the set is on trial, attempt %a of %b")                                                                     \
	X(108, REVERT, "back to the old set because of image %a: %c (%b): %r")                                                     \
	X(109, REVERTED, "the old set is back")                                                                                    \
	X(110, CONFIRMED, "a permanent set is verified in place and confirmed")                                                    \
	X(111, COUNTER, "the security counter of image %a rises to %b")                                                            \
	X(112, COUNTER_FAILED, "the security counter of image %a cannot rise to %b")                                               \
	X(113, START, "starting image 0 %v and image 1 %w")                                                                        \
	X(114, HALT, "nothing may run; status %a")                                                                                 \
	X(116, NO_WAY_BACK, "the old set is overwritten now; this product has no way back")                                        \
	X(117, FALLBACK, "image %a is damaged; what the last update replaced comes back")                                          \
	X(118, REVOKED, "key %a is revoked, by the holder of key %b")

#define BOOT_LINE_INDEX(number, code, text) LINE_##code,
enum boot_line { BOOT_LINES(BOOT_LINE_INDEX) BOOT_LINE_COUNT };
#undef BOOT_LINE_INDEX

/* report.c */
void boot_say(const struct boot *boot, enum boot_line line, uint32_t a, uint32_t b);
void boot_say_versions(const struct boot *boot, enum boot_line line, uint32_t a, const struct image_version *v,
		       const struct image_version *w);
void boot_report_refusal(struct boot *boot, uint8_t image, const struct image_verdict *verdict);
void boot_report_revert(struct boot *boot, uint8_t image, enum refusal why);

/* judge.c */
void boot_read_requests(struct boot *boot);
psa_status_t boot_judge_candidates(struct boot *boot);
psa_status_t boot_judge_primaries(struct boot *boot);
psa_status_t boot_judge_set(struct boot *boot, uint8_t images, bool fallback);
const struct medium *boot_running_medium(const struct boot *boot, uint8_t image);

/* mirror.c */
psa_status_t boot_mirror_trial(struct boot *boot);
psa_status_t boot_mirror_confirmed(struct boot *boot, uint8_t images);
psa_status_t boot_mirror_reverted(struct boot *boot);
psa_status_t boot_clear_requests(struct boot *boot);

/* move.c */
struct boot_place {
	const struct medium *medium;
	uint32_t offset;
};
psa_status_t boot_begin_move(struct boot *boot);
psa_status_t boot_copy(struct boot *boot, struct boot_place from, struct boot_place to, uint32_t unit);
psa_status_t boot_move(struct boot *boot, psa_status_t (*step)(struct boot *boot, uint8_t image, bool back), bool back);

/* revoke.c */
void boot_revoke_keys(struct boot *boot);

/* counter.c */
psa_status_t boot_raise_counters(struct boot *boot);

/* measure.c */
psa_status_t boot_hand_over(struct boot *boot);

/* Small helpers. */
static inline bool boot_in_set(uint8_t images, uint8_t image)
{
	return (images >> image & 1) != 0;
}
/* The slot that an image runs from or is copied from, and the other one. They change places in direct-XIP only. */
static inline unsigned boot_active(const struct boot *boot, uint8_t image)
{
	return boot_in_set(boot->journal.state.active, image);
}
static inline const struct medium *boot_slot_medium(const struct boot *boot, uint8_t image, unsigned secondary)
{
	return secondary != 0 ? boot->slots[image].secondary : boot->slots[image].primary;
}
static inline const struct medium *boot_active_slot(const struct boot *boot, uint8_t image)
{
	return boot_slot_medium(boot, image, boot_active(boot, image));
}
static inline const struct medium *boot_other_slot(const struct boot *boot, uint8_t image)
{
	return boot_slot_medium(boot, image, !boot_active(boot, image));
}
static inline uint32_t boot_swap_unit(const struct boot *boot, uint8_t image)
{
	const struct boot_slot *slot = &boot->slots[image];
	return slot->primary->erase_size > slot->secondary->erase_size ? slot->primary->erase_size : slot->secondary->erase_size;
}

#endif
