/* SPDX-License-Identifier: Apache-2.0 */
/** Optional parts of the PSA Firmware Framework for M: 1 offered, 0 not. Source: Arm AES 0039. */
#ifndef PSA_FRAMEWORK_FEATURE_H
#define PSA_FRAMEWORK_FEATURE_H

/**
 * May a service map the vectors of its clients (manifest: mm_iovec)? At isolation level 1, where the build says so; elsewhere a client's
 * memory lies in another domain, and services read and write it by psa_read() and psa_write().
 */
#ifdef MERLON_HAS_MM_IOVEC
#define PSA_FRAMEWORK_HAS_MM_IOVEC 1
#else
#define PSA_FRAMEWORK_HAS_MM_IOVEC 0
#endif

#endif
