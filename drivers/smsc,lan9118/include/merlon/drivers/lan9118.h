/* SPDX-License-Identifier: Apache-2.0 */
/** SMSC LAN9118 Ethernet controller, by programmed I/O. Source: LAN9118 data sheet (SMSC, revision 1.5). */
#ifndef MERLON_DRIVERS_LAN9118_H
#define MERLON_DRIVERS_LAN9118_H

#include <merlon/hal/ethernet.h>

struct lan9118 {
	struct ethernet ethernet; /* hand out &lan9118.ethernet */
	uintptr_t base;
};

/** Touches no register: ethernet_start() does. The address comes from the controller's EEPROM and is there after the start. */
void lan9118_init(struct lan9118 *lan9118, uintptr_t base);

#endif
