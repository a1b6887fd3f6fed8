/* SPDX-License-Identifier: Apache-2.0 */
/* What BL2 says: lines on the console, and refusals for the Secure audit log. */
#include "internal.h"
#include <string.h>

#define LINE_TEXT(number, code, text) "BL2: " #code " (" #number "): " text "\n",

/* Log strings lie in a section of their own: they do not count as code. */
__attribute__((section(".rodata.log"))) static const char texts[][112] = { BOOT_LINES(LINE_TEXT) };
__attribute__((section(".rodata.log"))) static const char refused_text[] = "BL2: image %a refused: %c (%b): %r\n";

static void put_version(const struct boot *boot, const struct image_version *version)
{
	const uint32_t parts[] = { version->major, version->minor, version->revision, version->build };
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (i > 0)
			console_write(boot->console, &"..+"[i - 1], 1);
		console_write_decimal(boot->console, parts[i]);
	}
}

/* What goes into a line. */
struct fields {
	uint32_t a, b;
	const struct image_version *v, *w;
};

static void put_field(const struct boot *boot, char name, const struct fields *fields)
{
	switch (name) {
	case 'a':
	case 'b':
		console_write_decimal(boot->console, name == 'a' ? fields->a : fields->b);
		break;
	case 'v':
	case 'w':
		put_version(boot, name == 'v' ? fields->v : fields->w);
		break;
	case 'c':
		console_write_text(boot->console, refusal_name((enum refusal)fields->b));
		break;
	default:
		console_write_text(boot->console, refusal_reason((enum refusal)fields->b));
		break;
	}
}

static void put_line(const struct boot *boot, const char *text, const struct fields *fields)
{
	for (; *text != '\0'; text++)
		if (*text == '%')
			put_field(boot, *++text, fields);
		else
			console_write(boot->console, text, 1);
}

/** Print one line of the table, with the numbers that it names. */
void boot_say(const struct boot *boot, enum boot_line line, uint32_t a, uint32_t b)
{
	put_line(boot, texts[line], &(struct fields) { .a = a, .b = b });
}

void boot_say_versions(const struct boot *boot, enum boot_line line, uint32_t a, const struct image_version *v,
		       const struct image_version *w)
{
	put_line(boot, texts[line], &(struct fields) { .a = a, .v = v, .w = w });
}

static void record(struct boot *boot, uint8_t image, enum refusal why, const struct image_verdict *verdict)
{
	if (boot->refusal_count >= HANDOVER_REFUSAL_MAX)
		return; /* the first ones are the causes */
	struct handover_refusal refusal = { .code = (uint8_t)why, .image = image, .version = verdict->header.version };
	memcpy(refusal.digest, verdict->digest, sizeof refusal.digest);
	handover_add_refusal(&boot->shared, boot->refusal_count++, &refusal);
}

/** An image, or with it a set, is refused: say so, and keep it for the shared data. */
void boot_report_refusal(struct boot *boot, uint8_t image, const struct image_verdict *verdict)
{
	put_line(boot, refused_text, &(struct fields) { .a = image, .b = verdict->refusal });
	record(boot, image, verdict->refusal, verdict);
}

/** A set that was on trial is on its way back. What it was is read from the other slot, where its images lie again. */
void boot_report_revert(struct boot *boot, uint8_t image, enum refusal why)
{
	struct image_verdict verdict = { .refusal = REFUSAL_NONE };
	struct image_policy policy = trust_policy(&boot->trust, image, boot_image_limit(boot, image), 0);
	(void)image_judge(boot_other_slot(boot, image), &policy, boot->crypto, &verdict); /* for version and digest only */
	record(boot, image, why, &verdict);
	boot_say(boot, LINE_REVERTED, 0, 0);
}
