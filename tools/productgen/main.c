/* SPDX-License-Identifier: Apache-2.0 */
/* productgen: reads a product and writes its constants for C and for CMake. */
#include "product.h"

enum exit_code { EXIT_OK = 0, EXIT_REFUSED = 1, EXIT_ERROR = 2 };

typedef void writer(FILE *file, const struct product *product, const char *name, const char *board);

static enum exit_code write_file(const char *path, writer *write, const struct product *product, const char *name,
				 const char *board)
{
	FILE *file = fopen(path, "w");
	if (file == NULL) {
		fprintf(stderr, "productgen: ");
		perror(path);
		return EXIT_ERROR;
	}
	write(file, product, name, board);
	bool failed = ferror(file) != 0;
	if (fclose(file) != 0 || failed) {
		fprintf(stderr, "productgen: %s: cannot be written\n  try: make room on the disk\n", path);
		return EXIT_ERROR;
	}
	return EXIT_OK;
}

int main(int argc, char **argv)
{
	static struct product product;
	struct report report = { .program = "productgen", .source = "", .separator = "", .stream = stderr };
	if (argc != 6) {
		fputs("usage: productgen FOLDER PRODUCT BOARD CONFIG.h CONFIG.cmake        example: productgen products demo an521 "
		      "c.h c.cmake\n"
		      "  FOLDER    holds PRODUCT/product.yaml\n"
		      "  BOARD     its name is written down, too\n",
		      stderr);
		return EXIT_ERROR;
	}
	if (!product_read(&product, argv[1], argv[2], &report) || !product_check(&product, &report))
		return EXIT_REFUSED;
	enum exit_code code = write_file(argv[4], emit_header, &product, argv[2], argv[3]);
	return code == EXIT_OK ? write_file(argv[5], emit_cmake, &product, argv[2], argv[3]) : code;
}
