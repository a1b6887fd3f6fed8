/* SPDX-License-Identifier: Apache-2.0 */
#include <merlon/arch/registers.h>
#include <merlon/arch/sau.h>

#define SAU_CTRL        0xe000edd0u
#define SAU_TYPE        0xe000edd4u
#define SAU_RNR         0xe000edd8u
#define SAU_RBAR        0xe000eddcu
#define SAU_RLAR        0xe000ede0u
#define NVIC_ITNS(word) (0xe000e380u + 4 * (uint32_t)(word))

/* Arm CoreLink SIE-200, memory protection controller: offsets and bits. */
enum { MPC_CTRL = 0x00, MPC_BLK_MAX = 0x10, MPC_BLK_IDX = 0x18, MPC_BLK_LUT = 0x1c };
#define MPC_CTRL_SECURITY_RESPONSE (1u << 4)
#define MPC_CTRL_LOCKDOWN          (1u << 31)

static bool differs(struct world_difference *difference, const char *what, size_t index, uint32_t wanted, uint32_t found)
{
	if (wanted == found)
		return false;
	*difference = (struct world_difference) { .what = what, .index = (uint32_t)index, .wanted = wanted, .found = found };
	return true;
}

/* The register image of SAU region `i`: the table's regions, then the veneers, then disabled ones. */
static psa_status_t sau_region(const struct world_table *table, const struct world_sau_region *veneers, size_t i,
			       struct sau_image *out)
{
	if (i > table->sau_count) {
		*out = (struct sau_image) { 0, 0 };
		return PSA_SUCCESS;
	}
	return sau_encode(i < table->sau_count ? &table->sau[i] : veneers, out);
}

static psa_status_t sau_program(const struct world_table *table, const struct world_sau_region *veneers)
{
	size_t regions = register_read(SAU_TYPE) & 0xff;
	if (table->sau_count + 1 > regions)
		return PSA_ERROR_INVALID_ARGUMENT;
	for (size_t i = 0; i < regions; i++) {
		struct sau_image image;
		psa_status_t status = sau_region(table, veneers, i, &image);
		if (status != PSA_SUCCESS)
			return status;
		register_write(SAU_RNR, (uint32_t)i);
		register_write(SAU_RBAR, image.rbar);
		register_write(SAU_RLAR, image.rlar);
	}
	register_write(SAU_CTRL, 1);
	return PSA_SUCCESS;
}

static bool sau_differs(const struct world_table *table, const struct world_sau_region *veneers,
			struct world_difference *difference)
{
	size_t regions = register_read(SAU_TYPE) & 0xff;
	for (size_t i = 0; i < regions; i++) {
		struct sau_image image;
		if (sau_region(table, veneers, i, &image) != PSA_SUCCESS)
			return differs(difference, "SAU", i, 1, 0);
		register_write(SAU_RNR, (uint32_t)i);
		if (differs(difference, "SAU", i, image.rbar, register_read(SAU_RBAR)) ||
		    differs(difference, "SAU", i, image.rlar, register_read(SAU_RLAR)))
			return true;
	}
	return differs(difference, "SAU", regions, 1, register_read(SAU_CTRL));
}

/* Word `word` of an MPC's look-up table: one bit per block, 1 = Non-secure. */
static uint32_t mpc_word(const struct world_mpc *mpc, uint32_t word)
{
	uint32_t bits = 0;
	for (uint32_t bit = 0; bit < 32; bit++) {
		uint32_t block = 32 * word + bit;
		bits |= (uint32_t)(block >= mpc->first_block && block < mpc->end_block) << bit;
	}
	return bits;
}

static uint32_t mpc_word_count(const struct world_mpc *mpc)
{
	return (mpc->block_count + 31) / 32;
}

/* Violations fault instead of reading zero; nobody changes the table before the next reset. */
bool world_lock(uint32_t controller)
{
	register_write(controller + MPC_CTRL, MPC_CTRL_SECURITY_RESPONSE | MPC_CTRL_LOCKDOWN);
	return (register_read(controller + MPC_CTRL) & MPC_CTRL_LOCKDOWN) != 0;
}

static void mpc_program(const struct world_mpc *mpc)
{
	for (uint32_t word = 0; word < mpc_word_count(mpc); word++) {
		register_write(mpc->controller + MPC_BLK_IDX, word);
		register_write(mpc->controller + MPC_BLK_LUT, mpc_word(mpc, word));
	}
	(void)world_lock(mpc->controller); /* read back with the rest */
}

static bool mpc_differs(const struct world_mpc *mpc, struct world_difference *difference)
{
	uint32_t control = register_read(mpc->controller + MPC_CTRL);
	if (differs(difference, "MPC", mpc->controller + MPC_CTRL, MPC_CTRL_LOCKDOWN, control & MPC_CTRL_LOCKDOWN) ||
	    differs(difference, "MPC", mpc->controller + MPC_BLK_MAX, mpc_word_count(mpc) - 1,
		    register_read(mpc->controller + MPC_BLK_MAX)))
		return true;
	for (uint32_t word = 0; word < mpc_word_count(mpc); word++) {
		register_write(mpc->controller + MPC_BLK_IDX, word);
		if (differs(difference, "MPC", mpc->controller + word, mpc_word(mpc, word),
			    register_read(mpc->controller + MPC_BLK_LUT)))
			return true;
	}
	return false;
}

static bool world_differs(const struct world_table *table, const struct world_sau_region *veneers,
			  struct world_difference *difference)
{
	for (size_t i = 0; i < table->mpc_count; i++)
		if (mpc_differs(&table->mpc[i], difference))
			return true;
	for (size_t i = 0; i < table->ppc_count; i++)
		if (differs(difference, "PPC", i, table->ppc[i].value, register_read(table->ppc[i].address)))
			return true;
	for (size_t i = 0; i < table->interrupt_word_count; i++)
		if (differs(difference, "ITNS", i, table->interrupt_targets[i], register_read(NVIC_ITNS(i))))
			return true;
	return sau_differs(table, veneers, difference);
}

psa_status_t world_set_up(const struct world_table *table, const struct world_sau_region *veneers,
			  struct world_difference *difference)
{
	psa_status_t status = sau_program(table, veneers);
	if (status != PSA_SUCCESS)
		return status;
	for (size_t i = 0; i < table->mpc_count; i++)
		mpc_program(&table->mpc[i]);
	for (size_t i = 0; i < table->ppc_count; i++)
		register_write(table->ppc[i].address, table->ppc[i].value);
	for (size_t i = 0; i < table->interrupt_word_count; i++)
		register_write(NVIC_ITNS(i), table->interrupt_targets[i]);
	register_barrier();
	return world_differs(table, veneers, difference) ? PSA_ERROR_CORRUPTION_DETECTED : PSA_SUCCESS;
}
