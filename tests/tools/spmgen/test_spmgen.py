# SPDX-License-Identifier: Apache-2.0
"""spmgen: what a manifest may say, what comes out of it, and what a person reads when it says something else."""
import re
import subprocess

import common
import pytest

SPMGEN = common.BUILD / "host/bin/spmgen"
SERVICE = "{ name: %s, sid: %s, version: 1, version_policy: STRICT, connection_based: false, stateless_handle: %s, non_secure_clients: true }"


def manifest(name="SP_A", services=("ALPHA", "0x10", "1"), dependencies="[]", extra=""):
    return f"""\
psa_framework_version: 1.1
name: {name}
type: PSA-ROT
model: SFN
priority: NORMAL
entry_init: {name.lower()}_init
stack_size: 0x400
dependencies: {dependencies}
services:
  - {SERVICE % services}
{extra}"""


BOARD = common.BUILD / "host/generated/board/board.dtb"


def generate(folder, *texts, options=(), outside=()):
    """Run spmgen over manifests that lie in folders a, b, ... as those of the tree do."""
    (folder / "include/psa_manifest").mkdir(parents=True)
    (folder / "ld").mkdir()
    words = []
    for number, text in enumerate(texts):
        path = folder / "abcdefgh"[number] / f"m{number}.yaml"
        path.parent.mkdir()
        path.write_text(text)
        words += (["--outside"] if number in outside else []) + [f"{path}=lib{number}.a,{number}.obj"]
    command = [SPMGEN, "--board", BOARD, *options, "-o", folder, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def header(folder, number=0):
    return (folder / "partition" / "abcdefgh"[number] / f"psa_manifest/m{number}.h").read_text()


@pytest.mark.claim("spm.manifest", "functional")
def test_who_is_depended_on_starts_first(tmp_path):
    result = generate(tmp_path, manifest(dependencies="[BETA]"), manifest("SP_B", ("BETA", '"0x00000020"', "auto")))
    assert result.returncode == 0, result.stderr
    table = (tmp_path / "spm_table.c").read_text()
    assert table.index('.name = "SP_B"') < table.index('.name = "SP_A"')
    assert re.search(r'"SP_A", .id = 0x[0-9a-f]+, .dependencies = 0x00000002u, .init = sp_a_init', table)
    sid = (tmp_path / "include/psa_manifest/sid.h").read_text()
    assert "#define BETA_SID 0x00000020u" in sid and "#define BETA_HANDLE ((psa_handle_t)0x40000002)" in sid


@pytest.mark.claim("spm.manifest", "functional")
def test_json_is_read_and_ids_depend_on_the_name_alone(tmp_path):
    text = """{"psa_framework_version": "1.0", "name": "SP_A", "type": "PSA-ROT", "entry_point": "a_main", "priority": "HIGH", "stack_size": "0x400",
      "services": [{"name": "ALPHA", "sid": "0x00000010", "non_secure_clients": true, "version": 7, "version_policy": "RELAXED"}]}"""
    (tmp_path / "alone").mkdir()
    (tmp_path / "both").mkdir()
    assert generate(tmp_path / "alone", text).returncode == 0
    assert generate(tmp_path / "both", manifest("SP_B", ("BETA", "0x20", "1")), text).returncode == 0
    ids = [re.search(r"SP_A (0x[0-9a-f]+)", (tmp_path / name / "include/psa_manifest/pid.h").read_text())[1] for name in ("alone", "both")]
    assert ids[0] == ids[1]
    assert "ALPHA_HANDLE" not in (tmp_path / "alone/include/psa_manifest/sid.h").read_text()


def region(rest, name="uart2"):
    return f"mmio_regions: [{{ name: {name}, {rest} }}]\n"


GOOD = manifest()
IPC = manifest(extra=region("permission: READ-WRITE") + "irqs: [{ source: uart2_rx, name: RX, handling: SLIH }]\n").replace(
    "model: SFN", "model: IPC").replace("entry_init", "entry_point")
OLD = """\
psa_framework_version: "1.0"
name: SP_OLD
type: APPLICATION-ROT
priority: HIGH
entry_point: old_main
stack_size: "0x400"
services:
  - { name: OMEGA, signal: OMEGA_CALLED, sid: "0x00001000", non_secure_clients: true, version: 3 }
"""
BAD = [
    ("unknown key", GOOD + "colour: red\n", r"m0.yaml:11: colour: is no key here"),
    ("twice", GOOD + "model: SFN\n", r"m0.yaml:11: model: is said twice"),
    ("missing", GOOD.replace("stack_size: 0x400\n", ""), r"m0.yaml:1: stack_size: is missing"),
    ("no YAML", "a: [b", r"m0.yaml:\d+: "),
    ("empty", "", r"m0.yaml: is empty"),
    ("a list", "- a\n", r"is not a list of keys and values"),
    ("framework", GOOD.replace("version: 1.1", "version: 2.0"), r"m0.yaml:1: psa_framework_version: is not a word that it may be"),
    ("type", GOOD.replace("PSA-ROT", "ROT"), r"m0.yaml:3: type: is not a word"),
    ("model", GOOD.replace("model: SFN", "model: RPC"), r"m0.yaml:4: model: is not a word that it may be"),
    ("no thread", GOOD.replace("model: SFN", "model: IPC").replace("entry_init: sp_a_init\n", ""), r"m0.yaml:1: entry_point: is missing"),
    ("entry of the other model", GOOD.replace("model: SFN", "model: IPC").replace("entry_init", "entry_point") + "entry_init: f\n",
     r"m0.yaml:1: entry_init: belongs to the SFN model"),
    ("thread of a function", GOOD.replace("entry_init", "entry_point"), r"m0.yaml:1: entry_point: belongs to the IPC model"),
    ("nothing to run", re.sub(r"entry_init.*|services:\n.*", "", GOOD), r"services: are none: nothing would ever run"),
    ("1.1 key in 1.0", GOOD.replace("version: 1.1", "version: 1.0"), r"m0.yaml:4: model: is a key of framework version 1.1"),
    ("1.1 key of a service in 1.0", OLD.replace("version: 3", "version: 3, connection_based: true"), r"connection_based: is a key of framework version 1.1"),
    ("1.0 key in 1.1", GOOD.replace("version: 1,", "version: 1, signal: S,"), r"signal: is a key of framework version 1.0"),
    ("handling in 1.0", OLD + "irqs: [{ source: uart2, signal: A_IRQ, handling: FLIH }]\n", r"handling: is a key of framework version 1.1"),
    ("heap", GOOD + "heap_size: 12\n", r"m0.yaml:11: heap_size: is no size of a heap"),
    ("priority", GOOD.replace("NORMAL", "URGENT"), r"m0.yaml:5: priority: is not a word"),
    ("name with a hyphen", GOOD.replace("name: SP_A", "name: SP-A"), r"m0.yaml:2: name: is no name"),
    ("name too long", GOOD.replace("name: SP_A", "name: " + 48 * "A"), r"m0.yaml:2: name: is no name"),
    ("stack", GOOD.replace("0x400", "0x404"), r"m0.yaml:7: stack_size: is no size of a stack"),
    ("number", GOOD.replace("0x400", "lots"), r"m0.yaml:7: stack_size: is no number of 32 bits"),
    ("number too large", GOOD.replace("sid: 0x10", "sid: 0x100000000"), r"m0.yaml:10: sid: is no number of 32 bits"),
    ("handle", GOOD.replace("stateless_handle: 1", "stateless_handle: 33"), r"m0.yaml:10: stateless_handle: is out of range"),
    ("handle of a connection", GOOD.replace("connection_based: false", "connection_based: true"), r"belongs to services without connections"),
    ("version 0", GOOD.replace("sid: 0x10, version: 1", "sid: 0x10, version: 0"), r"m0.yaml:10: version: 0 means that there is no service"),
    ("boolean", GOOD.replace("non_secure_clients: true", "non_secure_clients: yes"), r"non_secure_clients: is neither true nor false"),
    ("device as a word", GOOD + "mmio_regions: [uart2]\n", r"m0.yaml:11: mmio_regions: is not a list of keys and values"),
    ("no permission", GOOD + "mmio_regions: [{ name: uart2 }]\n", r"m0.yaml:11: permission: is missing"),
    ("permission", GOOD + region("permission: RW"), r"m0.yaml:11: permission: is not a word"),
    ("name and base", GOOD + region("base: 0x50202000, permission: READ-WRITE"), r"m0.yaml:11: mmio_regions: names no one place"),
    ("base without size", GOOD + "mmio_regions: [{ base: 0x50202000, permission: READ-ONLY }]\n", r"mmio_regions: names no one place"),
    ("label", GOOD + region("permission: READ-WRITE", "uart9"), r"m0.yaml:11: uart9: is no device or memory of the board"),
    ("Non-secure device", GOOD + region("permission: READ-WRITE", "uart0"), r"m0.yaml:11: uart0: belongs to the Non-secure world"),
    ("Non-secure memory", GOOD + region("permission: READ-WRITE", "ns_data"), r"m0.yaml:11: ns_data: belongs to the Non-secure world"),
    ("console", GOOD + region("permission: READ-WRITE", "uart1"), r"m0.yaml:11: uart1: is the partition manager's console"),
    ("Secure RAM", GOOD + region("permission: READ-WRITE", "secure_data"), r"m0.yaml:11: secure_data: is where the boot loader or the Secure"),
    ("handover", GOOD + region("permission: READ-ONLY", "handover"), r"m0.yaml:11: handover: is what the boot loader and the partition manager"),
    ("memory between data", GOOD + "mmio_regions: [" + ", ".join("{ name: %s, permission: READ-WRITE }" % name
     for name in ("uart2", "uart4")) + ", { base: 0x30000000, size: 0x40, permission: READ-WRITE }]\n", r"is where the boot loader"),
    ("address of nothing", GOOD + "mmio_regions: [{ base: 0x60000000, size: 0x1000, permission: READ-WRITE }]\n", r"lies in no device or memory"),
    ("over the end", GOOD + "mmio_regions: [{ base: 0x50202800, size: 0x1000, permission: READ-WRITE }]\n", r"lies in no device or memory"),
    ("granule", GOOD + "mmio_regions: [{ base: 0x50202000, size: 0x10, permission: READ-WRITE }]\n", r"uart2: is not granular"),
    ("twice the same", GOOD + "mmio_regions: [{ name: uart2, permission: READ-WRITE }, { name: uart2, permission: READ-ONLY }]\n", r"uart2: has two owners"),
    ("four devices", GOOD + "mmio_regions: [" + ", ".join("{ name: %s, permission: READ-WRITE }" % name
     for name in ("uart2", "uart4", "watchdog_s", "i2c3")) + "]\n", r"m0.yaml:1: mmio_regions: need 4 regions of the memory protection unit"),
    ("too many devices", GOOD + "mmio_regions: [" + 9 * "{ name: uart2, permission: READ-WRITE }, " + "]\n", r"are more than a partition may have"),
    ("interrupt without device", IPC.replace("mmio_regions", "description: x #"), r"m0.yaml:12: uart2: interrupts, and is not the partition's own"),
    ("interrupt of nobody", IPC.replace("uart2_rx", "uart2_dma"), r"m0.yaml:12: uart2_dma: is no interrupt of the board"),
    ("number of nobody", IPC.replace("source: uart2_rx", "source: 99"), r"m0.yaml:12: source: is no interrupt of the board"),
    ("interrupt of the other world", IPC.replace("uart2_rx", "uart0"), r"m0.yaml:12: uart0: belongs to the Non-secure world"),
    ("interrupt twice", IPC.replace("SLIH }]", "SLIH }, { source: 36, name: AGAIN, handling: SLIH }]"), r"AGAIN: is interrupt 36, as is RX"),
    ("signal twice", IPC.replace("name: RX", "name: ALPHA"), r"m0.yaml:12: ALPHA: gives ALPHA_SIGNAL, as a service does"),
    ("handling", IPC.replace("SLIH", "THIRD"), r"m0.yaml:12: handling: is not a word"),
    ("signal of a function", IPC.replace("model: IPC", "model: SFN").replace("entry_point", "entry_init"), r"RX: is handled at second level"),
    ("unknown dependency", manifest(dependencies="[GAMMA]"), r"m0.yaml:8: GAMMA: is no service of this image"),
    ("own service", manifest(dependencies="[ALPHA]"), r"m0.yaml:8: ALPHA: is a service of this very partition"),
]


@pytest.mark.claim("spm.manifest", "malformed")
@pytest.mark.parametrize("text,message", [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_one_bad_manifest(tmp_path, text, message):
    result = generate(tmp_path, text, options=("--isolation", "2"))
    assert result.returncode == 2 and re.search(message, result.stderr) and "try: " in result.stderr, result.stderr
    assert not (tmp_path / "spm_table.c").exists()


OTHER = manifest("SP_B", ("BETA", "0x20", "2"))
PAIRS = [
    ("partition name", OTHER.replace("name: SP_B", "name: SP_A"), r"name: SP_A is the name of .*m0.yaml:1, too"),
    ("service name", OTHER.replace("BETA", "ALPHA"), r"name: ALPHA is the name of"),
    ("SID", OTHER.replace("0x20", "0x10"), r"sid: 0x00000010 is that of ALPHA"),
    ("handle", OTHER.replace("stateless_handle: 2", "stateless_handle: 1"), r"stateless_handle: 1 is that of ALPHA"),
    ("device", OTHER + region("permission: READ-ONLY"), r"uart2: has two owners: SP_A is given it, too"),
    ("part of a device", OTHER + "mmio_regions: [{ base: 0x50202fe0, size: 32, permission: READ-ONLY }]\n", r"uart2: has two owners"),
]


@pytest.mark.claim("spm.manifest", "malformed")
@pytest.mark.parametrize("text,message", [row[1:] for row in PAIRS], ids=[row[0] for row in PAIRS])
def test_manifests_that_contradict_each_other(tmp_path, text, message):
    result = generate(tmp_path, GOOD + region("permission: READ-WRITE"), text)
    assert result.returncode == 2 and re.search(message, result.stderr), result.stderr


@pytest.mark.claim("spm.manifest", "malformed")
def test_a_circle_of_dependencies(tmp_path):
    result = generate(tmp_path, manifest(dependencies="[BETA]"), manifest("SP_B", ("BETA", "0x20", "2"), "[ALPHA]"))
    assert result.returncode == 2 and "lead back to it" in result.stderr


@pytest.mark.claim("spm.manifest", "malformed")
def test_usage_and_a_file_that_is_not_there(tmp_path):
    assert subprocess.run([SPMGEN], capture_output=True, check=False).returncode == 2
    result = subprocess.run([SPMGEN, "-o", tmp_path, tmp_path / "none.yaml"], capture_output=True, text=True, check=False)
    assert result.returncode == 2 and "cannot be opened" in result.stderr


@pytest.mark.claim("spm.manifest", "functional")
def test_a_manifest_of_framework_1_0(tmp_path):
    """Signals have the names that the manifest gives, and interrupts are enabled from the start."""
    text = OLD + region("permission: READ-WRITE") + 'irqs: [{ source: uart2_rx, signal: OLD_IRQ }, { source: "37", signal: TX }]\n'
    result = generate(tmp_path, text)
    assert result.returncode == 0, result.stderr
    for line in ("OMEGA_SID 0x00001000u", "OMEGA_VERSION 3u", "OMEGA_CALLED 0x00000010u", "OLD_IRQ 0x00000020u", "TX 0x00000040u"):
        assert f"#define {line}\n" in header(tmp_path)
    assert "void old_main(void);" in header(tmp_path) and "OMEGA_HANDLE" not in header(tmp_path)
    table = (tmp_path / "spm_table.c").read_text()
    assert ".signal = 0x00000020u, .number = 36, .partition = 0, .enabled = true" in table
    assert ".entry = old_main, .signals = 0x00000070u" in table and ".stack_size = sizeof stack_SP_OLD" in table
    vectors = (tmp_path / "include/psa_manifest/vectors.h").read_text()
    assert "#define SPM_VECTORS [36] = spm_interrupt, [37] = spm_interrupt," in vectors


@pytest.mark.claim("spm.manifest", "functional")
def test_interrupts_of_framework_1_1(tmp_path):
    result = generate(tmp_path, IPC.replace("SLIH }]", "SLIH }, { source: uart2, name: ALL, handling: FLIH }]"))
    assert result.returncode == 0, result.stderr
    assert "#define RX_SIGNAL 0x00000020u" in header(tmp_path) and "#define ALL_SIGNAL 0x00000040u" in header(tmp_path)
    table = (tmp_path / "spm_table.c").read_text()
    assert "{ .function = all_flih, .signal = 0x00000040u, .number = 44, .partition = 0, .enabled = false }" in table


@pytest.mark.claim("spm.manifest", "functional")
def test_a_heap_and_an_address_inside_a_device(tmp_path):
    text = GOOD + "heap_size: 0x200\nmmio_regions: [{ base: 0x50202000, size: 0x20, permission: READ-ONLY }]\n"
    result = generate(tmp_path, text, options=("--isolation", "3", "--layout"))
    assert result.returncode == 0, result.stderr
    assert "#define SP_A_HEAP_SIZE 0x200u" in header(tmp_path) and "sp_a_heap[SP_A_HEAP_SIZE];" in header(tmp_path)
    table = (tmp_path / "spm_table.c").read_text()
    assert "SPM_REGION(0x50202000u, 0x50202020u, SPM_REGION_DEVICE_READ_ONLY)" in table and "uint8_t sp_a_heap[0x200]" in table


@pytest.mark.claim("spm.manifest", "functional")
def test_what_may_be_missing(tmp_path):
    weak = GOOD + "weak_dependencies: [BETA]\n"
    assert generate(tmp_path / "without", weak).returncode == 0
    result = generate(tmp_path / "with", weak, OTHER)
    assert result.returncode == 0, result.stderr
    assert ".dependencies = 0x00000002u" in (tmp_path / "with/spm_table.c").read_text()


THREADED = {  # level: (threads, maps) of SP_A (PSA-ROT, SFN), SP_B (PSA-ROT, SFN, which SP_OLD calls), SP_OLD (APPLICATION-ROT, IPC)
    "1": ({"SP_B", "SP_OLD"}, set()),
    "2": ({"SP_B", "SP_OLD"}, {"SP_OLD"}),
    "3": ({"SP_A", "SP_B", "SP_OLD"}, {"SP_A", "SP_B", "SP_OLD"}),
}


@pytest.mark.claim("partitions.layout", "functional")
@pytest.mark.parametrize("level", THREADED)
def test_who_runs_how(tmp_path, level):
    result = generate(tmp_path, GOOD, OTHER, OLD + "dependencies: [BETA]\n", options=("--isolation", level, "--layout"))
    assert result.returncode == 0, result.stderr
    table = (tmp_path / "spm_table.c").read_text()
    rows = {name: row for name, row in re.findall(r'\{ \.name = "(\w+)",(.*)\}', table)}
    assert {name for name, row in rows.items() if ".thread" in row} == THREADED[level][0]
    assert {name for name, row in rows.items() if ".map" in row} == THREADED[level][1]
    assert all(".memory" in row and ".prepare" in row for row in rows.values())
    for domain in re.findall(r"static const struct spm_region (?:map_\w+|privileged)\[SPM_MAP_REGIONS\] = \{(.*?)\};", table, re.DOTALL):
        assert 4 <= domain.count("SPM_REGION(") <= 8


@pytest.mark.claim("partitions.layout", "functional")
def test_each_partition_lies_in_one_piece(tmp_path):
    assert generate(tmp_path, GOOD, OTHER, options=("--isolation", "2", "--layout")).returncode == 0
    code, data = ((tmp_path / f"ld/isolation_{kind}.ld").read_text() for kind in ("code", "data"))
    for number, name in enumerate(("SP_A", "SP_B")):
        inside = code[code.index(f"partition_{name}_code_start"):code.index(f"partition_{name}_code_end")]
        assert f"*lib{number}.a:(.text .text.* .rodata .rodata.*)" in inside and f"*{number}.obj(" in inside
        inside = data[data.index(f"partition_{name}_data_start"):data.index(f"partition_{name}_data_end")]
        assert f"*lib{number}.a:(.data .data.*)" in inside and f"*(.bss.stack_{name})" in inside
        assert f"*lib{number}.a:" in (tmp_path / "ld/bss_input.ld").read_text()


@pytest.mark.claim("partitions.layout", "functional")
def test_whoever_owns_flash_reads_the_image_and_never_writes_it(tmp_path):
    flash = GOOD + "mmio_regions: [{ name: external, permission: READ-WRITE }, { name: internal, permission: READ-WRITE }]\n"
    assert generate(tmp_path, flash, options=("--isolation", "3", "--layout")).returncode == 0
    table = (tmp_path / "spm_table.c").read_text()
    domain = re.search(r"map_SP_A\[SPM_MAP_REGIONS\] = \{(.*?)\};", table, re.DOTALL)[1]
    assert "SPM_REGION(0x80000000u, 0x8007f000u, SPM_REGION_CODE)" in domain
    assert "SPM_REGION(0x8007f000u, 0x81000000u, SPM_REGION_DATA)" in domain and "spm_shared" not in domain


@pytest.mark.claim("spm.manifest", "malformed")
def test_what_a_product_cannot_have(tmp_path):
    result = generate(tmp_path / "arotless", OLD, options=("--arotless",))
    assert result.returncode == 2 and "type: is not for a product of the ARoT-less profile" in result.stderr
    mapped = GOOD.replace("non_secure_clients", "mm_iovec: enable, non_secure_clients")
    assert generate(tmp_path / "one", mapped).returncode == 0
    result = generate(tmp_path / "two", mapped, options=("--isolation", "2"))
    assert result.returncode == 2 and "mm_iovec: exists at isolation level 1 only" in result.stderr


@pytest.mark.claim("spm.manifest", "functional")
def test_a_mix_of_models_is_warned_of_in_this_tree_only(tmp_path):
    ipc = IPC.replace("SP_A", "SP_C").replace("ALPHA", "GAMMA").replace("0x10", "0x30").replace("handle: 1", "handle: 3")
    result = generate(tmp_path / "inside", GOOD, ipc)
    assert result.returncode == 0 and "warning: model: SP_C is IPC and SP_A is SFN" in result.stderr
    assert generate(tmp_path / "outside", GOOD, ipc, outside=(1,)).stderr == ""
