/* SPDX-License-Identifier: Apache-2.0 */
/* psa/update.h for clients. */
#include <merlon/lib/service_wire.h>
#include <psa/client.h>
#include <psa/update.h>
#include <psa_manifest/sid.h>
#include <string.h>

static psa_status_t call(enum fwu_call function, const psa_invec *in, size_t in_count, psa_outvec *out, size_t out_count)
{
	return psa_call(FIRMWARE_UPDATE_HANDLE, (int32_t)function, in, in_count, out, out_count);
}

static psa_status_t on_component(enum fwu_call function, psa_fwu_component_t component)
{
	struct fwu_request request = { .component = component };
	return call(function, &(psa_invec) { &request, sizeof request }, 1, NULL, 0);
}

psa_status_t psa_fwu_query(psa_fwu_component_t component, psa_fwu_component_info_t *info)
{
	struct fwu_request request = { .component = component };
	psa_outvec out = { info, sizeof *info };
	memset(info, 0, sizeof *info);
	return call(FWU_CALL_QUERY, &(psa_invec) { &request, sizeof request }, 1, &out, 1);
}

psa_status_t psa_fwu_start(psa_fwu_component_t component, const void *manifest, size_t manifest_size)
{
	struct fwu_request request = { .component = component };
	psa_invec in[] = { { &request, sizeof request }, { manifest, manifest_size } };
	return call(FWU_CALL_START, in, 2, NULL, 0);
}

psa_status_t psa_fwu_write(psa_fwu_component_t component, size_t image_offset, const void *block, size_t block_size)
{
	struct fwu_request request = { .component = component, .offset = (uint32_t)image_offset };
	psa_invec in[] = { { &request, sizeof request }, { block, block_size } };
	if (request.offset != image_offset)
		return PSA_ERROR_INVALID_ARGUMENT;
	return call(FWU_CALL_WRITE, in, 2, NULL, 0);
}

psa_status_t psa_fwu_finish(psa_fwu_component_t component)
{
	return on_component(FWU_CALL_FINISH, component);
}

psa_status_t psa_fwu_cancel(psa_fwu_component_t component)
{
	return on_component(FWU_CALL_CANCEL, component);
}

psa_status_t psa_fwu_clean(psa_fwu_component_t component)
{
	return on_component(FWU_CALL_CLEAN, component);
}

psa_status_t psa_fwu_install(void)
{
	return call(FWU_CALL_INSTALL, NULL, 0, NULL, 0);
}

psa_status_t psa_fwu_request_reboot(void)
{
	return call(FWU_CALL_REBOOT, NULL, 0, NULL, 0);
}

psa_status_t psa_fwu_reject(psa_status_t error)
{
	return call(FWU_CALL_REJECT, &(psa_invec) { &error, sizeof error }, 1, NULL, 0);
}

psa_status_t psa_fwu_accept(void)
{
	return call(FWU_CALL_ACCEPT, NULL, 0, NULL, 0);
}
