/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/ota/catalogue.h>
#include <merlon/test.h>
#include <string.h>

#define SHA "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define IMAGE(component, path, size)                                                                                               \
	"{\"component\":" component ",\"version\":\"1.2.3+4\",\"path\":\"" path "\",\"size\":" size ",\"sha256\":\"" SHA "\"}"
#define CATALOGUE(images) "{\"format\":1,\"version\":\"1.1.0\",\"images\":[" images "]}"
#define GOOD              CATALOGUE(IMAGE("0", "/a.bin", "1000") "," IMAGE("1", "/b/c-1.1.0+4.bin", "4294967295"))

static psa_status_t parse(const char *text)
{
	struct catalogue catalogue;
	return catalogue_parse(text, strlen(text), &catalogue);
}

TEST(reads_a_set, CLAIM("ota.catalogue"), FUNCTIONAL)
{
	struct catalogue catalogue;
	CHECK_EQ(catalogue_parse(GOOD, strlen(GOOD), &catalogue), PSA_SUCCESS);
	CHECK_EQ(catalogue.version.minor, 1);
	CHECK_EQ(catalogue.count, 2);
	CHECK_EQ(catalogue.images[1].component, 1);
	CHECK_EQ(catalogue.images[1].version.patch, 3);
	CHECK_EQ(catalogue.images[1].version.build, 4);
	CHECK_EQ(catalogue.images[1].size, 4294967295u);
	CHECK_EQ(catalogue.images[1].sha256[31], 0xff);
	CHECK(strcmp(catalogue.images[1].path, "/b/c-1.1.0+4.bin") == 0);
	static const char spaced[] =
		" {\n\"images\" :\t[ " IMAGE("1", "/x", "8") " ] ,\r\n \"format\": 1 , \"version\" : \"0.0.0\" } \n";
	CHECK_EQ(parse(spaced), PSA_SUCCESS);
}

TEST(each_beginning_is_refused, CLAIM("ota.catalogue"), PROPERTY)
{
	struct catalogue catalogue;
	for (size_t size = 0; size < sizeof GOOD - 1; size++)
		CHECK_THAT(catalogue_parse(GOOD, size, &catalogue) == PSA_ERROR_DATA_INVALID, "%zu bytes", size);
}

TEST(refuses_what_is_not_a_catalogue, CLAIM("ota.catalogue"), MALFORMED)
{
	static const char *const bad[] = {
		"[]",
		"{}",
		GOOD "x",
		GOOD GOOD,
		CATALOGUE(""),
		CATALOGUE(IMAGE("2", "/a", "8")),
		CATALOGUE(IMAGE("1", "/a", "8") "," IMAGE("0", "/a", "8")),
		CATALOGUE(IMAGE("1", "/a", "8") "," IMAGE("1", "/a", "8")),
		CATALOGUE(IMAGE("0", "/a", "8") "," IMAGE("1", "/a", "8") "," IMAGE("1", "/a", "8")),
		CATALOGUE(IMAGE("0", "/a", "8") ","),
		CATALOGUE(IMAGE("0", "/a", "0")),
		CATALOGUE(IMAGE("0", "/a", "08")),
		CATALOGUE(IMAGE("0", "/a", "-8")),
		CATALOGUE(IMAGE("0", "/a", "8.0")),
		CATALOGUE(IMAGE("0", "/a", "8e1")),
		CATALOGUE(IMAGE("0", "/a", "\"8\"")),
		CATALOGUE(IMAGE("0", "/a", "4294967296")),
		CATALOGUE(IMAGE("0", "/a", "99999999999999999999")),
		CATALOGUE(IMAGE("0", "", "8")),
		CATALOGUE(IMAGE("0", "a", "8")),
		CATALOGUE(IMAGE("0", "//evil.example/a", "8")),
		CATALOGUE(IMAGE("0", "/../a", "8")),
		CATALOGUE(IMAGE("0", "/a?b", "8")),
		CATALOGUE(IMAGE("0", "/a b", "8")),
		CATALOGUE(IMAGE("0", "/a\\u0041", "8")),
		CATALOGUE(IMAGE("0", "/a\r\nHost: evil", "8")),
		CATALOGUE(IMAGE(
			"0", "/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456",
			"8")),
		"{\"format\":2,\"version\":\"1.1.0\",\"images\":[" IMAGE("0", "/a", "8") "]}",
		"{\"format\":1,\"format\":1,\"version\":\"1.1.0\",\"images\":[" IMAGE("0", "/a", "8") "]}",
		"{\"format\":1,\"version\":\"1.1.0\",\"extra\":1,\"images\":[" IMAGE("0", "/a", "8") "]}",
		"{\"format\":1,\"images\":[" IMAGE("0", "/a", "8") "]}",
		"{\"format\":1,\"version\":\"1.1\",\"images\":[" IMAGE("0", "/a", "8") "]}",
		"{\"format\":1,\"version\":\"1.1.0.0\",\"images\":[" IMAGE("0", "/a", "8") "]}",
		"{\"format\":1,\"version\":\"256.1.0\",\"images\":[" IMAGE("0", "/a", "8") "]}",
		"{\"format\":1,\"version\":\"1.1.65536\",\"images\":[" IMAGE("0", "/a", "8") "]}",
		"{\"format\":1,\"version\":\"01.1.0\",\"images\":[" IMAGE("0", "/a", "8") "]}",
		"{\"format\":1,\"version\":\"1.1.0+\",\"images\":[" IMAGE("0", "/a", "8") "]}",
		"{\"format\":1,\"version\":\"1. 1.0\",\"images\":[" IMAGE("0", "/a", "8") "]}",
	};
	CHECK_EQ(parse(GOOD), PSA_SUCCESS);
	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK_THAT(parse(bad[i]) == PSA_ERROR_DATA_INVALID, "%u: %s", i, bad[i]);
}

TEST(digest_is_lower_case_hex_of_32_bytes, CLAIM("ota.catalogue"), MALFORMED)
{
	char text[sizeof GOOD];
	static const char wrong[] = "gG\"/:@`";
	for (unsigned i = 0; i < sizeof wrong - 1; i++) {
		memcpy(text, GOOD, sizeof text);
		*strstr(text, "0011") = wrong[i];
		CHECK_THAT(parse(text) == PSA_ERROR_DATA_INVALID, "%c", wrong[i]);
	}
}
