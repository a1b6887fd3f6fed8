/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks every P-256 verifier about published vectors. Lines on stdin: `key digest signature` in hex, the key a SubjectPublicKeyInfo, the
 * signature DER; an empty signature is written `-`. Answers, a line each: `p256-m fast`, 1 for accepted, 0 for refused.
 */
#include <merlon/crypto/ecdsa.h>
#include <stdio.h>
#include <string.h>

enum { FIELD_MAX = 131072 }; /* one vector is a signature with 64 KB of padding */

/* @return Bytes, or -1 for what is no hex. */
static int decode(const char *text, uint8_t out[FIELD_MAX])
{
	int size = 0;
	if (strcmp(text, "-") == 0)
		return 0;
	for (; *text != '\0'; text += 2) {
		unsigned byte;
		if (size == FIELD_MAX || text[1] == '\0' || sscanf(text, "%2x", &byte) != 1)
			return -1;
		out[size++] = (uint8_t)byte;
	}
	return size;
}

int main(void)
{
	static char texts[3][2 * FIELD_MAX + 1];
	static uint8_t fields[3][FIELD_MAX];
	while (scanf("%262144s %262144s %262144s", texts[0], texts[1], texts[2]) == 3) {
		int sizes[3];
		for (int i = 0; i < 3; i++)
			if ((sizes[i] = decode(texts[i], fields[i])) < 0)
				return 2;
		const struct ecdsa_curve *const curves[2] = { &ecdsa_p256, &ecdsa_p256_fast };
		for (int i = 0; i < 2; i++)
			printf("%d ", ecdsa_verify(curves[i], fields[0], (size_t)sizes[0], fields[1], (size_t)sizes[1], fields[2],
						   (size_t)sizes[2]) == PSA_SUCCESS);
		putchar('\n');
	}
	return 0;
}
