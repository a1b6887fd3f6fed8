/* SPDX-License-Identifier: Apache-2.0 */
/* Isolation levels 1 and 2: the partition is privileged, and OTP itself is read, behind its guard. */
#include "fwu_otp.h"
#include "start.h"

const struct medium *fwu_otp(void)
{
	return start.otp;
}
