/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hostile Non-secure image: makes every wrong call of the partition manager's gates that it can think of, and says how each was
 * answered. One line per attack, `hostile: NAME: ok` or what came instead; then `hostile: done, COUNT failed`. Nothing here may stop the
 * device or tell a Secure byte.
 */
#include <merlon/arch/cpu.h>
#include <merlon/arch/vectors.h>
#include <merlon/board/devices_nonsecure.h>
#include <merlon/drivers/cmsdk_uart.h>
#include <merlon/its_call.h>
#include <merlon/veneer.h>
#include <psa_manifest/sid.h>
#include <stdbool.h>
#include <string.h>

static void on_supervisor_call(void);
static void on_tick(void);

VECTORS const struct vectors vectors = {
	.core = { .stack = stack_top, .reset = start_reset, .supervisor_call = on_supervisor_call, .tick = on_tick },
};

#define ITS INTERNAL_TRUSTED_STORAGE_HANDLE

enum { UID = 5, RANDOM_CALLS = 20000 };

#define SECURE_RAM   0x38000000u
#define SECURE_ALIAS 0x28000000u
#define SECURE_IMAGE 0x80001000u
#define SECURE_UART  0x50201000u
#define BOOT_LOADER  0x10000000u
#define NOWHERE      0x60000000u
#define HOLE         0x4a619c5fu /* Non-secure by its address, and nothing there */
#define NS_UART      0x40200000u /* a device is no memory */
#define RAM_END      0x28400000u /* first byte behind the Non-secure RAM */
#define CORE_VTOR    0xe000ed08u /* the core's own registers: banked, each world sees its own */
#define CORE_VTOR_NS 0xe002ed08u

static struct cmsdk_uart uart;
static unsigned failures;

static void say(const char *text)
{
	console_write_text(&uart.console, text);
}

static void say_hex(uint32_t value)
{
	console_write_hex32(&uart.console, value);
}

static void expect(const char *name, int32_t found, int32_t wanted)
{
	say("hostile: ");
	say(name);
	if (found == wanted) {
		say(": ok\n");
		return;
	}
	failures++;
	say(": got ");
	say_hex((uint32_t)found);
	say(", wanted ");
	say_hex((uint32_t)wanted);
	say("\n");
}

static psa_status_t call(psa_handle_t handle, int32_t type, const void *in, size_t in_len, void *out, size_t out_len)
{
	return merlon_veneer_call(handle, merlon_veneer_pack(type, in_len, out_len), in, out);
}

static struct merlon_its_request request = { .uid = UID };
static uint8_t data[64] __attribute__((aligned(32)));
static uint8_t arena[256];

static psa_status_t set(const void *base, size_t size)
{
	psa_invec in[2] = { { &request, sizeof request }, { base, size } };
	return call(ITS, MERLON_ITS_SET, in, 2, NULL, 0);
}

static psa_status_t get(void *base, size_t size, size_t *length)
{
	psa_invec in = { &request, sizeof request };
	psa_outvec out = { base, size };
	psa_status_t status = call(ITS, MERLON_ITS_GET, &in, 1, &out, 1);
	*length = out.len;
	return status;
}

