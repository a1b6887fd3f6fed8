/* SPDX-License-Identifier: Apache-2.0 */
/**
 * An Ethernet controller that moves whole frames. Polled; with an interrupt the composition root wakes whoever polls.
 *
 * A frame is destination, source, type and payload: 14 to 1514 bytes, without the frame check sequence, which the device adds,
 * checks and strips.
 */
#ifndef MERLON_HAL_ETHERNET_H
#define MERLON_HAL_ETHERNET_H

#include <psa/error.h>
#include <stddef.h>
#include <stdint.h>

enum { ETHERNET_ADDRESS_SIZE = 6, ETHERNET_HEADER_SIZE = 14, ETHERNET_FRAME_MAX = 1514 };

struct ethernet;

/** The driver's side; arguments have been checked. */
struct ethernet_ops {
	psa_status_t (*start)(struct ethernet *device);
	psa_status_t (*send)(struct ethernet *device, const void *frame, size_t size);
	psa_status_t (*receive)(struct ethernet *device, void *frame, size_t capacity, size_t *size);
	void (*interrupt_enable)(struct ethernet *device);
};

/** First member of every driver's device. `address` is the device's own, valid after the start. */
struct ethernet {
	const struct ethernet_ops *ops;
	uint8_t address[ETHERNET_ADDRESS_SIZE];
};

/**
 * Reset the device and let frames in: those for `address` and for all (broadcast).
 * @retval PSA_ERROR_HARDWARE_FAILURE  The device is absent or does not come out of reset.
 */
psa_status_t ethernet_start(struct ethernet *device);

/**
 * Hand one frame to the device, which has copied it when this returns.
 * @retval PSA_ERROR_INVALID_ARGUMENT     Shorter than a header or longer than a frame.
 * @retval PSA_ERROR_INSUFFICIENT_MEMORY  No room in the device now: try later, or drop it.
 */
psa_status_t ethernet_send(struct ethernet *device, const void *frame, size_t size);

/**
 * Take the next frame. Frames that arrived damaged or do not fit are dropped inside.
 * @param capacity  At least ETHERNET_FRAME_MAX.
 * @retval PSA_ERROR_DOES_NOT_EXIST    No frame waits. @retval PSA_ERROR_INVALID_ARGUMENT  The buffer is too small.
 */
psa_status_t ethernet_receive(struct ethernet *device, void *frame, size_t capacity, size_t *size);

/**
 * Raise the device's interrupt when the next frame arrives. What waits already raises nothing: look once more before sleeping.
 * Before the first call the line may be at any level, so it is enabled in the interrupt controller only afterwards, and the handler
 * disables it there.
 */
void ethernet_interrupt_enable(struct ethernet *device);

#endif
