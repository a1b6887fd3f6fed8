/* SPDX-License-Identifier: Apache-2.0 */
/** Optional parts of the PSA Firmware Framework for M at isolation levels 2 and 3: 1 offered, 0 not. Source: Arm AES 0039. */
#ifndef PSA_FRAMEWORK_FEATURE_H
#define PSA_FRAMEWORK_FEATURE_H

/** A client's memory lies in another domain: services read and write it by psa_read() and psa_write(). */
#define PSA_FRAMEWORK_HAS_MM_IOVEC 0

#endif
