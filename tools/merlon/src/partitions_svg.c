/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The drawing: the Non-secure world above, the partitions in rows, arrows from callers to callees. A partition stands one row below the
 * lowest of its callers, so that every arrow points down. Arrows that skip a row go round the boxes: the Non-secure world's on the left,
 * partitions' on the right, each in a lane of its own.
 */
#include "partitions.h"
#include <inttypes.h>
#include <string.h>

enum {
	BOX_WIDTH = 232,
	BOX_HEIGHT = 108,
	GAP_X = 36,
	GAP_Y = 84,
	MARGIN = 40,
	HEAD = 118,
	WORLD_HEIGHT = 46,
	LANE = 12,
	INSIDE_MIN = 680
};

struct drawing {
	const struct partitions *partitions;
	FILE *out;
	int row[PARTITIONS_MAX], x[PARTITIONS_MAX], y[PARTITIONS_MAX];
	int rows, width, height, left, inside; /* left: where the space for boxes begins */
	int lane;                              /* the next free one */
};

/* Dependencies have no circle, so this ends. */
static void find_rows(struct drawing *drawing)
{
	const struct partitions *partitions = drawing->partitions;
	for (size_t round = 0; round < partitions->count; round++)
		for (size_t caller = 0; caller < partitions->count; caller++)
			for (size_t callee = 0; callee < partitions->count; callee++)
				if (partitions_may_call(partitions, caller, callee) && drawing->row[callee] <= drawing->row[caller])
					drawing->row[callee] = drawing->row[caller] + 1;
	for (size_t i = 0; i < partitions->count; i++)
		drawing->rows = drawing->row[i] + 1 > drawing->rows ? drawing->row[i] + 1 : drawing->rows;
}

static int count_in_row(const struct drawing *drawing, int row)
{
	int count = 0;
	for (size_t i = 0; i < drawing->partitions->count; i++)
		count += drawing->row[i] == row;
	return count;
}

/* Arrows that go round: on the left those of the Non-secure world, on the right those of partitions. */
static void count_lanes(const struct drawing *drawing, int *left, int *right)
{
	const struct partitions *partitions = drawing->partitions;
	for (size_t callee = 0; callee < partitions->count; callee++) {
		*left += partitions_is_open(partitions, callee) && drawing->row[callee] > 0;
		for (size_t caller = 0; caller < partitions->count; caller++)
			*right +=
				partitions_may_call(partitions, caller, callee) && drawing->row[callee] > drawing->row[caller] + 1;
	}
}

static void find_places(struct drawing *drawing)
{
	int widest = 1, left = 0, right = 0;
	for (int row = 0; row < drawing->rows; row++)
		widest = count_in_row(drawing, row) > widest ? count_in_row(drawing, row) : widest;
	count_lanes(drawing, &left, &right);
	drawing->inside = widest * BOX_WIDTH + (widest - 1) * GAP_X;
	drawing->left = MARGIN + (left + 1) * LANE;
	drawing->width = drawing->left + drawing->inside + (right + 1) * LANE + MARGIN;
	if (drawing->width < INSIDE_MIN) {
		drawing->left += (INSIDE_MIN - drawing->width) / 2;
		drawing->width = INSIDE_MIN;
	}
	drawing->height = HEAD + WORLD_HEIGHT + drawing->rows * (BOX_HEIGHT + GAP_Y) + MARGIN + 30;
	for (int row = 0; row < drawing->rows; row++) {
		int count = count_in_row(drawing, row), used = count * BOX_WIDTH + (count - 1) * GAP_X;
		int x = drawing->left + (drawing->inside - used) / 2;
		for (size_t i = 0; i < drawing->partitions->count; i++)
			if (drawing->row[i] == row) {
				drawing->x[i] = x;
				drawing->y[i] = HEAD + WORLD_HEIGHT + GAP_Y + row * (BOX_HEIGHT + GAP_Y);
				x += BOX_WIDTH + GAP_X;
			}
	}
}

