/* SPDX-License-Identifier: Apache-2.0 */
/* The board of the an521, spoilt in one place at a time: each spoilt board is refused, and the message says where and what. */
#include "board.h"
#include <libfdt.h>
#include <merlon/test.h>
#include <stdlib.h>
#include <string.h>

enum { BLOB_SIZE = 1 << 16, CELLS_MAX = 2, MESSAGES_SIZE = 1 << 16 };

static uint8_t original[BLOB_SIZE], blob[BLOB_SIZE];
static size_t original_size;
static char messages[MESSAGES_SIZE];

static void load(void)
{
	FILE *file = fopen(BOARD_DTB, "rb");
	CHECK(file != NULL);
	original_size = fread(original, 1, sizeof original, file);
	fclose(file);
	CHECK_EQ(fdt_open_into(original, blob, sizeof blob), 0);
}

/* Judge what is in `blob`; its messages are in `messages` afterwards. */
static bool is_accepted(const void *fdt, size_t size)
{
	static struct board board;
	FILE *stream = fmemopen(messages, sizeof messages, "w");
	struct report report = { .program = "boardgen", .source = "board.dts", .separator = ": ", .stream = stream };
	CHECK(stream != NULL);
	memset(messages, 0, sizeof messages);
	bool accepted = board_read(&board, fdt, size, &report) && board_check(&board, &report);
	fclose(stream);
	CHECK_EQ(accepted, report.errors == 0);
	return accepted;
}

enum change { SET, TEXT, REMOVE, COPY, PATCH };

/* One change, and what the message has to say: about the property that was changed, unless the text begins with another node. */
struct breach {
	const char *node, *property;
	enum change change;
	uint32_t cells[CELLS_MAX]; /* SET: both or, for one_cell, the first; PATCH: index, value */
	const char *from;          /* TEXT: the text; COPY: the node whose property is taken */
	const char *text;
};

/* A property named in `from` instead of a node: that of the same node. */
#define BUS      "/bus@40000000/"
#define UART2    BUS "serial@40202000"
#define UART3    BUS "serial@40203000"
#define INTERNAL "/memory@80000000/flash@0/"
#define EXTERNAL "/memory@80000000/flash@800000/"

