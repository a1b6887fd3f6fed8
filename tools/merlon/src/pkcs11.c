/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11.h"
#include "file.h"
#include <dlfcn.h>
#include <merlon/lib/mem.h>
#include <p11-kit/pkcs11.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_MAX = 256, SLOTS_MAX = 32, POINT_MAX = 2 * ECDSA_SCALAR_MAX + 3 };

/* What the URI says, decoded. */
struct uri {
	char token[VALUE_MAX], object[VALUE_MAX], module[VALUE_MAX], pin[VALUE_MAX], pin_source[VALUE_MAX];
	uint8_t id[VALUE_MAX];
	size_t id_size;
};

struct pkcs11_key {
	void *library;
	CK_FUNCTION_LIST_PTR calls;
	CK_SESSION_HANDLE session;
	bool initialised, has_session;
	struct uri uri;
};

static const struct {
	CK_RV code;
	const char *text, *remedy;
} answers[] = {
	{ CKR_PIN_INCORRECT, "the PIN is wrong",
	  "check MERLON_PKCS11_PIN, pin-value or pin-source: a token locks itself after a few tries" },
	{ CKR_PIN_LOCKED, "the PIN is locked after too many wrong tries", "unlock it with the security officer's PIN" },
	{ CKR_PIN_LEN_RANGE, "the PIN has an impossible length", "check MERLON_PKCS11_PIN, pin-value or pin-source" },
	{ CKR_TOKEN_NOT_PRESENT, "the token is not there", "plug it in" },
	{ CKR_DEVICE_ERROR, "the module reports a fault of the device", "read the module's own log" },
	{ CKR_DEVICE_REMOVED, "the token was removed", "plug it in" },
	{ CKR_KEY_FUNCTION_NOT_PERMITTED, "the key may not sign", "set CKA_SIGN when the key is made" },
	{ CKR_MECHANISM_INVALID, "the token has no ECDSA", "another token, or --vector-to-sign and --fix-sig" },
	{ CKR_USER_NOT_LOGGED_IN, "the token wants a PIN", "set MERLON_PKCS11_PIN, pin-value or pin-source" },
};

static bool failed(struct error *error, const char *step, CK_RV code)
{
	for (unsigned i = 0; i < sizeof answers / sizeof answers[0]; i++)
		if (answers[i].code == code) {
			error_set(error, "%s: %s", step, answers[i].text);
			return error_try(error, "%s", answers[i].remedy);
		}
	return error_set(error, "%s: PKCS#11 error 0x%lx", step, (unsigned long)code);
}

bool pkcs11_is_uri(const char *name)
{
	return strncmp(name, "pkcs11:", 7) == 0;
}

/* Percent-decode `size` characters. @return the number of bytes; VALUE_MAX when that is too many, or not an encoding. */
static size_t decode(const char *text, size_t size, uint8_t out[VALUE_MAX])
{
	size_t count = 0, used;
	for (size_t i = 0; i < size; i++) {
		if (count == VALUE_MAX - 1)
			return VALUE_MAX;
		if (text[i] != '%') {
			out[count++] = (uint8_t)text[i];
			continue;
		}
		char digits[3] = { 0 };
		if (size - i < sizeof digits)
			return VALUE_MAX;
		memcpy(digits, text + i + 1, 2);
		if (!hex_decode(digits, &out[count], 1, &used) || used != 1)
			return VALUE_MAX;
		count++;
		i += 2;
	}
	out[count] = 0;
	return count;
}

/* One NAME=VALUE. */
static bool set_attribute(struct uri *uri, const char *text, size_t size, struct error *error)
{
	const struct {
		const char *name;
		char *value;
	} places[] = { { "token", uri->token },
		       { "object", uri->object },
		       { "module-path", uri->module },
		       { "pin-value", uri->pin },
		       { "pin-source", uri->pin_source },
		       { "id", (char *)uri->id },
		       { "type", (char[VALUE_MAX]) { 0 } } };
	const char *equals = memchr(text, '=', size);
	for (unsigned i = 0; equals != NULL && i < sizeof places / sizeof places[0]; i++) {
		size_t name_size = (size_t)(equals - text);
		if (strlen(places[i].name) != name_size || memcmp(places[i].name, text, name_size) != 0)
			continue;
		size_t count = decode(equals + 1, size - name_size - 1, (uint8_t *)places[i].value);
		if (count == VALUE_MAX)
			return error_set(error, "the value of %s is too long or wrongly encoded", places[i].name);
		uri->id_size = places[i].value == (char *)uri->id ? count : uri->id_size;
		return true;
	}
	error_set(error, "'%.*s' is no attribute that is understood", (int)size, text);
	return error_try(error, "pkcs11:token=LABEL;object=LABEL?module-path=FILE&pin-source=FILE");
}

