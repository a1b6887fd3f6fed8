/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <merlon/sim/flash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ERASED = 0xff };

/* The object behind a medium that the simulator handed out is never const. */
static struct sim_flash *flash_of(const struct medium *medium)
{
	return (struct sim_flash *)(uintptr_t)medium;
}

static psa_status_t breach(struct sim_flash *flash, const char *what, uint32_t offset)
{
	flash->breaches++;
	if (flash->strict) {
		fprintf(stderr, "flash rule broken: %s at 0x%" PRIx32 "\n", what, offset);
		abort();
	}
	return PSA_ERROR_NOT_PERMITTED;
}

static bool is_faulty(const struct sim_flash *flash, unsigned fault, uint32_t offset, size_t size)
{
	return (flash->fault & fault) != 0 && offset < flash->fault_offset + flash->fault_size &&
	       flash->fault_offset < offset + size;
}

/* A unit with unstable bits may read as blank and is not: nobody programs a unit that was begun, whatever it reads. */
static bool is_blank(const struct sim_flash *flash, uint32_t offset)
{
	for (uint32_t i = 0; i < flash->medium.write_size; i++)
		if (flash->cells[offset + i] != ERASED || flash->unstable[offset + i] != 0)
			return false;
	return true;
}

/*
 * Unstable bits are drawn anew at each read: each for itself, or, where the test asks for it, now and then all of one reading as they
 * were or as they were meant to be. A reader who is never shown a torn unit whole never has to answer for having taken it.
 */
static psa_status_t sim_read(const struct medium *medium, uint32_t offset, void *data, size_t size)
{
	static const uint8_t together[] = { 0x00, 0xff };
	struct sim_flash *flash = flash_of(medium);
	uint8_t *bytes = data;
	uint64_t mode = 0;
	enum sim_odd odd = flash->reads == flash->odd_read ? flash->odd : SIM_ODD_NONE;
	flash->reads++;
	flash->bytes_read += size;
	if (odd == SIM_ODD_FAILS || is_faulty(flash, SIM_FAULT_READ, offset, size))
		return PSA_ERROR_STORAGE_FAILURE;
	memcpy(bytes, flash->cells + offset, size);
	for (size_t i = 0; i < size; i++) {
		uint8_t mask = flash->unstable[offset + i];
		if (mask == 0)
			continue;
		if (mode == 0)
			mode = flash->power->whole_readings ? sim_power_random(flash->power) % 3 + 1 : 3;
		uint8_t drawn = mode < 3 ? together[mode - 1] : (uint8_t)sim_power_random(flash->power);
		bytes[i] = (uint8_t)((bytes[i] & ~mask) | (drawn & mask));
	}
	if (odd == SIM_ODD_FLIPS)
		bytes[flash->reads % size] ^= (uint8_t)(1u << flash->reads / size % 8);
	return PSA_SUCCESS;
}

/* What cell `i` of a change becomes: erasing has no data. */
static uint8_t target_of(const uint8_t *data, size_t i)
{
	return data == NULL ? ERASED : data[i];
}

/* Cells stopped underway: of the bits that change, a random part did. */
static void tear_randomly(struct sim_flash *flash, uint32_t offset, const uint8_t *data, size_t begin, size_t size,
			  enum sim_tear tear)
{
	for (size_t i = begin; i < begin + size; i++) {
		uint8_t *cell = &flash->cells[offset + i];
		uint8_t changing = (uint8_t)(*cell ^ target_of(data, i));
		*cell ^= (uint8_t)(changing & sim_power_random(flash->power));
		flash->unstable[offset + i] = tear == SIM_TEAR_MARGINAL ? changing : 0;
	}
}

static void settle(struct sim_flash *flash, uint32_t offset, const uint8_t *data, size_t begin, size_t size)
{
	for (size_t i = begin; i < begin + size; i++)
		flash->cells[offset + i] = target_of(data, i);
	memset(flash->unstable + offset + begin, 0, size);
}

/* After a change that may be torn, and after a file was mapped: what is not blank has been programmed. */
static void mark_programmed(struct sim_flash *flash, uint32_t offset, size_t size)
{
	for (uint32_t i = offset; i < offset + size; i += flash->medium.write_size)
		flash->programmed[i / flash->medium.write_size] = !is_blank(flash, i);
}

