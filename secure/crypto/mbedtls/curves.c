/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mbedTLS's curves with a table of the base point's multiples for P-256 only. The attestation and the figures stand on
 * P-256. That of P-384 takes 3.8 KB and that of P-521 more: these curves go without it and take longer to sign.
 *
 * mbedTLS has one switch for all of its tables. Each curve is loaded by one call of ecp_group_load(), whose last argument is the table:
 * here this argument goes through KEEP_*, in the calls and, where it is the parameter `const mbedtls_ecp_point *T`, in the definition.
 */
#define KEEP_const       const
#define KEEP_secp256r1_T secp256r1_T
#define KEEP_secp384r1_T NULL
#define KEEP_secp521r1_T NULL
#define ecp_group_load(group, p, p_size, a, a_size, b, b_size, x, x_size, y, y_size, n, n_size, table)                             \
	ecp_group_load(group, p, p_size, a, a_size, b, b_size, x, x_size, y, y_size, n, n_size, KEEP_##table)

#include <ecp_curves.c>
