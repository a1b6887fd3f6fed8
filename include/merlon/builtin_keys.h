/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The keys that a device is born with. They are in the Crypto service from its start, cannot be read, destroyed or copied, and exist
 * only for the partitions that the product names: for everybody else their identifiers answer PSA_ERROR_INVALID_HANDLE, and so they do
 * on a device without identity (not provisioned, or decommissioned). Use them with psa/crypto.h like any other key.
 *
 * Source: the identity in OTP (docs/format/otp.md). The numbers are those that TF-M uses.
 */
#ifndef MERLON_BUILTIN_KEYS_H
#define MERLON_BUILTIN_KEYS_H

/**
 * Hardware unique key: 256 bits, PSA_KEY_TYPE_DERIVE, PSA_ALG_HKDF(PSA_ALG_SHA_256), PSA_KEY_USAGE_DERIVE. Each partition gets a value
 * of its own, HKDF-SHA-256(hardware unique key, info "merlon huk" || client id as 4 bytes, little-endian): what one partition derives,
 * no other can.
 */
#define MERLON_KEY_HUK 0x7fff815b

/** Attestation key: P-256 pair, PSA_ALG_ECDSA(PSA_ALG_SHA_256), PSA_KEY_USAGE_SIGN_HASH and _MESSAGE. Its public key can be exported. */
#define MERLON_KEY_IAK 0x7fff815c

#endif