static const struct breach breaches[] = {
	/* Ranges. */
	{ "/memory@0/region@0", "reg", SET, { 0, 0 }, NULL, "is empty" },
	{ UART2, "reg", SET, { 0xfffff000, 0x2000 }, NULL, "wraps around" },
	{ "/memory@80000000", "reg", SET, { 0xff000000, 0x2000000 }, NULL, "wraps around" },
	{ "/memory@0", "merlon,secure-base", PATCH, { 0, 0xfff00000 }, NULL, "/memory@0: reg: wraps around" },
	{ "/memory@0/region@20000", "reg", SET, { 0x20000, 0x400000 }, NULL, "does not fit in /memory@0" },
	{ "/memory@0/region@20000", "reg", SET, { 0xfffffc00, 0x400 }, NULL, "does not fit in /memory@0" },
	{ "/memory@0/region@20000", "reg", SET, { 0x10000, 0x80000 }, NULL, "overlaps /memory@0/region@0" },
	{ "/memory@28200000", "reg", SET, { 0x28000000, 0x200000 }, NULL, "overlaps /memory@28000000" },
	{ "/memory@28200000",
	  "merlon,secure-base",
	  PATCH,
	  { 0, 0x38000000 },
	  NULL,
	  "/memory@28200000: reg: 0x38000000 to 0x381fffff overlaps /memory@28000000" },
	{ "/memory@0/region@20000", "reg", SET, { 0x20000, 0x80200 }, NULL, "are not whole MPC blocks of 0x400" },
	{ "/memory@0/region@20000", "reg", SET, { 0x20010, 0x80000 }, NULL, "are not whole MPC blocks of 0x400" },
	{ "/memory@0", "reg", SET, { 0, 0x400200 }, NULL, "are not whole blocks" },
	{ INTERNAL "area@202000", "reg", SET, { 0x202000, 0x1800 }, NULL, "are not whole erase sectors of 0x1000" },
	{ INTERNAL "area@202000", "reg", SET, { 0x202800, 0x1000 }, NULL, "are not whole erase sectors of 0x1000" },
	{ INTERNAL "area@204000", "reg", SET, { 0x203000, 0x2000 }, NULL, "overlaps " INTERNAL "area@202000" },
	{ EXTERNAL "area@40000", "reg", SET, { 0x40000, 0x800000 }, NULL, "does not fit in /memory@80000000/flash@800000" },
	{ "/memory@80000000/flash@800000", "reg", SET, { 0x400000, 0x800000 }, NULL, "overlaps /memory@80000000/flash@0" },
	{ "/memory@28200000/region@0",
	  "reg",
	  SET,
	  { 0, 0x1ff800 },
	  NULL,
	  "/memory@28200000: the non-secure regions are not one run" },
	/* Units. */
	{ "/memory@80000000/flash@0", "merlon,erase-size", PATCH, { 0, 0 }, NULL, "is none" },
	{ "/memory@80000000/flash@0", "merlon,erase-size", PATCH, { 0, 3000 }, NULL, "is none" },
	{ "/memory@80000000/flash@0", "merlon,erase-size", PATCH, { 0, 4 }, NULL, "not whole units" },
	{ "/memory@80000000/flash@800000", "merlon,erase-size", PATCH, { 0, 2048 }, NULL, "differs from that of" },
	{ BUS "mpc@58007000", "merlon,block-size", PATCH, { 0, 0 }, NULL, "is no power of two" },
	{ BUS "ppc@50080084", "merlon,ports", PATCH, { 0, 33 }, NULL, "do not fit one register" },
	{ BUS "ppc@50080084",
	  "merlon,ports",
	  PATCH,
	  { 0, 9 },
	  NULL,
	  BUS "serial@40204000: merlon,protect: apb_ppc_exp1 has no port 9" },
	{ BUS "ppc@50080084", "reg", SET, { 0x50080085, 4 }, NULL, "is no address of a word" },
	/* What the core has. */
	{ "/cpus/cpu@0", "merlon,sau-regions", PATCH, { 0, 3 }, NULL, "needs 4 SAU regions" },
	{ "/images/secure", "merlon,mpu-regions", PATCH, { 0, 9 }, NULL, "9 MPU regions, and the core has 8" },
	{ "/interrupt-controller@e000e100", "merlon,interrupts", PATCH, { 0, 0 }, NULL, "is out of range" },
	{ "/interrupt-controller@e000e100", "merlon,interrupts", PATCH, { 0, 481 }, NULL, "is out of range" },
	{ UART2, "interrupts", PATCH, { 1, 124 }, NULL, "124 is out of range" },
	{ "/images", "merlon,header-size", PATCH, { 0, 0x200 }, NULL, "does not align a vector table of 560 bytes" },
	{ "/images", "merlon,header-size", PATCH, { 0, 0x600 }, NULL, "does not align" },
	/* Owners. */
	{ UART2, "merlon,world", REMOVE, { 0 }, NULL, "has no owner" },
	{ "/memory@0/region@20000", "merlon,world", REMOVE, { 0 }, NULL, "has no owner" },
	{ UART2, "merlon,world", TEXT, { 0 }, "secure|non-secure", "names two owners" },
	{ UART2, "merlon,world", TEXT, { 0 }, "both", "is not a word that it may be" },
	{ UART2,
	  "merlon,protect",
	  COPY,
	  { 0 },
	  UART3,
	  UART3 ": merlon,protect: port 8 of apb_ppc_exp1 already belongs to " UART2 ": two owners" },
	{ UART3, "interrupts", COPY, { 0 }, UART2, "already belongs to " UART2 ": two owners" },
	{ UART3, "reg", COPY, { 0 }, UART2, "overlaps " UART2 },
	{ UART2, "merlon,protect", REMOVE, { 0 }, NULL, "nothing would keep the other world out" },
	{ UART2, "merlon,protect", PATCH, { 1, 16 }, NULL, "has no port 16" },
	{ BUS "watchdog@50081000", "merlon,world", TEXT, { 0 }, "non-secure", "the hardware shows it to secure only" },
	{ BUS "watchdog@50081000", "reg", SET, { 0x40083000, 0x1000 }, NULL, "is outside the bus" },
	{ BUS "dma@40112000",
	  "merlon,world",
	  TEXT,
	  { 0 },
	  "non-secure",
	  BUS "dma@40112000: merlon,bus-master: a bus master outside the Secure world" },
	{ UART2, "reg", SET, { 0x30000000, 0x1000 }, NULL, "is outside the bus" },
	/* Labels and references. */
	{ "/__symbols__", "uart2", REMOVE, { 0 }, NULL, UART2 ": the node has no label" },
	{ "/chosen", "merlon,console-secure", TEXT, { 0 }, BUS "serial@40209000", "refers to no device" },
	{ "/chosen", "merlon,console-secure", COPY, { 0 }, "merlon,console-nonsecure", "has to be secure" },
	{ "/chosen", "merlon,noise", REMOVE, { 0 }, NULL, "is missing" },
	{ UART2, "merlon,protect", PATCH, { 0, 999 }, NULL, "refers to no protection controller" },
	{ "/memory@0", "merlon,mpc", PATCH, { 0, 999 }, NULL, "refers to no memory protection controller" },
	{ "/memory@0",
	  "merlon,mpc",
	  COPY,
	  { 0 },
	  "/memory@28000000",
	  "/memory@28000000: merlon,mpc: is also the controller of /memory@0" },
	{ "/images/bl2", "merlon,rom", PATCH, { 0, 999 }, NULL, "refers to no memory" },
	{ "/images/bl2", "merlon,ram", PATCH, { 0, 999 }, NULL, "refers to no memory" },
	{ "/__symbols__", "slot", TEXT, { 0 }, UART2, UART2 ": slot: this label is reserved" },
	{ "/__symbols__", "erase", TEXT, { 0 }, EXTERNAL "area@0", EXTERNAL "area@0: erase: this label is reserved" },
	/* Slots and images. */
	{ INTERNAL "area@80000", "reg", SET, { 0x80000, 0x7f000 }, NULL, "has to be 0x80000" },
	{ INTERNAL "area@181000", "reg", SET, { 0x181000, 0x80000 }, NULL, "has to be 0x81000" },
	{ INTERNAL "area@100000", "merlon,slot", REMOVE, { 0 }, NULL, "/images: merlon,slot: image 0 has no secondary slot" },
	{ INTERNAL "area@100000", "merlon,slot", TEXT, { 0 }, "third", "is not a word that it may be" },
	{ INTERNAL "area@80000", "merlon,image", PATCH, { 0, 2 }, NULL, "2 is no image" },
	{ INTERNAL "area@80000",
	  "merlon,image",
	  PATCH,
	  { 0, 0 },
	  NULL,
	  INTERNAL "area@80000: merlon,slot: is a second slot of its kind for image 0" },
	{ "/images/secure", "merlon,rom", COPY, { 0 }, "/images/bl2", "this is not its slot" },
	{ "/images/nonsecure", "merlon,rom", COPY, { 0 }, "/images/secure", "runs in place, and this is not its slot" },
	{ "/images/bl2", "merlon,rom", COPY, { 0 }, "/images/nonsecure", "has to be secure" },
	{ "/images/secure", "merlon,ram", COPY, { 0 }, "/images/nonsecure", "has to be secure" },
	{ "/memory@0/region@20000",
	  "reg",
	  SET,
	  { 0x20000, 0x40000 },
	  NULL,
	  "/images/nonsecure: merlon,rom: the Non-secure image is copied, and does not fit here" },
	/* Shapes. */
	{ UART2, "reg", REMOVE, { 0 }, NULL, "is missing" },
	{ UART2, "reg", TEXT, { 0 }, "abc", "has the wrong number of cells" },
	{ UART2, "reg", COPY, { 0 }, "interrupts", "has the wrong number of cells" },
	{ UART2, "interrupt-names", REMOVE, { 0 }, NULL, "does not name every interrupt" },
	{ "/cpus/cpu@0", "merlon,sau-regions", REMOVE, { 0 }, NULL, "is missing" },
	{ "/images/secure", "merlon,rom", REMOVE, { 0 }, NULL, "is missing" },
};

