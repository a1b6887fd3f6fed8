/* SPDX-License-Identifier: Apache-2.0 */
/* What `merlon device provision` does, for a device that nobody has provisioned: it comes without keys of a maker. */
#include "device.h"
#include <errno.h>
#include <mbedtls/ecp.h>
#include <mbedtls/pk.h>
#include <mbedtls/sha256.h>
#include <merlon/board/flash_map.h>
#include <merlon/hal/flash.h>
#include <merlon/lib/factory.h>
#include <merlon/lib/mem.h>
#include <merlon/lib/otp_layout.h>
#include <stdio.h>
#include <string.h>

enum { PEM_MAX = 512, DESCRIPTION_MAX = 128, SERIAL_BYTES = 6, POINT_SIZE = 65 /* 0x04, x, y */ };

static int draw(void *context, unsigned char *data, size_t size)
{
	struct host_device *device = context;
	return device->noise.source.ops->read(&device->noise.source, data, size) == PSA_SUCCESS ? 0 : MBEDTLS_ERR_ECP_RANDOM_FAILED;
}

static psa_status_t write_file(const struct host_device *device, const char *name, const char *text)
{
	char path[HOST_PATH_MAX];
	if (device->folder[0] == '\0')
		return PSA_SUCCESS;
	FILE *file = host_device_path(device, name, path) ? fopen(path, "w") : NULL;
	bool written = file != NULL && fputs(text, file) >= 0;
	if (file != NULL)
		written = fclose(file) == 0 && written;
	if (!written)
		host_complain(path, strerror(errno));
	return written ? PSA_SUCCESS : PSA_ERROR_STORAGE_FAILURE;
}

static psa_status_t make_identity(struct host_device *device, struct otp_identity *identity)
{
	uint8_t number[SERIAL_BYTES], point[POINT_SIZE];
	size_t point_size;
	mbedtls_ecp_keypair key;
	mbedtls_ecp_keypair_init(&key);
	bool made = mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, &key, draw, device) == 0 &&
		    mbedtls_ecp_write_key(&key, identity->iak, sizeof identity->iak) == 0 &&
		    mbedtls_ecp_write_public_key(&key, MBEDTLS_ECP_PF_UNCOMPRESSED, &point_size, point, sizeof point) == 0 &&
		    mbedtls_sha256(point, point_size, identity->instance, 0) == 0 &&
		    draw(device, identity->huk, sizeof identity->huk) == 0 && draw(device, number, sizeof number) == 0;
	mbedtls_ecp_keypair_free(&key);
	int size = snprintf(identity->serial, sizeof identity->serial, "HOST-");
	for (size_t i = 0; i < sizeof number; i++)
		size += snprintf(identity->serial + size, sizeof identity->serial - (size_t)size, "%02x", number[i]);
	return made ? otp_identity_set(&device->otp.medium, identity) : PSA_ERROR_HARDWARE_FAILURE;
}

/* The public half of the attestation key, for whoever verifies tokens. */
static psa_status_t write_public_key(struct host_device *device, const struct otp_identity *identity)
{
	unsigned char pem[PEM_MAX];
	mbedtls_pk_context key;
	mbedtls_pk_init(&key);
	bool made = mbedtls_pk_setup(&key, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)) == 0 &&
		    mbedtls_ecp_read_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(key), identity->iak, sizeof identity->iak) == 0 &&
		    mbedtls_ecp_keypair_calc_public(mbedtls_pk_ec(key), draw, device) == 0 &&
		    mbedtls_pk_write_pubkey_pem(&key, pem, sizeof pem) == 0;
	mbedtls_pk_free(&key);
	return made ? write_file(device, "iak_pub.pem", (const char *)pem) : PSA_ERROR_GENERIC_ERROR;
}

static psa_status_t write_factory(const struct host_device *device, const struct otp_identity *identity)
{
	uint8_t bytes[FACTORY_SIZE_MAX];
	size_t size;
	struct flash_window area;
	const struct factory_value values[MERLON_FACTORY_ITEM_COUNT] = {
		[MERLON_FACTORY_SERIAL] = { identity->serial, strlen(identity->serial) },
	};
	psa_status_t status = flash_window_init(&area, &device->flash.medium, BOARD_FLASH_FACTORY_OFFSET, BOARD_FLASH_FACTORY_SIZE);
	if (status == PSA_SUCCESS)
		status = factory_encode(values, bytes, &size);
	if (status == PSA_SUCCESS)
		status = medium_erase(&area.medium, 0, BOARD_FLASH_FACTORY_SIZE);
	return status == PSA_SUCCESS ? medium_program(&area.medium, 0, bytes, size) : status;
}

static psa_status_t describe(const struct host_device *device, const struct otp_identity *identity)
{
	char text[DESCRIPTION_MAX];
	snprintf(text, sizeof text, "{\"board\": \"an521\", \"product\": \"default\", \"serial\": \"%s\"}\n", identity->serial);
	return write_file(device, "device.json", text);
}

psa_status_t host_device_provision(struct host_device *device)
{
	const struct medium *otp = &device->otp.medium;
	struct otp_identity identity = { 0 };
	enum otp_lifecycle lifecycle;
	psa_status_t status = otp_lifecycle_get(otp, &lifecycle);
	bool in_factory = lifecycle == OTP_LIFECYCLE_ASSEMBLY || lifecycle == OTP_LIFECYCLE_PROVISIONING;
	if (status == PSA_SUCCESS && in_factory)
		status = otp_lifecycle_set(otp, OTP_LIFECYCLE_PROVISIONING);
	if (status == PSA_SUCCESS) {
		status = otp_identity_get(otp, &identity);
		if (status == PSA_ERROR_DOES_NOT_EXIST)
			status = make_identity(device, &identity);
	}
	if (status == PSA_SUCCESS && in_factory)
		status = write_factory(device, &identity);
	if (status == PSA_SUCCESS)
		status = write_public_key(device, &identity);
	if (status == PSA_SUCCESS && in_factory)
		status = otp_lifecycle_set(otp, OTP_LIFECYCLE_SECURED);
	if (status == PSA_SUCCESS)
		status = describe(device, &identity);
	mem_wipe(&identity, sizeof identity);
	return status;
}
