/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"
#include <merlon/ota/catalogue.h>
#include <string.h>

enum { CATALOGUE_FORMAT = 1, VERSION_TEXT_MAX = 24 };

#define MEMBERS(table) table, sizeof table / sizeof table[0]

/* Take "12" of "12.34"; no leading zero. */
static bool take_number(const char **text, uint32_t maximum, uint32_t *value)
{
	struct json number = { .next = *text, .end = *text + strlen(*text) };
	if (**text < '0' || **text > '9')
		return false;
	*value = json_read_number(&number);
	*text = number.next;
	return !number.failed && *value <= maximum;
}

static bool take_char(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

/* "major.minor.patch" with an optional "+build". */
static void read_version(struct json *json, psa_fwu_image_version_t *version)
{
	char buffer[VERSION_TEXT_MAX + 1];
	const char *text = buffer;
	uint32_t major = 0, minor = 0, patch = 0, build = 0;
	json_read_string(json, buffer, sizeof buffer);
	bool good = take_number(&text, UINT8_MAX, &major) && take_char(&text, '.') && take_number(&text, UINT8_MAX, &minor) &&
		    take_char(&text, '.') && take_number(&text, UINT16_MAX, &patch);
	if (good && take_char(&text, '+'))
		good = take_number(&text, UINT32_MAX, &build);
	if (!good || *text != '\0')
		json_fail(json);
	*version = (psa_fwu_image_version_t) { (uint8_t)major, (uint8_t)minor, (uint16_t)patch, build };
}

static void read_component(struct json *json, void *target)
{
	struct catalogue_image *image = target;
	uint32_t component = json_read_number(json);
	if (component >= MERLON_FWU_COMPONENT_COUNT)
		json_fail(json);
	image->component = (psa_fwu_component_t)component;
}

static void read_image_version(struct json *json, void *target)
{
	struct catalogue_image *image = target;
	read_version(json, &image->version);
}

static bool is_path_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~+/", c) != NULL;
}

static void read_path(struct json *json, void *target)
{
	struct catalogue_image *image = target;
	json_read_string(json, image->path, sizeof image->path);
	bool good = image->path[0] == '/' && strstr(image->path, "..") == NULL && strstr(image->path, "//") == NULL;
	for (const char *c = image->path; *c != '\0'; c++)
		good = good && is_path_char(*c);
	if (!good)
		json_fail(json);
}

static void read_size(struct json *json, void *target)
{
	struct catalogue_image *image = target;
	image->size = json_read_number(json);
	if (image->size == 0)
		json_fail(json);
}

static uint8_t hex_value(struct json *json, char c)
{
	if (c >= '0' && c <= '9')
		return (uint8_t)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (uint8_t)(c - 'a' + 10);
	json_fail(json);
	return 0;
}

static void read_sha256(struct json *json, void *target)
{
	struct catalogue_image *image = target;
	char text[2 * CATALOGUE_DIGEST_SIZE + 1];
	json_read_string(json, text, sizeof text);
	if (strlen(text) != sizeof text - 1) {
		json_fail(json);
		return;
	}
	for (size_t i = 0; i < CATALOGUE_DIGEST_SIZE; i++)
		image->sha256[i] = (uint8_t)(hex_value(json, text[2 * i]) << 4 | hex_value(json, text[2 * i + 1]));
}

static void read_format(struct json *json, void *target)
{
	(void)target;
	if (json_read_number(json) != CATALOGUE_FORMAT)
		json_fail(json);
}

static void read_set_version(struct json *json, void *target)
{
	struct catalogue *catalogue = target;
	read_version(json, &catalogue->version);
}

static void read_images(struct json *json, void *target)
{
	static const struct json_member members[] = {
		{ "component", read_component }, { "version", read_image_version }, { "path", read_path },
		{ "size", read_size },           { "sha256", read_sha256 },
	};
	struct catalogue *catalogue = target;
	catalogue->count = 0;
	json_expect(json, '[');
	do {
		if (catalogue->count == CATALOGUE_IMAGE_MAX) {
			json_fail(json);
			return;
		}
		struct catalogue_image *image = &catalogue->images[catalogue->count++];
		json_read_object(json, MEMBERS(members), image);
		if (catalogue->count > 1 && image->component <= image[-1].component)
			json_fail(json);
	} while (json_accept(json, ','));
	json_expect(json, ']');
}

psa_status_t catalogue_parse(const char *data, size_t size, struct catalogue *catalogue)
{
	static const struct json_member members[] = {
		{ "format", read_format },
		{ "version", read_set_version },
		{ "images", read_images },
	};
	struct json json = { .next = data, .end = data + size };
	memset(catalogue, 0, sizeof *catalogue);
	if (size > CATALOGUE_SIZE_MAX)
		return PSA_ERROR_DATA_INVALID;
	json_read_object(&json, MEMBERS(members), catalogue);
	return json_is_done(&json) ? PSA_SUCCESS : PSA_ERROR_DATA_INVALID;
}
