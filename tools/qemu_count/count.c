/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plugin for QEMU that counts executed instructions, for ./dev bench: the firmware that is measured is the firmware that runs.
 *
 *     -plugin libqemu_count.so,out=FILE,mark=NAME:START:END[,mark=...]
 *
 * A mark is a range of addresses. Each time the core enters a mark from elsewhere, one line goes to FILE: the mark's name, the
 * instructions executed before, and for every mark in the order of the command line the instructions executed inside it so far. Marks
 * do not overlap. The interface is declared here as far as it is used: QEMU 7.2, include/qemu/qemu-plugin.h, version 1.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info;
enum { INLINE_ADD_U64 = 0, CALLBACK_NO_REGISTERS = 0 };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
					   void (*callback)(qemu_plugin_id_t id, struct qemu_plugin_tb *block));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *instruction);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *instruction, int operation, void *counter,
						uint64_t amount);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *instruction, void (*callback)(unsigned core, void *data),
					    int flags, void *data);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;
__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc,
							       char **argv);

enum { MARK_MAX = 64, NAME_MAX = 63 };

struct mark {
	char name[NAME_MAX + 1];
	uint64_t start, end, inside;
};

static struct mark marks[MARK_MAX], elsewhere;
static const struct mark *last = &elsewhere;
static unsigned mark_count;
static uint64_t executed;
static FILE *out;

/* Before an instruction of a mark, or the first one after it. */
static void on_instruction(unsigned core, void *data)
{
	const struct mark *mark = data;
	(void)core;
	if (mark == last)
		return;
	last = mark;
	if (mark == &elsewhere)
		return;
	fprintf(out, "%s %" PRIu64, mark->name, executed);
	for (unsigned i = 0; i < mark_count; i++)
		fprintf(out, " %" PRIu64, marks[i].inside);
	fputc('\n', out);
	fflush(out); /* the device is killed, not stopped */
}

static struct mark *mark_at(uint64_t address)
{
	for (unsigned i = 0; i < mark_count; i++)
		if (address >= marks[i].start && address < marks[i].end)
			return &marks[i];
	return NULL;
}

/* Every instruction counts. A block that starts outside all marks notes that the core is elsewhere. */
static void on_block(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
		struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
		struct mark *mark = mark_at(qemu_plugin_insn_vaddr(instruction));
		if (mark != NULL || i == 0)
			qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_instruction, CALLBACK_NO_REGISTERS,
							       mark != NULL ? mark : &elsewhere);
		if (mark != NULL)
			qemu_plugin_register_vcpu_insn_exec_inline(instruction, INLINE_ADD_U64, &mark->inside, 1);
		qemu_plugin_register_vcpu_insn_exec_inline(instruction, INLINE_ADD_U64, &executed, 1);
	}
}

static bool add_mark(const char *text)
{
	struct mark *mark = &marks[mark_count];
	if (mark_count == MARK_MAX || sscanf(text, "%63[^:]:%" SCNx64 ":%" SCNx64, mark->name, &mark->start, &mark->end) != 3)
		return false;
	mark_count++;
	return true;
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], "out=", 4) == 0) {
			out = fopen(argv[i] + 4, "w");
		} else if (strncmp(argv[i], "mark=", 5) != 0 || !add_mark(argv[i] + 5)) {
			fprintf(stderr, "qemu_count: %s is not mark=NAME:START:END\n", argv[i]);
			return 1;
		}
	}
	if (out == NULL) {
		fprintf(stderr, "qemu_count: out=FILE is missing or cannot be written\n");
		return 1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_block);
	return 0;
}
