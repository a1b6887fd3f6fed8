/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A key in a hardware security module, by PKCS#11 and a URI (RFC 7512):
 *
 *     pkcs11:token=LABEL;object=LABEL[;id=%01%02]?module-path=FILE[&pin-source=FILE | &pin-value=PIN]
 *
 * Without module-path the environment's MERLON_PKCS11_MODULE names the module, without a PIN MERLON_PKCS11_PIN gives one. The private
 * key never leaves the module; what is asked of it is ECDSA over a digest. Source: OASIS PKCS#11 2.40; headers of p11-kit.
 */
#ifndef MERLON_TOOL_PKCS11_H
#define MERLON_TOOL_PKCS11_H

#include "error.h"
#include <merlon/lib/ecdsa_der.h>
#include <stddef.h>
#include <stdint.h>

struct pkcs11_key;

bool pkcs11_is_uri(const char *name);

/**
 * Find the key pair that the URI names.
 * @param form   Out: the curve. @param point  Out: x and y of the public key, 2 * scalar_size bytes, at most 2 * ECDSA_SCALAR_MAX.
 * @return NULL with the reason in *error: no module, no token, no or several such keys, another kind of key.
 */
struct pkcs11_key *pkcs11_open(const char *uri, const struct ecdsa_key_form **form, uint8_t point[2 * ECDSA_SCALAR_MAX],
			       struct error *error);
/** Log in and sign: r and s, each of the curve's scalar_size. */
bool pkcs11_sign(struct pkcs11_key *key, const uint8_t *digest, size_t digest_size, uint8_t *raw, size_t raw_size,
		 struct error *error);
void pkcs11_close(struct pkcs11_key *key);

#endif
