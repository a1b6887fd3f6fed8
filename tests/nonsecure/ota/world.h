/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The agent's surroundings on the host: a server that can misbehave, the update service as its header specifies it, the record,
 * a clock that moves only when somebody waits, and a power cut at any call that changes something.
 */
#ifndef TEST_OTA_WORLD_H
#define TEST_OTA_WORLD_H

#include <merlon/audit.h>
#include <merlon/ota/agent.h>
#include <stdbool.h>

/** How the server answers. Every kind but SERVER_GOOD is an attack or an accident. */
enum server_mood {
	SERVER_GOOD,
	SERVER_IGNORES_RANGE, /* 200 with the whole file */
	SERVER_SHIFTS_RANGE,  /* Content-Range of another place, bytes of that place */
	SERVER_SHORT_RANGE,   /* a correct 206, but of fewer bytes than asked for */
	SERVER_LIES_TOTAL,
	SERVER_LENGTH_LONGER,  /* Content-Length larger than the range, and as many bytes */
	SERVER_LENGTH_SHORTER, /* fewer than the range, then the rest anyway */
	SERVER_CUTS_BODY,
	SERVER_CHUNKED, /* endless */
	SERVER_NO_LENGTH,
	SERVER_TWO_LENGTHS,
	SERVER_LONG_HEAD, /* endless headers */
	SERVER_SLOW,      /* a byte in 2 seconds */
	SERVER_SILENT,
	SERVER_REFUSES,  /* no connection */
	SERVER_IMPOSTOR, /* cannot prove its name */
	SERVER_500,
	SERVER_404,
	SERVER_GARBAGE,
	SERVER_MOOD_COUNT,
};

enum { WORLD_IMAGE_MAX = 100000 };

struct world {
	enum server_mood mood;
	char catalogue[1500];
	uint8_t files[MERLON_FWU_COMPONENT_COUNT][WORLD_IMAGE_MAX];
	uint32_t sizes[MERLON_FWU_COMPONENT_COUNT];

	/* Device: what outlives a reset. */
	psa_fwu_component_info_t components[MERLON_FWU_COMPONENT_COUNT];
	psa_fwu_image_version_t staged_version;
	uint8_t staging[MERLON_FWU_COMPONENT_COUNT][WORLD_IMAGE_MAX];
	uint8_t record[OTA_RECORD_SIZE];
	struct merlon_boot_report boot;
	uint32_t audit_first, audit_next; /* records that wait: from first, below next */
	uint32_t audit_told;              /* the last record in a report that the server got */
	uint16_t report_status;           /* what the server answers to a report; 0: 201 or 204 */
	bool is_cold;                     /* the last reset was the power's */
	bool has_record, is_set_bad;      /* bad: BL2 finds that it does not come up */
	psa_status_t finish_verdict, install_verdict, health;
	uint32_t finish_refusal;

	uint32_t written[MERLON_FWU_COMPONENT_COUNT]; /* beyond what is committed: lost with the power */

	/* Seen. */
	uint32_t now, bytes_served, ranges_served, writes, first_offset;
	unsigned events[OTA_EVENT_COUNT], reports, reboots, catalogue_gets, connections;
	char last_report[1200], events_reported[64][16];
	int cut_after; /* changing calls until the power goes; -1: never */
	unsigned changes;
};

extern struct world world;
extern struct ota_config world_config;

/** A device that runs 1.0.0, and a server that offers 1.1.0 of both images. */
void world_init(void);
/** Offer the images in `mask` as `version` ("1.1.0"). */
void world_offer(unsigned mask, const char *version);
/** What BL2 does with the set at a reset. */
void world_reset(void);
/** Let an agent live for `steps` steps or until nothing but polling is left; power cuts and reboots start it anew. */
void world_run(unsigned steps);
/** All components READY at this version? */
bool world_is_at(const char *version);
unsigned world_reported(const char *event);

#endif
