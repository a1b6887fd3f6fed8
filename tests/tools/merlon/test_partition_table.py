# SPDX-License-Identifier: Apache-2.0
"""merlon partitions: the table, the JSON and the drawing say what manifests and link map say."""
import json
import subprocess
import xml.etree.ElementTree as xml

import common
import pytest

MERLON = common.BUILD / "host/bin/merlon"
DESCRIPTION = """{ "isolation_level": 2, "main_stack": 4096, "partitions": [
  { "name": "SP_LOW", "id": 1, "type": "PSA-ROT", "model": "SFN", "outside": false, "stack": 1024, "heap": 0, "own_stack": true, "confined": false,
    "services": [{"name": "LOW", "sid": 16, "non_secure_clients": false}], "devices": ["uart2", "uart3"], "interrupts": [], "calls": [] },
  { "name": "SP_HIGH", "id": 2, "type": "APPLICATION-ROT", "model": "IPC", "outside": true, "stack": 2048, "heap": 64, "own_stack": true, "confined": true,
    "services": [{"name": "HIGH", "sid": 32, "non_secure_clients": true}], "devices": [], "interrupts": [], "calls": ["LOW"] }
] }"""
LINK_MAP = "\n".join(f"                0x{address:08x}                partition_{name} = ." for name, address in (
    ("SP_LOW_code_start", 0x80001000), ("SP_LOW_code_end", 0x80001400), ("SP_LOW_data_start", 0x38000000), ("SP_LOW_data_end", 0x38000100),
    ("SP_HIGH_code_start", 0x80002000), ("SP_HIGH_code_end", 0x80002020), ("SP_HIGH_data_start", 0x38000400), ("SP_HIGH_data_end", 0x38000800)))


@pytest.fixture(name="tree")
def made_up_build(tmp_path):
    for path, text in {"an521-default/generated/spm/partitions.json": DESCRIPTION, "an521-default/bin/secure.map": LINK_MAP + "\n",
                       "test/stack-an521-default.txt": "main 300\nSP_HIGH 700\n"}.items():
        file = tmp_path / "build" / path
        file.parent.mkdir(parents=True)
        file.write_text(text)
    return tmp_path


def partitions(tree, *options):
    return subprocess.run([MERLON, "partitions", "--root", tree, *options], capture_output=True, text=True, check=False)


@pytest.mark.claim("partitions.shown", "functional")
def test_the_table(tree):
    lines = partitions(tree).stdout.splitlines()
    assert "an521, product default, isolation level 2" in lines
    assert "SP_LOW           PSA-ROT         SFN   privileged ? of 1024          256    1024  uart2 uart3" in lines
    assert "SP_HIGH          APPLICATION-ROT IPC   confined  700 of 2048       1024      32  -   (outside the tree)" in lines
    assert "SP_LOW           LOW              0x00000010  SP_HIGH" in lines and "SP_HIGH          HIGH             0x00000020  Non-secure" in lines
    assert "300 of 4096 were used" in lines[-1]


@pytest.mark.claim("partitions.shown", "functional")
def test_json(tree):
    shown = json.loads(partitions(tree, "--json").stdout)
    low, high = shown["partitions"]
    assert shown["main_stack_used"] == 300 and "stack_used" not in low and high["stack_used"] == 700
    assert (low["flash"], low["ram"], high["flash"], high["ram"]) == (1024, 256, 32, 1024)
    assert high["calls"] == ["LOW"] and high["services"] == [{"name": "HIGH", "sid": 32, "non_secure_clients": True}]


@pytest.mark.claim("partitions.shown", "functional")
def test_the_drawing(tree, tmp_path):
    assert partitions(tree, "--svg", tmp_path / "p.svg").returncode == 0
    root = xml.parse(tmp_path / "p.svg").getroot()
    space = "{http://www.w3.org/2000/svg}"
    boxes = {group.find(f"{space}title").text: group.find(f"{space}rect") for group in root.iter(f"{space}g")}
    low = boxes["SP_LOW: PSA-ROT, SFN, privileged"]
    high = boxes["SP_HIGH: APPLICATION-ROT, IPC, confined, from outside the tree"]
    assert "psa" in low.get("class") and high.get("class") == "app confined"
    assert float(high.get("y")) + float(high.get("height")) < float(low.get("y")), "whoever is called stands below"
    arrows = [path.get("class") for path in root.iter(f"{space}path") if path.get("marker-end")]
    assert sorted(arrows) == ["call", "call", "open", "open"], "one of each, and the legend"


@pytest.mark.claim("tools.errors", "malformed")
def test_a_build_that_is_not_there(tree, tmp_path):
    result = partitions(tree, "--product", "level9")
    assert result.returncode == 2 and "merlon partitions: " in result.stderr and "try: ./dev build an521 --product level9" in result.stderr
    (tree / "build/an521-default/generated/spm/partitions.json").write_text("{ [")
    assert "is no description of partitions" in partitions(tree).stderr
    assert partitions(tree, "--svg", tmp_path / "no/p.svg").returncode == 2
    assert partitions(tree, "more").returncode == 2
