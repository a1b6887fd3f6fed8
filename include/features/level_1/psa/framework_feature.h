/* SPDX-License-Identifier: Apache-2.0 */
/** Optional parts of the PSA Firmware Framework for M at isolation level 1: 1 offered, 0 not. Source: Arm AES 0039. */
#ifndef PSA_FRAMEWORK_FEATURE_H
#define PSA_FRAMEWORK_FEATURE_H

/** A service may map the vectors of its clients (manifest: mm_iovec). */
#define PSA_FRAMEWORK_HAS_MM_IOVEC 1

#endif