static void try_handles(void)
{
	static const uint32_t forged[] = { 0,          1,          0x101,      0x40000000, 0x40000007, 0x40000021,
					   0x400000ff, 0x40000103, 0x7fffffff, 0x80000003, 0xffffffff, 0x20000001 };
	for (size_t i = 0; i < sizeof forged / sizeof forged[0]; i++)
		expect("forged handle", call((psa_handle_t)forged[i], 1, NULL, 0, NULL, 0), PSA_ERROR_PROGRAMMER_ERROR);
	expect("connect to what is stateless", merlon_veneer_connect(INTERNAL_TRUSTED_STORAGE_SID, 1, 0),
	       PSA_ERROR_CONNECTION_REFUSED);
	expect("connect to what is not there", merlon_veneer_connect(0xdead, 1, 0), PSA_ERROR_CONNECTION_REFUSED);
	for (unsigned i = 0; i < 1000; i++)
		(void)merlon_veneer_connect(FLASH_SID, 1, 0);
	expect("flood of connects", merlon_veneer_connect(FLASH_SID, 1, 0), PSA_ERROR_CONNECTION_REFUSED);
	(void)merlon_veneer_close(0x101, 0);
	(void)merlon_veneer_close(ITS, 0);
	(void)merlon_veneer_close(PSA_NULL_HANDLE, 0);
	expect("version of a Secure-only service", (int32_t)merlon_veneer_version(FLASH_SID), PSA_VERSION_NONE);
	expect("version of a service", (int32_t)merlon_veneer_version(INTERNAL_TRUSTED_STORAGE_SID), 1);
	expect("framework version", (int32_t)merlon_veneer_framework_version(), PSA_FRAMEWORK_VERSION);
}

static void try_counts(void)
{
	psa_invec in[8];
	psa_outvec out[8];
	for (unsigned i = 0; i < 8; i++) {
		in[i] = (psa_invec) { &request, sizeof request };
		out[i] = (psa_outvec) { data, 0 };
	}
	expect("five inputs", call(ITS, 1, in, 5, NULL, 0), PSA_ERROR_PROGRAMMER_ERROR);
	expect("four inputs and an output", call(ITS, 1, in, 4, out, 1), PSA_ERROR_PROGRAMMER_ERROR);
	expect("255 inputs and 255 outputs", call(ITS, 1, in, 255, out, 255), PSA_ERROR_PROGRAMMER_ERROR);
	expect("a count beyond the word", call(ITS, 1, in, 0x100000001u & SIZE_MAX, out, SIZE_MAX), PSA_ERROR_PROGRAMMER_ERROR);
	expect("negative type", call(ITS, -1, in, 1, NULL, 0), PSA_ERROR_PROGRAMMER_ERROR);
	expect("type of a connect", call(ITS, INT32_MIN, in, 1, NULL, 0), PSA_ERROR_PROGRAMMER_ERROR);
	expect("type beyond INT16_MAX", call(ITS, 0x8000, in, 1, NULL, 0), PSA_ERROR_PROGRAMMER_ERROR);
}

static const uint32_t bad_places[] = { SECURE_RAM, SECURE_ALIAS,   SECURE_IMAGE, SECURE_UART,  BOOT_LOADER, NOWHERE, RAM_END - 4,
				       0,          UINT32_MAX - 3, CORE_VTOR,    CORE_VTOR_NS, HOLE,        NS_UART };

static void try_pointers(void)
{
	size_t length;
	for (size_t i = 0; i < sizeof bad_places / sizeof bad_places[0]; i++) {
		void *place = (void *)bad_places[i];
		psa_invec in = { &request, sizeof request };
		expect("input vectors elsewhere", call(ITS, 1, place, 2, NULL, 0), PSA_ERROR_PROGRAMMER_ERROR);
		expect("output vectors elsewhere", call(ITS, MERLON_ITS_GET, &in, 1, place, 1), PSA_ERROR_PROGRAMMER_ERROR);
		expect("input elsewhere", set(place, 16), PSA_ERROR_PROGRAMMER_ERROR);
		expect("output elsewhere", get(place, 16, &length), PSA_ERROR_PROGRAMMER_ERROR);
	}
	expect("input that wraps", set(data, UINT32_MAX), PSA_ERROR_PROGRAMMER_ERROR);
	expect("input over the end of RAM", set(data, RAM_END - (uint32_t)data + 1), PSA_ERROR_PROGRAMMER_ERROR);
	expect("output that wraps", get(data, UINT32_MAX - 1, &length), PSA_ERROR_PROGRAMMER_ERROR);
	expect("output over the end of RAM", get(data, RAM_END - (uint32_t)data + 4, &length), PSA_ERROR_PROGRAMMER_ERROR);
	for (unsigned i = 1; i < 4; i++)
		expect("misaligned vectors", call(ITS, 1, data + i, 1, NULL, 0), PSA_ERROR_PROGRAMMER_ERROR);
	psa_outvec both[2] = { { data, 32 }, { data + 16, 32 } };
	expect("outputs that overlap", call(ITS, MERLON_ITS_GET, NULL, 0, both, 2), PSA_ERROR_PROGRAMMER_ERROR);
}

