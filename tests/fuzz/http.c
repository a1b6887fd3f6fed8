/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/ota/http.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A head is either refused, wants more, or is whole; more bytes behind a whole head change nothing. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_head head, again;
	size_t used, used_again;
	if (http_head_parse((const char *)data, size, &head, &used) != PSA_SUCCESS)
		return 0;
	if (used > size || used > HTTP_HEAD_MAX || head.status < 200 || head.status > 599)
		abort();
	if (head.has_range && (head.first > head.last || head.last >= head.total))
		abort();
	if (http_head_parse((const char *)data, used, &again, &used_again) != PSA_SUCCESS || used_again != used ||
	    again.length != head.length)
		abort();
	return 0;
}