static bool parse(const char *text, struct uri *uri, struct error *error)
{
	*uri = (struct uri) { .id_size = 0 };
	for (const char *at = text + 7; *at != '\0';) {
		size_t size = strcspn(at, ";?&");
		if (size > 0 && !set_attribute(uri, at, size, error))
			return false;
		at += size + (at[size] != '\0');
	}
	const char *module = getenv("MERLON_PKCS11_MODULE"), *pin = getenv("MERLON_PKCS11_PIN");
	if (uri->module[0] == '\0' && module != NULL && strlen(module) < VALUE_MAX)
		strcpy(uri->module, module);
	if (uri->pin[0] == '\0' && pin != NULL && strlen(pin) < VALUE_MAX)
		strcpy(uri->pin, pin);
	if (uri->object[0] == '\0' && uri->id_size == 0) {
		error_set(error, "the URI names no key: object=LABEL or id=%%01 is missing");
		return error_try(error, "merlon key public -k 'pkcs11:token=NAME;object=LABEL'");
	}
	if (uri->module[0] != '\0')
		return true;
	error_set(error, "no PKCS#11 module is named");
	return error_try(error, "?module-path=/usr/lib/softhsm/libsofthsm2.so at the end of the URI, or MERLON_PKCS11_MODULE");
}

/* pin-source is a file; its first line is the PIN. */
static bool read_pin(struct uri *uri, struct error *error)
{
	struct buffer text;
	const char *path = strncmp(uri->pin_source, "file:", 5) == 0 ? uri->pin_source + 5 : uri->pin_source;
	if (uri->pin[0] != '\0' || path[0] == '\0')
		return true;
	if (!file_read(path, &text, error))
		return false;
	size_t size = strcspn((const char *)text.data, "\r\n");
	bool fits = size > 0 && size < VALUE_MAX;
	if (fits)
		memcpy(uri->pin, text.data, size);
	buffer_free(&text);
	return fits || error_set(error, "%s: holds no PIN", path);
}

static bool load_module(struct pkcs11_key *key, struct error *error)
{
	key->library = dlopen(key->uri.module, RTLD_NOW | RTLD_LOCAL);
	if (key->library == NULL)
		return error_set(error, "load the module: %s", dlerror());
	CK_C_GetFunctionList get;
	*(void **)&get = dlsym(key->library, "C_GetFunctionList");
	if (get == NULL || get(&key->calls) != CKR_OK)
		return error_set(error, "%s: is no PKCS#11 module", key->uri.module);
	CK_RV code = key->calls->C_Initialize(NULL);
	key->initialised = code == CKR_OK;
	return key->initialised || failed(error, "start the module", code);
}

/* Labels of tokens are padded with blanks. */
static bool has_label(const CK_TOKEN_INFO *info, const char *label)
{
	size_t size = strlen(label);
	return size == 0 || (size <= sizeof info->label && memcmp(info->label, label, size) == 0 &&
			     mem_is_filled(info->label + size, ' ', sizeof info->label - size));
}

static bool open_session(struct pkcs11_key *key, struct error *error)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG count = SLOTS_MAX;
	CK_RV code = key->calls->C_GetSlotList(CK_TRUE, slots, &count);
	if (code != CKR_OK)
		return failed(error, "list the tokens", code);
	for (CK_ULONG i = 0; i < count; i++) {
		CK_TOKEN_INFO info;
		if (key->calls->C_GetTokenInfo(slots[i], &info) != CKR_OK || (info.flags & CKF_TOKEN_INITIALIZED) == 0 ||
		    !has_label(&info, key->uri.token))
			continue;
		code = key->calls->C_OpenSession(slots[i], CKF_SERIAL_SESSION, NULL, NULL, &key->session);
		key->has_session = code == CKR_OK;
		return key->has_session || failed(error, "open the token", code);
	}
	error_set(error, "there is no token '%s'", key->uri.token);
	return error_try(error, "the token's label, as the module's own tool lists it");
}

