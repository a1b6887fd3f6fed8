/* SPDX-License-Identifier: Apache-2.0 */
/**
 * PSA Certified Firmware Update API 1.0.
 *
 * Two components: 0 is the Secure image, 1 the Non-secure image. They are installed, tried, accepted and rolled back as one set.
 * Staging is persistent (PSA_FWU_FLAG_VOLATILE_STAGING is clear): every state, WRITING too, survives a reset. A client that lost
 * power in the middle of a transfer reads `impl.resume_offset` from psa_fwu_query() and goes on from there.
 *
 * The client that started a component owns it until it is READY again: another client gets PSA_ERROR_NOT_PERMITTED from every call
 * that would change it. Everybody may query.
 *
 * Errors that every function may return: PSA_ERROR_STORAGE_FAILURE (the flash failed), PSA_ERROR_DATA_CORRUPT (the journal cannot be
 * read; nothing was changed). Source: Arm IHI 0093, version 1.0.
 */
#ifndef PSA_UPDATE_H
#define PSA_UPDATE_H

#include <psa/error.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PSA_FWU_API_VERSION_MAJOR 1
#define PSA_FWU_API_VERSION_MINOR 0

#define PSA_SUCCESS_REBOOT           ((psa_status_t)1)
#define PSA_SUCCESS_RESTART          ((psa_status_t)2)
#define PSA_ERROR_DEPENDENCY_NEEDED  ((psa_status_t)-156)
#define PSA_ERROR_FLASH_ABUSE        ((psa_status_t)-160)
#define PSA_ERROR_INSUFFICIENT_POWER ((psa_status_t)-161)

typedef uint8_t psa_fwu_component_t;

/** The components of this device, from 0. */
#define MERLON_FWU_COMPONENT_SECURE    0u
#define MERLON_FWU_COMPONENT_NONSECURE 1u
#define MERLON_FWU_COMPONENT_COUNT     2u

typedef struct psa_fwu_image_version_t {
	uint8_t major;
	uint8_t minor;
	uint16_t patch;
	uint32_t build;
} psa_fwu_image_version_t;

/** States. What a reset does to each: READY, WRITING, CANDIDATE, FAILED and UPDATED stay; STAGED becomes TRIAL, or FAILED when BL2
 * refuses the set; TRIAL and REJECTED become FAILED, the previous images run again. */
#define PSA_FWU_READY     0u
#define PSA_FWU_WRITING   1u
#define PSA_FWU_CANDIDATE 2u
#define PSA_FWU_STAGED    3u
#define PSA_FWU_FAILED    4u
#define PSA_FWU_TRIAL     5u
#define PSA_FWU_REJECTED  6u
#define PSA_FWU_UPDATED   7u

#define PSA_FWU_FLAG_VOLATILE_STAGING 0x00000001u
#define PSA_FWU_FLAG_ENCRYPTION       0x00000002u

/** What this implementation adds to the information about a component. */
typedef struct psa_fwu_impl_info_t {
	uint32_t resume_offset; /* WRITING: bytes from 0 that are safe in flash; the transfer goes on here. Otherwise 0 */
	uint32_t refusal;       /* FAILED: why the image was refused, a code of docs/format/refusal.md; 0: it was not refused */
} psa_fwu_impl_info_t;

typedef struct psa_fwu_component_info_t {
	uint8_t state;                   /* PSA_FWU_READY to PSA_FWU_UPDATED */
	psa_status_t error;              /* FAILED, REJECTED: the cause; otherwise 0 */
	psa_fwu_image_version_t version; /* of the active image */
	uint32_t max_size;               /* bytes an image may have */
	uint32_t flags;                  /* none of the flags above is ever set */
	uint32_t location;               /* the component's number */
	psa_fwu_impl_info_t impl;
} psa_fwu_component_info_t;

/** Offsets are multiples of 8 bytes; a block of another size is padded with 0xFF. */
#define PSA_FWU_LOG2_WRITE_ALIGN 3u
/** The largest block of psa_fwu_write(), bytes. */
#define PSA_FWU_MAX_WRITE_SIZE 1024u

/**
 * State of one component.
 *
 * @retval PSA_ERROR_DOES_NOT_EXIST  There is no such component.
 */
psa_status_t psa_fwu_query(psa_fwu_component_t component, psa_fwu_component_info_t *info);

/**
 * READY -> WRITING. The caller becomes the owner. One sector is erased; the others when a write reaches them.
 *
 * @param manifest       NULL: the manifest is part of the image (its header and TLVs).
 * @param manifest_size  0.
 * @retval PSA_ERROR_DOES_NOT_EXIST    There is no such component.
 * @retval PSA_ERROR_BAD_STATE         Not READY.
 * @retval PSA_ERROR_INVALID_ARGUMENT  A manifest was given.
 */