/* The Non-secure world's own protection counts as well: what it may not write, the Secure world does not write for it. */
static void try_read_only(void)
{
	volatile uint32_t *const mpu_control = (volatile uint32_t *)0xe000ed94, *const mpu_number = (volatile uint32_t *)0xe000ed98,
				 *const mpu_base = (volatile uint32_t *)0xe000ed9c,
				 *const mpu_limit = (volatile uint32_t *)0xe000eda0;
	size_t length;
	expect("set", set(data, 16), PSA_SUCCESS);
	*mpu_number = 0;
	*mpu_base = (uint32_t)data | 2 << 1 | 1; /* read-only for privileged code, no execution */
	*mpu_limit = ((uint32_t)data + 32) | 1;
	*mpu_control = 5;
	cpu_barrier();
	expect("output to read-only memory", get(data, 16, &length), PSA_ERROR_PROGRAMMER_ERROR);
	expect("input from read-only memory", set(data, 16), PSA_SUCCESS);
	*mpu_control = 0;
	cpu_barrier();
	expect("get", get(data, 16, &length), PSA_SUCCESS);
}

/* Answers to calls made in handler mode. */
static volatile struct {
	int32_t version, handle, status;
} from_handler;

static void call_from_handler(void)
{
	from_handler.version = (int32_t)merlon_veneer_version(INTERNAL_TRUSTED_STORAGE_SID);
	from_handler.handle = merlon_veneer_connect(INTERNAL_TRUSTED_STORAGE_SID, 1, 0);
	from_handler.status = set(data, 16);
	(void)merlon_veneer_close(ITS, 0);
}

static void try_handler_mode(void)
{
	from_handler.status = 1;
	__asm__ volatile("svc #0" : : : "memory");
	expect("version from a handler", from_handler.version, PSA_VERSION_NONE);
	expect("connect from a handler", from_handler.handle, PSA_ERROR_CONNECTION_REFUSED);
	expect("call from a handler", from_handler.status, PSA_ERROR_PROGRAMMER_ERROR);
	expect("call after that", set(data, 16), PSA_SUCCESS);
}

/*
 * A scheduler that changes threads in the middle of a Secure call: the tick returns into another thread, which calls again and then asks
 * the supervisor call to go back to where the first call was interrupted.
 */
#define RETURN_SECURE     (1u << 6)
#define RETURN_THREAD_MSP 0xffffffb8u
static __attribute__((used)) uint32_t interrupted_stack;
static volatile uint32_t interrupted_return; /* EXC_RETURN of the interrupted Secure call; 0: none */
static volatile bool want_switch;
static volatile int32_t second_status;
static volatile unsigned switches;
static psa_invec *volatile moving; /* a vector that the tick points elsewhere and back */

static __attribute__((used)) void second_thread(void)
{
	second_status = set(data, 8);
	switches++;
	__asm__ volatile("svc #1" : : : "memory");
	for (;;)
		cpu_barrier();
}

/* @return The EXC_RETURN to leave with; *frame: 0, or where the second thread's frame is to be made. */
static __attribute__((used)) uint32_t tick(uint32_t exc_return)
{
	psa_invec *target = moving;
	if (target != NULL)
		target->base = target->base == data ? (const void *)SECURE_RAM : data;
	if (!want_switch || (exc_return & RETURN_SECURE) == 0)
		return exc_return;
	want_switch = false;
	interrupted_return = exc_return;
	return RETURN_THREAD_MSP;
}