/* The one object of this class that the URI names. */
static bool find(struct pkcs11_key *key, CK_OBJECT_CLASS class, CK_OBJECT_HANDLE *object, struct error *error)
{
	const char *kind = class == CKO_PUBLIC_KEY ? "public" : "private";
	CK_ATTRIBUTE wanted[3] = { { CKA_CLASS, &class, sizeof class } };
	CK_ULONG count = 1, found = 0;
	CK_OBJECT_HANDLE objects[2];
	if (key->uri.object[0] != '\0')
		wanted[count++] = (CK_ATTRIBUTE) { CKA_LABEL, key->uri.object, strlen(key->uri.object) };
	if (key->uri.id_size > 0)
		wanted[count++] = (CK_ATTRIBUTE) { CKA_ID, key->uri.id, key->uri.id_size };
	CK_RV code = key->calls->C_FindObjectsInit(key->session, wanted, count);
	if (code == CKR_OK) {
		code = key->calls->C_FindObjects(key->session, objects, 2, &found);
		(void)key->calls->C_FindObjectsFinal(key->session);
	}
	if (code != CKR_OK)
		return failed(error, "look for the key", code);
	*object = objects[0];
	if (found == 1)
		return true;
	error_set(error, "the token holds %s %s key '%s'", found == 0 ? "no" : "more than one", kind, key->uri.object);
	return error_try(error, "object=LABEL or id=%%01 as the module's own tool lists them");
}

/* CKA_EC_POINT is a DER OCTET STRING of 04, x, y; and CKA_EC_PARAMS the DER of the curve's name. */
static bool read_point(struct pkcs11_key *key, CK_OBJECT_HANDLE object, const struct ecdsa_key_form **form, uint8_t *point,
		       struct error *error)
{
	static const uint8_t p256[] = { 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
	static const uint8_t p384[] = { 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22 };
	uint8_t curve[16], value[POINT_MAX];
	CK_ATTRIBUTE asked[] = { { CKA_EC_PARAMS, curve, sizeof curve }, { CKA_EC_POINT, value, sizeof value } };
	CK_RV code = key->calls->C_GetAttributeValue(key->session, object, asked, 2);
	*form = NULL;
	if (code == CKR_OK && asked[0].ulValueLen == sizeof p256 && memcmp(curve, p256, sizeof p256) == 0)
		*form = &ecdsa_key_p256;
	if (code == CKR_OK && asked[0].ulValueLen == sizeof p384 && memcmp(curve, p384, sizeof p384) == 0)
		*form = &ecdsa_key_p384;
	if (*form == NULL)
		return error_set(error, "the key is neither ECDSA P-256 nor P-384");
	size_t size = 2u * (*form)->scalar_size;
	if (asked[1].ulValueLen != size + 3 || value[0] != 0x04 || value[1] != size + 1 || value[2] != 0x04)
		return error_set(error, "the token gives its public key in a form that is not understood");
	memcpy(point, value + 3, size);
	return true;
}

struct pkcs11_key *pkcs11_open(const char *uri, const struct ecdsa_key_form **form, uint8_t point[2 * ECDSA_SCALAR_MAX],
			       struct error *error)
{
	struct pkcs11_key *key = calloc(1, sizeof *key);
	CK_OBJECT_HANDLE object;
	if (key == NULL)
		abort();
	if (parse(uri, &key->uri, error) && load_module(key, error) && open_session(key, error) &&
	    find(key, CKO_PUBLIC_KEY, &object, error) && read_point(key, object, form, point, error))
		return key;
	pkcs11_close(key);
	return NULL;
}

bool pkcs11_sign(struct pkcs11_key *key, const uint8_t *digest, size_t digest_size, uint8_t *raw, size_t raw_size,
		 struct error *error)
{
	CK_OBJECT_HANDLE object;
	CK_MECHANISM mechanism = { CKM_ECDSA, NULL, 0 };
	CK_ULONG size = raw_size;
	if (!read_pin(&key->uri, error))
		return false;
	if (key->uri.pin[0] != '\0') {
		CK_RV code = key->calls->C_Login(key->session, CKU_USER, (CK_UTF8CHAR_PTR)key->uri.pin, strlen(key->uri.pin));
		mem_wipe(key->uri.pin, sizeof key->uri.pin);
		if (code != CKR_OK && code != CKR_USER_ALREADY_LOGGED_IN)
			return failed(error, "log in", code);
	}
	if (!find(key, CKO_PRIVATE_KEY, &object, error))
		return false;
	CK_RV code = key->calls->C_SignInit(key->session, &mechanism, object);
	if (code == CKR_OK)
		code = key->calls->C_Sign(key->session, (CK_BYTE_PTR)(uintptr_t)digest, digest_size, raw, &size);
	if (code != CKR_OK)
		return failed(error, "sign", code);
	return size == raw_size || error_set(error, "sign: the token gives a signature of %lu bytes", (unsigned long)size);
}

void pkcs11_close(struct pkcs11_key *key)
{
	if (key->has_session)
		(void)key->calls->C_CloseSession(key->session);
	if (key->initialised)
		(void)key->calls->C_Finalize(NULL);
	if (key->library != NULL)
		dlclose(key->library);
	mem_wipe(key, sizeof *key);
	free(key);
}
