/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Why an image or an update is refused. One list for BL2, the update service and the host tools.
 *
 * The numbers travel in the shared data to the Secure world and to the server: append, never renumber.
 * `refusal_name()` is the stable word printed after `rejected:`; `refusal_reason()` is a sentence for people.
 */
#ifndef MERLON_LIB_REFUSAL_H
#define MERLON_LIB_REFUSAL_H

/* X(number, CODE, "reason") */
#define REFUSAL_TABLE(X)                                                                                                           \
	X(0, NONE, "accepted")                                                                                                     \
	X(1, EMPTY, "the slot holds no image")                                                                                     \
	X(2, READ, "the slot cannot be read")                                                                                      \
	X(3, MAGIC, "the header magic is wrong")                                                                                   \
	X(4, HEADER, "a header field is out of range")                                                                             \
	X(5, SIZE, "the image does not fit its slot")                                                                              \
	X(6, FLAGS, "a header flag asks for something this build cannot do")                                                       \
	X(7, TLV, "the TLV area is malformed")                                                                                     \
	X(8, TLV_UNPROTECTED, "a TLV that must be protected stands in the unprotected area")                                       \
	X(9, HASH_MISSING, "there is no SHA-256 of the payload")                                                                   \
	X(10, HASH, "the SHA-256 of the payload differs")                                                                          \
	X(11, KEY_MISSING, "there is no signature with a key reference")                                                           \
	X(12, KEY_UNKNOWN, "the signing key is not among the trusted keys")                                                        \
	X(13, KEY_ROLE, "the signing key is not trusted for this image")                                                           \
	X(14, KEY_DEVELOPMENT, "a development key is refused in lifecycle secured")                                                \
	X(15, SIGNATURE_FORMAT, "the signature is not exact DER")                                                                  \
	X(16, SIGNATURE, "the signature is wrong")                                                                                 \
	X(17, COUNTER_MISSING, "there is no security counter")                                                                     \
	X(18, COUNTER, "the security counter is below the stored one")                                                             \
	X(19, COUNTER_FULL, "the security counter table is full")                                                                  \
	X(20, DEPENDENCY, "a dependency on another image is not met")                                                              \
	X(21, ADDRESS, "the image is not linked for this slot")                                                                    \
	X(22, JOURNAL, "the update journal cannot be read")                                                                        \
	X(23, OTP, "the one-time-programmable memory cannot be read")                                                              \
	X(24, UNCONFIRMED, "the image did not confirm itself in time")                                                             \
	X(25, NON_BOOTABLE, "the image is marked non-bootable")                                                                    \
	X(26, REJECTED, "the application rejected the image")                                                                      \
	X(27, KEY_REVOKED, "the signing key was revoked")                                                                          \
	X(28, REVOCATION, "this key cannot be revoked now, or not by this signer")

#define REFUSAL_ENUMERATOR(number, code, reason) REFUSAL_##code = number,
enum refusal { REFUSAL_TABLE(REFUSAL_ENUMERATOR) REFUSAL_COUNT };
#undef REFUSAL_ENUMERATOR

/** The CODE in capitals without prefix, for example "SIGNATURE"; "UNKNOWN" for a number outside the table. */
const char *refusal_name(enum refusal code);
const char *refusal_reason(enum refusal code);

#endif
