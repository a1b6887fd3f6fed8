/* SPDX-License-Identifier: Apache-2.0 */
/** What the generators that read YAML share. */
#ifndef GENERATOR_YAML_TEXT_H
#define GENERATOR_YAML_TEXT_H

#include <stddef.h>
#include <yaml.h>

/** Text of a scalar; NULL when the node is none or holds a zero byte. Owned by the document. */
const char *yaml_text(const yaml_node_t *node);

/** Write `PATH:LINE` of a node, for messages. */
void yaml_place(const char *path, const yaml_node_t *node, char *place, size_t capacity);

#endif
