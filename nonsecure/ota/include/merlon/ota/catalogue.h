/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The catalogue: what the server offers. Page: docs/format/catalogue.md.
 *
 * A hint about where to find what, never a proof: the Secure world and BL2 judge the images by their signatures. The parser takes
 * no member twice, none that it does not know, and leaves none out.
 */
#ifndef MERLON_OTA_CATALOGUE_H
#define MERLON_OTA_CATALOGUE_H

#include <merlon/ota/http.h>
#include <psa/update.h>

enum { CATALOGUE_SIZE_MAX = 1024, CATALOGUE_IMAGE_MAX = MERLON_FWU_COMPONENT_COUNT, CATALOGUE_DIGEST_SIZE = 32 };

struct catalogue_image {
	psa_fwu_component_t component;
	psa_fwu_image_version_t version;
	char path[HTTP_PATH_MAX + 1];          /* absolute, on the same server; letters, digits and - . _ ~ + / without ".." */
	uint32_t size;                         /* bytes, at least 1 */
	uint8_t sha256[CATALOGUE_DIGEST_SIZE]; /* names the bytes: a download is only resumed with the same ones */
};

/** A set of images to be installed together, in the order of their components, each component at most once. */
struct catalogue {
	psa_fwu_image_version_t version; /* of the set, for people */
	uint8_t count;                   /* 1 to CATALOGUE_IMAGE_MAX */
	struct catalogue_image images[CATALOGUE_IMAGE_MAX];
};

/**
 * @param catalogue  Undefined unless PSA_SUCCESS is returned.
 * @retval PSA_ERROR_DATA_INVALID  Not a catalogue of format 1.
 */
psa_status_t catalogue_parse(const char *data, size_t size, struct catalogue *catalogue);

#endif
