/* SPDX-License-Identifier: Apache-2.0 */
/* merlon token verify: judge an attestation token. */
#include "commands.h"
#include "cose_key.h"
#include "json.h"
#include "token_reference.h"
#include <getopt.h>
#include <mbedtls/sha256.h>
#include <merlon/lib/lifecycle.h>
#include <merlon/lib/token.h>
#include <stdio.h>
#include <string.h>

enum { OPTION_CHALLENGE = 256, OPTION_REFERENCE, OPTION_JSON, CHALLENGE_MAX = 64, POINT_SIZE = 65 };

static const struct option options[] = {
	{ "key", required_argument, NULL, 'k' },
	{ "challenge", required_argument, NULL, OPTION_CHALLENGE },
	{ "reference", required_argument, NULL, OPTION_REFERENCE },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ NULL, 0, NULL, 0 },
};

struct verify {
	const char *key_path, *reference_path, *token_path;
	uint8_t challenge[CHALLENGE_MAX];
	size_t challenge_size; /* 0: any nonce */
	bool json;
	struct key key;
	struct buffer token;
	struct reference reference;
};

/* What was found, in the order in which it is judged. */
struct finding {
	enum token_refusal refusal;
	bool has_claims;
	struct token_claims claims;
	char detail[REFERENCE_DETAIL_MAX]; /* which reference value differs */
};

static bool parse(struct verify *verify, int argc, char **argv, struct error *error)
{
	for (int option; (option = getopt_long(argc, argv, "k:", options, NULL)) != -1;) {
		if (option == 'k')
			verify->key_path = optarg;
		else if (option == OPTION_REFERENCE)
			verify->reference_path = optarg;
		else if (option == OPTION_JSON)
			verify->json = true;
		else if (option != OPTION_CHALLENGE)
			return error_set(error, "wrong option");
		else if (!hex_decode(optarg, verify->challenge, sizeof verify->challenge, &verify->challenge_size) ||
			 !token_nonce_size_ok(verify->challenge_size))
			return error_set(error, "--challenge: 32, 48 or 64 bytes in hexadecimal");
	}
	if (argc - optind != 1)
		return error_set(error, "needs one TOKEN");
	if (verify->key_path == NULL)
		return error_set(error, "-k IAK_PUB is missing");
	verify->token_path = argv[optind];
	return true;
}

static bool load(struct verify *verify, struct error *error)
{
	if (!key_load(verify->key_path, &verify->key, error))
		return false;
	if (!cose_key_fits(&verify->key, verify->key_path, error))
		return false;
	if (verify->reference_path != NULL && !reference_load(verify->reference_path, &verify->reference, error))
		return false;
	return file_read(verify->token_path, &verify->token, error);
}

/* The instance is named after its key. */
static bool is_instance_of(const struct token_claims *claims, const struct key *key)
{
	uint8_t hash[32];
	const uint8_t *instance = claims->instance.data;
	mbedtls_sha256(key->der + key->der_size - POINT_SIZE, POINT_SIZE, hash, 0);
	return memcmp(instance + 1, hash, sizeof hash) == 0;
}

static enum token_refusal judge(struct verify *verify, struct finding *finding)
{
	struct cose_message message;
	if (cose_parse(verify->token.data, verify->token.size, &message) != PSA_SUCCESS)
		return TOKEN_NOT_COSE;
	/* Nothing is believed, and no claim shown, before the signature holds. */
	if (!cose_signature_holds(&verify->key, "", &message))
		return TOKEN_BAD_SIGNATURE;
	enum token_refusal refusal = token_read_claims(message.payload, message.payload_size, &finding->claims);
	if (refusal != TOKEN_ACCEPTED)
		return refusal;
	finding->has_claims = true;
	if (!is_instance_of(&finding->claims, &verify->key))
		return TOKEN_WRONG_KEY;
	const struct token_slice *nonce = &finding->claims.nonce;
	if (verify->challenge_size != 0 &&
	    (nonce->size != verify->challenge_size || memcmp(nonce->data, verify->challenge, nonce->size) != 0))
		return TOKEN_NOT_FRESH;
	if (verify->reference_path != NULL && !reference_matches(&verify->reference, &finding->claims, finding->detail))
		return TOKEN_NOT_REFERENCE;
	return TOKEN_ACCEPTED;
}

static void json_slice_hex(const char *key, const struct token_slice *slice)
{
	if (slice->data != NULL)
		json_hex(key, slice->data, slice->size);
}

static void json_slice_text(const char *key, const struct token_slice *slice)
{
	char text[256];
	if (slice->data == NULL)
		return;
	snprintf(text, sizeof text, "%.*s", (int)slice->size, (const char *)slice->data);
	json_string(key, text);
}

