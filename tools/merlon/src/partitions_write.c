/* SPDX-License-Identifier: Apache-2.0 */
/* The table for people, and the same as JSON. */
#include "json.h"
#include "partitions.h"
#include <inttypes.h>
#include <string.h>

static void put_stack(FILE *out, const struct partition_row *row)
{
	char text[40];
	if (row->stack_used != UNMEASURED)
		snprintf(text, sizeof text, "%" PRId64 " of %" PRIu32, row->stack_used, row->stack);
	else
		snprintf(text, sizeof text, "%s%" PRIu32, row->own_stack ? "? of " : "shared, ", row->stack);
	fprintf(out, "%-14s ", text);
}

static void put_callers(FILE *out, const struct partitions *partitions, size_t callee)
{
	const char *comma = "";
	if (partitions_is_open(partitions, callee)) {
		fputs("Non-secure", out);
		comma = ", ";
	}
	for (size_t i = 0; i < partitions->count; i++)
		if (partitions_may_call(partitions, i, callee)) {
			fprintf(out, "%s%s", comma, partitions->rows[i].name);
			comma = ", ";
		}
	fputs(comma[0] == '\0' ? "nobody\n" : "\n", out);
}

void partitions_write_text(const struct partitions *partitions, FILE *out)
{
	fprintf(out, "%s, product %s, isolation level %" PRIu32 "\n\n", partitions->board, partitions->product,
		partitions->isolation_level);
	fprintf(out, "%-16s %-15s %-5s %-9s %-14s %7s %7s  %s\n", "partition", "type", "model", "runs", "stack", "RAM", "flash",
		"devices");
	for (size_t i = 0; i < partitions->count; i++) {
		const struct partition_row *row = &partitions->rows[i];
		fprintf(out, "%-16s %-15s %-5s %-9s ", row->name, row->type, row->model, row->confined ? "confined" : "privileged");
		put_stack(out, row);
		fprintf(out, "%7" PRIu32 " %7" PRIu32 "  %s%s\n", row->ram, row->flash,
			row->devices[0] != '\0' ? row->devices : "-", row->outside ? "   (outside the tree)" : "");
	}
	fputs("\nservices                          SID         who may call\n", out);
	for (size_t j = 0; j < partitions->service_count; j++) {
		const struct partition_service *service = &partitions->services[j];
		fprintf(out, "%-16s %-16s 0x%08" PRIx32 "  ", partitions->rows[service->owner].name, service->name, service->sid);
		put_callers(out, partitions, service->owner);
	}
	fprintf(out,
		"\nBytes. RAM and flash are from the link map. Stack: the most that board tests saw, of what the manifest allows;\n"
		"`shared`: plain calls on the main stack, ");
	if (partitions->main_stack_used != UNMEASURED)
		fprintf(out, "of which %" PRId64 " of %" PRIu32 " were used", partitions->main_stack_used, partitions->main_stack);
	else
		fprintf(out, "which has %" PRIu32, partitions->main_stack);
	fputs("; `?`: not measured, run ./dev test board/test_stack.\n", out);
}

static void write_row(const struct partitions *partitions, size_t index)
{
	const struct partition_row *row = &partitions->rows[index];
	json_begin(NULL);
	json_string("name", row->name);
	json_string("type", row->type);
	json_string("model", row->model);
	json_bool("confined", row->confined);
	json_bool("outside", row->outside);
	json_bool("own_stack", row->own_stack);
	json_number("stack_allowed", row->stack);
	if (row->stack_used != UNMEASURED)
		json_integer("stack_used", row->stack_used);
	json_number("heap", row->heap);
	json_number("ram", row->ram);
	json_number("flash", row->flash);
	json_string("devices", row->devices);
	json_array_begin("services");
	for (size_t j = 0; j < partitions->service_count; j++)
		if (partitions->services[j].owner == index) {
			json_begin(NULL);
			json_string("name", partitions->services[j].name);
			json_number("sid", partitions->services[j].sid);
			json_bool("non_secure_clients", partitions->services[j].nonsecure);
			json_end();
		}
	json_array_end();
	json_array_begin("calls");
	for (size_t i = 0; i < row->call_count; i++)
		json_string(NULL, row->calls[i]);
	json_array_end();
	json_end();
}

void partitions_write_json(const struct partitions *partitions)
{
	json_begin(NULL);
	json_string("board", partitions->board);
	json_string("product", partitions->product);
	json_number("isolation_level", partitions->isolation_level);
	json_number("main_stack_allowed", partitions->main_stack);
	if (partitions->main_stack_used != UNMEASURED)
		json_integer("main_stack_used", partitions->main_stack_used);
	json_array_begin("partitions");
	for (size_t i = 0; i < partitions->count; i++)
		write_row(partitions, i);
	json_array_end();
	json_end();
}
