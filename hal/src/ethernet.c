/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/hal/ethernet.h>

psa_status_t ethernet_start(struct ethernet *device)
{
	return device->ops->start(device);
}

psa_status_t ethernet_send(struct ethernet *device, const void *frame, size_t size)
{
	if (size < ETHERNET_HEADER_SIZE || size > ETHERNET_FRAME_MAX)
		return PSA_ERROR_INVALID_ARGUMENT;
	return device->ops->send(device, frame, size);
}

psa_status_t ethernet_receive(struct ethernet *device, void *frame, size_t capacity, size_t *size)
{
	*size = 0;
	if (capacity < ETHERNET_FRAME_MAX)
		return PSA_ERROR_INVALID_ARGUMENT;
	return device->ops->receive(device, frame, capacity, size);
}

void ethernet_interrupt_enable(struct ethernet *device)
{
	device->ops->interrupt_enable(device);
}
