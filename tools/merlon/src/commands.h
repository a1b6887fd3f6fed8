/* SPDX-License-Identifier: Apache-2.0 */
/* All commands, sorted. Each is defined in the file of its name. */
#ifndef MERLON_TOOL_COMMANDS_H
#define MERLON_TOOL_COMMANDS_H

#include "command.h"

extern const struct command command_device_flash;
extern const struct command command_device_lifecycle;
extern const struct command command_device_provision;
extern const struct command command_device_show;
extern const struct command command_image_info;
extern const struct command command_image_sign;
extern const struct command command_image_verify;
extern const struct command command_key_generate;
extern const struct command command_key_public;
extern const struct command command_key_revoke;
extern const struct command command_partitions;
extern const struct command command_report;
extern const struct command command_token_debug;
extern const struct command command_token_verify;

#endif
