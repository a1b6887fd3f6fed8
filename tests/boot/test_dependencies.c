/* SPDX-License-Identifier: Apache-2.0 */
/* The table of dependencies, complete: every set, every need of every image that may run, judged on what will run. */
#include "rig.h"
#include <merlon/test.h>
#include <stdio.h>

enum { OLD = 1, NEW = 2, NEEDS = 4 }; /* an image needs nothing, or the other one at version 1, 2 or 3 */

static struct rig rig;

/* One case: which images are updated, and what each running and each candidate image needs of the other. */
struct table_case {
	uint8_t images, running[IMAGE_COUNT], candidate[IMAGE_COUNT];
};

static uint8_t version_in_set(const struct table_case *one, uint8_t image)
{
	return (one->images >> image & 1) != 0 ? NEW : OLD;
}

static uint8_t need_in_set(const struct table_case *one, uint8_t image)
{
	return (one->images >> image & 1) != 0 ? one->candidate[image] : one->running[image];
}

/* The image whose need is not met, or IMAGE_COUNT. */
static uint8_t first_unmet(const struct table_case *one)
{
	uint8_t image = 0;
	while (image < IMAGE_COUNT && need_in_set(one, image) <= version_in_set(one, !image))
		image++;
	return image;
}

static void check_case(const struct table_case *one)
{
	char line[96];
	rig_init(&rig, OTP_LIFECYCLE_SECURED);
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		struct rig_image spec = { .image = i, .major = OLD, .counter = 1, .payload_size = 200, .needs = one->running[i] };
		rig_flash(&rig, false, &spec);
		spec = (struct rig_image) {
			.image = i, .major = NEW, .counter = 1, .payload_size = 200, .needs = one->candidate[i]
		};
		rig_flash(&rig, true, &spec);
	}
	CHECK(rig_request(&rig, one->images, false, 1) == PSA_SUCCESS);
	uint8_t unmet = first_unmet(one);
	CHECK_THAT(rig_boot(&rig) == BOOT_START, "%s", rig.said);
	for (uint8_t i = 0; i < IMAGE_COUNT; i++) {
		uint8_t wanted = unmet == IMAGE_COUNT ? version_in_set(one, i) : OLD;
		CHECK_THAT(rig.version[i] == wanted, "image %u is %u: %s", i, rig.version[i], rig.said);
	}
	if (unmet < IMAGE_COUNT) {
		snprintf(line, sizeof line, "UNMET (104): image %u must be %u.0.0+0 or newer; in this set it is %u.0.0+0", !unmet,
			 need_in_set(one, unmet), version_in_set(one, !unmet));
		CHECK_THAT(rig_said(&rig, line), "want '%s' in:\n%s", line, rig.said);
		CHECK(rig_state(&rig).refused && rig_state(&rig).refused_image == unmet);
	}
	rig_deinit(&rig);
}

/* What runs must be consistent, or it would not run: of the needs of running images only 0 and 1 occur. */
TEST(the_table_is_complete, CLAIM("boot.dependency"), PROPERTY)
{
	unsigned cases = 0;
	for (uint8_t images = 1; images < 1 << IMAGE_COUNT; images++)
		for (uint8_t running = 0; running < 4; running++)
			for (uint8_t candidate = 0; candidate < NEEDS * NEEDS; candidate++, cases++)
				check_case(&(struct table_case) {
					images, { running & 1, running >> 1 }, { candidate % NEEDS, candidate / NEEDS } });
	CHECK_EQ(cases, 3 * 4 * 16);
}
