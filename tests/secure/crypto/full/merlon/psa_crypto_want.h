/* SPDX-License-Identifier: Apache-2.0 */
/* In place of the one that the build writes: the host builds product `default`, and this folder tests the set `full` beside it. */
#include <merlon/crypto_set_full.h>
