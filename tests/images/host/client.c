/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program of somebody else's, for test_host_library.py: does what its arguments say, one after another, and prints a line for each:
 * the command and the status, and what was read.
 *
 *     set UID TEXT | get UID            Internal Trusted Storage
 *     key ID | use ID                   make a persistent P-256 key, or sign with it
 *     volatile | use-volatile           the same with a volatile one
 *     begin | feed                      a hash operation
 *     random                            4 bytes in hexadecimal
 *     token FILE                        write an attestation token for a challenge of zeros
 *     update FILE | accept              stage the Non-secure image in FILE and ask for its installation; confirm what runs
 *     report                            cause of the start, lifecycle, what runs
 *     wrong                             every pointer wrong in every way; prints how many calls were not refused
 *     handles                           forged handles and types, likewise
 *     reset | reboot | cut CHANGES      the power
 *     count UID                         set UID to 1, 2, 3 ..., until the process is killed; prints "ready" first
 *     thread                            two threads hash at the same time
 *     child COMMAND...                  the rest in a child process, and then here
 *     wait                              for a line on standard input
 */
#define _GNU_SOURCE /* fork, mmap */
#include <merlon/host.h>
#include <merlon/platform.h>
#include <psa/client.h>
#include <psa/crypto.h>
#include <psa/initial_attestation.h>
#include <psa/internal_trusted_storage.h>
#include <psa/update.h>
#include <psa_manifest/sid.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
static psa_key_id_t volatile_key;

static psa_status_t make_key(psa_key_id_t wanted, psa_key_id_t *made)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
	psa_set_key_bits(&attributes, 256);
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_HASH);
	psa_set_key_algorithm(&attributes, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
	if (wanted != 0)
		psa_set_key_id(&attributes, wanted);
	return psa_generate_key(&attributes, made);
}

static psa_status_t use_key(psa_key_id_t key)
{
	uint8_t hash[32] = { 0 }, signature[64];
	size_t size;
	return psa_sign_hash(key, PSA_ALG_ECDSA(PSA_ALG_SHA_256), hash, sizeof hash, signature, sizeof signature, &size);
}