static void apply(const struct breach *breach)
{
	int node = fdt_path_offset(blob, breach->node), size = 0, other;
	fdt32_t cells[CELLS_MAX];
	uint8_t copy[256];
	const void *data;
	CHECK_THAT(node >= 0, "%s", breach->node);
	switch (breach->change) {
	case SET:
		fdt32_st(&cells[0], breach->cells[0]);
		fdt32_st(&cells[1], breach->cells[1]);
		CHECK_EQ(fdt_setprop(blob, node, breach->property, cells, sizeof cells), 0);
		break;
	case TEXT:
		/* `|` stands for the end of one word of a list. */
		size = (int)strlen(breach->from) + 1;
		memcpy(copy, breach->from, (size_t)size);
		for (int i = 0; i < size; i++)
			copy[i] = copy[i] == '|' ? 0 : copy[i];
		CHECK_EQ(fdt_setprop(blob, node, breach->property, copy, size), 0);
		break;
	case REMOVE:
		CHECK_EQ(fdt_delprop(blob, node, breach->property), 0);
		break;
	case COPY:
		other = breach->from[0] == '/' ? fdt_path_offset(blob, breach->from) : node;
		data = fdt_getprop(blob, other, breach->from[0] == '/' ? breach->property : breach->from, &size);
		CHECK(data != NULL && size <= (int)sizeof copy);
		memcpy(copy, data, (size_t)size);
		CHECK_EQ(fdt_setprop(blob, node, breach->property, copy, size), 0);
		break;
	case PATCH:
		data = fdt_getprop(blob, node, breach->property, &size);
		CHECK(data != NULL && (int)(4 * breach->cells[0]) < size);
		fdt32_st(&cells[0], breach->cells[1]);
		CHECK_EQ(fdt_setprop_inplace_namelen_partial(blob, node, breach->property, (int)strlen(breach->property),
							     4 * breach->cells[0], cells, 4),
			 0);
		break;
	}
}

