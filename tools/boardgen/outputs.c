/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that boardgen writes. */
#include "emit.h"

const struct output outputs[] = {
	{ "include/merlon/board/flash_map.h", emit_flash_map },
	{ "include/merlon/board/memory.h", emit_memory },
	{ "include/merlon/board/devices_secure.h", emit_devices_secure },
	{ "include/merlon/board/devices_nonsecure.h", emit_devices_nonsecure },
	{ "include/merlon/board/host_map.h", emit_host_map_header },
	{ "host_map.c", emit_host_map },
	{ "world_table.c", emit_world_table },
	{ "memory_bl2.ld", emit_linker_bl2 },
	{ "memory_secure.ld", emit_linker_secure },
	{ "memory_nonsecure.ld", emit_linker_nonsecure },
};
const size_t output_count = sizeof outputs / sizeof outputs[0];
