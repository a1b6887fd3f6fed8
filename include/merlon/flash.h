/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Flash areas for partitions: each is a medium (merlon/lib/medium.h) whose operations are calls of the flash partition, which alone
 * owns the controller and decides who may read and change what. Not for the Non-secure world.
 */
#ifndef MERLON_FLASH_H
#define MERLON_FLASH_H

#include <psa/error.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct medium;

/** The areas of the board's flash map. */
enum merlon_flash_area {
	MERLON_FLASH_S_PRIMARY,
	MERLON_FLASH_NS_PRIMARY,
	MERLON_FLASH_S_SECONDARY, /* slot, and a spare sector behind it */
	MERLON_FLASH_NS_SECONDARY,
	MERLON_FLASH_JOURNAL,   /* of the update set */
	MERLON_FLASH_FWU_STATE, /* of the update service */
	MERLON_FLASH_ITS,
	MERLON_FLASH_FACTORY,
	MERLON_FLASH_AUDIT,
	MERLON_FLASH_EPOCH, /* requests of Protected Storage to BL2 */
	MERLON_FLASH_PS,
	MERLON_FLASH_STAGING,
	MERLON_FLASH_AREA_COUNT,
};

/**
 * The medium of an area. Constant; any number of holders.
 *
 * Its operations answer as medium.h says, and PSA_ERROR_NOT_PERMITTED where the caller has no such right.
 * @return NULL when there is no such area.
 */
const struct medium *merlon_flash_area(enum merlon_flash_area area);

/* How an operation travels through psa_call(). Input 0 is the request; PROGRAM: input 1 is the data; READ: output 0 takes them. */
enum merlon_flash_call { MERLON_FLASH_READ = 1, MERLON_FLASH_PROGRAM = 2, MERLON_FLASH_ERASE = 3 };

struct merlon_flash_request {
	uint32_t area;
	uint32_t offset, size; /* bytes, from the start of the area; `size` of an erase */
};

#ifdef __cplusplus
}
#endif

#endif
