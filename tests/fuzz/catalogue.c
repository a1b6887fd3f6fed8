/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/ota/catalogue.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct catalogue catalogue;
	if (catalogue_parse((const char *)data, size, &catalogue) != PSA_SUCCESS)
		return 0;
	if (catalogue.count == 0 || catalogue.count > CATALOGUE_IMAGE_MAX)
		abort();
	for (unsigned i = 0; i < catalogue.count; i++) {
		const struct catalogue_image *image = &catalogue.images[i];
		if (image->component >= MERLON_FWU_COMPONENT_COUNT || image->size == 0 || image->path[0] != '/' ||
		    strlen(image->path) > HTTP_PATH_MAX || strstr(image->path, "..") != NULL)
			abort();
	}
	return 0;
}
