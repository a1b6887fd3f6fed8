/* SPDX-License-Identifier: Apache-2.0 */
/* merlon image info: what a file says of itself. Nothing is judged. */
#include "commands.h"
#include "file.h"
#include "image_text.h"
#include "json.h"
#include <getopt.h>
#include <inttypes.h>
#include <merlon/lib/le.h>
#include <merlon/lib/refusal.h>
#include <stdio.h>
#include <string.h>

struct info {
	struct file_slot slot;
	struct image_header header;
	struct image_tlv_iterator tlvs;
	struct trailer trailer;
	struct trailer_swap swap;
	bool has_trailer;
};

static const char *const swap_names[] = { "none", "none", "test", "permanent", "revert" };

static const struct {
	uint32_t bit;
	const char *name;
} flag_bits[] = {
	{ IMAGE_FLAG_ENCRYPTED_AES128, "encrypted-aes128" },
	{ IMAGE_FLAG_ENCRYPTED_AES256, "encrypted-aes256" },
	{ IMAGE_FLAG_NON_BOOTABLE, "non-bootable" },
	{ IMAGE_FLAG_RAM_LOAD, "ram-load" },
	{ IMAGE_FLAG_ROM_FIXED, "rom-fixed" },
	{ IMAGE_FLAG_LZMA1, "lzma1" },
	{ IMAGE_FLAG_LZMA2, "lzma2" },
	{ IMAGE_FLAG_ARM_THUMB_FILTER, "arm-thumb-filter" },
};
enum { FLAG_BITS = sizeof flag_bits / sizeof flag_bits[0] };

static bool load(struct info *info, const struct buffer *file, struct error *error)
{
	file_slot_init(&info->slot, file->data, file->size, (uint32_t)file->size);
	const struct medium *slot = &info->slot.medium;
	enum refusal refusal = image_header_read(slot, slot->size, &info->header);
	if (refusal == REFUSAL_NONE)
		refusal = image_tlv_begin(&info->tlvs, slot, slot->size, &info->header);
	if (refusal != REFUSAL_NONE)
		return error_set(error, "no whole image: %s: %s", refusal_name(refusal), refusal_reason(refusal));
	info->has_trailer = slot->size > image_tlv_end(&info->tlvs) &&
			    trailer_read(slot, slot->size, &info->trailer) == PSA_SUCCESS &&
			    info->trailer.magic != TRAILER_MAGIC_UNSET &&
			    trailer_swap_read(slot, slot->size, info->trailer.align, &info->swap) == PSA_SUCCESS;
	return true;
}

static void print_value(const uint8_t *data, const struct image_tlv_entry *entry)
{
	char version[VERSION_TEXT_SIZE];
	struct image_version minimum;
	if (entry->type == IMAGE_TLV_SEC_CNT && entry->size == sizeof(uint32_t)) {
		printf("%" PRIu32 "\n", le32_load(data));
	} else if (entry->type == IMAGE_TLV_DEPENDENCY && entry->size == IMAGE_DEPENDENCY_SIZE) {
		image_version_decode(data + IMAGE_DEPENDENCY_SIZE - IMAGE_VERSION_SIZE, &minimum);
		version_print(&minimum, version);
		printf("image %u in version %s or later\n", data[0], version);
	} else {
		for (unsigned i = 0; i < entry->size; i++)
			printf("%02x", data[i]);
		printf("\n");
	}
}

