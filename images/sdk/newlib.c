/* SPDX-License-Identifier: Apache-2.0 */
/* What newlib asks of the system beside console and end: memory for malloc(), and that there are no files and processes. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

extern uint8_t heap_start[], heap_end[]; /* linker script */

void *_sbrk(ptrdiff_t size);
int _close(int file);
int _fstat(int file, struct stat *info);
int _getpid(void);
int _isatty(int file);
int _kill(int process, int number);
int _lseek(int file, int offset, int from);

__attribute__((weak)) void *_sbrk(ptrdiff_t size)
{
	static uint8_t *end = heap_start;
	uint8_t *before = end;
	if (size > heap_end - end || size < heap_start - end) {
		errno = ENOMEM;
		return (void *)-1;
	}
	end += size;
	return before;
}

__attribute__((weak)) int _close(int file)
{
	(void)file;
	errno = EBADF;
	return -1;
}

/* A terminal: stdio writes line by line. */
__attribute__((weak)) int _fstat(int file, struct stat *info)
{
	(void)file;
	info->st_mode = S_IFCHR;
	return 0;
}

__attribute__((weak)) int _isatty(int file)
{
	(void)file;
	return 1;
}

__attribute__((weak)) int _lseek(int file, int offset, int from)
{
	(void)file, (void)offset, (void)from;
	errno = ESPIPE;
	return -1;
}

__attribute__((weak)) int _getpid(void)
{
	return 1;
}

__attribute__((weak)) int _kill(int process, int number)
{
	(void)process, (void)number;
	errno = EINVAL;
	return -1;
}
