/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/lib/crc.h>
#include <merlon/lib/le.h>
#include <merlon/lib/store_layout.h>

enum { CHECK = 4, MARK = 4, FLIPS_MAX = 2 };

#define BLOCK_MAGIC 0x02004b42u /* "BK", format 2 */

static bool is_checked(const uint8_t *bytes, size_t size)
{
	return crc32_update(0, bytes, size - CHECK) == le32_load(bytes + size - CHECK);
}

static unsigned count_zeros(const uint8_t *bytes, size_t size)
{
	unsigned count = 0;
	for (size_t i = 0; i < size; i++)
		for (unsigned rest = (uint8_t)~bytes[i]; rest != 0; rest &= rest - 1)
			count++;
	return count;
}

/* A head is short enough for the CRC to tell every single flipped bit from every other one: try them all. */
static enum store_head judge(uint8_t *bytes, size_t size)
{
	if (is_checked(bytes, size))
		return STORE_HEAD_VALID;
	unsigned zeros = count_zeros(bytes, size);
	if (zeros <= FLIPS_MAX)
		return zeros == 0 ? STORE_HEAD_BLANK : STORE_HEAD_SPOILT;
	for (size_t bit = 0; bit < 8 * size; bit++) {
		uint8_t mask = (uint8_t)(1u << bit % 8);
		bytes[bit / 8] ^= mask;
		if (is_checked(bytes, size))
			return STORE_HEAD_VALID;
		bytes[bit / 8] ^= mask;
	}
	return STORE_HEAD_BAD;
}

void store_block_encode(const struct store_block_head *head, uint8_t bytes[STORE_BLOCK_HEAD])
{
	le32_store(bytes, BLOCK_MAGIC);
	le32_store(bytes + 4, head->sequence);
	le32_store(bytes + 8, head->members);
	le32_store(bytes + 12, crc32_update(0, bytes, STORE_BLOCK_HEAD - CHECK));
}

enum store_head store_block_decode(uint8_t bytes[STORE_BLOCK_HEAD], struct store_block_head *head)
{
	enum store_head what = judge(bytes, STORE_BLOCK_HEAD);
	*head = (struct store_block_head) { le32_load(bytes + 4), le32_load(bytes + 8) };
	return what == STORE_HEAD_VALID && (le32_load(bytes) != BLOCK_MAGIC || head->sequence == 0) ? STORE_HEAD_BAD : what;
}

/* The first unit holds the zeros: a head torn there never looks blank. */
void store_record_encode(struct store_record *record, uint8_t bytes[STORE_RECORD_HEAD])
{
	le32_store(bytes, 0);
	le16_store(bytes + 4, record->size);
	bytes[6] = record->flags;
	bytes[7] = record->kind;
	le32_store(bytes + 8, (uint32_t)record->uid);
	le32_store(bytes + 12, (uint32_t)(record->uid >> 32));
	le32_store(bytes + 16, (uint32_t)record->client);
	record->check = crc32_update(0, bytes, STORE_RECORD_HEAD - CHECK);
	le32_store(bytes + 20, record->check);
}

enum store_head store_record_decode(uint8_t bytes[STORE_RECORD_HEAD], struct store_record *record)
{
	enum store_head what = judge(bytes, STORE_RECORD_HEAD);
	*record = (struct store_record) {
		.uid = le32_load(bytes + 8) | (uint64_t)le32_load(bytes + 12) << 32,
		.client = (int32_t)le32_load(bytes + 16),
		.check = le32_load(bytes + 20),
		.size = le16_load(bytes + 4),
		.flags = bytes[6],
		.kind = bytes[7],
	};
	bool known = record->kind == STORE_OBJECT || record->kind == STORE_GONE;
	return what == STORE_HEAD_VALID && !known ? STORE_HEAD_BAD : what;
}

void store_commit_encode(uint32_t check, uint8_t bytes[STORE_UNIT])
{
	le32_store(bytes, check);
	le32_store(bytes + MARK, 0);
}

bool store_commit_decode(const uint8_t bytes[STORE_UNIT], uint32_t *check)
{
	*check = le32_load(bytes);
	return le32_load(bytes + MARK) == 0;
}

bool store_is_set(const uint8_t bytes[STORE_UNIT])
{
	return count_zeros(bytes, STORE_UNIT) > FLIPS_MAX;
}