/* Pointers of every wrong kind, where a service reads and where it writes. */
static unsigned count_accepted_pointers(void)
{
	static const char constant[64] = "memory that nobody may write";
	long page = sysconf(_SC_PAGESIZE);
	uint8_t *hole = mmap(NULL, (size_t)(2 * page), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint8_t good[64], *unreadable[4], *unwritable[5];
	unsigned accepted = 0;
	size_t size;
	munmap(hole + page, (size_t)page);
	unreadable[0] = unwritable[0] = NULL;
	unreadable[1] = unwritable[1] = (uint8_t *)8;
	unreadable[2] = unwritable[2] = (uint8_t *)(UINTPTR_MAX - 7);
	unreadable[3] = unwritable[3] = hole + page - 16; /* begins well */
	unwritable[4] = (uint8_t *)(uintptr_t)constant;
	for (size_t i = 0; i < sizeof unreadable / sizeof unreadable[0]; i++)
		accepted += psa_hash_compute(PSA_ALG_SHA_256, unreadable[i], 32, good, sizeof good, &size) == PSA_SUCCESS;
	for (size_t i = 0; i < sizeof unwritable / sizeof unwritable[0]; i++)
		accepted += psa_generate_random(unwritable[i], 32) == PSA_SUCCESS;
	accepted += psa_call(CRYPTO_HANDLE, PSA_IPC_CALL, (const psa_invec *)16, 1, NULL, 0) == PSA_SUCCESS;
	accepted += psa_call(CRYPTO_HANDLE, PSA_IPC_CALL, NULL, 0, (psa_outvec *)16, 1) == PSA_SUCCESS;
	accepted += psa_its_set(1, (size_t)-1, good, 0) == PSA_SUCCESS;
	return accepted + (constant[0] != 'm');
}

static unsigned count_accepted_handles(void)
{
	static const psa_handle_t forged[] = { PSA_NULL_HANDLE, 1, -1, INT32_MAX, 0x40000000, 0x4000001f, 0x40000007 };
	const psa_invec in[5] = { { NULL, 0 } };
	unsigned accepted = 0;
	for (size_t i = 0; i < sizeof forged / sizeof forged[0]; i++)
		accepted += psa_call(forged[i], PSA_IPC_CALL, NULL, 0, NULL, 0) != PSA_ERROR_PROGRAMMER_ERROR;
	accepted += psa_call(CRYPTO_HANDLE, -1, NULL, 0, NULL, 0) != PSA_ERROR_PROGRAMMER_ERROR;
	accepted += psa_call(CRYPTO_HANDLE, PSA_IPC_CALL, in, 5, NULL, 0) != PSA_ERROR_PROGRAMMER_ERROR;
	accepted += psa_connect(0x12345, 1) > 0;
	psa_close(PSA_NULL_HANDLE);
	psa_close(99);
	return accepted;
}

static void *hash_often(void *context)
{
	uint8_t hash[32];
	size_t size;
	for (unsigned i = 0; i < 2000; i++)
		if (psa_hash_compute(PSA_ALG_SHA_256, (const uint8_t *)"abc", 3, hash, sizeof hash, &size) != PSA_SUCCESS ||
		    hash[0] != 0xba)
			*(psa_status_t *)context = PSA_ERROR_GENERIC_ERROR;
	return NULL;
}

static psa_status_t run_threads(void)
{
	psa_status_t statuses[2] = { PSA_SUCCESS, PSA_SUCCESS };
	pthread_t threads[2];
	for (size_t i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, hash_often, &statuses[i]) != 0)
			return PSA_ERROR_GENERIC_ERROR;
	for (size_t i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return statuses[0] != PSA_SUCCESS ? statuses[0] : statuses[1];
}

static psa_status_t write_token(const char *path)
{
	static uint8_t token[2048];
	const uint8_t challenge[32] = { 0 };
	size_t size = 0;
	FILE *file = fopen(path, "wb");
	psa_status_t status = psa_initial_attest_get_token(challenge, sizeof challenge, token, sizeof token, &size);
	if (fwrite(token, 1, size, file) != size || fclose(file) != 0)
		abort();
	return status;
}

static psa_status_t update(const char *path)
{
	static uint8_t image[1 << 16];
	FILE *file = fopen(path, "rb");
	size_t size = file != NULL ? fread(image, 1, sizeof image, file) : 0;
	psa_status_t status = psa_fwu_start(1, NULL, 0);
	for (size_t done = 0, piece; done < size && status == PSA_SUCCESS; done += piece) {
		piece = size - done < PSA_FWU_MAX_WRITE_SIZE ? size - done : PSA_FWU_MAX_WRITE_SIZE;
		status = psa_fwu_write(1, done, image + done, piece);
	}
	if (status == PSA_SUCCESS)
		status = psa_fwu_finish(1);
	return status == PSA_SUCCESS ? psa_fwu_install() : status;
}

static void count_for_ever(psa_storage_uid_t uid)
{
	puts("ready");
	fflush(stdout);
	for (uint32_t i = 1;; i++)
		if (psa_its_set(uid, sizeof i, &i, 0) != PSA_SUCCESS)
			abort();
}

static psa_status_t get(psa_storage_uid_t uid, char *text, size_t capacity)
{
	uint8_t data[32];
	size_t size = 0;
	psa_status_t status = psa_its_get(uid, 0, sizeof data, data, &size);
	text[0] = '\0';
	for (size_t i = 0; i < size && 2 * i + 3 < capacity; i++)
		sprintf(text + 2 * i, "%02x", data[i]);
	return status;
}

static psa_status_t obey_power(const char *command, const char *first, int *used, char *text)
{
	struct merlon_boot_report report;
	if (strcmp(command, "cut") == 0) {
		merlon_host_cut_power((uint32_t)strtoul(first, NULL, 10));
		*used = 2;
		return PSA_SUCCESS;
	}
	if (strcmp(command, "reboot") == 0)
		return psa_fwu_request_reboot();
	if (strcmp(command, "reset") == 0)
		return merlon_host_reset();
	psa_status_t status = merlon_platform_boot_report(&report);
	sprintf(text, "cause %u lifecycle %x version %u phase %u", (unsigned)report.reset_cause, (unsigned)report.lifecycle,
		report.images[1].version.major, report.set_phase);
	return status;
}

static psa_status_t obey(char **words, int *used, char *text, size_t capacity)
{
	const char *command = words[0], *first = words[1] != NULL ? words[1] : "0";
	size_t size;
	uint8_t bytes[4] = { 0 };
	psa_status_t status = PSA_SUCCESS;
	psa_key_id_t key = (psa_key_id_t)strtoul(first, NULL, 10);
	if (strcmp(command, "set") == 0) {
		*used = 3;
		return psa_its_set(key, strlen(words[2]), words[2], 0);
	}
	if (strcmp(command, "get") == 0 || strcmp(command, "key") == 0 || strcmp(command, "use") == 0) {
		*used = 2;
		return command[0] == 'g' ? get(key, text, capacity) : command[0] == 'k' ? make_key(key, &key) : use_key(key);
	}
	if (strcmp(command, "token") == 0 || strcmp(command, "update") == 0) {
		*used = 2;
		return command[0] == 't' ? write_token(first) : update(first);
	}
	if (strcmp(command, "accept") == 0)
		return psa_fwu_accept();
	if (strcmp(command, "volatile") == 0)
		return make_key(0, &volatile_key);
	if (strcmp(command, "use-volatile") == 0)
		return use_key(volatile_key);
	if (strcmp(command, "begin") == 0)
		return psa_hash_setup(&operation, PSA_ALG_SHA_256);
	if (strcmp(command, "feed") == 0)
		return psa_hash_update(&operation, (const uint8_t *)"abc", 3);
	if (strcmp(command, "thread") == 0)
		return run_threads();
	if (strcmp(command, "random") == 0) {
		status = psa_generate_random(bytes, sizeof bytes);
		sprintf(text, "%02x%02x%02x%02x", bytes[0], bytes[1], bytes[2], bytes[3]);
	} else if (strcmp(command, "wrong") == 0 || strcmp(command, "handles") == 0) {
		sprintf(text, "%u", command[0] == 'w' ? count_accepted_pointers() : count_accepted_handles());
	} else if (strcmp(command, "count") == 0) {
		count_for_ever(key);
	} else if (strcmp(command, "wait") == 0) {
		size = fread(bytes, 1, 1, stdin);
		sprintf(text, "%u", (unsigned)size);
	} else {
		status = obey_power(command, first, used, text);
	}
	return status;
}

int main(int argc, char **argv)
{
	char text[80];
	(void)argc;
	for (char **words = argv + 1; *words != NULL;) {
		int used = 1;
		if (strcmp(*words, "child") == 0) {
			words++;
			if (fork() != 0)
				wait(NULL);
			continue;
		}
		text[0] = '\0';
		psa_status_t answer = obey(words, &used, text, sizeof text);
		printf("%s %d %s\n", *words, (int)answer, text);
		fflush(stdout);
		words += used;
	}
	return 0;
}
