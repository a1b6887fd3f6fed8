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


def generate(folder, *texts):
    (folder / "include/psa_manifest").mkdir(parents=True)
    paths = []
    for number, text in enumerate(texts):
        paths.append(folder / f"m{number}.yaml")
        paths[-1].write_text(text)
    return subprocess.run([SPMGEN, folder, *paths], capture_output=True, text=True, check=False)


@pytest.mark.claim("spm.manifest", "functional")
def test_who_is_depended_on_starts_first(tmp_path):
    result = generate(tmp_path, manifest(dependencies="[BETA]"), manifest("SP_B", ("BETA", '"0x00000020"', "auto")))
    assert result.returncode == 0, result.stderr
    table = (tmp_path / "spm_table.c").read_text()
    assert table.index('{ "SP_B"') < table.index('{ "SP_A"')
    assert re.search(r'"SP_A", 0x[0-9a-f]+, sp_a_init, 0x00000002u', table)
    sid = (tmp_path / "include/psa_manifest/sid.h").read_text()
    assert "#define BETA_SID 0x00000020u" in sid and "#define BETA_HANDLE ((psa_handle_t)0x40000002)" in sid


@pytest.mark.claim("spm.manifest", "functional")
def test_json_is_read_and_ids_depend_on_the_name_alone(tmp_path):
    text = """{"psa_framework_version": "1.0", "name": "SP_A", "type": "PSA-ROT", "model": "SFN", "priority": "HIGH", "stack_size": "0x400",
      "services": [{"name": "ALPHA", "sid": "0x00000010", "non_secure_clients": true, "version": 7, "version_policy": "RELAXED"}]}"""
    (tmp_path / "alone").mkdir()
    (tmp_path / "both").mkdir()
    assert generate(tmp_path / "alone", text).returncode == 0
    assert generate(tmp_path / "both", manifest("SP_B", ("BETA", "0x20", "1")), text).returncode == 0
    ids = [re.search(r"SP_A (0x[0-9a-f]+)", (tmp_path / name / "include/psa_manifest/pid.h").read_text())[1] for name in ("alone", "both")]
    assert ids[0] == ids[1]
    assert "ALPHA_HANDLE" not in (tmp_path / "alone/include/psa_manifest/sid.h").read_text()


GOOD = manifest()
BAD = [
    ("unknown key", GOOD + "colour: red\n", r"m0.yaml:11: colour: is no key here"),
    ("twice", GOOD + "model: SFN\n", r"m0.yaml:11: model: is said twice"),
    ("missing", GOOD.replace("stack_size: 0x400\n", ""), r"m0.yaml:1: stack_size: is missing"),
    ("no YAML", "a: [b", r"m0.yaml:\d+: "),
    ("empty", "", r"m0.yaml: is empty"),
    ("a list", "- a\n", r"is not a list of keys and values"),
    ("framework", GOOD.replace("version: 1.1", "version: 2.0"), r"m0.yaml:1: psa_framework_version: is not a word that it may be"),
    ("type", GOOD.replace("PSA-ROT", "ROT"), r"m0.yaml:3: type: is not a word"),
    ("model", GOOD.replace("model: SFN", "model: IPC"), r"m0.yaml:4: model: is no model that this partition manager has"),
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
    ("devices", GOOD + "mmio_regions: [uart0]\n", r"m0.yaml:11: mmio_regions: cannot be granted"),
    ("unknown dependency", manifest(dependencies="[GAMMA]"), r"m0.yaml:8: GAMMA: is no service of this image"),
    ("own service", manifest(dependencies="[ALPHA]"), r"m0.yaml:8: ALPHA: is a service of this very partition"),
]


@pytest.mark.claim("spm.manifest", "malformed")
@pytest.mark.parametrize("text,message", [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_one_bad_manifest(tmp_path, text, message):
    result = generate(tmp_path, text)
    assert result.returncode == 2 and re.search(message, result.stderr) and "try: " in result.stderr, result.stderr
    assert not (tmp_path / "spm_table.c").exists()


OTHER = manifest("SP_B", ("BETA", "0x20", "2"))
PAIRS = [
    ("partition name", OTHER.replace("name: SP_B", "name: SP_A"), r"name: SP_A is the name of .*m0.yaml:1, too"),
    ("service name", OTHER.replace("BETA", "ALPHA"), r"name: ALPHA is the name of"),
    ("SID", OTHER.replace("0x20", "0x10"), r"sid: 0x00000010 is that of ALPHA"),
    ("handle", OTHER.replace("stateless_handle: 2", "stateless_handle: 1"), r"stateless_handle: 1 is that of ALPHA"),
]


@pytest.mark.claim("spm.manifest", "malformed")
@pytest.mark.parametrize("text,message", [row[1:] for row in PAIRS], ids=[row[0] for row in PAIRS])
def test_manifests_that_contradict_each_other(tmp_path, text, message):
    result = generate(tmp_path, GOOD, text)
    assert result.returncode == 2 and re.search(message, result.stderr), result.stderr


@pytest.mark.claim("spm.manifest", "malformed")
def test_a_circle_of_dependencies(tmp_path):
    result = generate(tmp_path, manifest(dependencies="[BETA]"), manifest("SP_B", ("BETA", "0x20", "2"), "[ALPHA]"))
    assert result.returncode == 2 and "lead back to it" in result.stderr


@pytest.mark.claim("spm.manifest", "malformed")
def test_usage_and_a_file_that_is_not_there(tmp_path):
    assert subprocess.run([SPMGEN], capture_output=True, check=False).returncode == 2
    result = subprocess.run([SPMGEN, tmp_path, tmp_path / "none.yaml"], capture_output=True, text=True, check=False)
    assert result.returncode == 2 and "cannot be opened" in result.stderr