static void print_claims_json(const struct token_claims *claims)
{
	json_begin("claims");
	json_string("profile", TOKEN_PROFILE);
	json_slice_hex("nonce", &claims->nonce);
	json_slice_hex("instance", &claims->instance);
	json_slice_hex("implementation", &claims->implementation);
	json_slice_hex("boot_seed", &claims->boot_seed);
	json_integer("client", claims->client);
	json_number("lifecycle", claims->lifecycle);
	json_string("lifecycle_name", lifecycle_name(claims->lifecycle & ~0xffu));
	json_slice_text("certification_reference", &claims->certification);
	json_slice_text("verification_service", &claims->service);
	json_array_begin("components");
	for (size_t i = 0; i < claims->component_count; i++) {
		const struct token_component *component = &claims->components[i];
		json_begin(NULL);
		json_slice_text("type", &component->type);
		json_slice_text("version", &component->version);
		json_slice_text("description", &component->description);
		json_slice_hex("measurement", &component->measurement);
		json_slice_hex("signer", &component->signer);
		json_end();
	}
	json_array_end();
	json_end();
}

static void print_json(const struct verify *verify, const struct finding *finding)
{
	json_begin(NULL);
	json_bool("accepted", finding->refusal == TOKEN_ACCEPTED);
	json_string("code", token_refusal_name(finding->refusal));
	json_string("reason", token_refusal_reason(finding->refusal));
	json_string("detail", finding->detail);
	json_bool("fresh", finding->refusal == TOKEN_ACCEPTED && verify->challenge_size != 0);
	if (finding->has_claims)
		print_claims_json(&finding->claims);
	json_end();
}

static void print_slice_hex(const char *name, const struct token_slice *slice)
{
	if (slice->data == NULL)
		return;
	printf("%-14s ", name);
	for (size_t i = 0; i < slice->size; i++)
		printf("%02x", ((const uint8_t *)slice->data)[i]);
	printf("\n");
}

static void print_slice_text(const char *name, const struct token_slice *slice)
{
	if (slice->data != NULL)
		printf("%-14s %.*s\n", name, (int)slice->size, (const char *)slice->data);
}

static void print_text(const struct finding *finding)
{
	const struct token_claims *claims = &finding->claims;
	if (finding->refusal != TOKEN_ACCEPTED) {
		printf("rejected: %s %s%s%s\n", token_refusal_name(finding->refusal), token_refusal_reason(finding->refusal),
		       finding->detail[0] != '\0' ? ": " : "", finding->detail);
		return;
	}
	printf("accepted: %s, lifecycle %s, client %d\n", TOKEN_PROFILE, lifecycle_name(claims->lifecycle & ~0xffu),
	       claims->client);
	print_slice_hex("instance", &claims->instance);
	print_slice_hex("implementation", &claims->implementation);
	print_slice_hex("boot seed", &claims->boot_seed);
	print_slice_hex("nonce", &claims->nonce);
	print_slice_text("certification", &claims->certification);
	print_slice_text("service", &claims->service);
	for (size_t i = 0; i < claims->component_count; i++) {
		print_slice_text("component", &claims->components[i].type);
		print_slice_text("  version", &claims->components[i].version);
		print_slice_hex("  measurement", &claims->components[i].measurement);
		print_slice_hex("  signer", &claims->components[i].signer);
	}
}

/* What a valid signature alone does not say. */
static void warn(const struct verify *verify, const struct finding *finding)
{
	if (finding->refusal != TOKEN_ACCEPTED)
		return;
	if (verify->challenge_size == 0)
		fprintf(stderr, "warning: without --challenge an old token passes as a new one\n");
	if (verify->reference_path == NULL && (finding->claims.lifecycle & ~0xffu) != OTP_LIFECYCLE_SECURED)
		fprintf(stderr, "warning: the device is not secured\n");
}

static int run(int argc, char **argv)
{
	struct error error = { 0 };
	struct verify verify = { 0 };
	struct finding finding = { 0 };
	if (!parse(&verify, argc, argv, &error))
		return command_misused(&command_token_verify, "%s", error.text);
	if (!load(&verify, &error)) {
		error_within(&error, "merlon token verify");
		return error_print(&error);
	}
	finding.refusal = judge(&verify, &finding);
	if (verify.json)
		print_json(&verify, &finding);
	else
		print_text(&finding);
	warn(&verify, &finding);
	buffer_free(&verify.token);
	key_free(&verify.key);
	return finding.refusal == TOKEN_ACCEPTED ? EXIT_OK : EXIT_REFUSED;
}

const struct command command_token_verify = {
	.name = "token verify",
	.summary = "judge an attestation token",
	.usage = "usage: merlon token verify -k IAK_PUB.pem [options] TOKEN\n"
		 "\n"
		 "Checks form, signature, profile, claims, and that the key is that of the instance. Prints `accepted: ...` or "
		 "`rejected: "
		 "CODE\n"
		 "REASON`; exit status 1 when rejected. Claims of a token whose signature does not hold are not shown.\n"
		 "\n"
		 "  -k, --key IAK_PUB.pem    public attestation key of the device: iak_pub.pem of its provisioning\n"
		 "  --challenge HEX          the challenge that was sent: 32, 48 or 64 bytes; another nonce is refused\n"
		 "  --reference FILE         what the claims must be: docs/format/token.md, \"Reference values\"\n"
		 "  --json                   verdict and claims as one JSON object\n"
		 "\n"
		 "example: merlon token verify -k d1/iak_pub.pem --challenge $NONCE --reference release.ref token.cbor\n",
	.run = run,
};
