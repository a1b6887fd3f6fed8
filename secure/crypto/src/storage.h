/* SPDX-License-Identifier: Apache-2.0 */
/** Persistent keys: what Internal Trusted Storage said, which the core hides behind PSA_ERROR_DATA_INVALID. */
#ifndef MERLON_CRYPTO_STORAGE_H
#define MERLON_CRYPTO_STORAGE_H

#include <psa/error.h>

/** Before a call: forget. */
void crypto_storage_begin(void);
/** After it: the storage's own error in place of the core's. */
psa_status_t crypto_storage_explain(psa_status_t status);

#endif
