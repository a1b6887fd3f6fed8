/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/refusal.h>
#include <stddef.h>

#define REFUSAL_NAME(number, code, reason)   [number] = #code,
#define REFUSAL_REASON(number, code, reason) [number] = reason,

/* Log strings lie in a section of their own: they do not count as code, and a product may leave them out. */
__attribute__((section(".rodata.log"))) static const char names[][20] = { REFUSAL_TABLE(REFUSAL_NAME) };
__attribute__((section(".rodata.log"))) static const char reasons[][64] = { REFUSAL_TABLE(REFUSAL_REASON) };

const char *refusal_name(enum refusal code)
{
	return (size_t)code < REFUSAL_COUNT ? names[code] : "UNKNOWN";
}

const char *refusal_reason(enum refusal code)
{
	return (size_t)code < REFUSAL_COUNT ? reasons[code] : "unknown";
}
