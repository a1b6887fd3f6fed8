# SPDX-License-Identifier: Apache-2.0
"""Reading the evidence: claims, the threats that name them and the tests that use them."""
import csv
import re

import common

CLAIM = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")
# The two spellings of a claim in a test, in C and in pytest.
CLAIM_USE = re.compile(r"""\b(?:CLAIM\(|mark\.claim\()\s*"((?:[a-z0-9_-]+\.)+[a-z0-9_-]+)\"""")
THREAT_ROW = re.compile(r"^\| (T\d+) \|(.+)\|$", re.MULTILINE)


def listed_claims(root=common.ROOT):
    """The ids of evidence/claims.csv in the order of the file."""
    with open(root / "evidence/claims.csv", encoding="utf-8", newline="") as table:
        return [row["id"] for row in csv.DictReader(table)]


def threats(root=common.ROOT):
    """{threat id: its row in docs/threat-model.md}."""
    return dict(THREAT_ROW.findall((root / "docs/threat-model.md").read_text(encoding="utf-8")))


def threat_claims(root=common.ROOT):
    """{threat id: the claims in the last cell of its row}."""
    return {threat: CLAIM.findall(row.split("|")[-1]) for threat, row in threats(root).items()}


def test_claims(root=common.ROOT):
    """{claim: the first file under tests/ that uses it}."""
    used = {}
    for path in sorted((root / "tests").rglob("*")):
        if path.suffix in (".c", ".py"):
            for claim in CLAIM_USE.findall(path.read_text(encoding="utf-8")):
                used.setdefault(claim, str(path.relative_to(root)))
    return used
