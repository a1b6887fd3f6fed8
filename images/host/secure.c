/* SPDX-License-Identifier: Apache-2.0 */
/* The Secure image of the device in a host program: images/secure/main.c without a machine. Its partitions are the very same. */
#include "device.h"
#include "start.h"
#include <merlon/lib/otp_layout.h>
#include <merlon/spm/machine.h>
#include <merlon/spm/spm.h>
#include <merlon/veneer.h>
#include <stdio.h>
#include <string.h>

struct spm spm;
struct host_device *host_hardware;

/* The device loses its power, and the gate starts it again with this cause. */
_Noreturn void spm_machine_reset(uint32_t cause)
{
	host_hardware->ending = (enum reset_cause)cause;
	sim_power_off(&host_hardware->power);
}

_Noreturn void spm_machine_panic(uint8_t partition, uint8_t api, enum spm_error error)
{
	char why[64];
	snprintf(why, sizeof why, "%s: %s", spm_api_name(api), spm_error_text(error));
	host_complain(partition != SPM_NONSECURE ? spm_table.partitions[partition].name : "the partition manager", why);
	spm_machine_reset(RESET_CAUSE_PANIC);
}

void require(psa_status_t status, const char *what)
{
	if (status == PSA_SUCCESS)
		return;
	host_complain("the start", what);
	spm_machine_reset(RESET_CAUSE_PANIC);
}

static void close_doors(void)
{
	static struct otp_guard otp;
	otp_guard_init(&otp, &host_hardware->otp.medium);
	require(otp_lifecycle_settle(&otp.medium, spm.lifecycle), "the lifecycle cannot be recorded");
	take_facts(&otp.medium, spm.lifecycle);
	require(close_otp(&otp), "OTP stays open");
}

psa_status_t host_secure_start(struct host_device *device)
{
	host_hardware = device;
	memset(&spm, 0, sizeof spm);
	start.handover = device->handover;
	start.handover_size = sizeof device->handover;
	require(handover_find_u32(start.handover, start.handover_size, HANDOVER_TYPE(HANDOVER_MAJOR_MERLON, HANDOVER_LIFECYCLE),
				  &spm.lifecycle),
		"BL2 handed nothing over");
	close_doors();
	if (spm.lifecycle == OTP_LIFECYCLE_DECOMMISSIONED)
		require(clear_storage(&device->flash.medium), "the storage cannot be cleared");
	/* Partitions have no memory of their own here, which the partition manager would prepare. */
	for (uint8_t i = 0; i < spm_table.partition_count; i++)
		if (spm_table.partitions[i].prepare != NULL)
			spm_table.partitions[i].prepare();
	return spm_start();
}

uint32_t host_secure_version(uint32_t sid)
{
	return spm_version_of(SPM_NONSECURE, sid);
}

psa_handle_t host_secure_connect(uint32_t sid, uint32_t version)
{
	return spm_connect(SPM_CLIENT_NONSECURE, sid, version);
}

psa_status_t host_secure_call(psa_handle_t handle, int32_t type, const psa_invec *in_vec, size_t in_len, psa_outvec *out_vec,
			      size_t out_len)
{
	return spm_call(SPM_CLIENT_NONSECURE, handle, merlon_veneer_pack(type, in_len, out_len), in_vec, out_vec);
}

void host_secure_close(psa_handle_t handle)
{
	spm_close(SPM_CLIENT_NONSECURE, handle);
}
