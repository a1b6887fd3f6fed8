/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The update agent: polls the server's catalogue, downloads by ranges into the Secure update service, resumes where that service
 * says, has the set installed, and after the reboot checks the device's health and accepts. It decides nothing about trust: every
 * image is judged in the Secure world and by BL2.
 *
 * Caller: one thread that calls ota_agent_step() again and again, each time after the pause that the last call returned.
 * The agent has no thread, clock or memory of its own; what outlives a reset is in the update service and in one small record
 * (docs/format/ota_record.md). States and transitions are a table: `agent_rules.c`, docs/ota.md.
 */
#ifndef MERLON_OTA_AGENT_H
#define MERLON_OTA_AGENT_H

#include <merlon/ota/catalogue.h>
#include <merlon/platform.h>

enum {
	OTA_SERIAL_MAX = 32,
	OTA_RECORD_SIZE = 84,       /* bytes that load() and save() move */
	OTA_QUEUE_MAX = 8,          /* reports that wait for the server; the oldest goes first when there are more */
	OTA_AUDIT_MAX = 6,          /* records of the audit log in one report */
	OTA_RANGE_SIZE = 32 * 1024, /* bytes asked for at a time */
	OTA_EXCHANGE_MS = 10000,    /* time for an exchange, beside OTA_RATE_MIN for what it moves */
	OTA_RATE_MIN = 1,           /* bytes per millisecond: slower is a failure */
	OTA_TRIES_MAX = 3,          /* installations of one set that power cuts on trial may spoil */
	OTA_COMPONENT_NONE = 0xff,
};

/** What happened. The names are the `event` of reports, see docs/format/ota_report.md. */
enum ota_event {
	OTA_EVENT_BOOT,      /* the agent has started */
	OTA_EVENT_FOUND,     /* the catalogue names a set to install */
	OTA_EVENT_RESUMED,   /* a download goes on at `offset` */
	OTA_EVENT_PROGRESS,  /* `offset` of `size` bytes are stored; not reported */
	OTA_EVENT_VERIFIED,  /* the Secure world accepted the image */
	OTA_EVENT_REFUSED,   /* the Secure world refused it */
	OTA_EVENT_STAGED,    /* the set is installed at the reboot that follows */
	OTA_EVENT_TRIAL,     /* the set runs on trial */
	OTA_EVENT_CONFIRMED, /* accepted for good */
	OTA_EVENT_REVERTED,  /* the set did not make it: the previous one is back */
	OTA_EVENT_REJECTED,  /* the health check failed: the previous set comes back */
	OTA_EVENT_FAILED,    /* an exchange failed with `status`; not reported */
	OTA_EVENT_COUNT,
};

struct ota_news {
	enum ota_event event;
	uint8_t component;               /* or OTA_COMPONENT_NONE */
	psa_fwu_image_version_t version; /* of the image or set that it is about */
	uint32_t offset, size;           /* bytes */
	psa_status_t status;             /* of the call that failed, else 0 */
	uint32_t refusal;                /* code of docs/format/refusal.md, else 0 */
};

/** What the agent needs from its surroundings; lives as long as the agent. Texts are terminated. */
struct ota_config {
	struct stream *stream;               /* authenticates the server */
	const char *url;                     /* https://HOST[:PORT], nothing behind it */
	const char *server_name;             /* for Host; the stream checks the certificate against it */
	const char *serial;                  /* letters, digits, '.', '_' and '-' */
	uint32_t poll_ms;                    /* between two looks at the catalogue, +-1/8 */
	uint32_t backoff_ms, backoff_max_ms; /* after a failure: doubled each time, between half and all of it by chance */

	void *context;                     /* passed to the calls below */
	uint32_t (*now_ms)(void);          /* wraps */
	uint32_t (*random)(void *context); /* spreads devices in time; need not be secret */
	/** Read the record; PSA_ERROR_DOES_NOT_EXIST: none yet. Save it: all or nothing over a power cut. */
	psa_status_t (*load)(void *context, uint8_t record[OTA_RECORD_SIZE]);
	psa_status_t (*save)(void *context, const uint8_t record[OTA_RECORD_SIZE]);
	/** Is the application well? PSA_SUCCESS; PSA_ERROR_BAD_STATE: not yet, ask again; else the trial is rejected with it. */
	psa_status_t (*self_check)(void *context);
	/** Told of everything, reported or not. */
	void (*observe)(void *context, const struct ota_news *news);
};

enum ota_state {
	OTA_STATE_START, /* find out where the update service stands */
	OTA_STATE_CHECK, /* on trial: is the device well, does the server answer? */
	OTA_STATE_ACCEPT,
	OTA_STATE_REJECT,
	OTA_STATE_SETTLE, /* tell how an update ended */
	OTA_STATE_CLEAN,  /* make the components READY, remember the outcome */
	OTA_STATE_POLL,
	OTA_STATE_PREPARE, /* keep what belongs to the wanted set, start the rest anew */
	OTA_STATE_FETCH,   /* one range */
	OTA_STATE_FINISH,
	OTA_STATE_INSTALL,
	OTA_STATE_REBOOT,
	OTA_STATE_COUNT,
};

/** How far the set in the record has come. */
enum ota_phase { OTA_PHASE_NONE, OTA_PHASE_FETCHING, OTA_PHASE_INSTALLING, OTA_PHASE_REFUSED, OTA_PHASE_COUNT };

/** What the agent remembers over resets. A digest names the bytes of each image of the set; all 0: not part of it. */
struct ota_record {
	enum ota_phase phase;
	uint8_t tries;                   /* installations of this set so far */
	uint32_t report_next;            /* number of the next report */
	psa_fwu_image_version_t version; /* of the set */
	uint8_t digests[MERLON_FWU_COMPONENT_COUNT][CATALOGUE_DIGEST_SIZE];
};

struct ota_report {
	struct ota_news news;
	bool is_numbered;
	uint32_t number;
};

/** All members are the agent's own. */
struct ota_agent {
	const struct ota_config *config;
	struct http_client http;
	char host[STREAM_HOST_MAX + 1];
	enum ota_state state;
	bool is_announced, is_record_loaded, has_contact;
	bool has_fetched; /* a block of the wanted set since the start: going on is not resuming */
	unsigned failures;
	struct merlon_boot_report boot;
	psa_fwu_component_info_t components[MERLON_FWU_COMPONENT_COUNT];
	uint32_t written[MERLON_FWU_COMPONENT_COUNT];
	struct catalogue wanted; /* without the images that run already */
	const struct catalogue_image *current;
	struct ota_record record; /* as saved, but for the number of the next report */
	enum ota_phase outcome;   /* what CLEAN records: after the server has heard of it */
	struct ota_report queue[OTA_QUEUE_MAX];
	unsigned queue_count;
	struct ota_report audit; /* the report of the audit log that is being sent: its number */
	uint32_t audit_last;     /* the last record in it; 0: not yet chosen */
	uint8_t scratch[CATALOGUE_SIZE_MAX];
};

/** @retval PSA_ERROR_INVALID_ARGUMENT  The URL, the server name or the serial number is not what `struct ota_config` asks for. */
psa_status_t ota_agent_init(struct ota_agent *agent, const struct ota_config *config);

/** Do one piece of work, at most one exchange with the server long. @return milliseconds until the next call. */
uint32_t ota_agent_step(struct ota_agent *agent);

#endif