TEST(the_board_itself_is_accepted, CLAIM("isolation.tables"), FUNCTIONAL)
{
	load();
	CHECK_THAT(is_accepted(original, original_size), "%s", messages);
	CHECK_THAT(is_accepted(blob, sizeof blob), "%s", messages);
}

/* True when one message begins with `where`, says `text` and names a remedy. */
static bool has_message(const char *where, const char *text)
{
	for (const char *line = strstr(messages, where); line != NULL; line = strstr(line + 1, where)) {
		const char *found = strstr(line, text), *end = strchr(line, '\n');
		if (found != NULL && end != NULL && found < end && strncmp(end, "\n  try: ", 8) == 0)
			return true;
	}
	return false;
}

TEST(each_contradiction_is_refused_with_place_and_remedy, CLAIM("isolation.tables"), MALFORMED)
{
	for (size_t i = 0; i < sizeof breaches / sizeof breaches[0]; i++) {
		const struct breach *breach = &breaches[i];
		char where[256] = "boardgen: board.dts: ";
		load();
		apply(breach);
		if (breach->text[0] != '/')
			snprintf(where, sizeof where, "boardgen: board.dts: %s: %s: ", breach->node, breach->property);
		CHECK_THAT(!is_accepted(blob, sizeof blob), "%zu: %s %s is accepted", i, breach->node, breach->property);
		CHECK_THAT(has_message(where, breach->text), "%zu: wanted %s%s, got:\n%s", i, where, breach->text, messages);
	}
}

TEST(a_board_cut_anywhere_is_refused_without_reading_past_its_end, CLAIM("tools.board_input"), MALFORMED)
{
	load();
	for (size_t size = 0; size < original_size; size++) {
		void *exact = malloc(size > 0 ? size : 1); /* a sanitizer sees one byte too far */
		CHECK(exact != NULL);
		memcpy(exact, original, size);
		bool accepted = is_accepted(exact, size);
		free(exact);
		CHECK_THAT(!accepted, "%zu bytes of %zu", size, original_size);
	}
}
