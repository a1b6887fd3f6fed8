/* SPDX-License-Identifier: Apache-2.0 */
/* merlon token debug: order one device, once, to leave *secured*. */
#include "commands.h"
#include "cose_key.h"
#include <getopt.h>
#include <merlon/lib/debug_token.h>
#include <merlon/lib/mem.h>
#include <stdio.h>
#include <string.h>

enum { OPTION_CHALLENGE = 256, OPTION_SERIAL, OPTION_STATE };

static const struct option options[] = {
	{ "key", required_argument, NULL, 'k' },
	{ "challenge", required_argument, NULL, OPTION_CHALLENGE },
	{ "serial", required_argument, NULL, OPTION_SERIAL },
	{ "state", required_argument, NULL, OPTION_STATE },
	{ "output", required_argument, NULL, 'o' },
	{ NULL, 0, NULL, 0 },
};

struct order {
	const char *key_path, *output;
	uint8_t challenge[DEBUG_CHALLENGE_SIZE];
	struct debug_token token;
};

static bool set_state(struct order *order, const char *name, struct error *error)
{
	for (unsigned i = 0; i < LIFECYCLE_COUNT; i++)
		if (strcmp(lifecycle_states[i].name, name) == 0 && debug_token_may_order(lifecycle_states[i].state)) {
			order->token.state = lifecycle_states[i].state;
			return true;
		}
	return error_set(error, "--state is non-psa-debug, recoverable-debug or decommissioned");
}

static bool set_option(struct order *order, int option, const char *value, struct error *error)
{
	size_t size;
	switch (option) {
	case 'k':
		order->key_path = value;
		return true;
	case 'o':
		order->output = value;
		return true;
	case OPTION_SERIAL:
		order->token.serial = value;
		order->token.serial_size = strlen(value);
		return (order->token.serial_size > 0 && order->token.serial_size <= DEBUG_SERIAL_MAX) ||
		       error_set(error, "--serial: 1 to %d characters", DEBUG_SERIAL_MAX);
	case OPTION_CHALLENGE:
		order->token.challenge = order->challenge;
		return (hex_decode(value, order->challenge, sizeof order->challenge, &size) && size == sizeof order->challenge) ||
		       error_set(error, "--challenge: %d bytes in hexadecimal, as the device gave them", DEBUG_CHALLENGE_SIZE);
	case OPTION_STATE:
		return set_state(order, value, error);
	default:
		return error_set(error, "wrong option");
	}
}

static bool parse(struct order *order, int argc, char **argv, struct error *error)
{
	for (int option; (option = getopt_long(argc, argv, "k:o:", options, NULL)) != -1;)
		if (!set_option(order, option, optarg, error))
			return false;
	if (optind != argc)
		return error_set(error, "'%s' belongs to no option", argv[optind]);
	return (order->key_path != NULL && order->output != NULL && order->token.serial != NULL &&
		order->token.challenge != NULL) ||
	       error_set(error, "-k, --challenge, --serial and -o are needed");
}

static bool write_token(const struct order *order, struct error *error)
{
	uint8_t payload[DEBUG_PAYLOAD_MAX];
	struct cbor_writer writer = { payload, sizeof payload, 0 };
	struct buffer message = { 0 };
	struct key key;
	if (!key_load_private(order->key_path, &key, error))
		return false;
	debug_token_write(&writer, &order->token);
	bool written = cose_key_fits(&key, order->key_path, error) &&
		       cose_sign(&key, DEBUG_TOKEN_USE, payload, writer.size, &message, error) &&
		       file_write(order->output, message.data, message.size, FILE_SECRET, error);
	buffer_free(&message);
	key_free(&key);
	return written;
}

static int run(int argc, char **argv)
{
	struct error error = { 0 };
	struct order order = { .token = { .state = OTP_LIFECYCLE_NON_PSA_DEBUG } };
	if (!parse(&order, argc, argv, &error))
		return command_misused(&command_token_debug, "%s", error.text);
	bool done = write_token(&order, &error);
	mem_wipe(&order, sizeof order);
	if (done)
		return EXIT_OK;
	error_within(&error, "merlon token debug");
	return error_print(&error);
}

const struct command command_token_debug = {
	.name = "token debug",
	.summary = "sign an order to one device: open it for debugging, or end it",
	.usage = "usage: merlon token debug -k KEY.pem --challenge HEX --serial S [--state STATE] -o TOKEN\n"
		 "\n"
		 "Signs a debug token with a key that the device trusts for its Secure image. It counts on the device of that "
		 "serial, for the\n"
		 "challenge that it drew last, once; docs/format/debug_token.md.\n"
		 "\n"
		 "  -k, --key KEY.pem    private key, ecdsa-p256\n"
		 "  --challenge HEX      32 bytes from merlon_platform_debug_challenge()\n"
		 "  --serial S           of the device\n"
		 "  --state STATE        non-psa-debug (the default), recoverable-debug or decommissioned\n"
		 "  -o, --output TOKEN   the file to write; readable by its owner only\n"
		 "\n"
		 "example: merlon token debug -k maker.pem --challenge $CHALLENGE --serial MRL-0001 -o debug.cbor\n",
	.run = run,
};