/* The cells become `data` (NULL: erased), or as much of it as the tear lets through; `unit` is what tears as one piece. */
static void change(struct sim_flash *flash, uint32_t offset, const uint8_t *data, size_t size, uint32_t unit)
{
	enum sim_tear tear = flash->power == NULL ? SIM_TEAR_COUNT : sim_power_change(flash->power);
	size_t units = size / unit, whole = units * unit;
	switch (tear) {
	case SIM_TEAR_BEFORE:
		sim_power_off(flash->power);
	case SIM_TEAR_HALFWAY:
		settle(flash, offset, data, 0, units / 2 * unit + unit / 2);
		break;
	case SIM_TEAR_RANDOM:
	case SIM_TEAR_MARGINAL:
		whole = sim_power_random(flash->power) % units * unit;
		settle(flash, offset, data, 0, whole);
		tear_randomly(flash, offset, data, whole, unit, tear);
		break;
	case SIM_TEAR_AFTER:
	case SIM_TEAR_COUNT:
		settle(flash, offset, data, 0, whole);
		break;
	}
	mark_programmed(flash, offset, size);
	if (tear != SIM_TEAR_COUNT)
		sim_power_off(flash->power);
}

static psa_status_t check_program(struct sim_flash *flash, uint32_t offset, const uint8_t *data, size_t size)
{
	uint32_t unit = flash->medium.write_size;
	for (uint32_t i = offset; !flash->one_way && i < offset + size; i += unit)
		if (flash->programmed[i / unit] || !is_blank(flash, i))
			return breach(flash, "a unit is programmed twice", i);
	for (uint32_t i = 0; flash->one_way && i < size; i++)
		if ((data[i] & ~flash->cells[offset + i]) != 0)
			return breach(flash, "a bit would go back to 1", offset + i);
	return PSA_SUCCESS;
}

static psa_status_t sim_program(const struct medium *medium, uint32_t offset, const void *data, size_t size)
{
	struct sim_flash *flash = flash_of(medium);
	if (is_faulty(flash, SIM_FAULT_PROGRAM, offset, size))
		return PSA_ERROR_STORAGE_FAILURE;
	psa_status_t status = check_program(flash, offset, data, size);
	if (status != PSA_SUCCESS)
		return status;
	flash->programs++;
	flash->bytes_programmed += size;
	change(flash, offset, data, size, medium->write_size);
	/* Also a unit of all ones has had its one programming. */
	memset(flash->programmed + offset / medium->write_size, 1, size / medium->write_size);
	return PSA_SUCCESS;
}

static psa_status_t sim_erase(const struct medium *medium, uint32_t offset, size_t size)
{
	struct sim_flash *flash = flash_of(medium);
	if (is_faulty(flash, SIM_FAULT_ERASE, offset, size))
		return PSA_ERROR_STORAGE_FAILURE;
	for (uint32_t sector = offset; sector < offset + size; sector += medium->erase_size) {
		flash->erases++;
		flash->sector_erases[sector / medium->erase_size]++;
		change(flash, sector, NULL, medium->erase_size, medium->erase_size);
	}
	return PSA_SUCCESS;
}

static const struct medium_ops sim_ops = { .read = sim_read, .program = sim_program, .erase = sim_erase };

static void *allocate(size_t size)
{
	void *memory = calloc(1, size);
	if (memory == NULL)
		abort();
	return memory;
}

static void init(struct sim_flash *flash, struct sim_power *power, uint32_t size, uint32_t erase_size, uint32_t write_size)
{
	*flash = (struct sim_flash) { .medium = { &sim_ops, size, erase_size, write_size }, .power = power, .strict = true };
	flash->cells = allocate(size);
	memset(flash->cells, ERASED, size);
	flash->unstable = allocate(size);
	flash->programmed = allocate(size / write_size);
}

void sim_flash_init(struct sim_flash *flash, struct sim_power *power, uint32_t size, uint32_t erase_size, uint32_t write_size)
{
	init(flash, power, size, erase_size, write_size);
	flash->sector_erases = allocate(size / erase_size * sizeof *flash->sector_erases);
}

