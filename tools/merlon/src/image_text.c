/* SPDX-License-Identifier: Apache-2.0 */
#include "image_text.h"
#include "file.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Decimal digits without leading zeros, at most `maximum`. */
static bool part_decode(const char **text, uint32_t maximum, uint32_t *value)
{
	char digits[11];
	uint64_t number;
	size_t count = strspn(*text, "0123456789");
	if (count == 0 || count >= sizeof digits || (count > 1 && **text == '0'))
		return false;
	memcpy(digits, *text, count);
	digits[count] = '\0';
	if (!number_decode(digits, maximum, &number))
		return false;
	*value = (uint32_t)number;
	*text += count;
	return true;
}

static bool version_part(const char **text, struct image_version *version)
{
	enum { PARTS = 4 };
	static const char separators[PARTS] = { '\0', '.', '.', '+' };
	static const uint32_t maxima[PARTS] = { UINT8_MAX, UINT8_MAX, UINT16_MAX, UINT32_MAX };
	uint32_t parts[PARTS] = { 0 };
	for (unsigned i = 0; i < PARTS; i++) {
		if (i > 0 && **text != separators[i])
			break;
		*text += i > 0;
		if (!part_decode(text, maxima[i], &parts[i]))
			return false;
	}
	*version = (struct image_version) { (uint8_t)parts[0], (uint8_t)parts[1], (uint16_t)parts[2], parts[3] };
	return true;
}

bool version_decode(const char *text, struct image_version *version)
{
	return version_part(&text, version) && *text == '\0';
}

void version_print(const struct image_version *version, char text[VERSION_TEXT_SIZE])
{
	snprintf(text, VERSION_TEXT_SIZE, "%u.%u.%u+%u", version->major, version->minor, version->revision,
		 (unsigned)version->build);
}

static void skip_blanks(const char **text)
{
	while (isspace((unsigned char)**text))
		++*text;
}

static bool skip(const char **text, char c)
{
	skip_blanks(text);
	if (**text != c)
		return false;
	++*text;
	skip_blanks(text);
	return true;
}

bool dependency_decode(const char **text, struct image_dependency *dependency)
{
	uint32_t image;
	skip_blanks(text);
	bool in_parentheses = skip(text, '(');
	if (!part_decode(text, UINT8_MAX, &image) || !skip(text, ',') || !version_part(text, &dependency->minimum))
		return false;
	dependency->image = (uint8_t)image;
	if (in_parentheses && !skip(text, ')'))
		return false;
	skip_blanks(text);
	if (**text == '\0')
		return true;
	return in_parentheses && skip(text, ',') && **text != '\0';
}

const char *tlv_name(uint16_t type)
{
	static const struct {
		uint16_t type;
		const char *name;
	} names[] = {
		{ 0x01, "KEYHASH" },    { 0x02, "PUBKEY" },           { 0x10, "SHA256" },        { 0x11, "SHA384" },
		{ 0x12, "SHA512" },     { 0x20, "RSA2048" },          { 0x21, "ECDSA224" },      { 0x22, "ECDSA_SIG" },
		{ 0x23, "RSA3072" },    { 0x24, "ED25519" },          { 0x25, "SIG_PURE" },      { 0x30, "ENC_RSA2048" },
		{ 0x31, "ENC_KW" },     { 0x32, "ENC_EC256" },        { 0x33, "ENC_X25519" },    { 0x34, "ENC_X25519_SHA512" },
		{ 0x40, "DEPENDENCY" }, { 0x50, "SEC_CNT" },          { 0x60, "BOOT_RECORD" },   { 0x70, "DECOMP_SIZE" },
		{ 0x71, "DECOMP_SHA" }, { 0x72, "DECOMP_SIGNATURE" }, { 0x73, "COMP_DEC_SIZE" }, { 0x74, "UUID_VID" },
		{ 0x75, "UUID_CID" },   { 0x4da0, "KEY_REVOKE" },
	};
	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].type == type)
			return names[i].name;
	return (type & 0xff) >= 0xa0 ? "vendor" : "unknown";
}

const char *trailer_magic_name(enum trailer_magic magic)
{
	static const char *const names[] = {
		[TRAILER_MAGIC_UNSET] = "unset",
		[TRAILER_MAGIC_GOOD] = "good",
		[TRAILER_MAGIC_BAD] = "bad",
	};
	return names[magic];
}

const char *trailer_flag_name(enum trailer_flag flag)
{
	static const char *const names[] = {
		[TRAILER_FLAG_UNSET] = "unset",
		[TRAILER_FLAG_SET] = "set",
		[TRAILER_FLAG_BAD] = "bad",
	};
	return names[flag];
}

static psa_status_t slot_read(const struct medium *medium, uint32_t offset, void *data, size_t size)
{
	const struct file_slot *slot = (const struct file_slot *)(const void *)medium;
	size_t there = offset >= slot->size ? 0 : slot->size - offset;
	if (there > size)
		there = size;
	if (there > 0)
		memcpy(data, slot->data + offset, there);
	memset((uint8_t *)data + there, 0xff, size - there);
	return PSA_SUCCESS;
}

void file_slot_init(struct file_slot *slot, const uint8_t *data, size_t size, uint32_t slot_size)
{
	static const struct medium_ops ops = { .read = slot_read };
	*slot = (struct file_slot) { .medium = { .ops = &ops, .size = slot_size }, .data = data, .size = size };
}