__attribute__((naked)) static void on_tick(void)
{
	__asm__ volatile("mov r0, lr\n\t"
			 "push {r4, lr}\n\t"
			 "bl tick\n\t"
			 "pop {r4, lr}\n\t"
			 "cmp r0, lr\n\t"
			 "it eq\n\t"
			 "bxeq lr\n\t"
			 "ldr r1, =interrupted_stack\n\t"
			 "mov r2, sp\n\t"
			 "str r2, [r1]\n\t"
			 "sub sp, #32\n\t" /* a frame: r0-r3, r12, lr, pc, xpsr */
			 "ldr r1, =second_thread\n\t"
			 "bic r1, #1\n\t"
			 "str r1, [sp, #24]\n\t"
			 "mov r1, #0x01000000\n\t"
			 "str r1, [sp, #28]\n\t"
			 "bx r0\n\t");
}

static __attribute__((used)) uint32_t supervisor(uint32_t exc_return)
{
	if (interrupted_return == 0) {
		call_from_handler();
		return exc_return;
	}
	uint32_t back = interrupted_return;
	interrupted_return = 0;
	return back;
}

__attribute__((naked)) static void on_supervisor_call(void)
{
	__asm__ volatile("mov r0, lr\n\t"
			 "push {r4, lr}\n\t"
			 "bl supervisor\n\t"
			 "pop {r4, lr}\n\t"
			 "cmp r0, lr\n\t"
			 "ittt ne\n\t"
			 "ldrne r1, =interrupted_stack\n\t" /* the second thread is gone */
			 "ldrne r1, [r1]\n\t"
			 "movne sp, r1\n\t"
			 "bx r0\n\t");
}

static void tick_every(uint32_t instructions)
{
	volatile uint32_t *const control = (volatile uint32_t *)0xe000e010, *const reload = (volatile uint32_t *)0xe000e014,
				 *const value = (volatile uint32_t *)0xe000e018;
	*control = 0;
	*reload = instructions;
	*value = 0;
	*control = instructions != 0 ? 7 : 0;
}

static void try_re_entry(void)
{
	unsigned entered = 0, refused = 0, whole = 0, spoilt = 0;
	for (uint32_t period = 50; period < 4000; period += 37) {
		second_status = 1;
		want_switch = true;
		tick_every(period);
		for (unsigned i = 0; i < 40 && second_status == 1; i++)
			spoilt += set(data, 24) != PSA_SUCCESS;
		tick_every(0);
		want_switch = false;
		entered += second_status != 1;
		refused += second_status == PSA_ERROR_PROGRAMMER_ERROR;
		whole += second_status == PSA_SUCCESS; /* the first call had not begun yet, or was over: between gate and return */
	}
	expect("second thread in the middle of a call", entered > 10 && refused > 10, 1);
	expect("second call is refused or whole", (int32_t)(refused + whole), (int32_t)entered);
	expect("first call does not notice", (int32_t)spoilt, 0);
}

