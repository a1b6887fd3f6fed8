# SPDX-License-Identifier: Apache-2.0
"""The chain from threats to claims to tests has no loose end."""
import re

import pytest

import evidence


@pytest.mark.claim("tree.claims", "property")
def test_claims_are_sorted_and_unique():
    claims = evidence.listed_claims()
    assert claims == sorted(set(claims))
    assert all(evidence.CLAIM.fullmatch(claim) for claim in claims)


@pytest.mark.claim("tree.claims", "property")
def test_every_threat_names_listed_claims():
    threats = evidence.threat_claims()
    assert len(threats) >= 20, "the table of threats was not found"
    listed = set(evidence.listed_claims())
    for threat, claims in threats.items():
        assert claims, f"{threat} names no claim"
        assert set(claims) <= listed, f"{threat} names {set(claims) - listed}"


@pytest.mark.claim("tree.claims", "property")
def test_every_test_names_a_listed_claim():
    used = evidence.test_claims()
    assert used
    listed = set(evidence.listed_claims())
    assert not {claim: name for claim, name in used.items() if claim not in listed}, "add these to evidence/claims.csv"


@pytest.mark.claim("tree.claims", "property")
def test_every_claim_has_a_test():
    assert set(evidence.listed_claims()) <= set(evidence.test_claims()), set(evidence.listed_claims()) - set(evidence.test_claims())


@pytest.mark.claim("tree.claims", "property")
def test_every_asset_and_attacker_is_threatened():
    text = (evidence.common.ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
    rows = " ".join(evidence.threats().values())
    assets = set(re.findall(r"^\| (A\d+) \|", text, re.MULTILINE))
    assert assets and assets == set(re.findall(r"\bA\d+\b", rows))
    attackers = set(re.findall(r"^\| ([A-Z]) \|", text, re.MULTILINE))
    assert attackers and attackers == set(re.findall(r"\b[A-Z]\b", " ".join(row.split("|")[0] for row in evidence.threats().values())))
