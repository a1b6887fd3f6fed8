/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml_text.h"
#include <stdio.h>
#include <string.h>

const char *yaml_text(const yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE)
		return NULL;
	const char *text = (const char *)node->data.scalar.value;
	return strlen(text) == node->data.scalar.length ? text : NULL;
}

void yaml_place(const char *path, const yaml_node_t *node, char *place, size_t capacity)
{
	snprintf(place, capacity, "%s:%zu", path, node->start_mark.line + 1);
}
