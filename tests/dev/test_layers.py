# SPDX-License-Identifier: Apache-2.0
"""A forbidden include does not compile: tried for each folder that is compiled and each folder that owns headers."""
import json
import shlex
import subprocess

import common
import layers
import pytest

PRESETS = ("host", "an521-default")


def compiled_folders(preset):
    """{folder: the compile command of one source of it}, for the folders that the table of layers names."""
    path = common.BUILD / preset / "compile_commands.json"
    if not path.is_file():
        common.configure(preset)
    commands = {}
    for entry in json.loads(path.read_text(encoding="utf-8")):
        try:
            name = common.Path(entry["file"]).relative_to(common.ROOT)
        except ValueError:
            continue
        folder = str(name.parent).removesuffix("/src")
        if name.suffix == ".c" and name.parts[0] in layers.ALLOWED:
            commands.setdefault(folder, entry["command"])
    return commands


def headers():
    """{folder that owns headers: one of them, as an include names it}."""
    chosen = {}
    for word, folder in sorted(layers.header_owners(common.ROOT).items()):
        found = sorted((common.ROOT / folder / "include/merlon" / word).glob("*.h"))
        if found:
            chosen[folder] = f"merlon/{word}/{found[0].name}"
    return chosen


def compiles(command, include):
    """Does `#include <include>` compile with the flags of `command`?"""
    words, flags = shlex.split(command), []
    for word in words[1:]:
        if word == "-o":
            break
        flags.append(word)
    source = f"#include <{include}>\n"
    result = subprocess.run([words[0], *flags, "-fsyntax-only", "-w", "-x", "c", "-"], input=source, cwd=common.BUILD / PRESETS[0],
                            capture_output=True, text=True)
    return result.returncode == 0 or "No such file or directory" not in result.stderr


@pytest.mark.slow
@pytest.mark.claim("tree.layers", "property")
@pytest.mark.parametrize("preset", PRESETS)
def test_a_forbidden_include_does_not_compile(preset):
    owned, reached, tried = headers(), [], 0
    for folder, command in compiled_folders(preset).items():
        for owner, include in owned.items():
            if not layers.is_allowed(folder, owner):
                tried += 1
                if compiles(command, include):
                    reached.append(f"{folder} reaches <{include}>")
    assert tried > 0, "no forbidden pair was found"
    assert not reached


@pytest.mark.claim("tree.layers", "property")
def test_an_allowed_include_compiles():
    """The other direction, so that the test above cannot pass by compiling nothing."""
    owned, commands = headers(), compiled_folders("host")
    assert "lib" in owned and "lib" in commands
    assert compiles(commands["lib"], owned["lib"])