psa_status_t psa_fwu_start(psa_fwu_component_t component, const void *manifest, size_t manifest_size);

/**
 * Store a block of the image. The component stays WRITING.
 *
 * Blocks come in any order; only what was written in one piece from 0 counts for `impl.resume_offset`. Writing again what is there
 * already does nothing and succeeds. A write may last as long as one sector erase.
 *
 * @retval PSA_ERROR_DOES_NOT_EXIST    There is no such component.
 * @retval PSA_ERROR_BAD_STATE         Not WRITING.
 * @retval PSA_ERROR_NOT_PERMITTED     The caller did not start this component.
 * @retval PSA_ERROR_INVALID_ARGUMENT  Offset not a multiple of 8; block empty, larger than PSA_FWU_MAX_WRITE_SIZE or not within
 *                                     `max_size`; or other data stands at this place already.
 */
psa_status_t psa_fwu_write(psa_fwu_component_t component, size_t image_offset, const void *block, size_t block_size);

/**
 * WRITING -> CANDIDATE when the image is one that BL2 would accept: format, hash, signature, security counter. Otherwise -> FAILED.
 *
 * @retval PSA_ERROR_DOES_NOT_EXIST     There is no such component.
 * @retval PSA_ERROR_BAD_STATE          Not WRITING.
 * @retval PSA_ERROR_INVALID_SIGNATURE  The hash or the signature is wrong.
 * @retval PSA_ERROR_INVALID_ARGUMENT   Not a valid image.
 * @retval PSA_ERROR_NOT_PERMITTED      The caller did not start this component (it stays WRITING); or the key is not trusted for
 *                                      this image, or the security counter is below the one of the active image.
 */
psa_status_t psa_fwu_finish(psa_fwu_component_t component);

/**
 * WRITING, CANDIDATE -> FAILED.
 *
 * @retval PSA_ERROR_DOES_NOT_EXIST  There is no such component.
 * @retval PSA_ERROR_BAD_STATE       Neither WRITING nor CANDIDATE.
 * @retval PSA_ERROR_NOT_PERMITTED   The caller did not start this component.
 */
psa_status_t psa_fwu_cancel(psa_fwu_component_t component);

/**
 * FAILED, UPDATED -> READY. Nothing is erased here: start and write do it sector by sector.
 *
 * @retval PSA_ERROR_DOES_NOT_EXIST  There is no such component.
 * @retval PSA_ERROR_BAD_STATE       Neither FAILED nor UPDATED.
 * @retval PSA_ERROR_NOT_PERMITTED   The caller did not start this component.
 */
psa_status_t psa_fwu_clean(psa_fwu_component_t component);

/**
 * CANDIDATE -> STAGED for all candidates at once, as one set: each image is judged again, then the dependencies of the whole set.
 *
 * @retval PSA_SUCCESS_REBOOT           The set is staged; BL2 installs it at the next start.
 * @retval PSA_ERROR_BAD_STATE          No component is CANDIDATE, or one is STAGED, TRIAL or REJECTED.
 * @retval PSA_ERROR_NOT_PERMITTED      The caller did not start all candidates; or an image breaks the policy (it is now FAILED).
 * @retval PSA_ERROR_DEPENDENCY_NEEDED  A dependency is not met; the components stay CANDIDATE.
 * @retval PSA_ERROR_INVALID_SIGNATURE  An image that was good at psa_fwu_finish() is not any more; it is now FAILED.
 */
psa_status_t psa_fwu_install(void);

/** Reset the device with cause MERLON_RESET_REQUESTED (merlon/platform.h). Does not return. */
psa_status_t psa_fwu_request_reboot(void);

/**
 * STAGED -> FAILED, or TRIAL -> REJECTED (the previous images come back at the next reset).
 *
 * @param error  Kept, over resets too, for `error` in psa_fwu_query().
 * @retval PSA_SUCCESS              It was STAGED. @retval PSA_SUCCESS_REBOOT  It was TRIAL.
 * @retval PSA_ERROR_BAD_STATE      Nothing is STAGED or TRIAL.
 * @retval PSA_ERROR_NOT_PERMITTED  The caller did not start the set.
 */
psa_status_t psa_fwu_reject(psa_status_t error);

/**
 * TRIAL -> UPDATED, for all images of the set by one write to flash. The confirm window ends.
 *
 * @retval PSA_ERROR_BAD_STATE      Nothing is TRIAL.
 * @retval PSA_ERROR_NOT_PERMITTED  The caller did not start the set.
 */
psa_status_t psa_fwu_accept(void);

#ifdef __cplusplus
}
#endif

#endif
