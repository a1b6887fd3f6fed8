/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Simulated flash and OTP: a medium over memory or over a file, strict about the rules of its kind, with faults built in.
 *
 * Flash: a unit is programmed once between two erases. OTP: bits go from 1 to 0, never back; there is no erase. A breach is always
 * a bug of the caller: it is printed, and aborts the test, or with `strict` false is counted and answered PSA_ERROR_NOT_PERMITTED.
 */
#ifndef MERLON_SIM_FLASH_H
#define MERLON_SIM_FLASH_H

#include <merlon/lib/medium.h>
#include <merlon/sim/power.h>

/** Which calls an injected fault answers with PSA_ERROR_STORAGE_FAILURE; a mask. */
enum sim_fault { SIM_FAULT_READ = 1, SIM_FAULT_PROGRAM = 2, SIM_FAULT_ERASE = 4 };

/** What one odd read does: it fails, as where error correction gives up, or gives one bit that is not there. */
enum sim_odd { SIM_ODD_NONE, SIM_ODD_FAILS, SIM_ODD_FLIPS };

struct sim_flash {
	struct medium medium;    /* hand out &flash.medium */
	struct sim_power *power; /* NULL: never cut */
	bool strict;
	uint32_t breaches;
	uint32_t reads, programs, erases; /* calls; erases count sectors */
	uint64_t bytes_read, bytes_programmed;
	uint32_t *sector_erases; /* per sector; NULL for OTP */
	uint8_t *cells;          /* what is stored; tests may look and spoil */
	/* Private to the simulator. */
	uint8_t *unstable;   /* mask of the bits that read at random */
	uint8_t *programmed; /* one byte per unit */
	bool one_way, mapped;
	uint32_t fault_offset, fault_size;
	unsigned fault;
	enum sim_odd odd;
	uint32_t odd_read; /* counts as `reads` does */
};

/** Flash of `size` bytes, erased, in memory. Sizes in bytes. Ends the program when there is none. Free with sim_flash_deinit(). */
void sim_flash_init(struct sim_flash *flash, struct sim_power *power, uint32_t size, uint32_t erase_size, uint32_t write_size);
/** OTP of `size` bytes, blank (all ones), in memory. */
void sim_otp_init(struct sim_flash *otp, struct sim_power *power, uint32_t size, uint32_t write_size);
void sim_flash_deinit(struct sim_flash *flash);

/**
 * Put a memory that was just initialised onto the file at `path`, which then holds the bytes: flash.bin or otp.bin of a device.
 * A file that does not exist is made, filled with 0xFF, when `create` is true. Not strict from here on: the bytes come from outside.
 *
 * @retval PSA_ERROR_DOES_NOT_EXIST   No such file.
 * @retval PSA_ERROR_INVALID_ARGUMENT The file has another size.
 * @retval PSA_ERROR_STORAGE_FAILURE  It cannot be opened, made or mapped; errno says why.
 */
psa_status_t sim_flash_map(struct sim_flash *flash, const char *path, bool create);

/** Make `to` hold what `from` holds: cells, rules' memory, counters. Both have the same geometry. */
void sim_flash_copy(struct sim_flash *to, const struct sim_flash *from);

/** Calls in `fault` that touch the range fail from now on, without a change; fault 0 ends that. One range at a time. */
void sim_flash_fail(struct sim_flash *flash, unsigned fault, uint32_t offset, uint32_t size);

/** The read call `later` calls from now (0: the next one) is odd, and no other; the cells stay as they are. SIM_ODD_NONE ends that. */
void sim_flash_odd_read(struct sim_flash *flash, enum sim_odd odd, uint32_t later);

/** The largest number of erases that any one sector has seen. */
uint32_t sim_flash_wear(const struct sim_flash *flash);

#endif