void sim_otp_init(struct sim_flash *otp, struct sim_power *power, uint32_t size, uint32_t write_size)
{
	init(otp, power, size, 0, write_size);
	otp->one_way = true;
}

void sim_flash_deinit(struct sim_flash *flash)
{
	if (flash->mapped)
		munmap(flash->cells, flash->medium.size);
	else
		free(flash->cells);
	free(flash->unstable);
	free(flash->programmed);
	free(flash->sector_erases);
	*flash = (struct sim_flash) { 0 };
}

/* The file, opened and of the right size; -1 when not, with *status telling why. */
static int open_file(const char *path, uint32_t size, bool create, psa_status_t *status)
{
	struct stat info;
	int file = open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0600);
	if (file < 0) {
		*status = errno == ENOENT ? PSA_ERROR_DOES_NOT_EXIST : PSA_ERROR_STORAGE_FAILURE;
		return -1;
	}
	*status = PSA_ERROR_STORAGE_FAILURE;
	if (fstat(file, &info) == 0) {
		*status = info.st_size == (off_t)size || (create && info.st_size == 0) ? PSA_SUCCESS : PSA_ERROR_INVALID_ARGUMENT;
		if (*status == PSA_SUCCESS)
			return file;
	}
	close(file);
	return -1;
}

/* A new file begins with the cells as they are: blank. */
static psa_status_t fill_file(int file, const struct sim_flash *flash)
{
	struct stat info;
	if (fstat(file, &info) != 0)
		return PSA_ERROR_STORAGE_FAILURE;
	for (size_t done = 0; info.st_size == 0 && done < flash->medium.size;) {
		ssize_t written = pwrite(file, flash->cells + done, flash->medium.size - done, (off_t)done);
		if (written <= 0)
			return PSA_ERROR_STORAGE_FAILURE;
		done += (size_t)written;
	}
	return PSA_SUCCESS;
}

psa_status_t sim_flash_map(struct sim_flash *flash, const char *path, bool create)
{
	psa_status_t status;
	int file = open_file(path, flash->medium.size, create, &status);
	if (file < 0)
		return status;
	status = fill_file(file, flash);
	void *cells =
		status != PSA_SUCCESS ? MAP_FAILED : mmap(NULL, flash->medium.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	if (cells == MAP_FAILED)
		return PSA_ERROR_STORAGE_FAILURE;
	free(flash->cells);
	flash->cells = cells;
	flash->mapped = true;
	flash->strict = false;
	mark_programmed(flash, 0, flash->medium.size);
	return PSA_SUCCESS;
}

void sim_flash_copy(struct sim_flash *to, const struct sim_flash *from)
{
	uint32_t size = from->medium.size;
	memcpy(to->cells, from->cells, size);
	memcpy(to->unstable, from->unstable, size);
	memcpy(to->programmed, from->programmed, size / from->medium.write_size);
	if (from->sector_erases != NULL)
		memcpy(to->sector_erases, from->sector_erases, size / from->medium.erase_size * sizeof *from->sector_erases);
	to->breaches = from->breaches;
	to->reads = from->reads;
	to->programs = from->programs;
	to->erases = from->erases;
	to->bytes_read = from->bytes_read;
	to->bytes_programmed = from->bytes_programmed;
}

void sim_flash_fail(struct sim_flash *flash, unsigned fault, uint32_t offset, uint32_t size)
{
	flash->fault = fault;
	flash->fault_offset = offset;
	flash->fault_size = size;
}

void sim_flash_odd_read(struct sim_flash *flash, enum sim_odd odd, uint32_t later)
{
	flash->odd = odd;
	flash->odd_read = flash->reads + later;
}

uint32_t sim_flash_wear(const struct sim_flash *flash)
{
	uint32_t wear = 0;
	for (uint32_t i = 0; flash->sector_erases != NULL && i < flash->medium.size / flash->medium.erase_size; i++)
		if (flash->sector_erases[i] > wear)
			wear = flash->sector_erases[i];
	return wear;
}
