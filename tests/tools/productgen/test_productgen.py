# SPDX-License-Identifier: Apache-2.0
"""productgen: what a product file may say, and what a person reads when it says something else."""
import subprocess

import common
import pytest

PRODUCTGEN = common.BUILD / "host/bin/productgen"
GOOD = """\
psa_certified_level: 2
isolation_level: 2
arotless: no
upgrade_mode: swap
confirm_window_s: 60
trial_attempts: 2
watchdog_ms: 10000
crypto_set: mission
panic_policy: reset
partitions: [flash, its]
fallback: yes
secondary: internal
signature: p256m
ps_epoch: no
hardware_key_users: []
attestation_key_users: [SP_ATTEST]
"""
AFTER = GOOD.count("\n") + 1   # the line of what a test appends


def generate(folder, product="p", products=None):
    for name, text in (products or {}).items():
        (folder / name).mkdir()
        (folder / name / "product.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
    return subprocess.run([PRODUCTGEN, folder, product, "an521", folder / "c.h", folder / "c.cmake"], capture_output=True, text=True,
                          check=False)


def settings(folder):
    lines = [line for line in (folder / "c.cmake").read_text().splitlines() if not line.startswith("#")]
    return dict(line.removeprefix("set(").removesuffix(")").split(" ", 1) for line in lines)


@pytest.mark.claim("product.keys", "functional")
def test_values_reach_c_and_cmake(tmp_path):
    result = generate(tmp_path, products={"p": GOOD})
    assert result.returncode == 0, result.stderr
    assert settings(tmp_path) == {
        "MERLON_PRODUCT_NAME": "p", "MERLON_BOARD_NAME": "an521", "MERLON_PSA_CERTIFIED_LEVEL": "2",
        "MERLON_ISOLATION_LEVEL": "2", "MERLON_AROTLESS": "no", "MERLON_UPGRADE_MODE": "swap", "MERLON_CONFIRM_WINDOW_S": "60",
        "MERLON_TRIAL_ATTEMPTS": "2", "MERLON_WATCHDOG_MS": "10000", "MERLON_CRYPTO_SET": "mission",
        "MERLON_PANIC_POLICY": "reset", "MERLON_PARTITIONS": "flash its", "MERLON_HARDWARE_KEY_USERS": "",
        "MERLON_ATTESTATION_KEY_USERS": "SP_ATTEST", "MERLON_FALLBACK": "yes", "MERLON_SECONDARY": "internal", "MERLON_SIGNATURE": "p256m",
        "MERLON_PS_EPOCH": "no", "MERLON_CERTIFICATION_REFERENCE": '""',
        "MERLON_VERIFICATION_SERVICE": '""'}
    program = tmp_path / "t.c"
    program.write_text('#include "c.h"\n_Static_assert(MERLON_CONFIRM_WINDOW_S == 60 && MERLON_AROTLESS == MERLON_AROTLESS_NO, "");\n'
                       '#define COUNT(name) +1\n_Static_assert(MERLON_PARTITIONS(COUNT) == 2, "");\n')
    subprocess.run(["gcc", "-std=c11", "-Wall", "-Wpedantic", "-Werror", "-fsyntax-only", program], check=True)


@pytest.mark.claim("product.keys", "functional")
def test_texts_reach_c_and_cmake(tmp_path):
    texts = "certification_reference: 0604565272829-10010\nverification_service: https://verify.example/psa\n"
    assert generate(tmp_path, products={"p": GOOD + texts}).returncode == 0
    assert settings(tmp_path)["MERLON_CERTIFICATION_REFERENCE"] == '"0604565272829-10010"'
    assert '#define MERLON_VERIFICATION_SERVICE "https://verify.example/psa"\n' in (tmp_path / "c.h").read_text()


@pytest.mark.claim("product.rule", "malformed")
@pytest.mark.parametrize("change,message", [
    (("isolation_level: 2", "isolation_level: 1"), "isolation_level: PSA Certified Level 2 asks for isolation level 2 or higher, and this product has 1"),
    (("level: 2\n", "level: 3\n"), "isolation_level: PSA Certified Level 3 asks for isolation level 3, and this product has 2"),
    (("arotless: no", "arotless: yes"), "isolation_level: the ARoT-less profile of PSA Certified Level 2 is isolation level 1, and this product has 2"),
])
def test_a_product_that_breaks_the_rule_is_not_built(tmp_path, change, message):
    result = generate(tmp_path, products={"p": GOOD.replace(*change, 1)})
    assert result.returncode == 1 and f"p/product.yaml:2: {message}" in result.stderr
    assert not (tmp_path / "c.h").exists()


@pytest.mark.claim("product.rule", "functional")
@pytest.mark.parametrize("product", sorted(path.parent.name for path in (common.ROOT / "products").glob("*/product.yaml")))
def test_the_products_of_the_tree_keep_the_rule(tmp_path, product):
    command = [PRODUCTGEN, "products", product, "an521", tmp_path / "c.h", tmp_path / "c.cmake"]
    result = subprocess.run(command, cwd=common.ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0 and result.stderr == ""


@pytest.mark.claim("product.keys", "functional")
def test_a_product_overrides_what_it_extends_wherever_the_line_stands(tmp_path):
    for place, text in {"first": "extends: base\nconfirm_window_s: 5\n", "last": "confirm_window_s: 5\nextends: base\n"}.items():
        folder = tmp_path / place
        folder.mkdir()
        assert generate(folder, products={"base": GOOD, "p": text}).returncode == 0
        assert settings(folder)["MERLON_CONFIRM_WINDOW_S"] == "5"


@pytest.mark.claim("product.demo", "functional")
def test_demo_is_default_with_another_confirm_window_and_nothing_else(tmp_path):
    found = {}
    for product in ("default", "demo"):
        command = [PRODUCTGEN, "products", product, "an521", tmp_path / "c.h", tmp_path / "c.cmake"]
        subprocess.run(command, cwd=common.ROOT, check=True, capture_output=True)
        found[product] = settings(tmp_path)
    different = {key for key in found["default"] if found["default"][key] != found["demo"][key]}
    assert different == {"MERLON_PRODUCT_NAME", "MERLON_CONFIRM_WINDOW_S"}
    assert found["default"]["MERLON_CONFIRM_WINDOW_S"] == "60" and found["demo"]["MERLON_CONFIRM_WINDOW_S"] == "5"


MALFORMED = {
    "unknown key": (GOOD + "colour: red\n", f":{AFTER}: colour: is no key of a product"),
    "unknown key with case": (GOOD.replace("arotless", "Arotless"), ":3: Arotless: is no key"),
    "twice": (GOOD + "watchdog_ms: 1000\n", f":{AFTER}: watchdog_ms: is said twice"),
    "missing": (GOOD.replace("watchdog_ms: 10000\n", ""), "p/product.yaml: watchdog_ms: is missing"),
    "word for a number": (GOOD.replace("10000", "long"), ":7: watchdog_ms: is not a decimal number"),
    "text for a number": (GOOD.replace("10000", '"10000"'), ":7: watchdog_ms: is not a decimal number"),
    "hexadecimal": (GOOD.replace("10000", "0x100"), ":7: watchdog_ms: is not a decimal number"),
    "octal": (GOOD.replace("10000", "0100"), ":7: watchdog_ms: is not a decimal number"),
    "sign": (GOOD.replace("10000", "-100"), ":7: watchdog_ms: is not a decimal number"),
    "fraction": (GOOD.replace("10000", "100.5"), ":7: watchdog_ms: is not a decimal number"),
    "empty": (GOOD.replace("10000", ""), ":7: watchdog_ms: is not a decimal number"),
    "too small": (GOOD.replace("10000", "99"), ":7: watchdog_ms: is out of range"),
    "too large": (GOOD.replace("10000", "60001"), ":7: watchdog_ms: is out of range"),
    "33 bits": (GOOD.replace("10000", "4294967396"), ":7: watchdog_ms: is not a decimal number"),
    "70 bits": (GOOD.replace("10000", "1180591620717411303524"), ":7: watchdog_ms: is not a decimal number"),
    "attempts": (GOOD.replace("attempts: 2", "attempts: 0"), ":6: trial_attempts: is out of range"),
    "level": (GOOD.replace("level: 2", "level: 4"), ":1: psa_certified_level: is out of range"),
    "unknown word": (GOOD.replace("swap", "copy"), ":4: upgrade_mode: is not a word"),
    "list": (GOOD.replace("10000", "[10000]"), ":7: watchdog_ms: has the wrong type"),
    "mapping": (GOOD.replace("10000", "{ms: 10000}"), ":7: watchdog_ms: has the wrong type"),
    "list of products": ("- " + GOOD.replace("\n", "\n  "), "is not a list of keys and values"),
    "nothing": ("", "is not a list of keys and values"),
    "a key that is a list": (GOOD + "[a]: 1\n", f":{AFTER}: a key is not a word"),
    "not YAML": (GOOD + "a: b: c\n", f":{AFTER}: mapping values are not allowed"),
    "tab": (GOOD + "\tb: 1\n", f":{AFTER}: "),
    "not text": (GOOD.encode() + b"\xff\xfe\n", "p/product.yaml"),
    "itself": (GOOD + "extends: p\n", f":{AFTER}: extends: goes too deep, or in a circle"),
    "nobody": (GOOD + "extends: nobody\n", "nobody/product.yaml: cannot be opened"),
    "path": (GOOD + "extends: ../p\n", f":{AFTER}: extends: is no name of a product"),
    "no list": (GOOD.replace("[flash, its]", "flash"), ":10: partitions: is no list"),
    "empty list": (GOOD.replace("[flash, its]", "[]"), ":10: partitions: is too short"),
    "list too long": (GOOD.replace("[flash, its]", str([f"p{i}" for i in range(13)]).replace("'", "")), ":10: partitions: is too long"),
    "twice in a list": (GOOD.replace("[flash, its]", "[its, flash, its]"), ":10: partitions: names somebody twice"),
    "path in a list": (GOOD.replace("[flash, its]", "[../flash]"), ":10: partitions: holds what is no name"),
    "list in a list": (GOOD.replace("[flash, its]", "[[flash]]"), ":10: partitions: holds what is no name"),
    "reference": (GOOD + "certification_reference: 0604565272829 10010\n", f":{AFTER}: certification_reference: has characters"),
    "short reference": (GOOD + 'certification_reference: "0604565272829-1001"\n', f":{AFTER}: certification_reference: is too short"),
    "text with a quote": (GOOD + "verification_service: 'https://v\"x'\n", f":{AFTER}: verification_service: has characters"),
    "long text": (GOOD + f"verification_service: {'x' * 65}\n", f":{AFTER}: verification_service: is too short or too long"),
    "list for a text": (GOOD + "verification_service: [x]\n", f":{AFTER}: verification_service: has the wrong type"),
    "profile": (GOOD.replace("level: 2", "level: 1").replace("no", "yes"), ":3: arotless: PSA Certified Level 1 has no ARoT-less profile"),
}


@pytest.mark.claim("product.keys", "malformed")
@pytest.mark.parametrize("name", MALFORMED)
def test_a_mistake_is_refused_with_file_line_key_and_remedy(tmp_path, name):
    text, message = MALFORMED[name]
    result = generate(tmp_path, products={"p": text})
    assert result.returncode == 1, result.stderr
    assert message in result.stderr
    assert "\n  try: " in result.stderr
    assert not (tmp_path / "c.h").exists()


@pytest.mark.claim("tools.errors", "functional")
def test_wrong_usage_is_not_a_refusal():
    assert subprocess.run([PRODUCTGEN], capture_output=True, check=False).returncode == 2
