/* SPDX-License-Identifier: Apache-2.0 */
/** Inside spmgen: mappings of YAML, key by key. */
#ifndef SPMGEN_READER_H
#define SPMGEN_READER_H

#include "model.h"
#include "yaml_text.h"

struct reader {
	struct model *model;
	struct report *report;
	const char *path;
	yaml_document_t *document;
	struct partition *partition; /* being read */
};

/** Writes the value of a key into `target`, the struct that the mapping describes. @return False after a message. */
typedef bool value_reader(struct reader *reader, const yaml_node_t *node, const char *key, void *target);

/** Which framework versions know a key. */
enum key_since { KEY_ALWAYS, KEY_ONLY_1_0, KEY_ONLY_1_1 };

/** One row per key; a table ends with a row without name. What is in no row is an error. */
struct key_rule {
	const char *name;
	value_reader *read;
	bool required;
	enum key_since since;
};

/** One message about a node. @return Always false. */
bool reader_fail(struct reader *reader, const yaml_node_t *node, const char *key, const char *remedy, const char *what);

/** Decimal, or hexadecimal with 0x; also in quotes, as FF-M writes it. */
bool read_number(struct reader *reader, const yaml_node_t *node, const char *key, uint32_t *number);
bool read_bool(struct reader *reader, const yaml_node_t *node, const char *key, bool *value);
/** A name becomes part of C identifiers and file names. */
bool read_name(struct reader *reader, const yaml_node_t *node, const char *key, char name[WORD_MAX_SIZE]);
/** The index of the word among `count` choices. */
bool read_choice(struct reader *reader, const yaml_node_t *node, const char *key, const char *const *choices, unsigned count,
		 unsigned *choice);
bool read_mapping(struct reader *reader, const yaml_node_t *node, const char *what, const struct key_rule *rules, void *target);
/** Each element of a list through one function. */
bool read_list(struct reader *reader, const yaml_node_t *node, const char *key, value_reader *read, void *target);
/** Text for readers, not kept. */
bool read_description(struct reader *reader, const yaml_node_t *node, const char *key, void *target);

/** NAME and a suffix of at most 7 characters. */
void name_signal(char signal[WORD_MAX_SIZE + 8], const char *name, const char *suffix);

/* The lists of a partition; `target` is the struct partition. */
bool read_services(struct reader *reader, const yaml_node_t *node, const char *key, void *target);
bool read_regions(struct reader *reader, const yaml_node_t *node, const char *key, void *target);
bool read_irqs(struct reader *reader, const yaml_node_t *node, const char *key, void *target);

#endif