static void print_text(struct info *info)
{
	const struct image_header *header = &info->header;
	struct image_tlv_entry entry;
	enum refusal refusal;
	char version[VERSION_TEXT_SIZE];
	version_print(&header->version, version);
	printf("version      %s\nheader size  0x%x\npayload      %" PRIu32 " bytes\nimage        %" PRIu32 " bytes\n", version,
	       header->header_size, header->payload_size, image_tlv_end(&info->tlvs));
	printf("flags        0x%" PRIx32, header->flags);
	for (unsigned i = 0; i < FLAG_BITS; i++)
		if (header->flags & flag_bits[i].bit)
			printf(" %s", flag_bits[i].name);
	printf("\naddress      0x%08" PRIx32 "\n", header->load_address);
	while (image_tlv_next(&info->tlvs, &entry, &refusal)) {
		printf("%-11s  0x%04x %-12s ", entry.is_protected ? "protected" : "unprotected", entry.type, tlv_name(entry.type));
		print_value(info->slot.data + entry.offset, &entry);
	}
	if (info->has_trailer)
		printf("trailer      magic %s, align %u, image_ok %s, copy_done %s, swap type %s\n",
		       trailer_magic_name(info->trailer.magic), info->trailer.align, trailer_flag_name(info->trailer.image_ok),
		       trailer_flag_name(info->trailer.copy_done), swap_names[info->swap.type]);
	else
		printf("trailer      none\n");
}

static void print_json_trailer(const struct trailer *trailer, const struct trailer_swap *swap)
{
	json_begin("trailer");
	json_string("magic", trailer_magic_name(trailer->magic));
	json_number("align", trailer->align);
	json_string("image_ok", trailer_flag_name(trailer->image_ok));
	json_string("copy_done", trailer_flag_name(trailer->copy_done));
	json_string("swap_type", swap_names[swap->type]);
	json_number("swap_image", swap->image);
	if (swap->has_size)
		json_number("swap_size", swap->size);
	json_end();
}

static void print_json(struct info *info)
{
	const struct image_header *header = &info->header;
	struct image_tlv_entry entry;
	enum refusal refusal;
	char version[VERSION_TEXT_SIZE];
	version_print(&header->version, version);
	json_begin(NULL);
	json_string("version", version);
	json_number("header_size", header->header_size);
	json_number("payload_size", header->payload_size);
	json_number("image_size", image_tlv_end(&info->tlvs));
	json_number("protected_size", header->protected_size);
	json_number("flags", header->flags);
	json_number("load_address", header->load_address);
	json_array_begin("tlvs");
	while (image_tlv_next(&info->tlvs, &entry, &refusal)) {
		json_begin(NULL);
		json_number("type", entry.type);
		json_string("name", tlv_name(entry.type));
		json_bool("protected", entry.is_protected);
		json_number("offset", entry.offset);
		json_hex("value", info->slot.data + entry.offset, entry.size);
		json_end();
	}
	json_array_end();
	if (info->has_trailer)
		print_json_trailer(&info->trailer, &info->swap);
	json_end();
}

static int run(int argc, char **argv)
{
	static const struct option options[] = { { "json", no_argument, NULL, 'j' }, { NULL, 0, NULL, 0 } };
	bool json = false;
	struct buffer file = { 0 };
	struct info info;
	struct error error;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option != 'j')
			return command_misused(&command_image_info, "wrong option");
		json = true;
	}
	if (argc - optind != 1)
		return command_misused(&command_image_info, "needs one FILE");
	const char *path = argv[optind];
	if (!file_read(path, &file, &error)) {
		error_within(&error, "merlon image info");
		return error_print(&error);
	}
	if (!load(&info, &file, &error)) {
		buffer_free(&file);
		error_within(&error, "merlon image info: %s", path);
		return error_print(&error);
	}
	if (json)
		print_json(&info);
	else
		print_text(&info);
	buffer_free(&file);
	return EXIT_OK;
}

const struct command command_image_info = {
	.name = "image info",
	.summary = "show header, TLVs and trailer of an image",
	.usage = "usage: merlon image info [--json] FILE\n"
		 "\n"
		 "Shows the header, every TLV and, when FILE is as long as its slot, the trailer. Nothing is judged.\n"
		 "\n"
		 "  --json    the same as one JSON object\n"
		 "\n"
		 "example: merlon image info secure.signed.bin\n",
	.run = run,
};
