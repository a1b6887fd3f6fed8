# SPDX-License-Identifier: Apache-2.0
"""Lint: the tree holds the rules, and each rule is seen to bite on a tree that breaks it."""
import pytest

import layers
import lint

SPDX = "/* SPDX-License-Identifier: Apache-2.0 */\n"

# check, file, content, a word of the complaint
BREACHES = [
    (lint.check_spdx, "lib/src/a.c", "int a;\n", "SPDX"),
    (lint.check_includes, "lib/src/a.c", SPDX + "#include <merlon/hal/flash.h>\n", "may not include"),
    (lint.check_includes, "lib/src/a.c", SPDX + '#include "../secret.h"\n', "`..`"),
    (lint.check_includes, "boot/src/a.c", SPDX + "#include <mbedtls/sha256.h>\n", "mbedtls"),
    (lint.check_includes, "secure/its/a.c", SPDX + "#include <merlon/fwu/state.h>\n", "secure/fwu"),
    (lint.check_functions, "lib/src/a.c", SPDX + "int f(void)\n{\n" + "\tg();\n" * 61 + "}\n", "function of 61"),
    (lint.check_functions, "lib/src/a.c", SPDX + "int f(void)\n{\n#ifdef HOST\n\tg();\n#endif\n}\n", "#if inside"),
    (lint.check_functions, "tools/dev/a.py", "def f():\n" + "    g()\n" * 61, "function of 61"),
    (lint.check_size, "lib/src/a.c", SPDX + "int a;\n" * 600, "file of 601"),
    (lint.check_readmes, "lib/CMakeLists.txt", "# nothing\n", "README"),
    (lint.check_words, "lib/src/a.c", SPDX + "/* TO" "DO: later */\n", "unfinished"),
    (lint.check_words, "docs/a.md", "see /ho" "me/me/tree\n", "one machine"),
    (lint.check_negative_patches, "tests/negative/a.patch", "Turns-red: tests/none.c:x\nWhy: because.\n\n", "does not exist"),
]


def write(root, name, content):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


@pytest.fixture
def house(tmp_path):
    """Folders that own headers, as the tree has them."""
    for folder, name in (("hal", "hal"), ("lib", "lib"), ("secure/its", "its"), ("secure/fwu", "fwu")):
        (tmp_path / folder / "include/merlon" / name).mkdir(parents=True)
    return tmp_path


@pytest.mark.claim("tree.lint", "property")
def test_the_tree_holds_every_rule():
    assert lint.lint() == []


@pytest.mark.claim("tree.lint", "property")
@pytest.mark.parametrize("check, name, content, complaint", BREACHES, ids=lambda value: getattr(value, "__name__", None))
def test_each_rule_bites(house, check, name, content, complaint):
    write(house, name, content)
    breaches = lint.lint(house, [name], [check])
    assert len(breaches) == 1 and complaint in breaches[0], breaches


@pytest.mark.claim("tree.lint", "property")
@pytest.mark.parametrize("content", [
    SPDX + "#ifdef A\nint f(void)\n{\n\treturn 0;\n}\n#endif\n",
    SPDX + 'static const char *const words[] = {\n' + '\t"int f(void) {",\n' * 70 + "};\n",
    SPDX + "int f(void)\n{\n" + "\tg();\n" * 60 + "}\n",
])
def test_what_is_allowed_is_not_reported(house, content):
    write(house, "lib/src/a.c", content)
    assert lint.lint(house, ["lib/src/a.c"], [lint.check_functions]) == []


@pytest.mark.claim("tree.layers", "property")
def test_the_table_of_layers_points_down_only():
    """No folder may include one that may include it."""
    for folder, (below, _) in layers.ALLOWED.items():
        for lower in below:
            if lower in layers.ALLOWED and lower != "include":
                assert not layers.is_allowed(lower, folder) or folder.startswith(lower), f"{folder} <-> {lower}"
