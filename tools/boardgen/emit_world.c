/* SPDX-License-Identifier: Apache-2.0 */
/* Linker memories, and the table by which the Secure image divides the machine. */
#include "emit.h"
#include <inttypes.h>

enum { INTERRUPTS_PER_WORD = 32, INTERRUPT_WORDS_MAX = 480 / INTERRUPTS_PER_WORD };

struct span {
	uint32_t base, size;
};

/* Symbols give what the image reaches: BL2 runs before the world is split and sees all at Secure addresses. */
static void emit_linker(FILE *file, const struct board *board, struct span rom, struct span ram, enum image image)
{
	fprintf(file,
		"/* SPDX-License-Identifier: Apache-2.0 */\n/* Written by boardgen. */\nMEMORY\n{\n"
		"\tROM (rx) : ORIGIN = 0x%08" PRIx32 ", LENGTH = 0x%08" PRIx32 "\n"
		"\tRAM (rw) : ORIGIN = 0x%08" PRIx32 ", LENGTH = 0x%08" PRIx32 "\n}\n\n",
		rom.base, rom.size, ram.base, ram.size);
	for (unsigned i = 0; i < board->region_count; i++) {
		const struct region *region = &board->regions[i];
		if (image == IMAGE_NONSECURE && region->world != WORLD_NONSECURE)
			continue;
		enum world alias = image == IMAGE_BL2 || region->world == WORLD_SECURE ? WORLD_SECURE : WORLD_NONSECURE;
		fprintf(file, "board_%s_base = 0x%08" PRIx32 ";\nboard_%s_size = 0x%08" PRIx32 ";\n", region->place.label,
			region_address(board, region, alias), region->place.label, region->size);
	}
}

static struct span ram_of(const struct board *board, enum image image, enum world world)
{
	const struct region *region = &board->regions[board->images[image].ram_region];
	return (struct span) { region_address(board, region, world), region->size };
}

/* An image with a header, behind which it is linked; the last sector of its slot is the trailer's, also where a copy runs. */
static struct span behind_header(const struct board *board, uint32_t base, const struct area *slot)
{
	uint32_t trailer = board->flashes[slot->flash].erase_size;
	return (struct span) { base + board->header_size, slot->size - trailer - board->header_size };
}

void emit_linker_bl2(FILE *file, const struct board *board)
{
	const struct image_place *image = &board->images[IMAGE_BL2];
	struct span rom;
	if (image->rom_region != NONE) {
		const struct region *region = &board->regions[image->rom_region];
		rom = (struct span) { region_address(board, region, WORLD_SECURE), region->size };
	} else {
		const struct area *area = &board->areas[image->rom_area];
		rom = (struct span) { area_address(board, area), area->size };
	}
	emit_linker(file, board, rom, ram_of(board, IMAGE_BL2, WORLD_SECURE), IMAGE_BL2);
}

void emit_linker_secure(FILE *file, const struct board *board)
{
	const struct area *slot = slot_find(board, SLOT_PRIMARY, 0);
	struct span rom = behind_header(board, area_address(board, slot), slot);
	emit_linker(file, board, rom, ram_of(board, IMAGE_SECURE, WORLD_SECURE), IMAGE_SECURE);
}

void emit_linker_nonsecure(FILE *file, const struct board *board)
{
	struct span rom = behind_header(board, nonsecure_place(board).base, slot_find(board, SLOT_PRIMARY, 1));
	emit_linker(file, board, rom, ram_of(board, IMAGE_NONSECURE, WORLD_NONSECURE), IMAGE_NONSECURE);
}

static void emit_sau(FILE *file, const struct board *board)
{
	fputs("static const struct world_sau_region sau[] = {\n", file);
	for (unsigned m = 0; m < board->memory_count; m++) {
		struct window windows[REGIONS_MAX];
		unsigned count = memory_windows(board, (int)m, windows, REGIONS_MAX);
		for (unsigned i = 0; i < count; i++)
			fprintf(file, "\t{ 0x%08" PRIx32 "u, 0x%08" PRIx32 "u, 0 },   /* %s */\n", windows[i].base,
				windows[i].base + windows[i].size - 1, board->memories[m].place.label);
	}
	fprintf(file, "\t{ 0x%08" PRIx32 "u, 0x%08" PRIx32 "u, 0 },   /* peripherals */\n};\n\n", board->bus_base,
		board->bus_base + board->bus_size - 1);
}

static void emit_mpc(FILE *file, const struct board *board)
{
	fputs("static const struct world_mpc mpc[] = {\n", file);
	for (unsigned m = 0; m < board->memory_count; m++) {
		const struct memory *memory = &board->memories[m];
		struct window window = { memory->base, 0 };
		if (memory->mpc == NONE)
			continue;
		memory_windows(board, (int)m, &window, 1);
		uint32_t block = board->mpcs[memory->mpc].block_size, first = (window.base - memory->base) / block;
		fprintf(file, "\t{ 0x%08" PRIx32 "u, %" PRIu32 "u, %" PRIu32 "u, %" PRIu32 "u },   /* %s */\n",
			board->mpcs[memory->mpc].address, first, first + window.size / block, memory->size / block,
			memory->place.label);
	}
	fputs("};\n\n", file);
}

static void emit_ppc(FILE *file, const struct board *board)
{
	fputs("static const struct world_ppc ppc[] = {\n", file);
	for (unsigned i = 0; i < board->protection_count; i++)
		fprintf(file, "\t{ 0x%08" PRIx32 "u, 0x%08" PRIx32 "u },   /* %s */\n", board->protections[i].address,
			protection_word(board, (int)i), board->protections[i].place.label);
	fputs("};\n\n", file);
}

static void emit_interrupt_targets(FILE *file, const struct board *board)
{
	uint32_t words[INTERRUPT_WORDS_MAX] = { 0 };
	for (unsigned i = 0; i < board->device_count; i++)
		for (unsigned n = 0; board->devices[i].world == WORLD_NONSECURE && n < board->devices[i].interrupt_count; n++) {
			uint32_t number = board->devices[i].interrupts[n].number;
			words[number / INTERRUPTS_PER_WORD] |= 1u << number % INTERRUPTS_PER_WORD;
		}
	fputs("static const uint32_t interrupt_targets[] = {\n", file);
	for (uint32_t i = 0; i * INTERRUPTS_PER_WORD < board->interrupts; i++)
		fprintf(file, "\t0x%08" PRIx32 "u,\n", words[i]);
	fputs("};\n\n", file);
}

void emit_world_table(FILE *file, const struct board *board)
{
	fputs("/* SPDX-License-Identifier: Apache-2.0 */\n/* Written by boardgen: who owns what. */\n#include "
	      "<merlon/arch/world.h>\n\n",
	      file);
	emit_sau(file, board);
	emit_mpc(file, board);
	emit_ppc(file, board);
	emit_interrupt_targets(file, board);
	fputs("#define COUNT(table) (sizeof table / sizeof table[0])\n\n"
	      "const struct world_table board_world_table = {\n"
	      "\t.sau = sau,\n\t.mpc = mpc,\n\t.ppc = ppc,\n\t.interrupt_targets = interrupt_targets,\n"
	      "\t.sau_count = COUNT(sau),\n\t.mpc_count = COUNT(mpc),\n\t.ppc_count = COUNT(ppc),\n"
	      "\t.interrupt_word_count = COUNT(interrupt_targets),\n};\n",
	      file);
}