static void put_head(const struct drawing *drawing)
{
	const struct partitions *partitions = drawing->partitions;
	fprintf(drawing->out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" "
		"font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif\">\n"
		"<title>Partitions of %s, product %s</title>\n"
		"<style>\n"
		".page{fill:#fbfaf7}.ink{fill:#22303c}.soft{fill:#6b7883}.call,.open{fill:none;stroke-width:1.6;stroke-linejoin:"
		"round}.call{stroke:#8a97a3}\n"
		".open{stroke:#2f7f79;stroke-dasharray:5 4}\n"
		".psa{fill:#e7eef5;stroke:#4d7298}.app{fill:#fdf0df;stroke:#c98a3c}.world{fill:#e3f2ee;stroke:#2f7f79}\n"
		".box{stroke-width:1.4}.confined{stroke-width:3}.device{fill:#fff;stroke:#b9c2ca}\n"
		"@media "
		"(prefers-color-scheme:dark){.page{fill:#161c22}.ink{fill:#e8edf1}.soft{fill:#9aa7b2}.psa{fill:#20303f;stroke:#"
		"7ea6cf}\n"
		".app{fill:#3a2d1c;stroke:#dba35a}.world{fill:#17322f;stroke:#58b3aa}.device{fill:#222c35;stroke:#46535f}.call{"
		"stroke:#75828e}\n"
		".open{stroke:#58b3aa}}\n"
		"</style>\n"
		"<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" "
		"orient=\"auto\">"
		"<path d=\"M0 0.6 L7.4 4 L0 7.4 z\" class=\"soft\"/></marker></defs>\n"
		"<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n"
		"<text class=\"ink\" x=\"%d\" y=\"52\" font-size=\"24\" font-weight=\"600\">Secure partitions</text>\n"
		"<text class=\"soft\" x=\"%d\" y=\"78\" font-size=\"13\">%s, product %s, isolation level %" PRIu32 "</text>\n",
		drawing->width, drawing->height, drawing->width, drawing->height, partitions->board, partitions->product,
		drawing->width, drawing->height, MARGIN, MARGIN, partitions->board, partitions->product,
		partitions->isolation_level);
	fprintf(drawing->out,
		"<rect class=\"world box\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"10\"/>\n"
		"<text class=\"ink\" x=\"%d\" y=\"%d\" font-size=\"14\" font-weight=\"600\" text-anchor=\"middle\">Non-secure "
		"world</text>\n",
		MARGIN, HEAD, drawing->width - 2 * MARGIN, WORLD_HEIGHT, drawing->width / 2, HEAD + WORLD_HEIGHT / 2 + 5);
}

static void put_arrow(const struct drawing *drawing, const char *kind, int x1, int y1, int x2, int y2)
{
	int bend = (y2 - y1) / 2;
	fprintf(drawing->out, "<path class=\"%s\" d=\"M%d %d C%d %d %d %d %d %d\" marker-end=\"url(#tip)\"/>\n", kind, x1, y1, x1,
		y1 + bend, x2, y2 - bend, x2, y2);
}

/* Callers leave and arrive at places of their own along a box's edge. */
static int along(int x, size_t index, size_t count)
{
	return x + 24 + (int)((BOX_WIDTH - 48) * (2 * index + 1) / (2 * count));
}

/* Down into the gap, along it to the lane, down the lane, and through the gap above the callee. */
static void put_detour(struct drawing *drawing, const char *kind, int x1, int y1, int lane, int x2, int y2)
{
	int shift = 8 + 6 * (drawing->lane++ % 9);
	fprintf(drawing->out, "<path class=\"%s\" d=\"M%d %d V%d H%d V%d H%d V%d\" marker-end=\"url(#tip)\"/>\n", kind, x1, y1,
		y1 + shift, lane, y2 - 14 - shift, x2, y2);
}

/* The left corner of a box is where the Non-secure world arrives. */
static void put_open_arrows(struct drawing *drawing)
{
	int lane = drawing->left - LANE;
	for (size_t i = 0; i < drawing->partitions->count; i++) {
		int x = drawing->x[i] + 14, y = drawing->y[i] - 2;
		if (!partitions_is_open(drawing->partitions, i))
			continue;
		if (drawing->row[i] == 0) {
			put_arrow(drawing, "open", x, HEAD + WORLD_HEIGHT, x, y);
			continue;
		}
		fprintf(drawing->out, "<path class=\"open\" d=\"M%d %d V%d H%d V%d\" marker-end=\"url(#tip)\"/>\n", lane,
			HEAD + WORLD_HEIGHT, y - 16, x, y);
		lane -= LANE;
	}
}

