/* SPDX-License-Identifier: Apache-2.0 */
/* FreeRTOS V11.1 or newer, port ARM_CM33_NTZ: the kernel runs in the Non-secure world and knows nothing of the Secure one. */
#ifndef FREERTOS_CONFIG_H
#define FREERTOS_CONFIG_H

#include <merlon/board/devices_nonsecure.h>

#define configENABLE_TRUSTZONE              0 /* Secure calls are plain function calls, one at a time: main.c */
#define configRUN_FREERTOS_SECURE_ONLY      0
#define configENABLE_FPU                    0 /* CPU 0 of the AN521 has none */
#define configENABLE_MVE                    0
#define configENABLE_MPU                    0
#define configSUPPORT_STATIC_ALLOCATION     1
#define configSUPPORT_DYNAMIC_ALLOCATION    0
#define configKERNEL_PROVIDED_STATIC_MEMORY 1

#define configCPU_CLOCK_HZ            BOARD_FPGAIO_CLOCK_HZ
#define configTICK_RATE_HZ            1000 /* CMSIS-RTOS2 counts milliseconds here */
#define configTICK_TYPE_WIDTH_IN_BITS TICK_TYPE_WIDTH_32_BITS
#define configMAX_PRIORITIES          56 /* osPriority_t, as it is */
#define configMINIMAL_STACK_SIZE      128
#define configMAX_TASK_NAME_LEN       16

#define configUSE_PREEMPTION           1
#define configUSE_TIME_SLICING         1
#define configUSE_MUTEXES              1
#define configUSE_TASK_NOTIFICATIONS   1
#define configUSE_TIMERS               0
#define configUSE_IDLE_HOOK            0
#define configUSE_TICK_HOOK            0
#define configCHECK_FOR_STACK_OVERFLOW 0 /* the core does: one PSPLIM per task */

#define INCLUDE_vTaskDelay                1
#define INCLUDE_xTaskGetSchedulerState    1
#define INCLUDE_xTaskGetCurrentTaskHandle 1
#define INCLUDE_xSemaphoreGetMutexHolder  1

/* Three bits of priority; 0x20 and less urgent interrupts may call the kernel. */
#define configPRIO_BITS                      3
#define configMAX_SYSCALL_INTERRUPT_PRIORITY 0x20
#define configKERNEL_INTERRUPT_PRIORITY      0xe0

/* A contradiction is a fault: the Secure world reports it and resets. */
#define configASSERT(condition)                                                                                                    \
	do {                                                                                                                       \
		if (!(condition))                                                                                                  \
			__builtin_trap();                                                                                          \
	} while (0)

#endif
