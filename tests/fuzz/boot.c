/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BL2 under libFuzzer: any journal and any trailers, over slots that hold good images, in each upgrade mode (the last byte chooses). Either both images that start were verified
 * in this boot, or nothing starts and the console says why; whatever starts again next time.
 */
#include "journal_units.h"
#include "rig.h"
#include <stdio.h>
#include <stdlib.h>

enum { TRAILER_BYTES = 160 };

/* Names the place: a corpus is read by people, too. */
#define check(holds) ((holds) ? (void)0 : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #holds), abort()))

/* A harness of its own: rig.c reports through test_fail(). */
_Noreturn void test_fail(const char *file, int line, const char *condition, const char *format, ...);
_Noreturn void test_fail(const char *file, int line, const char *condition, const char *format, ...)
{
	fprintf(stderr, "%s:%d: %s (%s)\n", file, line, condition, format);
	abort();
}

enum { PRODUCTS = 4 };
static const struct rig_product products[PRODUCTS] = {
	{ &boot_mode_swap, RIG_UNIT, &boot_fallback_yes },
	{ &boot_mode_swap, 2 * RIG_UNIT, &boot_fallback_yes },
	{ &boot_mode_overwrite, RIG_UNIT, &boot_fallback_yes },
	{ &boot_mode_xip, RIG_UNIT, &boot_fallback_yes },
};

/* A device of this product, new, and one to play with. */
static struct rig *new_device(unsigned product)
{
	static struct rig templates[PRODUCTS], rigs[PRODUCTS];
	struct rig *template = &templates[product];
	if (template->otp.cells == NULL) {
		rig_init_product(&rigs[product], OTP_LIFECYCLE_SECURED, &products[product]);
		rig_init_product(template, OTP_LIFECYCLE_SECURED, &products[product]);
		for (uint8_t image = 0; image < IMAGE_COUNT; image++) {
			rig_flash(template, false, &(struct rig_image) { .image = image, .major = 1, .counter = 1 });
			rig_flash(template, true, &(struct rig_image) { .image = image, .major = 2, .counter = 2 });
		}
	}
	rig_copy(&rigs[product], template);
	return &rigs[product];
}

static void check_boot(struct rig *rig)
{
	if (rig_boot(rig) == BOOT_START) {
		for (unsigned i = 0; i < IMAGE_COUNT; i++) {
			check(rig->boot.running[i].refusal == REFUSAL_NONE && rig->boot.running[i].signature_matches);
			check(rig->version[i] == 1 || rig->version[i] == 2);
			check(rig_counter(rig, (uint8_t)i) <= rig->version[i]);
		}
		return;
	}
	check(rig_said(rig, "HALT (114)"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rig *rig = new_device(size > 0 ? data[size - 1] % PRODUCTS : 0);
	size_t used = journal_from_input(rig->journal.cells, 2 * RIG_JOURNAL_HALF, data, size);
	struct sim_flash *slots[] = { &rig->primary[0],   &rig->primary[1], &rig->secondary[0],
				      &rig->secondary[1], &rig->journal,    &rig->otp };
	for (unsigned i = 0; i < 6; i++)
		slots[i]->strict = false;
	for (unsigned i = 0; i < 4 && size - used >= TRAILER_BYTES; i++, used += TRAILER_BYTES)
		memcpy(slots[i]->cells + RIG_SLOT - TRAILER_BYTES, data + used, TRAILER_BYTES);
	for (unsigned i = 0; i < 3; i++)
		check_boot(rig);
	return 0;
}
