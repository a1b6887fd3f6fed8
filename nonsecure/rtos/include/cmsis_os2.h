/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The CMSIS-RTOS2 calls that Merlon's Non-secure code uses, and no others, so that any kernel with this API can take the place of
 * `nonsecure/rtos`: RTX5, FreeRTOS or Zephyr through their CMSIS-RTOS2 layers. Names, values and meanings are the standard's.
 *
 * Differences from a full kernel: control blocks come from fixed pools of the kernel (`cb_mem` must be NULL), a thread's stack
 * must be given (`stack_mem`), nothing is ever allocated. One tick is one millisecond.
 *
 * Source: Arm CMSIS-RTOS2 API 2.3, sections "Kernel", "Thread Management", "Thread Flags", "Generic Wait" and "Mutex Management".
 */
#ifndef CMSIS_OS2_H
#define CMSIS_OS2_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
	osKernelInactive = 0,
	osKernelReady = 1,
	osKernelRunning = 2,
} osKernelState_t;

typedef enum {
	osPriorityIdle = 1,
	osPriorityLow = 8,
	osPriorityBelowNormal = 16,
	osPriorityNormal = 24,
	osPriorityAboveNormal = 32,
	osPriorityHigh = 40,
	osPriorityRealtime = 48,
} osPriority_t;

typedef enum {
	osOK = 0,
	osError = -1,
	osErrorTimeout = -2,
	osErrorResource = -3,
	osErrorParameter = -4,
	osErrorISR = -6,
} osStatus_t;

#define osWaitForever         0xFFFFFFFFu
#define osFlagsWaitAny        0x00000000u
#define osFlagsWaitAll        0x00000001u
#define osFlagsNoClear        0x00000002u
#define osFlagsError          0x80000000u
#define osFlagsErrorTimeout   0xFFFFFFFEu
#define osFlagsErrorResource  0xFFFFFFFDu
#define osFlagsErrorParameter 0xFFFFFFFCu
#define osFlagsErrorISR       0xFFFFFFFAu
#define osMutexRecursive      0x00000001u
#define osMutexPrioInherit    0x00000002u

typedef void *osThreadId_t;
typedef void *osMutexId_t;
typedef void (*osThreadFunc_t)(void *argument);

typedef struct {
	const char *name;
	uint32_t attr_bits; /* 0 */
	void *cb_mem;       /* NULL: the kernel's pool */
	uint32_t cb_size;
	void *stack_mem;       /* 8-byte aligned, owned by the thread from now on */
	uint32_t stack_size;   /* bytes, a multiple of 8, at least 256 */
	osPriority_t priority; /* 0: osPriorityNormal */
	uint32_t tz_module;    /* 0 */
	uint32_t reserved;
} osThreadAttr_t;

typedef struct {
	const char *name;
	uint32_t attr_bits; /* osMutexPrioInherit and osMutexRecursive; every mutex of this kernel inherits */
	void *cb_mem;       /* NULL: the kernel's pool */
	uint32_t cb_size;
} osMutexAttr_t;

/** Once, before any other call. @retval osError  The kernel runs already. */
osStatus_t osKernelInitialize(void);
/** Starts the thread of highest priority; does not return. @retval osError  Not initialized, or no thread was made. */
osStatus_t osKernelStart(void);
osKernelState_t osKernelGetState(void);
/** Milliseconds since osKernelStart(); wraps after 49.7 days, so compare differences. Callable from interrupts. */
uint32_t osKernelGetTickCount(void);

/** @return NULL  Bad attributes, or the pool of threads is empty. Callable before osKernelStart(). */
osThreadId_t osThreadNew(osThreadFunc_t function, void *argument, const osThreadAttr_t *attributes);
/** @return the running thread; NULL before osKernelStart(). */
osThreadId_t osThreadGetId(void);
/** Ends the running thread, as returning from its function does. Its control block is not reused. */
_Noreturn void osThreadExit(void);

/** @return the thread's flags after setting; osFlagsErrorParameter: no such thread, or bit 31 set. Callable from interrupts. */
uint32_t osThreadFlagsSet(osThreadId_t thread, uint32_t flags);
/**
 * Wait until any (all) of `flags` are set for the running thread; the awaited ones are cleared unless osFlagsNoClear.
 *
 * @param timeout  Milliseconds; 0 does not wait; osWaitForever.
 * @return the flags before clearing; osFlagsErrorTimeout; osFlagsErrorResource: timeout 0 and not set; osFlagsErrorParameter:
 *         bit 31 set or no flag asked for; osFlagsErrorISR: called from an interrupt or before osKernelStart().
 */
uint32_t osThreadFlagsWait(uint32_t flags, uint32_t options, uint32_t timeout);

/** Wait `ticks` milliseconds; 0 returns at once. @retval osErrorISR  In an interrupt or before osKernelStart(). */
osStatus_t osDelay(uint32_t ticks);

/** @return NULL  The pool of mutexes is empty, or attributes that this kernel does not have. */
osMutexId_t osMutexNew(const osMutexAttr_t *attributes);
/**
 * Take a mutex. While a thread waits, the owner runs at least at the waiter's priority (through chains of mutexes too).
 *
 * @retval osErrorTimeout    Not obtained within `timeout` milliseconds.
 * @retval osErrorResource   `timeout` is 0 and another thread owns it, or the running thread owns it and it is not recursive.
 * @retval osErrorParameter  No such mutex. @retval osErrorISR  In an interrupt or before osKernelStart().
 */
osStatus_t osMutexAcquire(osMutexId_t mutex, uint32_t timeout);
/** @retval osErrorResource  The running thread does not own it. Other errors as osMutexAcquire(). */
osStatus_t osMutexRelease(osMutexId_t mutex);

#endif
