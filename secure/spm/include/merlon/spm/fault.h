/* SPDX-License-Identifier: Apache-2.0 */
/** Why the partition manager ends a partition. */
#ifndef MERLON_SPM_FAULT_H
#define MERLON_SPM_FAULT_H

/** name, reason for people. Codes are stable: the audit log keeps them. */
#define SPM_ERRORS(ERROR)                                                                                                          \
	ERROR(NONE, "no error")                                                                                                    \
	ERROR(PANIC, "it gave up")                                                                                                 \
	ERROR(FAULT, "a fault of the core")                                                                                        \
	ERROR(CALL, "not allowed to it here")                                                                                      \
	ERROR(HANDLE, "no such handle")                                                                                            \
	ERROR(SERVICE, "no such service or version")                                                                               \
	ERROR(TYPE, "bad type")                                                                                                    \
	ERROR(VECTORS, "too many vectors")                                                                                         \
	ERROR(MEMORY, "memory that it may not use")                                                                                \
	ERROR(MESSAGE, "no such message")                                                                                          \
	ERROR(INDEX, "no such vector")                                                                                             \
	ERROR(OVERRUN, "past the end")                                                                                             \
	ERROR(MAPPING, "mapped or touched before, or not mapped")                                                                  \
	ERROR(STATELESS, "a stateless service")                                                                                    \
	ERROR(SIGNAL, "not one asserted signal of its own")                                                                        \
	ERROR(PARTITION, "no such partition")                                                                                      \
	ERROR(STATUS, "no answer to a connect")                                                                                    \
	ERROR(CLIENT, "the service saw an error")                                                                                  \
	ERROR(EXIT, "an entry point returned")                                                                                     \
	ERROR(INIT, "its init failed")

#define SPM_ERROR_NAME(name, reason) SPM_ERROR_##name,
enum spm_error { SPM_ERRORS(SPM_ERROR_NAME) SPM_ERROR_COUNT };

/** The reason for people. */
const char *spm_error_text(enum spm_error error);

#endif