static void put_call_arrows(struct drawing *drawing)
{
	const struct partitions *partitions = drawing->partitions;
	size_t count = partitions->count;
	int lane = drawing->left + drawing->inside + LANE;
	for (size_t callee = 0; callee < count; callee++)
		for (size_t caller = 0; caller < count; caller++) {
			int x1 = along(drawing->x[caller], callee, count), y1 = drawing->y[caller] + BOX_HEIGHT;
			int x2 = along(drawing->x[callee], caller, count), y2 = drawing->y[callee] - 2;
			if (!partitions_may_call(partitions, caller, callee))
				continue;
			if (drawing->row[callee] == drawing->row[caller] + 1) {
				put_arrow(drawing, "call", x1, y1, x2, y2);
				continue;
			}
			put_detour(drawing, "call", x1, y1, lane, x2, y2);
			lane += LANE;
		}
}

static void put_line(const struct drawing *drawing, int x, int y, const char *kind, const char *text)
{
	fprintf(drawing->out, "<text class=\"%s\" x=\"%d\" y=\"%d\" font-size=\"11.5\">%s</text>\n", kind, x, y, text);
}

static void put_box(const struct drawing *drawing, size_t index)
{
	const struct partition_row *row = &drawing->partitions->rows[index];
	int x = drawing->x[index], y = drawing->y[index];
	bool application = strcmp(row->type, "APPLICATION-ROT") == 0;
	char line[LIST_SIZE + 64];
	fprintf(drawing->out,
		"<g><title>%s: %s, %s, %s%s</title>\n<rect class=\"%s %s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		"rx=\"10\"/>\n"
		"<text class=\"ink\" x=\"%d\" y=\"%d\" font-size=\"14\" font-weight=\"600\">%s</text>\n",
		row->name, row->type, row->model, row->confined ? "confined" : "privileged",
		row->outside ? ", from outside the tree" : "", application ? "app" : "psa", row->confined ? "confined" : "box", x,
		y, BOX_WIDTH, BOX_HEIGHT, x + 14, y + 25, row->name);
	snprintf(line, sizeof line, "%s, %s%s", application ? "Application RoT" : "PSA RoT", row->model,
		 row->outside ? ", outside" : "");
	put_line(drawing, x + 14, y + 43, "soft", line);
	snprintf(line, sizeof line, "%" PRIu32 " B flash, %" PRIu32 " B RAM", row->flash, row->ram);
	put_line(drawing, x + 14, y + 60, "ink", line);
	if (row->stack_used != UNMEASURED)
		snprintf(line, sizeof line, "stack %" PRId64 " of %" PRIu32, row->stack_used, row->stack);
	else
		snprintf(line, sizeof line, "stack %" PRIu32 "%s", row->stack, row->own_stack ? "" : ", shared");
	put_line(drawing, x + 14, y + 76, "ink", line);
	snprintf(line, sizeof line, "%s%s", row->devices[0] != '\0' ? "owns " : "no devices", row->devices);
	put_line(drawing, x + 14, y + 94, "soft", line);
	fputs("</g>\n", drawing->out);
}

static void put_legend(const struct drawing *drawing)
{
	int y = drawing->height - 28;
	fprintf(drawing->out,
		"<path class=\"call\" d=\"M%d %d h34\" marker-end=\"url(#tip)\"/><text class=\"soft\" x=\"%d\" y=\"%d\" "
		"font-size=\"12\">may "
		"call</text>\n"
		"<path class=\"open\" d=\"M%d %d h34\" marker-end=\"url(#tip)\"/><text class=\"soft\" x=\"%d\" y=\"%d\" "
		"font-size=\"12\">open to "
		"the Non-secure world</text>\n"
		"<rect class=\"psa confined\" x=\"%d\" y=\"%d\" width=\"26\" height=\"14\" rx=\"4\"/><text class=\"soft\" x=\"%d\" "
		"y=\"%d\" "
		"font-size=\"12\">thick edge: confined to a domain</text>\n",
		MARGIN, y - 4, MARGIN + 44, y, MARGIN + 116, y - 4, MARGIN + 160, y, MARGIN + 366, y - 11, MARGIN + 402, y);
}

void partitions_write_svg(const struct partitions *partitions, FILE *out)
{
	struct drawing drawing = { .partitions = partitions, .out = out };
	find_rows(&drawing);
	find_places(&drawing);
	put_head(&drawing);
	put_open_arrows(&drawing);
	put_call_arrows(&drawing);
	for (size_t i = 0; i < partitions->count; i++)
		put_box(&drawing, i);
	put_legend(&drawing);
	fputs("</svg>\n", out);
}