/* A vector that changes while the call runs: it is the old one or the new one, and the new one is refused. */
static void try_changing_vectors(void)
{
	unsigned strange = 0, refused = 0, stored = 0;
	uint8_t back[16];
	for (unsigned i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(0xa0 + i);
	for (uint32_t period = 30; period < 3000; period += 29) {
		psa_invec in[2] = { { &request, sizeof request }, { data, sizeof back } };
		size_t length;
		moving = &in[1];
		tick_every(period);
		psa_status_t status = call(ITS, MERLON_ITS_SET, in, 2, NULL, 0);
		tick_every(0);
		moving = NULL;
		stored += status == PSA_SUCCESS;
		refused += status == PSA_ERROR_PROGRAMMER_ERROR;
		strange += status != PSA_SUCCESS && status != PSA_ERROR_PROGRAMMER_ERROR;
		if (status == PSA_SUCCESS)
			strange += get(back, sizeof back, &length) != PSA_SUCCESS || memcmp(back, data, sizeof back) != 0;
	}
	expect("vectors that change", (int32_t)strange, 0);
	expect("some of which are taken", stored > 0, 1);
}

/* What a gate leaves in the registers that a call may spoil. */
static void try_registers(void)
{
	uint32_t left[5], *place = left, told = 0;
	register uint32_t sid __asm__("r0") = INTERNAL_TRUSTED_STORAGE_SID;
	__asm__ volatile("bl merlon_veneer_version\n\t"
			 "stmia %1!, {r1-r3}\n\t"
			 "str r12, [%1]\n\t"
			 "mrs r1, apsr\n\t"
			 "str r1, [%1, #4]\n\t"
			 : "+r"(sid), "+r"(place)
			 :
			 : "r1", "r2", "r3", "r12", "lr", "cc", "memory");
	for (unsigned i = 0; i < 4; i++)
		told += left[i] >> 16 == 0x3800 || left[i] >> 24 == 0x80 || left[i] >> 24 == 0x10;
	expect("registers after a call", (int32_t)told, 0);
}

static uint32_t random_state = 0x2545f491;

static uint32_t dice(uint32_t sides)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % sides;
}

static void *random_place(void)
{
	uint32_t what = dice(4);
	if (what == 0)
		return (void *)(bad_places[dice(sizeof bad_places / sizeof bad_places[0])] + dice(64));
	return what == 1 ? (void *)(dice(UINT32_MAX) | 0x40000000) : arena + dice(sizeof arena - 64);
}

/* Whatever the words are: an answer, no Secure byte, and the next well-formed call works. */
static void try_random_calls(void)
{
	static const psa_handle_t handles[] = { ITS, ITS, CRYPTO_HANDLE, CRYPTO_HANDLE, FLASH_HANDLE, 1, 0x101 };
	unsigned refused = 0, broken = 0;
	for (unsigned i = 0; i < RANDOM_CALLS; i++) {
		psa_invec in[4];
		psa_outvec out[4];
		for (unsigned j = 0; j < 4; j++) {
			in[j] = (psa_invec) { random_place(), dice(4) == 0 ? dice(UINT32_MAX) : dice(48) };
			out[j] = (psa_outvec) { random_place(), dice(4) == 0 ? dice(UINT32_MAX) : dice(48) };
		}
		psa_handle_t handle = dice(16) == 0 ? (psa_handle_t)dice(UINT32_MAX) : handles[dice(7)];
		uint32_t control = dice(8) == 0 ? dice(UINT32_MAX) : dice(12) << 16 | dice(4) << 8 | dice(3);
		void *in_vec = dice(8) == 0 ? random_place() : in, *out_vec = dice(8) == 0 ? random_place() : out;
		refused += merlon_veneer_call(handle, control, in_vec, out_vec) == PSA_ERROR_PROGRAMMER_ERROR;
		if (i % 500 == 0)
			broken += set(data, 16) != PSA_SUCCESS;
	}
	expect("random calls leave the services usable", (int32_t)broken, 0);
	expect("and most were refused", refused > RANDOM_CALLS / 2, 1);
}

int main(void)
{
	cmsdk_uart_init(&uart, BOARD_CONSOLE_BASE, BOARD_CONSOLE_CLOCK_HZ);
	cpu_interrupts_restore(0);
	say("hostile: begin\n");
	try_handles();
	try_counts();
	try_pointers();
	try_read_only();
	try_handler_mode();
	try_registers();
	try_changing_vectors();
	try_re_entry();
	try_random_calls();
	say("hostile: done, ");
	say_hex(failures);
	say(" failed\n");
	for (;;)
		cpu_barrier();
}
