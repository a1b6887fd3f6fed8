/* SPDX-License-Identifier: Apache-2.0 */
/* Every public header compiles alone, twice, in the languages that integrators use. */
#include <merlon/test.h>
#include <stdlib.h>
#include <string.h>

/* HEADERS: the list, made by CMake from the folder; COMPILE_C, COMPILE_CXX: compilers; INCLUDES: the -I options. */
static const char *const headers[] = { HEADERS };
static const char *const languages[] = {
	COMPILE_C " -x c -std=c99 -Wpedantic -Wstrict-prototypes",
	COMPILE_C " -x c -std=c11 -Wpedantic -Wstrict-prototypes",
	COMPILE_CXX " -x c++ -std=c++17 -Wpedantic",
};

TEST(each_header_compiles_alone, CLAIM("psa.headers"), FUNCTIONAL)
{
	size_t count = sizeof headers / sizeof headers[0];
	CHECK(count >= 7);
	for (size_t i = 0; i < count * 3; i++) {
		char command[1024];
		snprintf(command, sizeof command,
			 "printf '#include <%s>\\n#include <%s>\\nextern int unused;\\n' | %s -Wall -Wextra -Werror %s "
			 "-fsyntax-only -",
			 headers[i / 3], headers[i / 3], languages[i % 3], INCLUDES);
		CHECK_THAT(system(command) == 0, "%s", command);
	}
}
