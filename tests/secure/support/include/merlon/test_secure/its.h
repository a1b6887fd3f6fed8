/* SPDX-License-Identifier: Apache-2.0 */
/** A storage service in memory behind psa/internal_trusted_storage.h, for tests of services that stand on it. */
#ifndef MERLON_TEST_ITS_H
#define MERLON_TEST_ITS_H

#include <psa/internal_trusted_storage.h>

enum { ITS_OBJECT_MAX = 24, ITS_SIZE_MAX = 256 };

/** Forget everything. @param limit  Objects that fit, at most ITS_OBJECT_MAX. */
void its_reset(unsigned limit);
unsigned its_count(void);

#endif
