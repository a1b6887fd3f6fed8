/* SPDX-License-Identifier: Apache-2.0 */
/** A device with Protected Storage: internal and external flash, one-time memory, and the services behind psa_ps_*(). */
#ifndef MERLON_TESTS_PS_RIG_H
#define MERLON_TESTS_PS_RIG_H

#include <merlon/audit.h>
#include <merlon/lib/epoch.h>
#include <merlon/sim/flash.h>
#include <merlon/test_secure/spm.h>
#include <psa/protected_storage.h>
#include <stdbool.h>

enum { RIG_SECTOR = 4096, RIG_INTERNAL = 8 * RIG_SECTOR, RIG_EXTERNAL = 8 * RIG_SECTOR, RIG_CLIENT = -1, RIG_OTHER = -2 };

/** What a thief with a programmer can read and write. */
struct rig_flash {
	struct sim_flash internal, external, requests, audit, otp;
};

struct rig {
	struct rig_flash flash;
	struct sim_power power;
	uint8_t secret; /* the hardware unique key is made of it */
	bool has_epoch;
	uint32_t epoch;        /* as BL2 handed it over at this start */
	bool is_unprovisioned; /* no hardware unique key */
	unsigned nonces_used, nonces_repeated;
};
extern struct rig rig;

/** A new device: nothing stored. `cuts`: its changes are counted by rig.power. */
void rig_new(uint8_t secret, bool has_epoch);
/** The device starts again; BL2 first. */
void rig_start(void);
/** As rig_start(), without BL2: for what may be cut. */
void rig_start_services(void);
/** Take and put back what a programmer reaches. Both have been made by rig_copy_new(). */
void rig_copy_new(struct rig_flash *copy);
void rig_copy_free(struct rig_flash *copy);
void rig_take(struct rig_flash *copy);

/** Forget the nonces seen: another device, or one whose key has changed. */
void rig_nonces_forget(void);

/** The newest waiting audit record of a kind. @return false: none. */
bool rig_audited(enum merlon_audit_kind kind, struct merlon_audit_record *record);

#endif
